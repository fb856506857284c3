"""A clock that goes by the simulated Discord's time."""

import asyncio
from datetime import datetime

import simcord


class SimulatedClock:
    """Asks the simulation for the time; waits on the event loop, which the simulation steers."""

    def __init__(self) -> None:
        self.env: simcord.Env | None = None  #: set as soon as the simulation runs

    def now(self) -> datetime:
        """Return the simulation's time."""
        if self.env is None:
            raise RuntimeError("the simulation has not started")
        return self.env.now()

    async def sleep(self, seconds: float) -> None:
        """Wait in the simulation's time."""
        await asyncio.sleep(seconds)
