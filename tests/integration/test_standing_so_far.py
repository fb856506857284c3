"""The standing so far: which reveals carry it, whom it names, and that it survives a restart."""

from pathlib import Path
from typing import Any

from bot.text import rounds
from bot.text.phrases import enumeration
from tests.world import LEAD, PAUSE, World, open_world, quiz_file, texts

QUIZ = quiz_file(*({"stem": f"{number}?"} for number in range(1, 5)))


async def decide(world: World, **values: str) -> None:
    for name, given in values.items():
        await world.app.settings.change(world.server.id, name, given)


async def play(world: World, answers: list[dict[str, tuple[str, float]]], **options: Any) -> list[str]:
    """Play a round in which members answer so after so many seconds; return the reveals' texts."""
    await world.start(**options)
    await world.advance(LEAD)
    shown: list[str] = []
    for given in answers:
        message, passed = world.question, 0.0
        for name, (option, second) in given.items():
            await world.advance(second - passed)
            passed = second
            await world.answer(name, option, message)
        await world.close_question(20 - passed)
        shown.append(texts(world.question))
        await world.advance(PAUSE)
    return shown


async def test_the_reveals_that_the_policy_names_carry_it_and_no_others(tmp_path: Path) -> None:
    async with open_world(tmp_path, quiz=QUIZ) as world:
        await decide(world, board_every="2", seconds="5")
        await world.start()
        await world.advance(LEAD)
        shown: list[str] = []
        for _ in range(4):
            await world.close_question(5)
            shown.append(texts(world.question))
            await world.advance(PAUSE)
        assert [n for n, reveal in enumerate(shown, start=1) if "Standing after" in reveal] == [2]
        assert f"{rounds.standing_heading(2, 4)}\n{rounds.standing_empty()}" in shown[1], "nobody answered"


async def test_it_names_the_first_three_ranks_and_nobody_without_points(tmp_path: Path) -> None:
    names = ("Ana", "B*o*", "Cem", "Dana", "Eva")
    async with open_world(tmp_path, quiz=QUIZ, members=names) as world:
        await decide(world, board_every="1")
        right = {"Ana": 1.0, "B*o*": 2.0, "Cem": 3.0, "Dana": 4.0}
        first, second, *_ = await play(
            world,
            [
                {"Ana": ("Paris", 1), "B*o*": ("Paris", 2), "Eva": ("Lyon", 3)},
                {name: ("Paris", second) for name, second in right.items()} | {"Eva": ("Lyon", 5)},
            ],
        )
        assert f"{rounds.standing_heading(1, 4)}\n1\\. Ana · 1 of 1\n2\\. B\\*o\\* · 1 of 1\n" in f"{first}\n"
        lines = second.partition(rounds.standing_heading(2, 4))[2].split("\n")
        assert lines[1:4] == ["1\\. Ana · 2 of 2", "2\\. B\\*o\\* · 2 of 2", "3\\. Cem · 1 of 2"]
        for shown in (first, second):
            assert "Dana" not in shown
            assert "Eva" not in shown


async def test_who_ties_shares_a_rank_and_a_line(tmp_path: Path) -> None:
    names = ("Ana", "Bo", "Cem", "Dana", "Eva")
    async with open_world(tmp_path, quiz=QUIZ, members=names) as world:
        await decide(world, board_every="1")
        await world.start()
        await world.advance(LEAD)
        await world.answer("Eva", "Paris")
        await world.advance(5)
        for name in names[:4]:
            await world.answer(name, "Paris")
        # A tie to the millisecond, as a pause makes it; the clock of this Discord runs between clicks.
        query = "UPDATE responses SET elapsed_ms = 5000 WHERE player_id != ?"
        async with world.app.settings._store._database.writing() as connection:  # type: ignore[attr-defined]
            await connection.exec_driver_sql(query, (world.members["Eva"].id,))
        await world.close_question(15)
        assert f"1\\. Eva · 1 of 1\n2\\. {enumeration(['Ana', 'Bo', 'Cem', '1 more'])} · 1 of 1" in texts(
            world.question
        )


async def test_where_speed_counts_it_shows_the_score(tmp_path: Path) -> None:
    async with open_world(tmp_path, quiz=QUIZ) as world:
        await decide(world, board_every="1", scoring="speed")
        (first,) = await play(world, [{"Ana": ("Paris", 10)}])
        assert "1\\. Ana · 750" in first


async def test_it_is_the_same_after_a_restart(tmp_path: Path) -> None:
    async with open_world(tmp_path, quiz=QUIZ) as world:
        await decide(world, board_every="2")
        await world.start()
        await world.advance(LEAD)
        await world.answer("Ana", "Paris")
        await world.close_question()
        await world.next_question()
        await world.answer("Ana", "Paris")
        await world.answer("Bo", "Paris")
        await world.restart()
        await world.close_question()
        revealed = texts(world.question)
        assert f"{rounds.standing_heading(2, 4)}\n1\\. Ana · 2 of 2\n2\\. Bo · 1 of 2" in revealed
        await decide(world, board_every="0")
        await world.restart()
        assert f"{rounds.standing_heading(2, 4)}\n1\\. Ana · 2 of 2" in texts(world.question), (
            "the round's own rule"
        )


async def test_a_skipped_question_does_not_count_in_it(tmp_path: Path) -> None:
    async with open_world(tmp_path, quiz=QUIZ) as world:
        await decide(world, board_every="1")
        await world.start()
        await world.advance(LEAD)
        await world.answer("Ana", "Paris")
        await world.moderator.slash(world.channel, "round skip")
        assert f"{rounds.standing_heading(1, 4)}\n{rounds.standing_empty()}" in texts(world.question)
