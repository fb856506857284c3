"""Days and times as people write them: "fri 16:00", "tomorrow 9am", "1 dec 16:00", "in 2 hours".

A date is read in this order: year first as in ISO 8601 (2026-12-01), else the day before the month
(1.12.2026), which is what most of the world writes. 1/12 is refused, as slashes are what the others write.

dateparser knows the words, but reads too much into too little: "a" is the first of this month to it, "fri 4"
the fourth, "2026-13-01" the 13th of January, and it overlooks a weekday that contradicts the date. Therefore
every word must be one of ours and stand where it belongs (`_SHAPE`), the time of day is read here, and what
dateparser made of the rest must agree with each weekday, day, month and year that was typed.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.walltime import instant_of, wall_of
from bot.services.errors import BadDate, BadWhen, WhenProblem
from bot.text import dates

MAX_LENGTH = 100
MAX_AHEAD = timedelta(days=731)  # two years, of which one may be a leap year

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: Every spelling of a weekday and a month that we take, and its full name, which dateparser always knows.
_FULL = (
    {name: name for name in (*_MONTHS, *_WEEKDAYS)}
    | {name[:3]: name for name in (*_MONTHS, *_WEEKDAYS)}
    | {"sept": "september", "tues": "tuesday", "weds": "wednesday", "thur": "thursday", "thurs": "thursday"}
)
_NUMBERS = (
    *("a", "an", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_CLOCK_UNITS = frozenset(("minute", "minutes", "min", "mins", "hour", "hours", "hr", "hrs"))
_DAY_UNITS = frozenset(
    ("day", "days", "week", "weeks", "fortnight", "fortnights", "month", "months", "year", "years")
)
_PAST = frozenset(("yesterday", "ago", "last", "now"))
_FILLERS = frozenset(("at", "on", "the", "of", "this"))

#: A letter for each kind of word, and the orders in which they make sense: "next friday", "fri 1 dec 2026",
#: "tomorrow", "day after tomorrow", "in 2 weeks and 3 days".
_SHAPE = re.compile(r"n?w|w?(?:dm|md)y?|t|uat|i(?:[dqy]u&?)*[dqy]u")
_DATE_ISO = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})", re.ASCII)
_DATE_DAY_FIRST = re.compile(
    r"(?P<day>\d{1,2})(?P<mark>[./-])(?P<month>\d{1,2})(?:(?P=mark)(?P<year>\d{4}|\d{2})?)?", re.ASCII
)

_TIME = re.compile(
    r"(?<![\w:.+-])(?:(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})?\s?(?P<half>[ap]\.?m\b\.?)?"
    r"|(?P<hour12>\d{1,2})(?:[.](?P<minute12>\d{2}))?\s?(?P<half12>[ap]\.?m\b\.?)"
    r"|(?P<name>noon|midnight))(?![\w:+-])",
    re.ASCII,
)
#: "1h30m", "90min": behind a number, m is minutes to everybody.
_GLUED = re.compile(r"(?<![\d.:])(\d+)(hrs?|h|mins?|m)(?![a-z])", re.ASCII)
#: An offset behind a time, or a place; abbreviations are asked of dateparser, which has the list.
_ZONE = re.compile(
    r"(?<=:\d\d)\s?(?:z\b|[+-]\d{1,2}(?::?\d{2})?$)|\b(?:utc|gmt)|[a-z]+/[a-z_]+|\b(?:time|zone)\b", re.ASCII
)


class _Problem(Exception):
    def __init__(self, reason: WhenProblem) -> None:
        super().__init__(reason)
        self.reason = reason


def read_when(typed: str, *, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the wall time that is meant, in whole minutes and after `now`. Raises `BadWhen`.

    The first reading loads dateparser and its English, which takes a quarter of a second or more: call this
    in a thread. It is imported only then, as most starts of the bot are not followed by a schedule.
    """
    try:
        return _Reader(zone, now, wall_of(now, zone)).when(_line(typed))
    except _Problem as problem:
        raise BadWhen(typed, problem.reason, zone.key) from None


def read_date(typed: str, *, zone: ZoneInfo, now: datetime) -> date:
    """Return the day that is meant, today or later. Raises `BadDate`."""
    try:
        return _Reader(zone, now, wall_of(now, zone)).day_alone(_line(typed))
    except _Problem as problem:
        raise BadDate(typed, problem.reason) from None


