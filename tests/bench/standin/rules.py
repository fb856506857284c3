"""Faults and holds: what happens to REST calls beyond being answered."""

import fnmatch
import time
from dataclasses import dataclass
from typing import Any, Literal

from tests.bench.standin.errors import Refused
from tests.bench.standin.world import Json


@dataclass(slots=True)
class Rule:
    """One thing that happens to the calls it matches, once, some times, or for a while."""

    id: int
    route: str = "*"  #: a glob on "POST /channels/123/messages", without the API's prefix
    action: Literal["reply", "drop", "hold", "delay"] = "reply"
    when: Literal["before", "after"] = "before"  #: before the call has its effect, or after it
    call: int | None = None  #: only the call with this number, counted since `count_calls`
    times: int | None = 1  #: None for as long as the rule stands
    until: float | None = None  #: monotonic seconds
    seconds: float = 0.0  #: how long a delay is
    status: int = 500
    body: Json | None = None
    applied: int = 0

    def takes(self, route: str, number: int) -> bool:
        """Return whether this rule applies to a call."""
        spent = self.times is not None and self.applied >= self.times
        over = self.until is not None and time.monotonic() > self.until
        wanted = self.call is None or self.call == number
        return wanted and not spent and not over and fnmatch.fnmatchcase(route, self.route)

    def refusal(self) -> Refused:
        """Return the error reply that this rule gives."""
        body: dict[str, Any] = {"message": f"injected {self.status}", "code": 0, **(self.body or {})}
        if self.status == 429:
            body = {"retry_after": 0.5, "global": False, **body}
        message, code = body.pop("message"), body.pop("code")
        return Refused(self.status, code, message, **body)


class Rules:
    """The rules of one application, and the count of its calls."""

    def __init__(self) -> None:
        self.calls = 0
        self._rules: list[Rule] = []
        self._next_id = 1

    def add(self, **fields: Any) -> Rule:
        """Add a rule; `for_seconds` makes it end by itself."""
        for_seconds = fields.pop("for_seconds", None)
        if for_seconds is not None:
            fields = {"times": None, **fields, "until": time.monotonic() + for_seconds}
        rule = Rule(id=self._next_id, **fields)
        self._next_id += 1
        self._rules.append(rule)
        return rule

    def clear(self) -> None:
        """Remove every rule."""
        self._rules.clear()

    def count(self, route: str) -> Rule | None:
        """Count a call and return the rule that applies to it."""
        self.calls += 1
        for rule in self._rules:
            if rule.takes(route, self.calls):
                rule.applied += 1
                return rule
        return None
