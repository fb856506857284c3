"""When a schedule's rounds come: its first wall time, and a rule after RFC 5545, 3.3.10.

Which days a rule gives is up to `bot.services.rule_dates`. Everything is naive wall time;
`bot.domain.walltime` says what instant that is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import lru_cache
from itertools import islice
from typing import NamedTuple, Self

from bot.services.errors import BadRepeat, RepeatProblem
from bot.services.repeat_words import read_words
from bot.services.rule_dates import HORIZON_YEARS, days_of, filled, years_after
from bot.services.rule_text import MAX_TIMES, RuleParts, looks_like_a_rule, read_rule, write_rule

MAX_LENGTH = 200
#: The end of a day that was given without a time. Rounds start on the minute.
_LAST_MINUTE = time(23, 59)


class RepeatWords(NamedTuple):
    """What `bot.text.repeats.repeat_in_words` takes, in its order. A rule's fields, as in `RuleParts`."""

    freq: str  # empty for once
    interval: int
    months: tuple[int, ...]
    year_days: tuple[int, ...]
    month_days: tuple[int, ...]
    weekdays: tuple[tuple[int, int], ...]
    positions: tuple[int, ...]
    until: datetime | None
    times: int | None


@dataclass(frozen=True)
class Recurrence:
    """A first wall time and a rule in canonical capitals; without a rule it comes once."""

    first: datetime
    rule: str

    @classmethod
    def read(cls, first: datetime, repeat: str, *, until: date | None, times: int | None) -> Self:
        """Read words or a rule as a person gave them. Raises `BadRepeat` and says why."""
        first = first.replace(second=0, microsecond=0)
        given, parts = " ".join(repeat.split()), read_repeat(repeat, first.date())
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
        """Return the first occurrence after `wall`, or the very first; None if there are no more.

        If the first time does not match the rule, the first that does is the first occurrence.
        """
        return next(self._later_than(wall), None)

    def upcoming(self, wall: datetime | None, limit: int) -> list[datetime]:
        """Return the next occurrences after `wall`, at most `limit`."""
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


def read_repeat(repeat: str, first: date | None) -> RuleParts | None:
    """Return what a name, words or a rule mean, None for once. Raises `BadRepeat`.

    Without a first day, whatever depends on it stays open.
    """
    if len(repeat) > MAX_LENGTH:
        raise BadRepeat(" ".join(repeat.split()), RepeatProblem.TOO_LONG, str(MAX_LENGTH))
    return read_rule(repeat) if looks_like_a_rule(repeat) else read_words(" ".join(repeat.split()), first)


def describe_repeat(recurrence: Recurrence) -> RepeatWords:
    """Return what a sentence about a repetition needs."""
    parts = recurrence.parts
    return describe_parts(parts and filled(parts, recurrence.first.date()))


def describe_parts(parts: RuleParts | None) -> RepeatWords:
    """Return what a sentence about a rule needs, or about what comes once."""
    if parts is None:
        return RepeatWords("", 1, (), (), (), (), (), None, None)
    return RepeatWords(
        *(parts.freq, parts.interval, parts.months, parts.year_days, parts.month_days),
        *(parts.weekdays, parts.positions, parts.until, parts.times),
    )


def _with_end(parts: RuleParts, given: str, until: date | None, times: int | None) -> RuleParts:
    """Put a separately given end into a rule; a rule has at most one end."""
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
