"""The process is killed before and after every REST call and every commit of a round, and nothing is lost."""

import asyncio
import random
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bench.processes import BotProcess
from tests.bench.standin.client import StandIn
from tests.kill.story import Story, wait_for_death

#: So many rounds are played at once; most of their time they wait for a question to close.
AT_ONCE = 14
#: A round is over by then.
DIES_WITHIN = 90


@dataclass(frozen=True)
class Point:
    """A moment to die at."""

    kind: str  #: "call" or "commit"
    when: str  #: "before" or "after"
    number: int

    def __str__(self) -> str:
        return f"{self.when} {self.kind} {self.number}"


@pytest.fixture
async def standin() -> AsyncGenerator[StandIn]:
    async with StandIn.start(channels=1) as started:
        yield started


class Executioner:
    """Listens to what the stand-in reports, and kills the process whose call is held."""

    def __init__(self, standin: StandIn) -> None:
        self._standin = standin
        self.victims: dict[str, BotProcess] = {}

    async def listen(self) -> None:
        while True:
            event = await self._standin.events.get()
            await self.victims[event["bot"]].kill()


async def play_and_die(standin: StandIn, executioner: Executioner, folder: Path, point: Point) -> Story:
    story = Story(standin, str(point).replace(" ", "-"), folder)
    if point.kind == "call":
        await story.bot.hold(point.number, when=point.when)
    playing = asyncio.create_task(story.play())
    try:
        kill_at = {"KILL_AT": f"{point.when} {point.number}"} if point.kind == "commit" else {}
        async with story.start_bot(**kill_at) as process:
            executioner.victims[story.token] = process
            async with asyncio.timeout(DIES_WITHIN):
                await wait_for_death(process)
        async with story.start_bot():
            await playing
            await story.check()
    finally:
        playing.cancel()
    return story


async def count_points(standin: StandIn, folder: Path) -> list[Point]:
    """Play the round undisturbed and return every moment at which it could be interrupted."""
    story = Story(standin, "undisturbed", folder)
    async with story.start_bot():
        await story.play()
        await asyncio.sleep(1)  # what comes after the final card: its id is stored
        await story.check()
    calls = len(await story.bot.list_calls())
    commits = (folder / "commits").stat().st_size
    return [
        Point(kind, when, number)
        for kind, total in (("call", calls), ("commit", commits))
        for number in range(1, total + 1)
        for when in ("before", "after")
    ]


async def test_a_round_survives_being_killed_at_any_point(
    standin: StandIn, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    points = await count_points(standin, tmp_path / "undisturbed")
    random.Random(1).shuffle(points)  # so that the rounds under way are at different moments
    executioner = Executioner(standin)
    listening = asyncio.create_task(executioner.listen())
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(point: Point) -> str | None:
        async with gate:
            try:
                async with asyncio.timeout(240):
                    await play_and_die(standin, executioner, tmp_path / str(point), point)
            except (AssertionError, TimeoutError, OSError) as failure:
                return f"{point}: {failure!r}"
        return None

    failures = [failure for failure in await asyncio.gather(*map(one, points)) if failure]
    listening.cancel()
    record_property("told", f"killed at {len(points)} points: before and after every REST call and commit")
    assert failures == []
