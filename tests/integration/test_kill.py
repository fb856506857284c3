"""The process is killed before and after every REST call and every commit, and nothing is lost."""

from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest

from tests.bench.standin.client import StandIn
from tests.kill.points import kill_everywhere
from tests.kill.schedule_story import ScheduleStory
from tests.kill.story import RoundStory

#: One worker: two of these at once would make each other late.
pytestmark = pytest.mark.xdist_group("kill")

#: Before the schedule is looked at, the bot logs in and publishes its commands, as in the round's story.
FIRST_CALL, FIRST_COMMIT = 6, 1


@pytest.fixture
async def standin() -> AsyncGenerator[StandIn]:
    async with StandIn.start(channels=1) as started:
        yield started


async def test_a_round_survives_being_killed_at_any_point(
    standin: StandIn, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    points, failures = await kill_everywhere(
        standin, tmp_path, lambda token, folder: RoundStory(standin, token, folder)
    )
    record_property("told", f"killed at {points} points: before and after every REST call and commit")
    assert failures == []


async def test_a_scheduled_round_starts_once_though_the_process_is_killed_at_any_point(
    standin: StandIn, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    points, failures = await kill_everywhere(
        standin,
        tmp_path,
        lambda token, folder: ScheduleStory(standin, token, folder),
        first_call=FIRST_CALL,
        first_commit=FIRST_COMMIT,
    )
    record_property(
        "told",
        f"killed at {points} points between the due minute and the first question: one round each time",
    )
    assert failures == []
