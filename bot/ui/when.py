"""Days and times as people write them: "fri 16:00", "tomorrow 9am", "1 dec 16:00", "2 hours from now".

A date is read in this order: year first as in ISO 8601 (2026-12-01), else the day before the month
(1.12.2026), which is what most of the world writes. Slashes are what the others write: 1/12 is refused, and
12/25 can only have the month first.

dateparser knows the words, but reads too much into too little: to it, "a" is the first of this month, "fri 4"
the fourth, "2026-13-01" the 13th of January, and it overlooks a weekday that contradicts the date. So every
word must be one of ours and be where it belongs (`SHAPE`), the time of day is read here, and what
dateparser made of the rest must agree with each weekday, day, month and year that was typed.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.walltime import instant_of, wall_of
from bot.services.errors import BadDate, BadWhen, WhenProblem
from bot.ui.when_words import (
    CLOCK_UNITS,
    DAY_UNITS,
    MONTHS,
    PAST,
    SHAPE,
    TIME,
    WEEKDAYS,
    Problem,
    library_reads,
    shape_of,
    time_of,
    with_minutes,
    words_of,
)

MAX_LENGTH = 100
MAX_AHEAD = timedelta(days=731)  # two years, of which one may be a leap year

_DATE_ISO = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})", re.ASCII)
_DATE_DAY_FIRST = re.compile(
    r"(?P<day>\d{1,2})(?P<mark>[./-])(?P<month>\d{1,2})(?:(?P=mark)(?P<year>\d{4}|\d{2})?)?", re.ASCII
)

#: An instant as Discord writes it, in any of its styles: "<t:1796054400:F>".
_DISCORDS = re.compile(r"<t:(\d{1,11})(?::[a-z])?>", re.ASCII)
#: An offset after a time, or a place; abbreviations are left to dateparser, which has the list.
_ZONE = re.compile(
    r"(?<=:\d\d)\s?(?:z\b|[+-]\d{1,2}(?::?\d{2})?$)|\b(?:utc|gmt)|[a-z]+/[a-z_]+|\b(?:time|zone)\b", re.ASCII
)


def read_when(typed: str, *, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the wall time that is meant, in whole minutes and after `now`. Raises `BadWhen`.

    The first reading loads dateparser and its English, which takes a quarter of a second or more: call this
    in a thread. It is imported only then, because most runs of the bot never need it.
    """
    try:
        return _Reader(zone, now, wall_of(now, zone)).when(_line(typed))
    except Problem as problem:
        raise BadWhen(typed, problem.reason, zone.key) from None


def read_date(typed: str, *, zone: ZoneInfo, now: datetime) -> date:
    """Return the day that is meant, today or later. Raises `BadDate`."""
    try:
        return _Reader(zone, now, wall_of(now, zone)).day_alone(_line(typed))
    except Problem as problem:
        raise BadDate(typed, problem.reason) from None


def _line(typed: str) -> str:
    if len(typed) > MAX_LENGTH:
        raise Problem(WhenProblem.TOO_LONG)
    line = " ".join(typed.replace(",", " ").casefold().split())
    if not line:
        raise Problem(WhenProblem.EMPTY)
    line = re.sub(r"^(?:in )?(.*\S) from now\b", r"in \1", line)
    return re.sub(r"(?<=\d)t(?=\d)", " ", line)  # 2026-12-01T16:00


