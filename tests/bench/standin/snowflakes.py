"""Discord's ids: milliseconds since 2015 and a counter, by the stand-in's own clock."""

import time

DISCORD_EPOCH_MS = 1_420_070_400_000
_COUNTER_BITS = 22


class Snowflakes:
    """Hands out ids that grow with time."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> int:
        """Return an id of this instant, larger than every one before."""
        now_ms = time.time_ns() // 1_000_000 - DISCORD_EPOCH_MS
        self._last = max(now_ms << _COUNTER_BITS, self._last + 1)
        return self._last


def unix_seconds(snowflake: int) -> float:
    """Return the instant that is in an id."""
    return ((snowflake >> _COUNTER_BITS) + DISCORD_EPOCH_MS) / 1000


def timestamp(snowflake: int) -> str:
    """Return the instant that is in an id, as Discord writes it."""
    seconds = unix_seconds(snowflake)
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    return f"{whole}.{int(seconds * 1000) % 1000:03d}000+00:00"