def describe_when(wall: datetime, zone: ZoneInfo, now: datetime, *, most: int | None = None) -> str:
    """Say a wall time with its place, its distance, and what happens if the clocks change then.

    In at most so many characters: where that is too much the distance is left out first, then the place.
    """
    instant = instant_of(wall, zone)
    shown = wall_of(instant, zone)
    minutes = round((instant - now) / timedelta(minutes=1))
    days = (shown.date() - wall_of(now, zone).date()).days
    change = ""
    if shown != wall:
        change = dates.clocks_skip(wall, shown)
    elif wall.replace(tzinfo=zone, fold=0).utcoffset() != wall.replace(tzinfo=zone, fold=1).utcoffset():
        change = dates.clocks_repeat()
    place, distance = dates.city(zone.key), dates.from_now(minutes, days)
    ways = ((place, distance), (place, ""), ("", ""))
    said = [dates.when_in_words(wall, *way, change) for way in ways]
    return next((one for one in said if most is None or len(one) <= most), said[-1])


def _line(typed: str) -> str:
    if len(typed) > MAX_LENGTH:
        raise _Problem(WhenProblem.TOO_LONG)
    line = " ".join(typed.replace(",", " ").casefold().split())
    if not line:
        raise _Problem(WhenProblem.EMPTY)
    return re.sub(r"(?<=\d)t(?=\d)", " ", line)  # 2026-12-01T16:00


@dataclass(frozen=True)
class _Reader:
    zone: ZoneInfo
    now: datetime
    here: datetime  # now, as a wall time

    def when(self, line: str) -> datetime:
        if _ZONE.search(line):
            raise _Problem(WhenProblem.ZONE)
        found = list(_TIME.finditer(line))
        words = _words(_TIME.sub(" ", line))
        shape = _shape(words)
        if "i" in shape and _CLOCK_UNITS.intersection(words):
            return self._from_now(words, shape, has_time=bool(found))
        if len(found) > 1:
            raise _Problem(WhenProblem.TWO_TIMES)
        day = self._day(words, shape) if words else self.here.date()
        if not found:
            raise _Problem(WhenProblem.NO_TIME)
        if found[0]["name"] == "midnight" and words:
            raise _Problem(WhenProblem.MIDNIGHT_OF)
        wall = datetime.combine(day, _time_of(found[0]))
        if shape in {"", "w"} and not self._is_ahead(wall):  # today's has passed: "16:00", "fri 16:00"
            wall += timedelta(days=7 if shape else 1)
        return self._checked(wall)

    def day_alone(self, line: str) -> date:
        if _TIME.search(line):
            raise _Problem(WhenProblem.TWO_TIMES)
        words = _words(line)
        if _CLOCK_UNITS.intersection(words) and not _PAST.intersection(words):
            raise _Problem(WhenProblem.UNREADABLE)
        day = self._day(words, _shape(words))
        if day < self.here.date():
            raise _Problem(WhenProblem.PAST)
        return day

    def _is_ahead(self, wall: datetime) -> bool:
        return instant_of(wall, self.zone) > self.now

    def _checked(self, wall: datetime) -> datetime:
        if wall - self.here > MAX_AHEAD:
            raise _Problem(WhenProblem.TOO_FAR)
        if self.here.date() - wall.date() > timedelta(days=1) or not self._is_ahead(wall):
            raise _Problem(WhenProblem.PAST)
        return wall

    def _from_now(self, words: list[str], shape: str, *, has_time: bool) -> datetime:
        """Read "in 2 hours", which is what passes on a stopwatch, whatever the clocks do meanwhile."""
        if has_time:
            raise _Problem(WhenProblem.TWO_TIMES)
        if not _SHAPE.fullmatch(shape) or _DAY_UNITS.intersection(words):
            raise _Problem(WhenProblem.UNREADABLE)
        read = _library_reads(" ".join(words), self.now.astimezone(UTC).replace(tzinfo=None))
        if read is None:
            raise _Problem(WhenProblem.TOO_FAR)
        instant = read.replace(tzinfo=UTC, second=0, microsecond=0)
        wall = wall_of(instant, self.zone)
        if instant_of(wall, self.zone) < instant:
            raise _Problem(WhenProblem.COMES_TWICE)
        return self._checked(wall.replace(second=0))

    def _day(self, words: list[str], shape: str) -> date:
        numeric = [word for word in words if word[0].isdigit() and re.search(r"[./-]", word)]
        if numeric and shape in {"N", "wN", "Nw"}:
            if shape == "N" and _is_either(numeric[0]):
                raise _Problem(WhenProblem.DAY_OR_MONTH)
            day = self._numeric(numeric[0])
        elif _PAST.intersection(words):
            raise _Problem(WhenProblem.PAST)
        elif not _SHAPE.fullmatch(shape):
            raise _Problem(WhenProblem.UNREADABLE)
        else:
            day = self._in_words(words, shape)
        for word in words:
            if word in _WEEKDAYS and _WEEKDAYS[day.weekday()] != word:
                raise _Problem(WhenProblem.WRONG_WEEKDAY)
        return day

    def _in_words(self, words: list[str], shape: str) -> date:
        # To dateparser the future begins tomorrow, but a weekday or date may be today's.
        today = datetime.combine(self.here.date(), time())
        base = today if shape[0] in "ntui" else today - timedelta(days=1)
        read = _library_reads(" ".join(words), base)
        if read is None:
            raise _Problem(WhenProblem.TOO_FAR if shape[0] == "i" else WhenProblem.NO_SUCH_DATE)
        if shape[0] != "i":
            for word in words:
                digits = re.sub(r"\D", "", word)
                if (digits and int(digits) not in {read.day, read.year}) or (
                    word in _MONTHS and _MONTHS[read.month - 1] != word
                ):
                    raise _Problem(WhenProblem.NO_SUCH_DATE)
        return read.date()

    def _numeric(self, word: str) -> date:
        parts = _DATE_ISO.fullmatch(word) or _DATE_DAY_FIRST.fullmatch(word)
        if not parts:
            raise _Problem(WhenProblem.UNREADABLE)
        day, month, year = int(parts["day"]), int(parts["month"]), parts["year"]
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
        raise _Problem(WhenProblem.NO_SUCH_DATE)


