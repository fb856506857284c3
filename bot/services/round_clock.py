"""A live round's time: Discord's, as far as known; the machine's clock may be changed at any time."""

from datetime import datetime, timedelta

from bot.clock import Clock

#: A post that took longer was held up on the way, and only gives limits for the current instant.
QUICK_POST_SECONDS = 1.0


class RoundClock:
    """Counts on from a known instant, by a clock that cannot jump.

    It begins with the machine's time, and follows Discord's as soon as a message gives it: deadlines and
    clicks use that.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known, self._known_since = clock.now(), clock.monotonic()

    def now(self) -> datetime:
        """Return the round's instant."""
        return self._known + timedelta(seconds=self.seconds() - self._known_since)

    def seconds(self) -> float:
        """Return a count of seconds; only differences between two of them mean anything."""
        return self._clock.monotonic()

    def follow(self, posted_at: datetime, begun: float) -> None:
        """Follow Discord's clock from here on.

        Args:
            posted_at: the instant of a message that has just been posted.
            begun: `seconds` before it was posted.
        """
        took = self.seconds() - begun
        known = posted_at
        if took >= QUICK_POST_SECONDS:  # it may have waited, before it was posted or after
            known = min(max(self.now(), posted_at), posted_at + timedelta(seconds=took))
        self._known, self._known_since = known, self.seconds()
