"""What a moderator and a quiz can decide about a round, and what that does to the points."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.domain.quiz import stable_id
from bot.text import refusals, results, rounds
from bot.text.phrases import fewer_questions, moment, thousands
from tests.world import (
    GRACE,
    LEAD,
    PAUSE,
    World,
    chosen,
    letter_of,
    open_world,
    quiz_file,
    texts,
    without_isolates,
)

#: Points are worked out by hand: option texts by player and question, and seconds after the post.
STANDINGS = (
    "SELECT rank, player_id, score / 100.0, points / 100.0, max_points / 100.0, answer_ms, tier "
    "FROM standings ORDER BY rank, score"
)


async def play(world: World, clicks: list[list[tuple[float, str, str]]], seconds: float = 20) -> None:
    """Play the open question and the following ones; end with the result."""
    for number, these in enumerate(clicks):
        message = world.question
        at = 0.0
        for second, name, option in these:
            await world.advance(second - at)
            at = second
            await world.answer(name, option, message)
        await world.advance(seconds - at + GRACE)
        if number < len(clicks) - 1:
            await world.next_question()
    await world.advance(PAUSE)


async def open_round(world: World, quiz: str = "capitals", **options: Any) -> datetime:
    """Start a round, wait for the very moment of its first question, and return it."""
    await world.start(quiz, **options)
    await world.advance(LEAD)
    return world.question.created_at


async def test_speed_gives_half_for_being_right_and_half_for_the_time_left(world: World) -> None:
    await open_round(world, scoring="speed")
    await play(
        world,
        [
            [(0, "Bo", "Paris"), (5, "Ana", "Paris")],  # 1000 and 500 + 500 x 15/20
            [(10, "Bo", "Sydney"), (20, "Ana", "Canberra")],  # wrong: 0; at the deadline: 500
            [(10, "Bo", "Ankara"), (10, "Ana", "Ankara")],  # 750 each
        ],
    )
    ana, bo = world.members["Ana"].id, world.members["Bo"].id
    assert world.rows(STANDINGS) == [
        (1, ana, 875 + 500 + 750, 3, 3, 35_000, 2),
        (2, bo, 1000 + 750, 2, 3, 20_000, 1),
    ]
    shown = texts(world.question)
    assert results.tier_line("Expert", 80, 100, "Ana") in shown
    assert results.tier_line("Solid", 50, 79, "Bo") in shown
    opened = await world.members["Ana"].click(world.question, label=results.my_result_button())
    assert opened.response is not None
    assert thousands(2125) in texts(opened.response.message)


async def test_speed_rounds_down_to_whole_points(world: World) -> None:
    await open_round(world, scoring="speed", questions=1)
    key = next(one for one in ("Paris", "Canberra", "Ankara") if one in texts(world.question))
    await play(world, [[(0.5, "Ana", key), (19.75, "Bo", key)]])
    assert [row[2] for row in world.rows(STANDINGS)] == [500 + 487, 500 + 6]  # 487.5 and 6.25


async def test_whoever_ties_in_points_and_time_shares_a_rank(world: World) -> None:
    await open_round(world)
    await play(
        world,
        [
            [(4, "Ana", "Paris"), (4, "Bo", "Paris"), (4, "Cem", "Paris"), (5, "Dana", "Lyon")],
            [(4, "Ana", "Canberra"), (4, "Bo", "Canberra"), (5, "Cem", "Canberra"), (5, "Dana", "Perth")],
            [],
        ],
    )
    ranks = {player: (rank, milliseconds) for rank, player, _, _, _, milliseconds, _ in world.rows(STANDINGS)}
    assert {name: ranks[world.members[name].id] for name in world.members} == {
        "Ana": (1, 28_000),
        "Bo": (1, 28_000),
        "Cem": (3, 29_000),
        "Dana": (4, 30_000),
    }


async def test_a_round_of_fewer_questions_draws_them_and_keeps_the_file_s_order(world: World) -> None:
    await open_round(world, questions=2)
    assert "2 questions" in texts(world.messages[0])
    assert "question 1 of 2" in texts(world.question)
    await play(world, [[], []])
    indices = [index for (index,) in world.rows("SELECT quiz_index FROM asked_questions ORDER BY number")]
    assert len(indices) == 2
    assert indices == sorted(indices)
    assert results.result_nobody(0, 2) in texts(world.question)
    assert len(world.messages) == 4


async def test_whoever_asks_for_more_questions_than_there_are_is_told(world: World) -> None:
    started = await world.start(questions=4)
    assert started.response is not None
    assert fewer_questions(4, 3) in str(started.response.content)
    await world.stop()
    started = await world.start(questions=3)
    assert started.response is not None
    assert "The quiz has" not in str(started.response.content)


async def test_a_moderator_chooses_how_long_questions_stay_open(world: World) -> None:
    opened_at = await open_round(world, seconds=45)
    assert "45 seconds each" in texts(world.messages[0])
    assert moment(opened_at + timedelta(seconds=45)) in texts(world.question)
    await world.advance(45)
    assert rounds.right_answer() not in texts(world.question)
    await world.advance(GRACE)
    assert rounds.right_answer() in texts(world.question)


async def test_a_question_may_have_seconds_and_points_of_its_own(tmp_path: Path) -> None:
    quiz = quiz_file({}, {"seconds": 60, "points": 3}, {"points": 0})
    async with open_world(tmp_path, quiz=quiz) as world:
        opened_at = await open_round(world)
        assert rounds.worth(1) not in texts(world.question)
        assert moment(opened_at + timedelta(seconds=20)) in texts(world.question)
        await play(world, [[(2, "Ana", "Paris"), (3, "Bo", "Paris")]])
        second = world.question
        assert rounds.worth(3) in texts(second)
        assert moment(second.created_at + timedelta(seconds=60)) in texts(second)
        await play(world, [[(30, "Ana", "Paris"), (31, "Bo", "Lyon")]], seconds=60)
        assert rounds.worth(0) in texts(world.question)
        await play(world, [[(2, "Ana", "Nice"), (2, "Bo", "Paris")]])
        ana, bo = world.members["Ana"].id, world.members["Bo"].id
        assert world.rows(STANDINGS) == [
            (1, ana, 4, 4, 4, 34_000, 2),
            (2, bo, 1, 1, 4, 36_000, 0),
        ]
        assert "4 of 4" in alt_text(world)


async def test_a_wrong_answer_costs_what_the_quiz_says_and_no_answer_costs_nothing(tmp_path: Path) -> None:
    async with open_world(tmp_path, quiz=quiz_file({"points": 3}, {}, {}, penalty=2)) as world:
        await open_round(world)
        assert rounds.penalty(2) in texts(world.messages[0])
        await play(
            world,
            [
                [(2, "Ana", "Paris"), (2, "Bo", "Lyon"), (2, "Cem", "Paris")],
                [(2, "Ana", "Lyon"), (2, "Bo", "Lyon")],
                [(2, "Bo", "Paris")],
            ],
        )
        scores = {player: (rank, score, points) for rank, player, score, points, *_ in world.rows(STANDINGS)}
        assert {name: scores[world.members[name].id] for name in ("Ana", "Bo", "Cem")} == {
            "Cem": (1, 3, 3),
            "Ana": (2, 1, 3),  # 3 - 2
            "Bo": (3, -3, 1),  # -2 - 2 + 1
        }
        assert "2. Ana: 1 of 5" in alt_text(world)
        assert "Bo" not in alt_text(world), "nobody is named for having lost points"


async def test_where_the_first_answer_locks_a_second_one_changes_nothing(tmp_path: Path) -> None:
    async with open_world(tmp_path, quiz=quiz_file(first_answer_locks=True)) as world:
        await open_round(world)
        assert rounds.first_answer_locks() in texts(world.messages[0])
        message = world.question
        lyon = letter_of(message, "Lyon")
        first = await world.answer("Ana", "Lyon", message)
        assert first.response is not None
        assert first.response.content == rounds.receipt(chosen(lyon, "Lyon"), locked=True)
        for option in ("Paris", "Lyon"):
            again = await world.answer("Ana", option, message)
            assert again.response is not None
            assert again.response.ephemeral
            assert again.response.content == refusals.answer_locked(f"**{lyon}**")
        await world.answer("Bo", "Paris", message)
        await play(world, [[]])
        lyon_id, paris_id = stable_id("Lyon"), stable_id("Paris")
        ana, bo = world.members["Ana"].id, world.members["Bo"].id
        assert world.rows("SELECT player_id, response FROM responses ORDER BY interaction_id") == [
            (ana, lyon_id),
            (bo, paris_id),
        ]
        assert [(row[1], row[3]) for row in world.rows(STANDINGS)] == [(bo, 1), (ana, 0)]


async def test_the_card_counts_who_answered_in_one_edit_every_two_seconds_at_most(world: World) -> None:
    await open_round(world)
    message, path = world.question, f"/channels/{world.channel.id}/messages/{world.question.id}"

    def edits() -> int:
        return sum(request.method == "PATCH" and request.path == path for request in world.env.http_requests)

    await world.advance(6)
    assert edits() == 0, "nothing has changed"
    await world.answer("Ana", "Paris", message)
    await world.answer("Ana", "Lyon", message)
    assert edits() == 0, "the next look at the count is two seconds away"
    await world.advance(2)
    assert "1 has answered" in texts(world.question)
    for name, option in (("Bo", "Paris"), ("Cem", "Lyon"), ("Dana", "Nice"), ("Bo", "Lyon")):
        await world.advance(0.375)
        await world.answer(name, option, message)
    await world.advance(0.5)
    assert "4 have answered" in texts(world.question)
    assert edits() == 2
    await world.advance(8)
    assert edits() == 2


def alt_text(world: World) -> str:
    """Return the alt text of the picture in the newest message."""
    (container,) = world.env.backend.get_message(world.channel.id, world.question.id).components
    (gallery,) = (one for one in container["components"] if one["type"] == 12)
    return without_isolates(gallery["items"][0]["description"])
