"""Repetitions as people say them: "every week", "mon and wed", "every two fridays", "last friday of a month".

Every word must be one of ours. A misspelt word is never guessed: a refusal offers the same words
spelt right, so that nobody is offered a frequency other than the one they meant.
"""

import difflib
import re
from dataclasses import dataclass, replace
from datetime import date

from bot.services.errors import BadRepeat, RepeatProblem
from bot.services.rule_text import MAX_INTERVALS, RuleParts

#: What is offered to somebody who has typed nothing yet.
REPEATS = ("once", "daily", "weekdays", "weekly", "every two weeks", "monthly")

WORKDAYS = tuple((0, day) for day in range(5))
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FULL_OR_SHORT = {name[:length]: day for day, name in enumerate(_WEEKDAYS) for length in (3, len(name))}
_SPELLINGS = {**_FULL_OR_SHORT, "tues": 1, "weds": 2, "thur": 3, "thurs": 3}
#: Mondays are each Monday.
_DAY_OF = {f"{name}{many}": day for name, day in _SPELLINGS.items() for many in ("", "s")}
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_COUNT_OF = {word: number for number, word in enumerate(_NUMBERS, start=1)} | {"other": 2}
_NTH_OF = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}
_UNITS = {
    f"{unit}{many}": freq
    for unit, freq in {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}.items()
    for many in ("", "s")
}
_FINER = frozenset(("hour", "hours", "hourly", "minute", "minutes", "seconds"))

#: Other ways to say the same. They are tried in this order, each where the line begins.
_SAME = {
    "weekdays|workdays|every (weekday|workday)|(every )?(monday|mon) to (friday|fri)": "weekdays",
    "(every )?weekends?": "every saturday and sunday",
    "(one|1) time|just once": "once",
    "biweekly|fortnightly|every fortnight": "every two weeks",
    "quarterly|every quarter": "every three months",
    "daily|everyday": "every day",
    "weekly": "every week",
    "monthly": "every month",
    "(yearly|annually)": "every year",
}
_SAME_AS = [(re.compile(rf"(?:{said})(?= |$)"), meant) for said, meant in _SAME.items()]
_OF_MONTH = re.compile(r" of (?:every |a |the )?month$| every month$")
_CLOCK = re.compile(r"\d[:.h]\d|\d ?[ap]\.?m\b|\bat \d|\b(?:noon|midnight)\b")
_KNOWN = (
    *(*_DAY_OF, *_COUNT_OF, *_NTH_OF, *_UNITS, "every", "and", "on", "the", "of", "to", "once"),
    *("daily", "weekly", "monthly", "yearly", "weekdays", "biweekly", "fortnightly", "quarterly"),
)


def read_words(given: str, first: date | None) -> RuleParts | None:
    """Return what a repetition in words means, None for "once". Raises `BadRepeat`.

    Args:
        given: what somebody typed.
        first: the first day, from which "monthly" takes its weekday; without it that stays open.
    """
    line = _plain(given)
    if line in {"once", "weekdays"}:
        return RuleParts("WEEKLY", weekdays=WORKDAYS) if line == "weekdays" else None
    if clock := _CLOCK.search(line):
        rest = re.sub(r"\b(?:at|in|the)$", "", line[: clock.start()].rstrip()).rstrip()
        raise BadRepeat(given, RepeatProblem.HAS_TIME, rest if _means_something(rest) else "")
    if _FINER.intersection(line.split()):
        raise BadRepeat(given, RepeatProblem.TOO_FINE, given)
    parts = _read(given, line)
    if parts is None:
        raise BadRepeat(given, RepeatProblem.UNKNOWN_NAME, _spelt_right(line))
    most = MAX_INTERVALS[parts.freq]
    if not 1 <= parts.interval <= most:
        raise BadRepeat(given, RepeatProblem.BAD_INTERVAL, str(most))
    if parts.freq != "MONTHLY" or parts.weekdays or parts.month_days or first is None:
        return parts
    nth = (first.day - 1) // 7 + 1
    # Most months have no fifth Friday, and who plays on one means the last.
    return replace(parts, weekdays=((nth if nth < 5 else -1, first.weekday()),))


def _plain(given: str) -> str:
    """Return a line in which each thing is said in only one way."""
    line = re.sub(r"[,&+/]", " and ", given.casefold())
    line = re.sub(r"\bbi[- ](?=weekly)", "bi", line)
    line = re.sub(r"(?<=[a-z])\s?[-–]\s?(?=[a-z])", " to ", line)
    line = " ".join(re.sub(r"\beach\b", "every", line).split())
    for said, meant in _SAME_AS:
        if found := said.match(line):
            return meant + line[found.end() :]
    return line


