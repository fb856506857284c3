"""Killing a bot at every point of a story: before and after every REST call and every writing commit."""

import asyncio
import random
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.bench.processes import BotProcess
from tests.bench.standin.client import Bot, StandIn

#: So many stories are told at once; most of their time they wait for the bot.
AT_ONCE = 32
#: A bot has met its point by then.
DIES_WITHIN = 150


class Story(Protocol):
    """Something that happens to a bot, however often it dies meanwhile."""

    token: str
    folder: Path

    @property
    def bot(self) -> Bot:
        """The stand-in's world of this bot."""
        ...

    async def prepare(self) -> None:
        """Do what comes before the bot's first start."""
        ...

    def start_bot(self, **settings: str) -> AbstractAsyncContextManager[BotProcess]:
        """Start the bot as a process."""
        ...

    async def play(self) -> None:
        """Live through the story to its end."""
        ...

    async def check(self) -> None:
        """Assert what must be true in the end."""
        ...


@dataclass(frozen=True)
class Point:
    """A moment to die at."""

    kind: str  #: "call" or "commit"
    when: str  #: "before" or "after"
    number: int

    def __str__(self) -> str:
        return f"{self.when} {self.kind} {self.number}"


class Executioner:
    """Listens to what the stand-in reports, and kills the process whose call is held."""

    def __init__(self, standin: StandIn) -> None:
        self._standin = standin
        self.victims: dict[str, BotProcess] = {}

    async def listen(self) -> None:
        """Kill, until cancelled."""
        while True:
            event = await self._standin.events.get()
            await self.victims[event["bot"]].kill()


async def kill_everywhere(
    standin: StandIn,
    folder: Path,
    make_story: Callable[[str, Path], Story],
    *,
    first_call: int = 1,
    first_commit: int = 1,
) -> tuple[int, Sequence[str]]:
    """Tell a story once for each of its points, with a death there; return how many, and what failed.

    Args:
        standin: what the bots take for Discord.
        folder: where each story has a folder of its own.
        make_story: tells it, by its bot's token and its folder.
        first_call: the first call that belongs to the story; what comes before is the bot's start.
        first_commit: the same of commits.
    """
    undisturbed = make_story("undisturbed", folder / "undisturbed")
    points = await _count_points(undisturbed, first_call, first_commit)
    random.Random(1).shuffle(points)  # so that the stories under way are at different moments
    executioner = Executioner(standin)
    listening = asyncio.create_task(executioner.listen())
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(point: Point) -> str | None:
        async with gate:
            try:
                async with asyncio.timeout(400):
                    story = make_story(str(point).replace(" ", "-"), folder / str(point))
                    await _play_and_die(story, executioner, point)
            except (AssertionError, TimeoutError, OSError) as failure:
                return f"{point}: {failure!r}"
        return None

    failures = [failure for failure in await asyncio.gather(*map(one, points)) if failure]
    listening.cancel()
    return len(points), failures


async def _play_and_die(story: Story, executioner: Executioner, point: Point) -> None:
    if point.kind == "call":
        await story.bot.hold(point.number, when=point.when)
    await story.prepare()
    playing = asyncio.create_task(story.play())
    try:
        kill_at = {"KILL_AT": f"{point.when} {point.number}"} if point.kind == "commit" else {}
        async with story.start_bot(**kill_at) as process:
            executioner.victims[story.token] = process
            async with asyncio.timeout(DIES_WITHIN):
                while process.returncode is None:
                    await asyncio.sleep(0.05)
        async with story.start_bot():
            await playing
            await story.check()
    finally:
        playing.cancel()


async def _count_points(story: Story, first_call: int, first_commit: int) -> list[Point]:
    """Live through the story undisturbed and return every moment at which it could be interrupted."""
    await story.prepare()
    async with story.start_bot():
        await story.play()
        await asyncio.sleep(1)  # what comes after the last message: its id is stored
        await story.check()
    calls = len(await story.bot.list_calls())
    commits = (story.folder / "commits").stat().st_size
    numbers = {"call": range(first_call, calls + 1), "commit": range(first_commit, commits + 1)}
    return [
        Point(kind, when, number)
        for kind, of_kind in numbers.items()
        for number in of_kind
        for when in ("before", "after")
    ]
