"""When a schedule's rounds come: its first wall time, and a rule after RFC 5545, 3.3.10.

Which days a rule gives is `bot.services.rule_dates`'s business. Everything is naive wall time;
`bot.domain.walltime` says what instant that is.
"""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import lru_cache
from itertools import islice
from typing import NamedTuple, Self

from bot.services.errors import BadRepeat, RepeatProblem
from bot.services.rule_dates import HORIZON_YEARS, days_of, years_after
from bot.services.rule_text import MAX_TIMES, RuleParts, looks_like_a_rule, read_rule, write_rule

MAX_LENGTH = 200
#: The end of a day that was given without a time. Rounds start at whole minutes.
_LAST_MINUTE = time(23, 59)

#: How a person says how often.
REPEATS = ("once", "daily", "weekdays", "weekly", "every two weeks", "monthly")
_WORKDAYS = tuple((0, day) for day in range(5))


class RepeatWords(NamedTuple):
    """What `bot.text.dates.repeat_in_words` takes, in its order."""

    kind: str  # one of the names, or "rule"
    weekday: int
    nth: int
    rule: str
    until: datetime | None
    times: int | None


@dataclass(frozen=True)
class Recurrence:
    """A first wall time and a rule in canonical capitals; without a rule it comes once."""

    first: datetime
    rule: str

    @classmethod
    def read(cls, first: datetime, repeat: str, *, until: date | None, times: int | None) -> Self:
        """Read a name or a rule as a person gave it. Raises `BadRepeat` and says why."""
        first = first.replace(second=0, microsecond=0)
        given = " ".join(repeat.split())
        if len(repeat) > MAX_LENGTH:
            raise BadRepeat(given, RepeatProblem.TOO_LONG, str(MAX_LENGTH))
        parts = read_rule(repeat) if looks_like_a_rule(repeat) else _named(given, first)
        if parts is None:
            if until is not None or times is not None:
                raise BadRepeat(given, RepeatProblem.ONCE_WITH_END, "once")
            return cls(first, "")
        found = cls(first, write_rule(_with_end(parts, given, until, times)))
        found._check_end(given)
        if found.after(None) is None:
            raise BadRepeat(given, RepeatProblem.NEVER, found.rule)
        return found

    def after(self, wall: datetime | None) -> datetime | None:
        """Return the first occurrence later than `wall`, or the first of all; None if there are no more.

        If the first time does not match the rule, the first that does is the first occurrence.
        """
        return next(self._later_than(wall), None)

    def upcoming(self, wall: datetime | None, limit: int) -> list[datetime]:
        """Return the next occurrences later than `wall`, `limit` at most."""
        return list(islice(self._later_than(wall), limit))

    @property
    def parts(self) -> RuleParts | None:
        """The rule, taken apart."""
        return _taken_apart(self.rule) if self.rule else None

    def _check_end(self, given: str) -> None:
        until = self.parts.until if self.parts else None
        if until is not None and until.date() < self.first.date():
            raise BadRepeat(given, RepeatProblem.UNTIL_BEFORE, until.date().isoformat())
        if until is not None and until.date() > years_after(self.first.date()):
            raise BadRepeat(given, RepeatProblem.UNTIL_FAR, str(HORIZON_YEARS))

    def _later_than(self, wall: datetime | None) -> Iterator[datetime]:
        parts = self.parts
        if parts is None:
            if wall is None or wall < self.first:
                yield self.first
            return
        # Counting needs every occurrence since the first; anything else may begin where it was asked about.
        seek = self.first if wall is None or wall < self.first or parts.times else wall
        for day in islice(days_of(parts, self.first.date(), seek.date()), parts.times):
            at = datetime.combine(day, self.first.time())
            if parts.until is not None and at > parts.until:
                return
            if wall is None or at > wall:
                yield at


@lru_cache(maxsize=1024)  # each step of each schedule asks, and a server has 50
def _taken_apart(rule: str) -> RuleParts:
    return read_rule(rule)


def describe_repeat(recurrence: Recurrence) -> RepeatWords:
    """Return what a sentence about the repetition needs: a name where one fits, else the rule."""
    first, parts = recurrence.first, recurrence.parts
    if parts is None:
        return RepeatWords("once", first.weekday(), 0, "", None, None)
    endless = replace(parts, until=None, times=None)
    kind, (nth, weekday) = "rule", (0, first.weekday())
    if len(parts.weekdays) == 1:
        ((nth, weekday),) = parts.weekdays
    plain = replace(endless, weekdays=())
    if endless == RuleParts("DAILY"):
        kind = "daily"
    elif endless == RuleParts("WEEKLY", weekdays=_WORKDAYS):
        kind = "weekdays"
    elif plain == RuleParts("WEEKLY") and len(parts.weekdays) < 2:
        kind = "weekly"
    elif plain == RuleParts("WEEKLY", interval=2) and len(parts.weekdays) < 2:
        kind = "every two weeks"
    elif plain == RuleParts("MONTHLY") and nth in {1, 2, 3, 4, -1}:
        kind = "monthly"
    return RepeatWords(kind, weekday, nth, write_rule(endless), parts.until, parts.times)


def _named(given: str, first: datetime) -> RuleParts | None:
    """Return what a name stands for, None for "once"."""
    name = given.casefold()
    if name not in REPEATS:
        raise BadRepeat(
            given, RepeatProblem.UNKNOWN_NAME, "".join(difflib.get_close_matches(name, REPEATS, n=1))
        )
    nth = (first.day - 1) // 7 + 1
    return {
        "once": None,
        "daily": RuleParts("DAILY"),
        "weekdays": RuleParts("WEEKLY", weekdays=_WORKDAYS),
        "weekly": RuleParts("WEEKLY"),
        "every two weeks": RuleParts("WEEKLY", interval=2),
        # Most months have no fifth Friday, and who plays on one means the last.
        "monthly": RuleParts("MONTHLY", weekdays=((nth if nth < 5 else -1, first.weekday()),)),
    }[name]


def _with_end(parts: RuleParts, given: str, until: date | None, times: int | None) -> RuleParts:
    """Put the end that was given beside a rule into it; a rule has one end at most."""
    ends = {
        "until": until is not None,
        "times": times is not None,
        "UNTIL": parts.until is not None,
        "COUNT": parts.times is not None,
    }
    both = [name for name, has in ends.items() if has]
    if len(both) > 1:
        raise BadRepeat(given, RepeatProblem.TWO_ENDS, " and ".join(both))
    if times is not None and not 1 <= times <= MAX_TIMES:
        raise BadRepeat(given, RepeatProblem.BAD_TIMES, str(times))
    if until is not None:
        return replace(parts, until=datetime.combine(until, _LAST_MINUTE))
    return replace(parts, times=times if times is not None else parts.times)
