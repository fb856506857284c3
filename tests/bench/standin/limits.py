"""Discord's global limit: so many requests in a second, whatever they are about."""

import time
from collections import deque

#: Replies to interactions do not count.
UNCOUNTED = ("/interactions/", "/webhooks/")


class GlobalLimit:
    """Counts the requests of any second; stricter than Discord, which counts by the calendar's."""

    def __init__(self, per_second: int = 0) -> None:
        self._per_second = per_second  #: 0 for no limit
        self._taken: deque[float] = deque()
        self.refused = 0
        self.most = 0  #: in one second

    def takes(self, path: str) -> bool:
        """Tell whether a request is taken now, and count it."""
        if not self._per_second or path.startswith(UNCOUNTED):
            return True
        now = time.monotonic()
        while self._taken and self._taken[0] <= now - 1:
            self._taken.popleft()
        if len(self._taken) >= self._per_second:
            self.refused += 1
            return False
        self._taken.append(now)
        self.most = max(self.most, len(self._taken))
        return True
