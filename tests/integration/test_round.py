"""A round of the seed quiz, as four people and their server see it, against a table worked out by hand."""

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction

import discord
import pytest
import pytest_asyncio

from bot.domain.quiz import stable_id
from bot.domain.tasks.options import LETTERS
from bot.text import refusals, results, rounds
from tests.builders import choice, key_text
from tests.world import (
    GRACE,
    LEAD,
    PAUSE,
    World,
    buttons,
    chosen,
    letter_of,
    open_world,
    texts,
    without_isolates,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECONDS = 20
NBSP = "\N{NO-BREAK SPACE}"

#: Where in the file the key of each question stands, counted from 1, and an option that is wrong.
KEYS = (3, 3, 2, 4, 4, 1, 2, 2, 1, 1)
WRONG = (4, 4, 3, 3, 2, 3, 4, 3, 2, 3)

RIGHT, BAD = "right", "wrong"

#: Who clicks what on which question, and how many seconds after it was posted.
CLICKS: dict[int, list[tuple[int, str, str]]] = {
    1: [(2, "Ana", RIGHT), (3, "Bo", RIGHT), (5, "Cem", RIGHT)],
    2: [(2, "Ana", RIGHT), (5, "Cem", BAD)],  # Bo leaves it out
    3: [(2, "Ana", BAD), (3, "Bo", RIGHT), (4, "Ana", RIGHT), (5, "Cem", RIGHT)],  # Ana changes to right
    4: [(2, "Ana", RIGHT), (3, "Bo", RIGHT), (5, "Cem", RIGHT), (6, "Dana", RIGHT), (10, "Bo", RIGHT)],
    5: [(2, "Ana", RIGHT), (3, "Bo", BAD), (5, "Cem", RIGHT), (6, "Dana", BAD)],
    6: [  # Cem goes away and comes back
        (2, "Ana", RIGHT),
        (3, "Bo", RIGHT),
        (5, "Cem", RIGHT),
        (6, "Dana", RIGHT),
        (7, "Cem", BAD),
        (9, "Cem", RIGHT),
    ],
    7: [(2, "Ana", RIGHT), (3, "Bo", RIGHT), (4, "Ana", BAD), (5, "Cem", BAD), (6, "Dana", BAD)],
    8: [(2, "Ana", RIGHT), (3, "Bo", RIGHT), (5, "Cem", RIGHT), (6, "Dana", RIGHT)],
    9: [(2, "Ana", RIGHT), (5, "Cem", BAD), (6, "Dana", RIGHT)],  # Bo leaves it out
    10: [(2, "Ana", RIGHT), (3, "Bo", RIGHT), (5, "Cem", RIGHT), (6, "Dana", BAD)],
}

#: How many chose the key, and how many a wrong option, when each question closed.
CLOSED = {
    1: (3, 0),
    2: (1, 1),
    3: (3, 0),
    4: (4, 0),
    5: (2, 2),
    6: (4, 0),
    7: (1, 3),
    8: (4, 0),
    9: (2, 1),
} | {10: (3, 1)}

#: Rank, name, right, answered, milliseconds (a question left out counts its 20 s), tier.
#: Ana: 8 at 2 s, 2 at 4 s. Cem: 9 at 5 s, 1 at 9 s. Bo: 8 at 3 s, 2 left out. Dana: 7 at 6 s, 3 missed.
TABLE = (
    (1, "Ana", 9, 10, 24_000, 2),
    (2, "Cem", 7, 10, 54_000, 1),
    (3, "Bo", 7, 8, 64_000, 1),
    (4, "Dana", 4, 7, 102_000, 0),
)


@dataclass
class Played:
    """A finished round, and what was noticed on the way."""

    world: World
    questions: list[discord.Message] = field(default_factory=list[discord.Message])
    reveals: list[discord.Message] = field(default_factory=list[discord.Message])
    letters: list[dict[str, str]] = field(default_factory=list[dict[str, str]])

    def player(self, name: str) -> int:
        return self.world.members[name].id

    @property
    def result(self) -> discord.Message:
        return self.world.messages[-1]


def place(question: int, pick: str) -> int:
    """Return where in the file the option stands."""
    return (KEYS if pick == RIGHT else WRONG)[question - 1]


def option_id(world: World, question: int, pick: str) -> str:
    """Return the id of the option, which is made from its text."""
    asked = world.app.library.get("mlops-basics").questions[question - 1]
    return stable_id(choice(asked).options[place(question, pick) - 1].text)


async def play(world: World) -> Played:
    """Play the whole round by `CLICKS`; look at every receipt on the way."""
    played = Played(world)
    quiz = world.app.library.get("mlops-basics")
    await world.start("mlops-basics")
    await world.advance(LEAD)
    for number, clicks in CLICKS.items():
        message = world.question
        played.questions.append(message)
        options = choice(quiz.questions[number - 1]).options
        played.letters.append(
            {pick: letter_of(message, options[place(number, pick) - 1].text) for pick in (RIGHT, BAD)}
        )
        at = 0
        for second, name, pick in clicks:
            await world.advance(second - at)
            at = second
            await click(world, message, name, played.letters[-1][pick])
        await world.advance(SECONDS - at + GRACE)
        played.reveals.append(world.question)
        await world.advance(PAUSE)
    return played


def shown_option(message: discord.Message, letter: str) -> str:
    """Return the text of the option with this letter, as the question shows it."""
    found = re.search(rf"^\*\*{letter}\*\*  (.*)$", texts(message), re.MULTILINE)
    assert found
    return found[1]


async def click(world: World, message: discord.Message, name: str, letter: str) -> None:
    """Press a letter; the receipt is true, private, and the only one of this player for the question."""
    before = {one.id for one in world.private(name)}
    result = await world.members[name].click(message, label=letter)
    assert result.response is not None
    assert result.response.ephemeral
    assert result.response.content == rounds.receipt(
        chosen(letter, shown_option(message, letter)), locked=False
    )
    assert not result.followups
    kept = world.private(name)
    assert [one.id for one in kept if one.id not in before] == [result.response.id]
    assert all(one.created_at < message.created_at for one in kept[:-1]), "an older receipt is still there"
    for other in world.members.keys() - {name}:
        assert result.response.id not in {one.id for one in world.private(other)}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def played(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Played]:
    """The round is played once; the tests look at it and change nothing."""
    folder = tmp_path_factory.mktemp("round")
    async with open_world(folder, members=("Ana", "Bo", "Cem", "Dana", "Eli")) as world:
        yield await play(world)


async def test_a_round_is_an_announcement_one_message_a_question_and_a_result(played: Played) -> None:
    messages = played.world.messages
    assert len(messages) == 1 + len(KEYS) + 1
    assert [one.id for one in messages[1:-1]] == [one.id for one in played.questions]
    announcement = texts(messages[0])
    assert "MLOps Basics: From Notebook to Production" in announcement
    assert rounds.announcement_facts(10, SECONDS, SECONDS, 10 * (SECONDS + PAUSE)) in announcement
    assert rounds.announcement_scoring("accuracy") in announcement
    assert rounds.announcement_started(messages[1].created_at) in announcement


async def test_questions_come_in_the_order_of_the_file_and_last_as_long_as_announced(played: Played) -> None:
    for number, message in enumerate(played.questions, start=1):
        shown = texts(message)
        assert f"question {number} of 10" in shown
        assert (
            rounds.question_open(message.created_at + timedelta(seconds=SECONDS), 0, extended=False) in shown
        )
        assert [button.label for button in buttons(message)] == list(LETTERS[:4])
        assert not any(button.disabled for button in buttons(message))
    step = timedelta(seconds=SECONDS + GRACE + PAUSE)
    first = played.questions[0].created_at
    assert [one.created_at for one in played.questions] == [first + number * step for number in range(10)]


async def test_every_reveal_edits_the_question_s_own_message(played: Played) -> None:
    assert [one.id for one in played.reveals] == [one.id for one in played.questions]


async def test_every_reveal_tells_the_key_the_reason_and_who_chose_what(played: Played) -> None:
    quiz = played.world.app.library.get("mlops-basics")
    for number, message in enumerate(played.reveals, start=1):
        shown = texts(message)
        right, wrong = CLOSED[number]
        letters = played.letters[number - 1]
        assert f"question {number} of 10 · {right} of {right + wrong} right" in shown
        assert f"**Why:** {quiz.questions[number - 1].explanation}" in shown
        assert not buttons(message), "there is nothing left to press"
        lines = [line for line in shown.split("\n") if re.match(r"\*\*[A-D]", line)]
        assert len(lines) == 4
        for line in lines:
            letter, is_key = line[2], line[2] == letters[RIGHT]
            assert (rounds.right_answer() in line) == is_key, shown
            assert line[3:].startswith("  " if is_key else "**  "), "the right one is bold as a whole"
            chosen = {letters[RIGHT]: right, letters[BAD]: wrong}.get(letter, 0)
            assert bar(chosen, right + wrong) in line


def bar(number: int, total: int) -> str:
    percent, cells = {
        (0, 1): (0, 0),
        (1, 2): (50, 6),
        (1, 4): (25, 3),
        (3, 4): (75, 9),
        (1, 3): (33, 4),
        (2, 3): (67, 8),
        (1, 1): (100, 12),
    }[Fraction(number, total).as_integer_ratio()]
    said = f"{percent} % · {number}".replace(" ", NBSP)
    return f"  `{('█' * (cells // 2) + '▌' * (cells % 2)).ljust(6, NBSP)}`{NBSP}{said}"


async def test_the_result_names_the_winner_and_whoever_reached_a_tier(played: Played) -> None:
    shown = texts(played.result)
    tiers = played.world.app.library.get("mlops-basics").tiers
    assert shown.startswith(f"### {results.winner('Ana', 1, '9 of 10', stopped=False)}\n")
    for once in ("MLOps Basics: From Notebook to Production", results.result_facts(4, 10, stopped=False)):
        assert shown.count(once) == 1
    assert results.tier_line("Expert!", 80, 100, "Ana") in shown
    assert results.tier_line("Solid", 50, 79, "Cem and Bo") in shown
    assert results.tier_line("Starter", 0, 49, "1 player") in shown
    assert "Dana" not in shown, "nobody is named where they fail"
    assert not any(tier.message in shown for tier in tiers), "what a tier means is said in the report"


async def test_the_board_is_a_picture_whose_alt_text_names_the_same_facts(played: Played) -> None:
    (picture,) = played.result.attachments
    data = played.world.env.backend.cdn.get(picture.url)
    assert picture.filename == "board.png"
    assert data is not None
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    (gallery,) = (one for one in items(played.result) if isinstance(one, discord.ui.MediaGallery))
    assert gallery.items[0].media.url.endswith("board.png")
    assert without_isolates(gallery.items[0].description or "") == (
        "1. Ana: 9 of 10 (answered in 24.0 s)\n"
        "2. Cem: 7 of 10 (answered in 54.0 s)\n"
        "3. Bo: 7 of 10 (answered in 64.0 s)"
    )


async def test_the_database_holds_every_click_and_what_counts_of_them(played: Played) -> None:
    world = played.world
    events = [
        (number, played.player(name), option_id(world, number, pick), second * 1000)
        for number, clicks in CLICKS.items()
        for second, name, pick in clicks
        if (number, second, name) != (4, 10, "Bo")  # the same option again changes nothing
    ]
    assert (
        world.rows(
            "SELECT question_number, player_id, response, elapsed_ms FROM responses ORDER BY interaction_id"
        )
        == events
    )
    answered = {(number, player) for number, player, _, _ in events}
    assert len(answered) == sum(right + wrong for right, wrong in CLOSED.values())


async def test_the_standings_are_the_table_worked_out_by_hand(played: Played) -> None:
    columns = "rank, player_id, score, points, max_points, correct, answered, answer_ms, tier"
    assert played.world.rows(f"SELECT {columns} FROM standings ORDER BY rank") == [
        (rank, played.player(name), 100 * right, 100 * right, 1000, right, answered, milliseconds, tier)
        for rank, name, right, answered, milliseconds, tier in TABLE
    ]
    assert played.world.rows("SELECT state, position FROM rounds") == [("finished", 10)]


@pytest.mark.parametrize("row", TABLE, ids=[row[1] for row in TABLE])
async def test_my_result_is_one_s_own_report(
    played: Played, row: tuple[int, str, int, int, int, int]
) -> None:
    rank, name, right, _, answer_ms, tier = row
    quiz = played.world.app.library.get("mlops-basics")
    opened = await played.world.members[name].click(played.result, label=results.my_result_button())
    assert opened.response is not None
    assert opened.response.ephemeral
    for other in played.world.members.keys() - {name}:
        assert opened.response.id not in {one.id for one in played.world.private(other)}
    report = texts(opened.response.message)
    assert (
        results.report_summary(
            rank=rank,
            players=4,
            score=f"{right} of 10",
            correct=right,
            questions=10,
            tier=quiz.tiers[tier].name,
            answer_ms=answer_ms,
        )
        in report
    )
    assert quiz.tiers[tier].message in report
    blocks = report.split("**Why:**")
    had = {number: [pick for _, who, pick in CLICKS[number] if who == name][-1:] for number in CLICKS}
    wrong_ones = [number for number, last in had.items() if last != [RIGHT]]
    order = [*wrong_ones, *(number for number in CLICKS if number not in wrong_ones)]
    assert results.report_wrong() in blocks[0], "what there is to learn comes first"
    assert results.report_right() in blocks[len(wrong_ones)]
    for place_in_report, (number, block) in enumerate(zip(order, blocks, strict=False)):
        question = quiz.questions[number - 1]
        assert f"**{number}.**" in block
        key = key_text(question)
        letter = played.letters[number - 1][RIGHT]
        clicks = [pick for _, player, pick in CLICKS[number] if player == name]
        if not clicks:
            assert results.report_no_answer() in block
        elif clicks[-1] == RIGHT:
            assert results.report_answer(f"**{letter}** · {key}", "right") in block
        else:
            wrong = choice(question).options[WRONG[number - 1] - 1].text
            bad = played.letters[number - 1][BAD]
            assert results.report_answer(f"**{bad}** · {wrong}", "wrong") in block
        if not clicks or clicks[-1] == BAD:
            assert results.report_key(f"**{letter}** · {key}") in block
        assert blocks[place_in_report + 1].startswith(f" {question.explanation}")


async def test_whoever_did_not_play_gets_one_sentence_instead_of_a_report(played: Played) -> None:
    result = await played.world.members["Eli"].click(played.result, label=results.my_result_button())
    assert result.response is not None
    assert result.response.ephemeral
    assert result.response.content == refusals.no_result()


def items(message: discord.Message) -> list[discord.ui.Item[discord.ui.LayoutView]]:
    return list(discord.ui.LayoutView.from_message(message).walk_children())
