"""The one place that knows the time."""

import asyncio
import sys
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time and waits. Passed to whoever needs it; never asked for globally."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC; the machine's clock may be changed at any time."""
        ...

    def monotonic(self) -> float:
        """Return seconds since some instant, whatever the machine's clock is set to."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait. Cancel the awaiting task to wake early."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's time."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return the system's count of seconds; on Linux it also runs while the machine sleeps."""
        if sys.platform == "linux":
            return time.clock_gettime(time.CLOCK_BOOTTIME)
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait on the event loop."""
        await asyncio.sleep(seconds)
