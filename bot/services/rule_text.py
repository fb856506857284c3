"""A recurrence rule as text, after RFC 5545, 3.3.10, and which parts of it we accept.

Left out: frequencies finer than a day and BYHOUR, BYMINUTE, BYSECOND, as the time of day is the schedule's
own; BYWEEKNO, which says nothing that BYDAY and BYMONTH do not say more plainly; anything that is not a rule.
Which part goes with which frequency is the RFC's table. COUNT and UNTIL exclude each other there, too.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.services.errors import BadRepeat, RepeatProblem

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MAX_TIMES = 1000
#: About a year or more, for each frequency. Nobody who wants less than that wants a repetition.
MAX_INTERVALS = {"DAILY": 366, "WEEKLY": 53, "MONTHLY": 24, "YEARLY": 5}

_FINER = ("SECONDLY", "MINUTELY", "HOURLY")
_TIMES_OF_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")
_PROPERTY = re.compile(r"(?<![A-Z])(DTSTART|DTEND|RDATE|EXDATE|EXRULE|BEGIN|SUMMARY)(?![A-Z])")
#: Lists of numbers: the greatest, and whether they can also count from the end.
_NUMBERS = {
    "BYMONTH": (12, False),
    "BYYEARDAY": (366, True),
    "BYMONTHDAY": (31, True),
    "BYSETPOS": (366, True),
}
_EVERYWHERE = ("INTERVAL", "BYMONTH", "BYDAY", "WKST", "UNTIL", "COUNT")
_ALLOWED = {
    "DAILY": {*_EVERYWHERE, "BYMONTHDAY"},
    # Not BYSETPOS: programs differ in whether the days of the first week before the first time count.
    "WEEKLY": {*_EVERYWHERE},
    "MONTHLY": {*_EVERYWHERE, "BYMONTHDAY", "BYSETPOS"},
    "YEARLY": {*_EVERYWHERE, "BYMONTHDAY", "BYYEARDAY", "BYSETPOS"},
}
_KEYS = {key for keys in _ALLOWED.values() for key in keys}
_DAY = re.compile(rf"([+-]?[0-9]{{1,2}})?({'|'.join(WEEKDAYS)})")


@dataclass(frozen=True)
class RuleParts:
    """A rule, taken apart. Weekdays are pairs of which one (0: each) and the day (0: Monday)."""

    freq: str
    interval: int = 1
    months: tuple[int, ...] = ()
    year_days: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    weekdays: tuple[tuple[int, int], ...] = ()
    positions: tuple[int, ...] = ()
    week_start: int = 0
    until: datetime | None = None
    times: int | None = None


def looks_like_a_rule(text: str) -> bool:
    """Return whether a text is meant as a rule, valid or not, rather than as a name."""
    return "=" in text or ":" in text or _PROPERTY.search(text.upper()) is not None


def read_rule(text: str) -> RuleParts:
    """Read a rule in upper or lower case, with or without spaces and "RRULE:". Raises `BadRepeat`."""
    given = " ".join(text.split())
    capitals = text.upper().strip()
    foreign = _PROPERTY.search(capitals)
    if foreign or len(capitals.splitlines()) > 1:
        raise BadRepeat(given, RepeatProblem.SEVERAL_LINES, foreign[1] if foreign else "a second line")
    return _Reader(given).read("".join(capitals.split()).removeprefix("RRULE:").removesuffix(";"))


def write_rule(parts: RuleParts) -> str:
    """Return the canonical text of a rule, however it was spelt."""
    days = ",".join(f"{nth:+d}{WEEKDAYS[day]}" if nth else WEEKDAYS[day] for nth, day in parts.weekdays)
    values = {
        "FREQ": parts.freq,
        "INTERVAL": str(parts.interval) if parts.interval > 1 else "",
        "BYMONTH": _joined(parts.months),
        "BYYEARDAY": _joined(parts.year_days),
        "BYMONTHDAY": _joined(parts.month_days),
        "BYDAY": days,
        "BYSETPOS": _joined(parts.positions),
        "WKST": WEEKDAYS[parts.week_start] if parts.week_start else "",
        "UNTIL": f"{parts.until:%Y%m%dT%H%M%S}" if parts.until else "",
        "COUNT": str(parts.times) if parts.times is not None else "",
    }
    return ";".join(f"{key}={value}" for key, value in values.items() if value)


def _joined(numbers: tuple[int, ...]) -> str:
    return ",".join(map(str, numbers))


@dataclass(frozen=True)
class _Reader:
    given: str

    def read(self, rule: str) -> RuleParts:
        values: dict[str, str] = {}
        for part in rule.split(";"):
            key, equals, value = part.partition("=")
            if not (key and equals and value):
                raise self.bad(RepeatProblem.UNREADABLE_PART, part or ";")
            if key in values:
                raise self.bad(RepeatProblem.PART_TWICE, key)
            values[key] = value
        freq = self.freq(values)
        self.check_keys(freq, values)
        return RuleParts(
            freq=freq,
            interval=self.interval(freq, values.get("INTERVAL", "1")),
            months=self.numbers("BYMONTH", values),
            year_days=self.numbers("BYYEARDAY", values),
            month_days=self.numbers("BYMONTHDAY", values),
            weekdays=self.weekdays(freq, values.get("BYDAY")),
            positions=self.numbers("BYSETPOS", values),
            week_start=self.week_start(values.get("WKST", "MO")),
            until=self.until(values.get("UNTIL")),
            times=self.times(values.get("COUNT")),
        )

    def bad(self, reason: RepeatProblem, detail: str) -> BadRepeat:
        return BadRepeat(self.given, reason, detail)

    def freq(self, values: dict[str, str]) -> str:
        freq = values.pop("FREQ", "")
        if freq in _FINER:
            raise self.bad(RepeatProblem.TOO_FINE, freq)
        if not freq:
            raise self.bad(RepeatProblem.NO_FREQ, "FREQ")
        if freq not in _ALLOWED:
            raise self.bad(RepeatProblem.BAD_VALUE, f"FREQ={freq}")
        return freq

    def check_keys(self, freq: str, values: dict[str, str]) -> None:
        for key in values:
            if key in _TIMES_OF_DAY:
                raise self.bad(RepeatProblem.HAS_TIME, "")
            if key not in _KEYS:
                raise self.bad(RepeatProblem.UNKNOWN_PART, key)
            if key not in _ALLOWED[freq]:
                raise self.bad(RepeatProblem.NOT_WITH_FREQ, key)
        if "BYSETPOS" in values and not {"BYDAY", "BYMONTHDAY", "BYYEARDAY"} & values.keys():
            raise self.bad(RepeatProblem.BAD_VALUE, f"BYSETPOS={values['BYSETPOS']}")
        if {"COUNT", "UNTIL"} <= values.keys():
            raise self.bad(RepeatProblem.TWO_ENDS, "COUNT and UNTIL")

    def interval(self, freq: str, value: str) -> int:
        most = MAX_INTERVALS[freq]
        if not re.fullmatch(r"0*[0-9]{1,6}", value, re.ASCII) or not 1 <= int(value) <= most:
            raise self.bad(RepeatProblem.BAD_INTERVAL, str(most))
        return int(value)

    def times(self, value: str | None) -> int | None:
        if value is None:
            return None
        if not re.fullmatch(r"0*[0-9]{1,6}", value, re.ASCII) or not 1 <= int(value) <= MAX_TIMES:
            raise self.bad(RepeatProblem.BAD_TIMES, value)
        return int(value)

    def numbers(self, key: str, values: dict[str, str]) -> tuple[int, ...]:
        if key not in values:
            return ()
        most, from_the_end = _NUMBERS[key]
        found: set[int] = set()
        for item in values[key].split(","):
            number = int(item) if re.fullmatch(r"[+-]?[0-9]{1,3}", item) else 0
            if not 1 <= abs(number) <= most or (number < 0 and not from_the_end):
                raise self.bad(RepeatProblem.BAD_VALUE, f"{key}={item}")
            found.add(number)
        return tuple(sorted(found))

    def weekdays(self, freq: str, value: str | None) -> tuple[tuple[int, int], ...]:
        if value is None:
            return ()
        most = {"MONTHLY": 5, "YEARLY": 53}.get(freq, 0)  # "the fourth Friday" needs a month or a year
        found: set[tuple[int, int]] = set()
        for item in value.split(","):
            day = _DAY.fullmatch(item)
            if not day or (day[1] and not 1 <= abs(int(day[1])) <= most):
                raise self.bad(RepeatProblem.BAD_VALUE, f"BYDAY={item}")
            found.add((int(day[1] or 0), WEEKDAYS.index(day[2])))
        return tuple(sorted(found))

    def week_start(self, value: str) -> int:
        if value not in WEEKDAYS:
            raise self.bad(RepeatProblem.BAD_VALUE, f"WKST={value}")
        return WEEKDAYS.index(value)

    def until(self, value: str | None) -> datetime | None:
        """Read UNTIL: a day, to its last minute, or a wall time; not UTC, as a rule knows no zone."""
        if value is None:
            return None
        if value.endswith("Z"):
            raise self.bad(RepeatProblem.UNTIL_IN_UTC, f"UNTIL={value}")
        if re.fullmatch(r"[0-9]{8}(T[0-9]{6})?", value):
            try:
                return datetime.fromisoformat(value if "T" in value else f"{value}T235900")
            except ValueError:
                pass  # a thirteenth month
        raise self.bad(RepeatProblem.BAD_VALUE, f"UNTIL={value}")
