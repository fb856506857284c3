"""When a schedule's rounds come: its first wall time, and a rule after RFC 5545, 3.3.10.

A rule is evaluated by our own few lines, period by period, rather than by dateutil, which steps from
candidate to candidate until the year 9999, and whose UNTIL stops it only where a rule comes at all:
FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30 kept it busy for 12 seconds. Here a search ends ten years on, and a
rule without COUNT begins in the period of the time that was asked about, so that age costs nothing. Tests
compare the two.

Everything is naive wall time; `bot.domain.walltime` says what instant that is.
"""

import difflib
from calendar import isleap, monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import MAXYEAR, date, datetime, time, timedelta
from functools import cached_property
from itertools import count, islice
from typing import NamedTuple, Self

from bot.services.errors import BadRepeat, RepeatProblem
from bot.services.rule_text import MAX_TIMES, RuleParts, looks_like_a_rule, read_rule, write_rule

MAX_LENGTH = 200
#: How far the end may be, and how long a rule may pause before we call it over.
HORIZON_YEARS = 10
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

    @cached_property
    def parts(self) -> RuleParts | None:
        """The rule, taken apart."""
        return read_rule(self.rule) if self.rule else None

    def _check_end(self, given: str) -> None:
        until = self.parts.until if self.parts else None
        if until is not None and until.date() < self.first.date():
            raise BadRepeat(given, RepeatProblem.UNTIL_BEFORE, until.date().isoformat())
        if until is not None and until.date() > _years_after(self.first.date()):
            raise BadRepeat(given, RepeatProblem.UNTIL_FAR, str(HORIZON_YEARS))

    def _later_than(self, wall: datetime | None) -> Iterator[datetime]:
        parts = self.parts
        if parts is None:
            if wall is None or wall < self.first:
                yield self.first
            return
        # Counting needs every occurrence since the first; anything else may begin where it was asked about.
        seek = self.first if wall is None or wall < self.first or parts.times else wall
        for at in islice(self._occurrences(parts, seek.date()), parts.times):
            if parts.until is not None and at > parts.until:
                return
            if wall is None or at > wall:
                yield at

    def _occurrences(self, parts: RuleParts, seek: date) -> Iterator[datetime]:
        """Yield what matches, from the period of `seek` on, until nothing has come for ten years."""
        filled = _filled(parts, self.first.date())
        give_up = _years_after(seek)
        for begin, days in _periods(filled, self.first.date(), seek):
            if begin > give_up or (parts.until is not None and begin > parts.until.date()):
                return
            for day in _at_positions([day for day in days if _matches(day, filled)], filled.positions):
                if day >= self.first.date():
                    give_up = _years_after(day)
                    yield datetime.combine(day, self.first.time())


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


def _years_after(day: date) -> date:
    """Return the day when a search is given up; dates end with the year 9999."""
    return date(min(day.year + HORIZON_YEARS, MAXYEAR - 1), day.month, min(day.day, 28))


def _filled(parts: RuleParts, first: date) -> RuleParts:
    """Take what a rule does not say from its first day (RFC 5545, 3.3.10, "Information, not contained")."""
    if parts.freq == "DAILY" or parts.weekdays or parts.month_days or parts.year_days:
        return parts
    if parts.freq == "WEEKLY":
        return replace(parts, weekdays=((0, first.weekday()),))
    months = parts.months if parts.freq == "MONTHLY" else parts.months or (first.month,)
    return replace(parts, months=months, month_days=(first.day,))


def _periods(parts: RuleParts, first: date, seek: date) -> Iterator[tuple[date, list[date]]]:
    """Yield every interval-th period's first day and days, from the last that begins by `seek` on."""
    step = parts.interval
    if parts.freq in {"DAILY", "WEEKLY"}:
        length = 1 if parts.freq == "DAILY" else 7
        origin = first - timedelta(days=(first.weekday() - parts.week_start) % length)
        for n in count((seek - origin).days // (length * step)):
            begin = origin + timedelta(days=n * length * step)
            yield begin, [begin + timedelta(days=day) for day in range(length)]
        return
    length = 1 if parts.freq == "MONTHLY" else 12
    start = (first.year * 12 + first.month - 1) // length
    soonest = ((seek.year * 12 + seek.month - 1) // length - start) // step
    for n in count(soonest):
        months = [(start + n * step) * length + month for month in range(length)]
        begin, *_ = days = [day for month in months for day in _days_of(*divmod(month, 12))]
        yield begin, days


def _days_of(year: int, month0: int) -> list[date]:
    return [date(year, month0 + 1, day + 1) for day in range(monthrange(year, month0 + 1)[1])]


def _matches(day: date, parts: RuleParts) -> bool:
    return (
        (not parts.months or day.month in parts.months)
        and (not parts.month_days or _is_nth(day.day, _month_length(day), parts.month_days))
        and (not parts.year_days or _is_nth(_year_day(day), 365 + isleap(day.year), parts.year_days))
        and (
            not parts.weekdays or any(_is_weekday(day, nth, wanted, parts) for nth, wanted in parts.weekdays)
        )
    )


def _is_weekday(day: date, nth: int, wanted: int, parts: RuleParts) -> bool:
    """Return whether a day is, for example, the fourth Friday: of its month, or of a year without BYMONTH."""
    if day.weekday() != wanted or nth == 0:
        return day.weekday() == wanted
    if parts.freq == "YEARLY" and not parts.months:
        number, length = _year_day(day), 365 + isleap(day.year)
    else:
        number, length = day.day, _month_length(day)
    return nth in {(number - 1) // 7 + 1, -((length - number) // 7 + 1)}


def _is_nth(number: int, length: int, wanted: tuple[int, ...]) -> bool:
    """Return whether a number is among the wanted ones, which count from the end if they are negative."""
    return number in wanted or number - length - 1 in wanted


def _month_length(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def _year_day(day: date) -> int:
    return day.timetuple().tm_yday


def _at_positions(days: list[date], positions: tuple[int, ...]) -> list[date]:
    """Pick the n-th ones of a period (BYSETPOS)."""
    return [day for n, day in enumerate(days, start=1) if not positions or _is_nth(n, len(days), positions)]
