"""No message is outside Discord's limits, not even of the largest quiz that is accepted."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer.testing

from bot import cli
from bot.domain.quiz import Quiz, Tier
from bot.domain.round import AskedQuestion, Round, RoundState, Scoring
from bot.domain.settings import SETTINGS, ServerSettings
from bot.domain.standings import Standing, Standings
from bot.domain.tasks import Presentation, Tally
from bot.domain.tasks.options import Option
from bot.services.ports import AnnouncementCard, QuestionCard, ResultCard, RevealCard
from bot.services.results import Leaderboard, LeaderboardRow, Period, Report, ReportLine
from bot.text.results import my_result_button, result_facts
from bot.ui.cards import library, results, rounds, settings
from bot.ui.preflight import oversized
from bot.wiring import load_quizzes
from tests.builders import choice, make_answer, make_question, make_quiz, make_round
from tests.contract.conftest import Recorded
from tests.contract.limits import breaches, command_breaches, form_breaches, payload_of
from tests.world import GRACE, LEAD, PAUSE, buttons, open_world, quiz_file, texts

#: What a text may be full of: one byte, two characters once escaped, three bytes, four bytes.
FILLS = ("a", "_", "漢", "😀")
AT = datetime(2026, 1, 1, tzinfo=UTC)
#: Players in a tier; and in a sum, more than any server has.
CROWD, MANY = 1200, 999_999


# --- what is sent ---------------------------------------------------------------------------------------


def test_every_message_is_inside_the_limits(recorded: Recorded) -> None:
    found = [f"{request}: {breach}" for request, body in recorded.messages for breach in breaches(body)]
    assert not found, "\n".join(found)
    assert len(recorded.messages) > 50


def test_every_form_is_inside_the_limits(recorded: Recorded) -> None:
    found = [f"{form['custom_id']}: {breach}" for form in recorded.forms for breach in form_breaches(form)]
    assert not found, "\n".join(found)
    assert len(recorded.forms) >= 2 * len(SETTINGS)


def test_the_panel_fits_whatever_is_set(recorded: Recorded) -> None:
    largest = ServerSettings("x" * 64, 2**63, 2**63, 300, 300, Scoring.SPEED, True, 50, True, 1440)
    for changed in (None, *SETTINGS):
        assert breaches(payload_of(settings.panel(largest, own_pause=300, submitted=changed))) == []


def test_no_message_and_no_edit_may_ping_anybody_but_whom_it_was_sent_to_call(recorded: Recorded) -> None:
    calling = 0
    for request, body in recorded.messages:
        mentions = dict(body["allowed_mentions"])
        called = [*(f"<@{one}>" for one in mentions.pop("users", ()))]
        called += [f"<@&{one}>" for one in mentions.pop("roles", ())]
        assert mentions == {"parse": []}, request
        assert all(one in str(body) for one in called), request
        calling += bool(called)
        assert not called or request.startswith("POST /channels"), "an edit calls nobody again"
    assert calling == 2, "a reminder card with a role, and the call to those who asked for it"


def test_every_post_has_a_nonce_that_discord_enforces(recorded: Recorded) -> None:
    posts = [body for request, body in recorded.messages if request.startswith("POST /channels")]
    nonces = [body["nonce"] for body in posts]
    assert all(body["enforce_nonce"] for body in posts)
    assert all(isinstance(nonce, str) and 1 <= len(nonce) <= 25 for nonce in nonces)
    (again,) = (nonce for nonce, posts in Counter(nonces).items() if posts > 1)
    assert again.endswith(".r1.0"), "only what was refused is posted again, as the same post"


def test_thread_names_fit(recorded: Recorded) -> None:
    (thread,) = recorded.bodies("POST", "/threads")
    assert 1 <= len(thread["name"]) <= 100


def test_commands_are_inside_the_limits(recorded: Recorded) -> None:
    assert [breach for command in recorded.commands for breach in command_breaches(command)] == []
    assert len(recorded.commands) <= 100


def options(number: int, **fields: str) -> list[dict[str, Any]]:
    return [{"label": "A", "value": str(n)} | fields for n in range(number)]


def menu(*chosen: dict[str, Any], beside: int = 0) -> list[dict[str, Any]]:
    select = {"type": 3, "custom_id": "q", "options": list(chosen)}
    return [{"type": 1, "components": [select, *(select | {"custom_id": str(n)} for n in range(beside))]}]


def texted(*texts: str) -> list[dict[str, Any]]:
    return [{"type": 17, "components": [{"type": 10, "content": one} for one in texts]}]


def rowed(*buttons_: tuple[str, str]) -> list[dict[str, Any]]:
    pressed = [{"type": 2, "custom_id": custom_id, "label": label} for custom_id, label in buttons_]
    return [{"type": 1, "components": pressed}]


def gallery(url: str, alt_text: str = "") -> list[dict[str, Any]]:
    return [{"type": 12, "items": [{"media": {"url": url}, "description": alt_text}]}]


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ({"content": "x" * 2001}, {"content": "x" * 2000}),
        ({"content": "x", "nonce": "n" * 26}, {"content": "x", "nonce": "n" * 25}),
        ({"components": texted("x"), "flags": 0}, {}),
        ({"components": texted("x"), "content": "x"}, {}),
        ({"components": texted("x" * 2001, "x" * 2000)}, {"components": texted("x" * 2000, "x" * 2000)}),
        ({"components": texted("漢" * 3387)}, {"components": texted("漢" * 3386)}),
        ({"components": texted("x", " ")}, {"components": texted("x", "y")}),
        ({"components": texted(*"x" * 40)}, {"components": texted(*"x" * 39)}),
        ({"components": rowed(("q", "A"), ("q", "B"))}, {"components": rowed(("q", "A"), ("r", "B"))}),
        ({"components": menu(*options(26))}, {"components": menu(*options(25))}),
        ({"components": menu()}, {"components": menu(*options(1))}),
        ({"components": menu(*options(1) * 2)}, {"components": menu(*options(2))}),
        ({"components": menu(*options(1), beside=1)}, {"components": menu(*options(1))}),
        (
            {"components": menu(*options(1, description="x" * 101))},
            {"components": menu(*options(1, description="x" * 100))},
        ),
        ({"components": rowed(("q" * 101, "A"))}, {"components": rowed(("q" * 100, "A"))}),
        ({"components": rowed(("q", "A" * 81))}, {"components": rowed(("q", "A" * 80))}),
        (
            {"components": rowed(*((str(n), "A") for n in range(6)))},
            {"components": rowed(*((str(n), "A") for n in range(5)))},
        ),
        (
            {"components": gallery("https://x.y", "a" * 1025)},
            {"components": gallery("https://x.y", "a" * 1024)},
        ),
        (
            {"components": gallery("attachment://a.png"), "attachments": [{"filename": "b.png"}]},
            {"components": gallery("attachment://a.png"), "attachments": [{"filename": "a.png"}]},
        ),
    ],
)
def test_the_ruler_measures(broken: dict[str, Any], mended: dict[str, Any]) -> None:
    usual = {"flags": 1 << 15}
    assert breaches(usual | broken)
    assert not breaches(usual | mended)


# --- the largest quiz that is accepted ------------------------------------------------------------------


def brimful(fill: str, length: int) -> Quiz:
    """Return a quiz whose texts are this long, up to what a file may hold; a short question comes last."""
    options = tuple(Option(str(n), f"{n}{fill * (length // 8)}"[:500]) for n in range(1, 11))
    question = make_question(
        stem=fill * min(length, 1000), options=options, explanation=fill * min(length, 1500), points=100
    )
    return make_quiz(question, make_question(), title=fill * 100, introduction=fill * 600, penalty=100)


def tiered(fill: str, length: int, *, tiers: int) -> Quiz:
    """Return a quiz of many tiers with messages of this length."""
    names = [f"{number}{fill * 39}" for number in range(tiers)]
    return make_quiz(
        title=fill * 100,
        tiers=tuple(Tier(name, 10 * number, fill * min(length, 300)) for number, name in enumerate(names)),
    )


def largest(build: Callable[[int], Quiz], most: int) -> Quiz:
    """Return the largest of a row of quizzes that is accepted."""
    least = 1
    assert not list(oversized(build(least)))
    while least < most:
        middle = (least + most + 1) // 2
        if list(oversized(build(middle))):
            most = middle - 1
        else:
            least = middle
    return build(least)


def round_cards(quiz: Quiz) -> Iterator[Any]:
    """Yield every kind of card that a round of this quiz can lead to, with a crowd taking part."""
    for index in range(len(quiz.questions)):
        for asked in (asking(quiz, index, last=False), asking(quiz, index, last=True)):
            yield rounds.announcement(AnnouncementCard(asked))
            yield rounds.question(QuestionCard(asked, MANY, AT))
            yield rounds.question(QuestionCard(replace(asked, state=RoundState.PAUSED), MANY, AT))
            for skipped in (False, True):
                current = replace(asked.current, skipped=skipped)
                revealed = replace(asked, state=RoundState.REVEALED, asked=(*asked.asked[:-1], current))
                tally = Tally(MANY, dict.fromkeys(current.shown.order, MANY))
                yield rounds.reveal(RevealCard(revealed, tally, MANY))
                for name in ("*" * 40, "😀" * 40):
                    yield rounds.reveal(RevealCard(revealed, tally, MANY, *standing_so_far(name)))
    yield library.quiz_info(quiz)
    for name in ("*" * 40, "😀" * 40):
        yield result_card(quiz, name)


def asking(quiz: Quiz, index: int, *, last: bool) -> Round:
    """Return a round in which this question is the current one, after an interruption."""
    question = quiz.questions[index]
    shown = Presentation(tuple(option.id for option in choice(question).options))
    current = AskedQuestion(50, index, question.id, shown, 300, 1, AT, AT.replace(year=2027))
    following = () if last else (replace(current, number=51),)
    asked = (*[current] * 50, *following)
    return make_round(quiz, asked=asked, position=50, state=RoundState.ASKING, in_thread=True, due_at=AT)


def standing_so_far(name: str) -> tuple[Standings, dict[int, str]]:
    """Return three ranks that a crowd shares, each."""
    rows = tuple(
        Standing(CROWD * rank + n, rank, 5_000_000, 5000, 50, 50, 15_000_000, 0)
        for rank in (1, 2, 3)
        for n in range(20)
    )
    return Standings(rows, 5_000_000, 50), dict.fromkeys((row.player_id for row in rows), name)


def result_card(quiz: Quiz, name: str) -> Any:
    rows = tuple(
        Standing(CROWD * tier + n, n + 1, 5000, 5000, 50, 50, 15_000_000, tier)
        for tier in reversed(range(len(quiz.tiers)))
        for n in range(CROWD)
    )
    names = dict.fromkeys((row.player_id for row in rows), name)
    card = ResultCard(
        replace(asking(quiz, 0, last=True), state=RoundState.STOPPED), Standings(rows, 5000, 50), names
    )
    return results.result(card, results.result_board(card))


def report_cards(quiz: Quiz) -> Iterator[Any]:
    """Yield the pages of the longest report: everything wrong in a round of fifty questions."""
    many = replace(quiz, questions=quiz.questions[:1] * 50)
    played = replace(make_round(many), position=50, state=RoundState.FINISHED)
    lines = tuple(
        ReportLine(asked, played.question(asked), make_answer(1, asked.number, "10"))
        for asked in played.asked
    )
    tier = max(quiz.tiers, key=lambda tier: len(tier.message))
    standing = Standing(1, CROWD, 5_000_000, 0, 0, 50, 15_000_000, 0)
    yield from results.report_pages(Report(played, standing, CROWD, 5000, tier, lines))


@pytest.mark.parametrize("fill", FILLS)
def test_the_largest_quiz_that_is_accepted_fits_in_every_card(fill: str) -> None:
    quiz = largest(lambda length: brimful(fill, length), 1500)
    sizes = [breaches(payload_of(view)) for view in (*round_cards(quiz), *report_cards(quiz))]
    assert [one for one in sizes if one] == []


@pytest.mark.parametrize("tiers", [1, 3, 5, 10])
@pytest.mark.parametrize("fill", FILLS)
def test_the_result_of_the_largest_tiers_that_are_accepted_fits(fill: str, tiers: int) -> None:
    quiz = largest(lambda length: tiered(fill, length, tiers=tiers), 300)
    for name in ("*" * 40, "😀" * 40, "漢" * 40):
        assert breaches(payload_of(result_card(quiz, name))) == []
    assert [one for view in report_pages_of(quiz) if (one := breaches(payload_of(view)))] == []


def report_pages_of(quiz: Quiz) -> Iterator[Any]:
    wordy = make_question(
        options=tuple(Option(str(n), f"{n}{'x' * 20}") for n in range(1, 11)), explanation="x" * 300
    )
    yield from report_cards(replace(quiz, questions=(wordy,)))


def test_a_long_library_and_a_crowded_leaderboard_fit() -> None:
    for fill in FILLS:
        quizzes = [make_quiz(id=f"quiz-{'x' * 58}{n}", title=fill * 100) for n in range(300)]
        for sizes in ((300,), (1,) * 300, (20,) * 15):
            groups = iter(quizzes)
            by_category = {
                f"{fill * 90}{n}": [next(groups) for _ in range(size)] for n, size in enumerate(sizes)
            }
            assert breaches(payload_of(library.quiz_list(by_category))) == []
        row = LeaderboardRow(5000, 1, fill * 32, 999_999, 999_999, 5000, 10**9)
        board = Leaderboard(Period.ALL_TIME, None, fill * 100, (row,) * 10, row)
        assert breaches(payload_of(library.leaderboard(board, library.leaderboard_board(board)))) == []


# --- and is played --------------------------------------------------------------------------------------


@pytest.mark.parametrize("fill", FILLS)
async def test_the_largest_quiz_that_is_accepted_can_be_played(tmp_path: Path, fill: str) -> None:
    quiz = largest(lambda length: brimful(fill, length), 1500)
    questions = [
        {
            "stem": one.stem,
            "options": [option.text for option in choice(one).options],
            "key": 1,
            "explanation": one.explanation,
        }
        for one in quiz.questions
    ]
    written = quiz_file(*questions, title=quiz.title, introduction=quiz.introduction, penalty=100)
    async with open_world(tmp_path, members=("Ana", "\\" * 32, "😀" * 32), quiz=written) as world:
        await world.start(seconds=5)
        await world.advance(LEAD)
        for _ in quiz.questions:
            for member in world.members.values():
                await member.click(world.question, custom_id=str(buttons(world.question)[-1].custom_id))
            await world.advance(5 + GRACE + PAUSE)
        assert result_facts(3, 2, stopped=False) in texts(world.question)
        opened = await world.members["Ana"].click(world.question, label=my_result_button())
        assert opened.response is not None
        assert opened.response.components
        recorded = Recorded(tuple(world.env.http_requests))
        assert [breach for _, body in recorded.messages for breach in breaches(body)] == []


async def test_a_round_of_fifty_questions_has_a_report_of_all_of_them(tmp_path: Path) -> None:
    written = quiz_file(*({"explanation": f"Reason {number}. " * 30} for number in range(50)))
    async with open_world(tmp_path, quiz=written) as world:
        await world.start(seconds=5)
        await world.advance(LEAD)
        await world.answer("Ana", "Lyon")
        await world.advance(50 * (5 + GRACE + PAUSE))
        opened = await world.members["Ana"].click(world.question, label=my_result_button())
        assert opened.response is not None
        pages = [texts(opened.response.message)]
        while not (following := buttons(opened.response.message)[1]).disabled:
            assert len(pages) < 50
            opened = await world.members["Ana"].click(opened.response, custom_id=str(following.custom_id))
            assert opened.response is not None
            pages.append(texts(opened.response.message))
        report = "\n".join(pages)
        assert [number for number in range(50) if f"Reason {number}. " not in report] == []
        recorded = Recorded(tuple(world.env.http_requests))
        assert [breach for _, body in recorded.messages for breach in breaches(body)] == []


# --- one that cannot fit is refused ---------------------------------------------------------------------

TOO_LARGE = """\
title: Long
category: Tests
introduction: Too long to be shown.
questions:
  - stem: Short.
    options: [one, two]
    key: one
    explanation: Short.
  - stem: {stem}
    options: [{options}]
    key: 1
    explanation: {explanation}