def _is_either(word: str) -> bool:
    """Tell whether a date could have the day or the month first: slashes are written in both ways."""
    parts = _DATE_DAY_FIRST.fullmatch(word)
    if parts is None or parts["mark"] != "/":
        return False
    day, month = int(parts["day"]), int(parts["month"])
    return day != month and day <= 12 and month <= 12


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise _Problem(WhenProblem.NO_SUCH_DATE) from None


def _time_of(found: re.Match[str]) -> time:
    if found["name"]:
        return time(12 if found["name"] == "noon" else 0)
    hour, minute = int(found["hour"] or found["hour12"]), int(found["minute"] or found["minute12"] or 0)
    half = found["half"] or found["half12"]
    if half:
        if not 1 <= hour <= 12:
            raise _Problem(WhenProblem.NO_SUCH_TIME)
        hour = hour % 12 + (12 if half[0] == "p" else 0)
    if hour > 23 or minute > 59:
        raise _Problem(WhenProblem.NO_SUCH_TIME)
    return time(hour, minute)


def _words(line: str) -> list[str]:
    """Return the words that say the day, with weekdays and months in full and nothing that says nothing."""
    line = line.replace("tonight", "today").replace("half an hour", "30 minutes")
    line = _GLUED.sub(lambda glued: f"{glued[1]} {'hours' if glued[2][0] == 'h' else 'minutes'} ", line)
    words = [_FULL.get(word.rstrip("."), word) for word in line.split()]
    return [word for word in words if word not in _FILLERS]


def _shape(words: list[str]) -> str:
    """Return a letter for each word, as in `_SHAPE`. Raises if there is a word that is not ours."""
    return "".join(map(_kind, words))


_KINDS = {
    **dict.fromkeys(_WEEKDAYS, "w"),
    **dict.fromkeys(_MONTHS, "m"),
    **dict.fromkeys(_CLOCK_UNITS | _DAY_UNITS, "u"),
    **dict.fromkeys(_NUMBERS, "q"),
    **dict.fromkeys(_PAST, "p"),
    **dict.fromkeys(("today", "tomorrow"), "t"),
    "next": "n",
    "after": "a",
    "in": "i",
    "and": "&",
}


def _kind(word: str) -> str:
    if word in _KINDS:
        return _KINDS[word]
    if re.fullmatch(r"\d{1,2}(st|nd|rd|th)?", word, re.ASCII):
        return "d"
    if re.fullmatch(r"\d{3,4}", word, re.ASCII):
        return "y" if len(word) == 4 else "q"
    if re.fullmatch(r"\d{1,4}[./-][\d./-]*", word, re.ASCII):
        return "N"
    if re.fullmatch(r"[a-z]{2,5}", word) and _names_a_zone(word):
        raise _Problem(WhenProblem.ZONE)
    raise _Problem(WhenProblem.UNREADABLE)


def _names_a_zone(word: str) -> bool:
    read = _library_reads(f"2026-01-01 16:00 {word}", datetime.combine(date(2026, 1, 1), time()))
    return read is not None and read.tzinfo is not None


def _library_reads(text: str, base: datetime) -> datetime | None:
    import dateparser  # noqa: PLC0415 - see `read_when`

    settings = {"RELATIVE_BASE": base, "PREFER_DATES_FROM": "future", "DATE_ORDER": "DMY"}
    return dateparser.parse(text, languages=["en"], settings=settings)
