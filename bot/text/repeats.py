"""Every sentence about repetitions, and what is wrong with them.

The rules are those of `bot.text`: what a person wrote arrives escaped. In refusals, backticks hold examples
and nothing else; tests read each of them back.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.text.dates import DAYS, MONTHS, city
from bot.text.phrases import Advice, count, did_you_mean, enumeration

_UNITS = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
_NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}
_NTHS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}
_WORKDAYS, _EVERY_DAY = (0, 1, 2, 3, 4), (0, 1, 2, 3, 4, 5, 6)


def repeat_in_words(  # noqa: PLR0917 - the fields of `RepeatWords`, in their order
    freq: str,
    interval: int,
    months: Sequence[int],
    year_days: Sequence[int],
    month_days: Sequence[int],
    weekdays: Sequence[tuple[int, int]],
    positions: Sequence[int],
    until: datetime | None,
    times: int | None,
) -> str:
    """How often something comes: "every two weeks on Friday, until 31 Dec 2026"."""
    if not freq:
        return "once"
    plain = tuple(day for nth, day in weekdays if nth == 0)
    alone = len(plain) == len(weekdays) and not (month_days or year_days or positions)
    if freq == "DAILY" and interval == 1 and alone and plain:
        freq = "WEEKLY"
    if freq == "WEEKLY" and interval == 1 and plain in {_WORKDAYS, _EVERY_DAY}:
        words = "Monday to Friday" if plain == _WORKDAYS else "every day"
    elif (
        freq == "YEARLY" and len(months) == len(month_days) == 1 and not (weekdays or year_days or positions)
    ):
        words = f"{_every(freq, interval)} on {_date(month_days[0], months[0])}"
        months = ()
    else:
        days = _days(freq, year_days, month_days, weekdays, positions)
        words = f"{_every(freq, interval)}{days}"
    if months:
        words += f" in {enumeration([_MONTH_NAMES[month - 1] for month in months])}"
    return words + _end(until, times)


def at_time_of(repeats: str, first: datetime, zone: str) -> str:
    """A repetition with its time of day: "every week on Friday, 16:00 Berlin"."""
    return f"{repeats}, {first:%H:%M} {city(zone)}"


_MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def _every(freq: str, interval: int) -> str:
    unit = _UNITS[freq]
    return f"every {unit}" if interval == 1 else f"every {_NUMBERS.get(interval, interval)} {unit}s"


def _days(
    freq: str,
    year_days: Sequence[int],
    month_days: Sequence[int],
    weekdays: Sequence[tuple[int, int]],
    positions: Sequence[int],
) -> str:
    """Which days of a period count: " on the first Friday"; of every N days, those that qualify."""
    conditions: list[str] = []
    if month_days and min(month_days) > 0 and len(weekdays) == 1 and weekdays[0][0] == 0:
        numbers = enumeration([f"the {_ordinal(day)}" for day in month_days], "or")
        conditions.append(f"{DAYS[weekdays[0][1]]} {numbers}")
    else:
        if weekdays:
            conditions.append(_weekdays(freq, weekdays))
        if month_days:
            conditions.append(_numbers(month_days, "or" if weekdays or freq == "DAILY" else "and"))
    if year_days:
        conditions.append(f"{_numbers(year_days, 'or' if conditions else 'and')} of the year")
    if not conditions:
        return ""
    words = ", if it is ".join(conditions)
    if positions:
        words = f"the {enumeration([_nth(number) for number in positions])} of {words}"
    return f", if it is {words}" if freq == "DAILY" else f" on {words}"


def _weekdays(freq: str, weekdays: Sequence[tuple[int, int]]) -> str:
    if [day for nth, day in weekdays if nth == 0] == list(_WORKDAYS) and len(weekdays) == len(_WORKDAYS):
        return "Monday to Friday"
    if freq == "DAILY":
        return enumeration([f"a {DAYS[day]}" for _, day in weekdays], "or")
    by_nth: dict[tuple[int, ...], list[str]] = {}
    for day in sorted({day for _, day in weekdays}):
        nths = sorted((nth for nth, of in weekdays if of == day), key=lambda nth: (nth < 0, nth))
        by_nth.setdefault(tuple(nths), []).append(DAYS[day])
    each = "" if freq == "WEEKLY" else "each "
    return enumeration(
        [
            f"{each}{enumeration(names)}"
            if 0 in nths
            else f"the {enumeration([_nth(nth) for nth in nths])} {enumeration(names)}"
            for nths, names in by_nth.items()
        ]
    )


def _numbers(days: Sequence[int], word: str) -> str:
    """Days of a month or year by their number: "the 15th and the last day"."""
    return enumeration([f"the {_day_of(number)}" for number in sorted(days, key=lambda n: (n < 0, n))], word)


def _nth(number: int) -> str:
    if number in _NTHS:
        return _NTHS[number]
    if number == -2:
        return "second to last"
    return f"{_ordinal(-number)} to last" if number < 0 else _ordinal(number)


def _day_of(number: int) -> str:
    """A day of a month or year: "15th", "last day"."""
    return f"{_nth(number)} day" if number < 0 else _ordinal(number)


def _date(day: int, month: int) -> str:
    name = _MONTH_NAMES[month - 1]
    return f"{day} {name}" if day > 0 else f"the {_day_of(day)} of {name}"


def _ordinal(number: int) -> str:
    if number % 100 in {11, 12, 13}:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def _end(until: datetime | None, times: int | None) -> str:
    if until is not None:
        last = f", until {until.day} {MONTHS[until.month - 1]} {until.year}"
        return last + ("" if f"{until:%H:%M}" == "23:59" else f", {until:%H:%M}")
    return "" if times is None else f", {count(times, 'time')}"


# --- what can go wrong ----------------------------------------------------------------------------

_WORDS = ("every day", "every friday", "every two weeks", "monthly")
_RULE = "FREQ=WEEKLY;BYDAY=MO,WE"


def bad_repeat(given: str, reason: str, detail: str) -> Advice:
    """A repetition that cannot be used. `detail` is what `RepeatProblem` says."""
    if reason == "unknown_name" and detail:
        return Advice(f"I do not understand “{given}”. {did_you_mean([detail])}", ())
    problem, examples = {
        "unknown_name": (f"I do not understand “{given}” as a repetition.", _WORDS),
        "two_meanings": (
            f"“{given}” could mean every few weeks, or once a month.",
            ("every two fridays", "second friday of the month"),
        ),
        "too_long": (f"A repetition can have at most {detail} characters.", ("weekly", _RULE)),
        "several_lines": (f"A rule is one line, and {detail} does not belong in it.", (_RULE,)),
        "unreadable_part": (f"The parts of a rule look like FREQ=DAILY, but “{detail}” does not.", (_RULE,)),
        "unknown_part": (f"“{detail}” is not a part of a rule that I know.", (_RULE,)),
        "part_twice": (f"“{detail}” is in the rule twice.", (_RULE,)),
        "bad_value": (f"“{detail}” does not work here.", ("FREQ=MONTHLY;BYDAY=-1FR", _RULE)),
        "not_with_freq": (
            f"“{detail}” does not go with this FREQ.",
            ("FREQ=MONTHLY;BYMONTHDAY=15", _RULE),
        ),
        "no_freq": (f"The rule does not say how often: it has no {detail}.", ("FREQ=DAILY;INTERVAL=3",)),
        "too_fine": ("A round can come at most once a day.", ("every day", "FREQ=DAILY")),
        "has_time": ("The time of day belongs in **when**, not in **repeat**.", (detail,) if detail else ()),
        "bad_interval": (f"The number of days, weeks or months can be 1 to {detail} here.", ()),
        "bad_times": (f"A schedule can have 1 to 1000 rounds, not {detail}.", ()),
        "other_than_when": (
            f"**when** says “{detail}”, but **repeat** says “{given}”. Give it in only one of them.",
            (),
        ),
        "two_ends": (f"A schedule has one end, so give only one of {detail}.", ()),
        "once_with_end": ("Say in **repeat** how often it comes, or leave out **until** and **times**.", ()),
        "until_in_utc": (f"Leave out the Z in {detail}: this server's time is always used.", ()),
        "until_before": (f"The last day, {detail}, is before the first round.", ()),
        "until_far": (f"The end can be at most {detail} years away.", ()),
        "never": (f"“{given}” never comes, or not before its end.", ()),
    }[reason]
    return Advice(problem, examples)
