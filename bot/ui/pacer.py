"""One pace for everything that is sent as the bot.

Discord accepts fifty requests a second from a bot, whatever they are about, and a bot that is refused too
often is shut out for a while (docs.discord.com, rate limits). discord.py would find that limit only by
hitting it. So every request waits for its turn here, on its way to the socket, where nothing can get
past: the one whose deadline is nearest goes first. Replies to interactions do not count and do not wait.
"""

import asyncio
import heapq
import itertools
import math
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import NamedTuple

import aiohttp
import discord.http
import yarl

from bot import tasks
from bot.clock import Clock

#: Under fifty in every second, even if some requests take a quarter of a second longer than others.
PER_SECOND, AT_ONCE = 35, 5
#: Anything optional is sent only while this many more could follow it at once.
KEPT_FREE = 2
#: A clock need not distinguish shorter times.
SHORTEST_WAIT = 0.001
#: How long a request without a deadline can wait.
PATIENCE_SECONDS = 5.0
#: Discord does not count these (docs.discord.com, interaction endpoints are not bound to the global limit).
_UNCOUNTED = ("/interactions/", "/webhooks/")

_due: ContextVar[datetime | None] = ContextVar("due", default=None)


@contextmanager
def due(at: datetime) -> Generator[None]:
    """Give what is sent inside this deadline; otherwise it is due in a few seconds."""
    token = _due.set(at)
    try:
        yield
    finally:
        _due.reset(token)


class _Waiting(NamedTuple):
    """A waiting request; the nearest deadline goes first, and of equal ones, whichever came first."""

    deadline: datetime
    number: int
    turn: asyncio.Future[None]


class Pacer:
    """Gives everybody their turn."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._free, self._counted_at = float(AT_ONCE), -math.inf
        self._waiting: list[_Waiting] = []
        self._numbers = itertools.count()
        self._giving: asyncio.Task[None] | None = None

    def now(self) -> datetime:
        """Return the instant by which deadlines are compared."""
        return self._clock.now()

    async def turn(self) -> None:
        """Wait until a request may be sent."""
        if not self._waiting and self._room() >= 1:
            self._free -= 1
            return
        deadline = _due.get() or self._clock.now() + timedelta(seconds=PATIENCE_SECONDS)
        one = _Waiting(deadline, next(self._numbers), asyncio.get_running_loop().create_future())
        heapq.heappush(self._waiting, one)
        if self._giving is None:
            self._giving = tasks.spawn(self._give_turns(), name="pacer")
        await one.turn

    def has_room(self) -> bool:
        """Tell whether something optional may be sent now."""
        return not self._waiting and self._room() >= 1 + KEPT_FREE

    def delay(self, at: datetime) -> float:
        """Return how many seconds a request with this deadline would wait if it came now."""
        before = sum(one.deadline <= at and not one.turn.done() for one in self._waiting)
        return max(0.0, before + 1 - self._room()) / PER_SECOND

    def traced(self) -> aiohttp.TraceConfig:
        """Return what makes every request of a session wait for its turn."""

        async def wait(_: aiohttp.ClientSession, __: object, sent: aiohttp.TraceRequestStartParams) -> None:
            if _counts(sent.url):
                await self.turn()

        trace = aiohttp.TraceConfig()
        trace.on_request_start.append(wait)
        return trace

    def _room(self) -> float:
        """Return how many requests may be sent right now."""
        now = self._clock.monotonic()
        self._free = min(self._free + (now - self._counted_at) * PER_SECOND, float(AT_ONCE))
        self._counted_at = now
        return self._free

    async def _give_turns(self) -> None:
        while self._waiting:
            while (room := self._room()) < 1:
                await self._clock.sleep(max((1 - room) / PER_SECOND, SHORTEST_WAIT))
            one = heapq.heappop(self._waiting)
            if not one.turn.done():  # the one waiting may have been cancelled
                one.turn.set_result(None)
                self._free -= 1
        self._giving = None


def _counts(url: yarl.URL) -> bool:
    """Tell whether Discord counts a request: all to its API except replies to interactions."""
    _, ours, route = str(url).partition(discord.http.Route.BASE)
    return bool(ours) and not route.startswith(_UNCOUNTED)
