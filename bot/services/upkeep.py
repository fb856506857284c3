"""What is done at the start, and then once a day."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot import tasks
from bot.clock import Clock

log = logging.getLogger(__name__)

DAY_SECONDS = timedelta(days=1).total_seconds()


class Upkeep:
    """Does chores daily. Start it with `start`."""

    def __init__(self, clock: Clock, *chores: Callable[[], Awaitable[object]]) -> None:
        self._clock, self._chores = clock, chores
        self._running: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Do the chores now, and then daily."""
        if self._running is None:
            self._running = tasks.spawn(self._run(), name="upkeep")

    async def close(self) -> None:
        """Do nothing more."""
        if self._running is not None:
            await tasks.cancel(self._running)

    async def _run(self) -> None:
        while True:
            for chore in self._chores:
                try:
                    await chore()
                except Exception:
                    log.exception("upkeep failed; trying again tomorrow")
            await self._clock.sleep(DAY_SECONDS)