"""


@pytest.fixture
def too_large(tmp_path: Path) -> Path:
    path = tmp_path / "long.yaml"
    options = ", ".join(f"{n}{'b' * 150}" for n in range(10))
    path.write_text(
        TOO_LARGE.format(stem="a" * 1000, options=options, explanation="c" * 1500), encoding="utf-8"
    )
    return path


def test_a_quiz_that_cannot_fit_is_refused_with_file_line_and_reason(too_large: Path) -> None:
    loaded, problems = load_quizzes(too_large)
    assert not loaded
    for problem in problems:
        assert problem.path == too_large
        assert problem.line == 9, "where the second question begins"
        assert problem.key == "question 2"
    assert any("its reveal would have" in problem.message for problem in problems)
    assert all("a message can hold 4000" in problem.message for problem in problems)


def test_quizhost_validate_says_so_and_fails(too_large: Path) -> None:
    result = typer.testing.CliRunner().invoke(cli.app, ["validate", str(too_large)])
    assert result.exit_code == 1
    assert f"{too_large}:9:5 question 2: its reveal would have" in result.output


async def test_a_quiz_that_cannot_fit_is_not_offered(tmp_path: Path, too_large: Path) -> None:
    async with open_world(tmp_path, files={"long.yaml": too_large.read_text(encoding="utf-8")}) as world:
        choices = await world.moderator.autocomplete(world.channel, "round start", "quiz", "")
        assert "long" not in {choice["value"] for choice in choices}
        assert "capitals" in {choice["value"] for choice in choices}
