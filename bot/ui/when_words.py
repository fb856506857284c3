"""The words and times that a day is written with, and how they may be combined."""

import re
from datetime import date, datetime, time

from bot.services.errors import WhenProblem

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: Every spelling of a weekday and a month that we accept, and its full name, which dateparser always knows.
_FULL = (
    {name: name for name in (*MONTHS, *WEEKDAYS)}
    | {name[:3]: name for name in (*MONTHS, *WEEKDAYS)}
    | {"sept": "september", "tues": "tuesday", "weds": "wednesday", "thur": "thursday", "thurs": "thursday"}
)
_NUMBERS = (
    *("a", "an", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
CLOCK_UNITS = frozenset(("minute", "minutes", "min", "mins", "hour", "hours", "hr", "hrs"))
DAY_UNITS = frozenset(
    ("day", "days", "week", "weeks", "fortnight", "fortnights", "month", "months", "year", "years")
)
PAST = frozenset(("yesterday", "ago", "last", "now"))
_FILLERS = frozenset(("at", "on", "the", "of", "this"))

#: A letter for each kind of word, and the orders in which they make sense: "next friday", "fri 1 dec 2026",
#: "tomorrow", "day after tomorrow", "in 2 weeks and 3 days".
SHAPE = re.compile(r"n?w|w?(?:dm|md)y?|t|uat|i(?:[dqy]u&?)*[dqy]u")
TIME = re.compile(
    r"(?<![\w:.+-])(?:(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})?\s?(?P<half>[ap]\.?m\b\.?)?"
    r"|(?P<hour12>\d{1,2})(?:[.](?P<minute12>\d{2}))?\s?(?P<half12>[ap]\.?m\b\.?)"
    r"|(?P<name>noon|midnight))(?![\w:+-])",
    re.ASCII,
)
#: "1h30m", "90min": after a number, m means minutes to everybody.
_GLUED = re.compile(r"(?<![\d.:])(\d+)(hrs?|h|mins?|m)(?![a-z])", re.ASCII)
#: "16h", "16h30": how times are written in French or Portuguese.
_HOUR = re.compile(r"(?<![\w.:])(\d{1,2})\s?h(\d{2})?(?!\w)", re.ASCII)
#: "mon 9", "1 dec at 18": after a day that needs no number, and after "at", a number is an hour.
_BARE_HOUR = re.compile(
    rf"(?P<day>(?:on |this |next )?(?:{'|'.join(name for name, full in _FULL.items() if full in WEEKDAYS)})"
    r"|today|tonight|tomorrow|(?:.* )?at) (?P<hour>\d{1,2})",
    re.ASCII,
)
#: From this hour on nobody adds "am" or "pm": "mon 9" is in the morning, but "fri 4" may not be.
_EARLIEST = 8


class Problem(Exception):
    """What was typed cannot be read."""

    def __init__(self, reason: WhenProblem) -> None:
        super().__init__(reason)
        self.reason = reason


def with_minutes(line: str) -> str:
    """Return a line in which an hour alone becomes a time: "mon 9:00" for "mon 9", "16:00" for "16h"."""
    if " in " not in f" {line} ":  # "in 2h" is not a time of day
        line = _HOUR.sub(lambda found: f"{found[1]}:{found[2] or '00'}", line)
    if not (bare := _BARE_HOUR.fullmatch(line)):
        return line
    hour = int(bare["hour"])
    if bare["day"].startswith("tonight") and 0 < hour < 12:
        hour += 12
    if hour < _EARLIEST:
        raise Problem(WhenProblem.HALF_OF_DAY)
    return f"{bare['day']} {hour}:00" if hour < 24 else line


def time_of(found: re.Match[str]) -> time:
    """Return the time of day that a match of `TIME` says."""
    if found["name"]:
        return time(12 if found["name"] == "noon" else 0)
    hour, minute = int(found["hour"] or found["hour12"]), int(found["minute"] or found["minute12"] or 0)
    half = found["half"] or found["half12"]
    if half:
        if not 1 <= hour <= 12:
            raise Problem(WhenProblem.NO_SUCH_TIME)
        hour = hour % 12 + (12 if half[0] == "p" else 0)
    if hour > 23 or minute > 59:
        raise Problem(WhenProblem.NO_SUCH_TIME)
    return time(hour, minute)


def words_of(line: str) -> list[str]:
    """Return the words that give the day, with weekdays and months in full and no filler words."""
    line = line.replace("tonight", "today").replace("half an hour", "30 minutes")
    line = _GLUED.sub(lambda glued: f"{glued[1]} {'hours' if glued[2][0] == 'h' else 'minutes'} ", line)
    words = [_FULL.get(word.rstrip("."), word) for word in line.split()]
    return [word for word in words if word not in _FILLERS]


def shape_of(words: list[str]) -> str:
    """Return a letter for each word, as in `SHAPE`. Raises if a word is unknown."""
    return "".join(map(_kind, words))


_KINDS = {
    **dict.fromkeys(WEEKDAYS, "w"),
    **dict.fromkeys(MONTHS, "m"),
    **dict.fromkeys(CLOCK_UNITS | DAY_UNITS, "u"),
    **dict.fromkeys(_NUMBERS, "q"),
    **dict.fromkeys(PAST, "p"),
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
        raise Problem(WhenProblem.ZONE)
    raise Problem(WhenProblem.UNREADABLE)


def _names_a_zone(word: str) -> bool:
    read = library_reads(f"2026-01-01 16:00 {word}", datetime.combine(date(2026, 1, 1), time()))
    return read is not None and read.tzinfo is not None


def library_reads(text: str, base: datetime) -> datetime | None:
    """Return what dateparser makes of a text, relative to a naive time."""
    import dateparser  # noqa: PLC0415 - see `bot.ui.when`

    settings = {"RELATIVE_BASE": base, "PREFER_DATES_FROM": "future", "DATE_ORDER": "DMY"}
    return dateparser.parse(text, languages=["en"], settings=settings)
