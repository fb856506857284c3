"""A live round's time: Discord's as far as it is known; the machine's clock may be set at any time."""

from datetime import datetime, timedelta

from bot.clock import Clock

#: A post that took longer has waited on the way, and only says between which instants it is now.
QUICK_POST_SECONDS = 1.0


class RoundClock:
    """Counts on from an instant that it was told, by what the machine cannot be made to jump.

    It begins with the machine's time, and follows Discord's as soon as a message tells it: deadlines and
    clicks go by that.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known, self._known_since = clock.now(), clock.monotonic()

    def now(self) -> datetime:
        """Return the round's instant."""
        return self._known + timedelta(seconds=self.seconds() - self._known_since)

    def seconds(self) -> float:
        """Return a count of seconds that only differences of mean something."""
        return self._clock.monotonic()

    def follow(self, posted_at: datetime, begun: float) -> None:
        """Go by Discord's clock from here on.

        Args:
            posted_at: the instant of a message that has just been posted.
            begun: `seconds` before it was posted.
        """
        took = self.seconds() - begun
        known = posted_at
        if took >= QUICK_POST_SECONDS:  # it may have waited, before it was posted or after
            known = min(max(self.now(), posted_at), posted_at + timedelta(seconds=took))
        self._known, self._known_since = known, self.seconds()