def _read(given: str, line: str) -> RuleParts | None:
    of_month = _OF_MONTH.search(line) is not None
    words = [word for word in _OF_MONTH.sub("", line).split() if word not in {"on", "the", "of"}]
    every = words[:1] == ["every"]
    words = words[every:]
    interval = _interval(words, every=every)
    words = words[interval is not None :]
    freq = _UNITS.get(words[0]) if words and every else None
    if freq in {"DAILY", "YEARLY"}:
        return (
            RuleParts(freq, 1 if interval is None else interval) if len(words) == 1 and not of_month else None
        )
    words = words[freq is not None :]
    if freq != "MONTHLY" and (weekdays := _weekdays(words)) is not None and (weekdays or freq):
        return RuleParts("WEEKLY", 1 if interval is None else interval, weekdays=weekdays)
    days = _DaysOfMonth.of(words)
    if days is None or freq == "WEEKLY":
        return None
    if freq is None and (interval is not None or not (days.weekdays or of_month or days.are_numbers(words))):
        return None
    if every and not (freq or of_month) and any(nth > 1 for nth, _ in days.weekdays):
        raise BadRepeat(given, RepeatProblem.TWO_MEANINGS, "")
    return RuleParts(
        "MONTHLY", 1 if interval is None else interval, month_days=days.numbers, weekdays=days.weekdays
    )


def _interval(words: list[str], *, every: bool) -> int | None:
    """Return the number in "every two weeks", "every other friday" or "every second month"."""
    if not every or len(words) < 2 or words[1] not in {*_UNITS, *_DAY_OF}:
        return None
    if words[0].isdecimal():
        return int(words[0][:6])
    return _COUNT_OF.get(words[0]) or (_nth(words[0]) if words[1] in _UNITS and words[0] != "last" else None)


def _nth(word: str) -> int | None:
    found = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)", word, re.ASCII)
    return int(found[1]) if found else _NTH_OF.get(word)


def _weekdays(words: list[str]) -> tuple[tuple[int, int], ...] | None:
    """Return "mon and wed" as days; None if there are other words."""
    days = {_DAY_OF.get(word, -1) for word in words if word not in {"and", "every"}}
    return None if -1 in days else tuple((0, day) for day in sorted(days))


@dataclass(frozen=True)
class _DaysOfMonth:
    """Days of a month: "first and third friday", "15th", "last day"."""

    numbers: tuple[int, ...]
    weekdays: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, words: list[str]) -> "_DaysOfMonth | None":
        """Return the days that the words name; None if they name something else, too."""
        numbers: set[int] = set()
        weekdays: set[tuple[int, int]] = set()
        waiting: list[int] = []  #: what came before a weekday: first, third
        for word in words:
            if word in _DAY_OF and waiting and max(waiting) <= 5:
                weekdays.update((nth, _DAY_OF[word]) for nth in waiting)
                waiting = []
            elif word == "day" and waiting[-1:] == [-1]:
                numbers.update(waiting)
                waiting = []
            elif (nth := _nth(word)) is not None and nth <= 31:
                waiting.append(nth)
            elif word != "and":
                return None
        found = cls(tuple(sorted({*numbers, *waiting})), tuple(sorted(weekdays)))
        return None if found.numbers and found.weekdays else found

    def are_numbers(self, words: list[str]) -> bool:
        """Return whether the words alone mean days of a month: "15th" and "last day", but not "last"."""
        return bool(self.numbers) and ("day" in words or any(word[0].isdigit() for word in words))


def _spelt_right(line: str) -> str:
    """Return the line with each misspelt word corrected, if it then means something; otherwise nothing.

    Only words that begin alike can be the same word: "bimonthly" is not a misspelt "monthly".
    """
    words: list[str] = []
    for word in line.split():
        near = difflib.get_close_matches(word, [one for one in _KNOWN if one[0] == word[0]], n=1, cutoff=0.8)
        words.append(word if word in _KNOWN or not near else near[0])
    corrected = " ".join(words)
    return corrected if corrected != line and _means_something(corrected) else ""


def _means_something(line: str) -> bool:
    try:
        read_words(line, None)
    except BadRepeat:
        return False
    return True
