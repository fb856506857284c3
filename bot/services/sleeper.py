"""A sleep that ends early when there is something to do."""

import asyncio

from bot import tasks
from bot.clock import Clock


class Sleeper:
    """Sleeps for one loop, until somebody changes something for it and wakes it."""

    def __init__(self, clock: Clock, *, name: str) -> None:
        self._clock, self._name = clock, name
        self._sleep: asyncio.Task[None] | None = None

    async def sleep(self, seconds: float) -> None:
        """Wait until the time is over or somebody calls `wake`."""
        self._sleep = tasks.spawn(self._clock.sleep(seconds), name=self._name)
        try:
            await asyncio.wait({self._sleep})
        finally:
            self._sleep.cancel()
            self._sleep = None

    def wake(self) -> None:
        """End the current sleep, if any; a later one is not cut short."""
        if self._sleep is not None:
            self._sleep.cancel()
