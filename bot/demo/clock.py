"""A clock that follows the simulated Discord's time."""

import asyncio
from datetime import datetime

import simcord


class SimulatedClock:
    """Tells the simulation's time, and waits in it."""

    def __init__(self) -> None:
        self.env: simcord.Env | None = None  #: set as soon as the simulation runs

    def now(self) -> datetime:
        """Return the simulation's time."""
        return self._running().now()

    def monotonic(self) -> float:
        """Return the simulation's seconds."""
        return self._running().now().timestamp()

    async def sleep(self, seconds: float) -> None:
        """Wait until the simulation's time has moved on, however long that takes on the machine's clock.

        Declared as a wait for something outside, so that only `Env.advance_time` ends it: work in the
        simulation can then take as long as it takes, and no wait of the bot's runs out meanwhile.
        """
        await self._running().external_wait(asyncio.sleep(seconds), reason="the bot waits for its time")

    def _running(self) -> simcord.Env:
        if self.env is None:
            raise RuntimeError("the simulation has not started")
        return self.env