@dataclass(frozen=True)
class _Reader:
    zone: ZoneInfo
    now: datetime
    here: datetime  # now, as a wall time

    def when(self, line: str) -> datetime:
        if instant := _DISCORDS.fullmatch(line):
            return self._at(datetime.fromtimestamp(int(instant[1]), UTC))
        line = with_minutes(line)
        if _ZONE.search(line):
            raise Problem(WhenProblem.ZONE)
        found = list(TIME.finditer(line))
        words = words_of(TIME.sub(" ", line))
        shape = shape_of(words)
        if "i" in shape and CLOCK_UNITS.intersection(words):
            return self._from_now(words, shape, has_time=bool(found))
        if len(found) > 1:
            raise Problem(WhenProblem.TWO_TIMES)
        day = self._day(words, shape) if words else self.here.date()
        if not found:
            raise Problem(WhenProblem.NO_TIME)
        if found[0]["name"] == "midnight" and words:
            raise Problem(WhenProblem.MIDNIGHT_OF)
        wall = datetime.combine(day, time_of(found[0]))
        if shape in {"", "w"} and not self._is_ahead(wall):  # today's has passed: "16:00", "fri 16:00"
            wall += timedelta(days=7 if shape else 1)
        return self._checked(wall)

    def day_alone(self, line: str) -> date:
        if TIME.search(line):
            raise Problem(WhenProblem.TWO_TIMES)
        words = words_of(line)
        if CLOCK_UNITS.intersection(words) and not PAST.intersection(words):
            raise Problem(WhenProblem.UNREADABLE)
        day = self._day(words, shape_of(words))
        if day < self.here.date():
            raise Problem(WhenProblem.PAST)
        return day

    def _is_ahead(self, wall: datetime) -> bool:
        return instant_of(wall, self.zone) > self.now

    def _checked(self, wall: datetime) -> datetime:
        if wall - self.here > MAX_AHEAD:
            raise Problem(WhenProblem.TOO_FAR)
        if self.here.date() - wall.date() > timedelta(days=1) or not self._is_ahead(wall):
            raise Problem(WhenProblem.PAST)
        return wall

    def _from_now(self, words: list[str], shape: str, *, has_time: bool) -> datetime:
        """Read "in 2 hours": time by a stopwatch, whatever the clocks do in between."""
        if has_time:
            raise Problem(WhenProblem.TWO_TIMES)
        if not SHAPE.fullmatch(shape) or DAY_UNITS.intersection(words):
            raise Problem(WhenProblem.UNREADABLE)
        read = library_reads(" ".join(words), self.now.astimezone(UTC).replace(tzinfo=None))
        if read is None:
            raise Problem(WhenProblem.TOO_FAR)
        return self._at(read.replace(tzinfo=UTC))

    def _at(self, instant: datetime) -> datetime:
        instant = instant.replace(second=0, microsecond=0)
        wall = wall_of(instant, self.zone)
        if instant_of(wall, self.zone) < instant:
            raise Problem(WhenProblem.COMES_TWICE)
        return self._checked(wall.replace(second=0))

    def _day(self, words: list[str], shape: str) -> date:
        numeric = [word for word in words if word[0].isdigit() and re.search(r"[./-]", word)]
        if numeric and shape in {"N", "wN", "Nw"}:
            if shape == "N" and _is_either(numeric[0]):
                raise Problem(WhenProblem.DAY_OR_MONTH)
            day = self._numeric(numeric[0])
        elif PAST.intersection(words):
            raise Problem(WhenProblem.PAST)
        elif not SHAPE.fullmatch(shape):
            raise Problem(WhenProblem.UNREADABLE)
        else:
            day = self._in_words(words, shape)
        for word in words:
            if word in WEEKDAYS and WEEKDAYS[day.weekday()] != word:
                raise Problem(WhenProblem.WRONG_WEEKDAY)
        return day

    def _in_words(self, words: list[str], shape: str) -> date:
        # To dateparser the future begins tomorrow, but a weekday or date may be today's.
        today = datetime.combine(self.here.date(), time())
        base = today if shape[0] in "ntui" else today - timedelta(days=1)
        read = library_reads(" ".join(words), base)
        if read is None:
            raise Problem(WhenProblem.TOO_FAR if shape[0] == "i" else WhenProblem.NO_SUCH_DATE)
        if shape[0] != "i":
            for word in words:
                digits = re.sub(r"\D", "", word)
                if (digits and int(digits) not in {read.day, read.year}) or (
                    word in MONTHS and MONTHS[read.month - 1] != word
                ):
                    raise Problem(WhenProblem.NO_SUCH_DATE)
        return read.date()

    def _numeric(self, word: str) -> date:
        parts = _DATE_ISO.fullmatch(word) or _DATE_DAY_FIRST.fullmatch(word)
        if not parts:
            raise Problem(WhenProblem.UNREADABLE)
        day, month, year = int(parts["day"]), int(parts["month"]), parts["year"]
        if day <= 12 < month and parts.groupdict().get("mark") == "/":  # 12/25 can only be Christmas
            day, month = month, day
        if year:
            return _date(int(year) if len(year) == 4 else 2000 + int(year), month, day)
        years = [self.here.year + n for n in range(9)]  # 29 February may be eight years away
        for year in years:
            try:
                found = date(year, month, day)
            except ValueError:
                continue
            if found >= self.here.date():
                return found
        raise Problem(WhenProblem.NO_SUCH_DATE)


def _is_either(word: str) -> bool:
    """Tell whether a date could have the day or the month first: slashes are written both ways."""
    parts = _DATE_DAY_FIRST.fullmatch(word)
    if parts is None or parts["mark"] != "/":
        return False
    day, month = int(parts["day"]), int(parts["month"])
    return day != month and day <= 12 and month <= 12


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Problem(WhenProblem.NO_SUCH_DATE) from None
