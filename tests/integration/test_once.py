"""What Discord sends twice is done once, whichever kind of interaction it is."""

import copy
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from bot.text.schedules import reminder_button
from bot.ui.once import Seen
from tests.panel import change
from tests.panel import rows as settings_rows
from tests.world import World, open_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncGenerator[World]:
    """A world whose Discord sends every interaction twice."""
    async with open_world(tmp_path) as opened:
        parsers: Any = opened.app.bot._connection.parsers
        parse = parsers["INTERACTION_CREATE"]

        def parse_twice(payload: Any) -> None:
            again = copy.deepcopy(payload)
            parse(payload)
            parse(again)

        parsers["INTERACTION_CREATE"] = parse_twice
        yield opened


async def test_a_command_is_carried_out_once(world: World) -> None:
    await world.moderator.slash(
        world.channel, "schedule add", quiz="capitals", when="tomorrow 16:00", repeat="weekly"
    )
    assert world.rows("SELECT number FROM schedules") == [(1,)]


async def test_a_round_is_skipped_once(world: World) -> None:
    await world.start_and_open()
    await world.moderator.slash(world.channel, "round skip")
    assert world.rows("SELECT state, position FROM rounds") == [("revealed", 1)]


async def test_a_reminder_that_was_asked_for_stays_on(world: World) -> None:
    await world.moderator.slash(
        world.channel, "schedule add", quiz="capitals", when="tomorrow 16:00", announce=2880
    )
    await world.members["Ana"].click(world.messages[-1], label=reminder_button())
    assert world.rows("SELECT player_id FROM reminders") == [(world.members["Ana"].id,)]


async def test_a_form_is_taken_once(world: World) -> None:
    await change(world, "seconds", "25")
    assert settings_rows(world) == [("seconds", "25")]


async def test_an_answer_is_taken_once(world: World) -> None:
    await world.start_and_open()
    answered = await world.answer("Ana", "Paris")
    assert answered.response is not None
    assert world.rows("SELECT count(*) FROM responses") == [(1,)]


def test_the_newest_ids_are_remembered_and_the_oldest_forgotten() -> None:
    seen = Seen(kept=3)
    assert all(seen.is_new(str(number)) for number in range(6))
    assert not any(seen.is_new(str(number)) for number in range(3, 6))
    assert seen.is_new("6")
    assert seen.is_new("0"), "it was dropped with its half"
