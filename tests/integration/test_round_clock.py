"""Somebody sets the machine's clock while a round is played: nobody notices."""

from datetime import timedelta

import pytest

from bot.text import rounds
from tests.world import GRACE, World, buttons, texts

JUMPS = [timedelta(minutes=-10), timedelta(minutes=10), timedelta(days=-400)]
jumps = pytest.mark.parametrize("jump", JUMPS, ids=["back", "forward", "far back"])


def set_clock(world: World, monkeypatch: pytest.MonkeyPatch, jump: timedelta) -> None:
    monkeypatch.setattr(world.clock, "now", lambda: world.env.now() + jump)


@jumps
async def test_an_open_question_takes_its_time(
    world: World, monkeypatch: pytest.MonkeyPatch, jump: timedelta
) -> None:
    question = await world.start_and_open()
    await world.advance(5)
    set_clock(world, monkeypatch, jump)
    await world.advance(14)
    assert not any(button.disabled for button in buttons(world.question))
    await world.answer("Ana", "Paris", question)
    assert world.rows("SELECT count(*) FROM responses") == [(1,)]
    await world.advance(1 + GRACE)
    assert "1 of 1 right" in texts(world.question)
    assert "question 2 of 3" in texts(await world.next_question())


@jumps
async def test_an_announcement_and_a_pause_take_their_time(
    world: World, monkeypatch: pytest.MonkeyPatch, jump: timedelta
) -> None:
    await world.start()
    set_clock(world, monkeypatch, jump)
    await world.advance(9)
    assert len(world.messages) == 1
    await world.advance(2)
    assert "question 1 of 3" in texts(world.question)
    await world.close_question(seconds=19)
    await world.advance(6)
    assert "question 1 of 3" in texts(world.question)
    await world.advance(2)
    assert "question 2 of 3" in texts(world.question)


@jumps
async def test_a_round_that_is_interrupted_goes_on_with_the_time_that_was_left(
    world: World, monkeypatch: pytest.MonkeyPatch, jump: timedelta
) -> None:
    await world.start_and_open()
    await world.advance(4)
    set_clock(world, monkeypatch, jump)
    await world.moderator.slash(world.channel, "round pause")
    ((left_ms,),) = world.rows("SELECT left_ms FROM rounds")
    assert 15_000 <= left_ms <= 16_000
    await world.advance(60)
    await world.moderator.slash(world.channel, "round resume")
    await world.advance(14)
    await world.answer("Ana", "Paris")
    await world.advance(2 + GRACE)
    assert "1 of 1 right" in texts(world.question)


async def test_each_skip_counts_where_the_machine_is_ahead_of_discord(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(world, monkeypatch, timedelta(minutes=10))
    await world.start()
    await world.moderator.slash(world.channel, "round skip")
    assert "question 1 of 3" in texts(world.question)
    await world.advance(5)
    await world.moderator.slash(world.channel, "round skip")
    assert rounds.question_skipped() in texts(world.question)
