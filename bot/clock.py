"""The one place that knows the time."""

import asyncio
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time and waits. Passed to whoever needs it; never asked for globally."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait. Cancel the awaiting task to wake early."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's time."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait on the event loop."""
        await asyncio.sleep(seconds)
