"""Our own ports, faked: a clock that moves when told, and a stage that remembers what it showed."""

import asyncio
import heapq
import itertools
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.round import Round
from bot.services.ports import Card, Notice, Posted, QuestionCard, RevealCard
from tests.builders import NOW


class VirtualClock:
    """Time passes only in `advance`, which lets whoever sleeps wake at their own instant."""

    def __init__(self) -> None:
        self._now = NOW
        self._order = itertools.count()
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        wakes_at = self._now + timedelta(seconds=max(seconds, 0))
        heapq.heappush(self._sleepers, (wakes_at, next(self._order), future))
        await future

    @property
    def sleeping(self) -> int:
        return sum(not future.done() for _, _, future in self._sleepers)

    def stall(self, seconds: float) -> None:
        """Let time pass as it does while an event loop stands still: sleepers wake late."""
        self._now += timedelta(seconds=seconds)

    async def advance(self, seconds: float, parked: Callable[[], bool]) -> None:
        """Let time pass; `parked` tells when everybody who was woken sleeps again or is done."""
        until = self._now + timedelta(seconds=seconds)
        await settle(parked)
        while self._sleepers and self._sleepers[0][0] <= until:
            wakes_at, _, future = heapq.heappop(self._sleepers)
            if future.done():
                continue
            self._now = max(self._now, wakes_at)
            future.set_result(None)
            await asyncio.sleep(0)
            await settle(parked)
        self._now = until


async def settle(parked: Callable[[], bool]) -> None:
    """Let the event loop run until everybody sleeps; real work, such as SQLite's, happens meanwhile."""
    for _ in range(3):  # a task that was just woken may not have started yet
        await asyncio.sleep(0)
    async with asyncio.timeout(30):
        while not parked():
            await asyncio.sleep(0.0005)


class FakeStage:
    """Shows cards to nobody, with message ids of its own; a repeated post gives the first message back."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._ids = itertools.count(1000)
        self.posts: dict[tuple[str, int], tuple[Card, Posted]] = {}
        self.edits: list[QuestionCard | RevealCard] = []
        self.notices: list[Notice] = []

    def check(self, server_id: int, channel_id: int, *, thread: bool) -> None:
        """Every channel will do."""

    def check_notices(self, server_id: int, channel_id: int) -> None:
        """For notices, too."""

    async def post(self, card: Card) -> Posted:
        key = (type(card).__name__, card.round.position)
        if key not in self.posts:
            self.posts[key] = (card, Posted(next(self._ids), self._clock.now()))
        return self.posts[key][1]

    async def edit(self, card: QuestionCard | RevealCard) -> None:
        self.edits.append(card)

    async def open_thread(self, played: Round) -> int:
        return played.announcement_id or 0

    async def tell_host(self, played: Round, notice: Notice) -> None:
        self.notices.append(notice)
