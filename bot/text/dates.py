"""Every sentence about days, times and repetitions, and what is wrong with them.

The rules are those of `bot.text`: what a person wrote arrives escaped. In refusals, backticks hold examples
and nothing else; tests read each of them back, so examples are such as work on any day.
"""

from collections.abc import Sequence
from datetime import date, datetime

from bot.text.phrases import count

#: Ours, as `strftime` and `calendar` speak the language of the machine.
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NTHS = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}


# --- days and times -------------------------------------------------------------------------------


def day(at: date) -> str:
    """A day: "Fri 27 Nov 2026"."""
    return f"{_DAYS[at.weekday()][:3]} {at.day} {_MONTHS[at.month - 1]} {at.year}"


def day_and_time(wall: datetime) -> str:
    """A wall time: "Fri 27 Nov 2026, 16:00"."""
    return f"{day(wall)}, {wall:%H:%M}"


def city(zone: str) -> str:
    """A time zone by its place: "New York" for America/New_York."""
    return zone.rpartition("/")[2].replace("_", " ")


def from_now(minutes: int, days: int) -> str:
    """How far off something is: "in 5 minutes", "in 4 days", "3 hours ago"; `days` count midnights."""
    span = _span(abs(minutes), abs(days))
    if not span:
        return "now"
    return f"{span} ago" if minutes < 0 else f"in {span}"


def _span(minutes: int, days: int) -> str:
    if minutes < 60:
        return count(minutes, "minute") if minutes else ""
    if minutes < 24 * 60:
        return count(round(minutes / 60), "hour")
    if days < 14:
        return count(days, "day")
    # Nobody plans by "in 9 weeks" for long.
    return count(round(days / 7), "week") if days < 63 else count(round(days / 30.44), "month")


def when_in_words(wall: datetime, place: str, distance: str, change: str) -> str:
    """A day and time, with place and distance where given: "Fri 27 Nov 2026, 16:00 Berlin, in 4 days"."""
    there, ahead = f" {place}" if place else "", f", {distance}" if distance else ""
    return f"{day_and_time(wall)}{there}{ahead}{change}"


def clocks_skip(wall: datetime, instead: datetime) -> str:
    """What becomes of a time that clocks leave out."""
    then = f"{instead:%H:%M}" if instead.date() == wall.date() else day_and_time(instead)
    return f" (the clocks leave that time out, so it runs at {then})"


def clocks_repeat() -> str:
    """What becomes of a time that comes twice."""
    return " (the clocks show that time twice, so it runs at the first)"


# --- repetitions ----------------------------------------------------------------------------------


def repeat_in_words(  # noqa: PLR0917 - the fields of `RepeatWords`, in their order
    kind: str, weekday: int, nth: int, rule: str, until: datetime | None, times: int | None
) -> str:
    """How often something comes: "every two weeks on Friday, until 31 Dec 2026"."""
    words = {
        "once": "once",
        "daily": "every day",
        "weekdays": "Monday to Friday",
        "weekly": f"every week on {_DAYS[weekday]}",
        "every two weeks": f"every two weeks on {_DAYS[weekday]}",
        "monthly": f"every month on the {_NTHS.get(nth, '')} {_DAYS[weekday]}",
        "rule": f"`{rule}`",
    }[kind]
    if until is not None:
        last = f"{until.day} {_MONTHS[until.month - 1]} {until.year}"
        return f"{words}, until {last}" + ("" if f"{until:%H:%M}" == "23:59" else f", {until:%H:%M}")
    return words if times is None else f"{words}, {count(times, 'time')}"


def at_time_of(repeats: str, first: datetime, zone: str) -> str:
    """A repetition with its time of day: "every week on Friday, 16:00 Berlin"."""
    return f"{repeats}, {first:%H:%M} {city(zone)}"


# --- what can go wrong ----------------------------------------------------------------------------


def _for_example(*examples: str) -> str:
    return " or ".join(f"`{example}`" for example in examples)


def bad_when(given: str, reason: str, zone: str) -> str:
    """A day and time that cannot be taken."""
    what, examples = {
        "empty": ("You gave no day and time.", ("fri 16:00", "in 2 hours")),
        "too_long": (f"“{given}” is too long for a day and a time.", ("fri 16:00", "tomorrow at 4 pm")),
        "unreadable": (f"I cannot read “{given}” as a day and a time.", ("fri 16:00", "tomorrow 9am")),
        "no_time": (f"“{given}” has no time of day.", ("fri 16:00", "tomorrow noon")),
        "two_times": (f"“{given}” has more than one time.", ("fri 16:00", "in 2 hours")),
        "no_such_time": (f"“{given}” has a time that no clock shows.", ("fri 16:00", "fri 4 pm")),
        "no_such_date": (
            f"“{given}” has a day that does not exist. Numbers are day.month, times have a colon.",
            ("31.12. 23:59", "31 dec 23:59"),
        ),
        "wrong_weekday": (f"In “{given}”, the weekday and the date are different days.", ("fri 16:00",)),
        "day_or_month": (f"“{given}” can be read with the day or the month first.", ("1 dec 16:00",)),
        "midnight_of": (
            f"“{given}” can mean the beginning or the end of that day.",
            ("fri 00:00", "fri 23:59"),
        ),
        "comes_twice": (
            f"“{given}” is the second of two equal times, as the clocks go back; I can only take the first.",
            ("tomorrow 9am",),
        ),
        "zone": (f"“{given}” names a time zone, but this server's is always used.", ("fri 16:00",)),
        "past": (f"“{given}” is not in the future.", ("fri 16:00", "in 2 hours")),
        "too_far": (f"“{given}” is more than two years away.", ("fri 16:00", "in 3 months at 4 pm")),
    }[reason]
    return f"{what} Times here are those of {zone}. Write {_for_example(*examples)}."


def bad_date(given: str, reason: str) -> str:
    """A day that cannot be taken."""
    what, examples = {
        "empty": ("You gave no last day.", ("31 dec", "in 3 months")),
        "too_long": (f"“{given}” is too long for a day.", ("31 dec", "in 3 months")),
        "two_times": (f"“{given}” has a time of day, but the last day counts whole.", ("31 dec", "31.12.")),
        "no_such_date": (
            f"“{given}” is a day that does not exist. Numbers are day.month.",
            ("31.12.", "31 dec"),
        ),
        "wrong_weekday": (f"In “{given}”, the weekday and the date are different days.", ("31 dec",)),
        "past": (f"“{given}” has passed.", ("31 dec", "in 3 months")),
    }.get(reason, (f"I cannot read “{given}” as a day.", ("31 dec", "in 3 months")))
    return f"{what} Write {_for_example(*examples)}."


_NAMES = ("daily", "weekdays", "weekly", "every two weeks", "monthly", "once")
_RULE = "FREQ=WEEKLY;BYDAY=MO,WE"


def bad_repeat(given: str, reason: str, detail: str) -> str:
    """A repetition that cannot be taken. `detail` is what `RepeatProblem` says."""
    what, examples = _repeat_problem(reason, detail)
    return f"I cannot repeat “{given}”: {what} Write {_for_example(*examples)}."


def _repeat_problem(reason: str, detail: str) -> tuple[str, Sequence[str]]:
    if reason == "unknown_name":
        return "I do not know it.", (detail,) if detail else (*_NAMES, _RULE)
    return {
        "too_long": (f"a rule has {detail} characters at most.", ("weekly", _RULE)),
        "several_lines": (f"a rule is one line, and {detail} does not belong to it.", (_RULE,)),
        "unreadable_part": (f"a rule has parts such as FREQ=DAILY, and “{detail}” is none.", (_RULE,)),
        "unknown_part": (f"{detail} is nothing that I know.", (_RULE,)),
        "part_twice": (f"{detail} is there twice.", (_RULE,)),
        "bad_value": (f"{detail} does not work here.", ("FREQ=MONTHLY;BYDAY=-1FR", _RULE)),
        "not_with_freq": (
            f"{detail} does not go with this FREQ.",
            ("FREQ=MONTHLY;BYMONTHDAY=15", _RULE),
        ),
        "no_freq": (f"it does not say how often, by {detail}.", ("FREQ=DAILY;INTERVAL=3", _RULE)),
        "too_fine": (f"once a day is the most, not {detail}.", ("daily", "FREQ=DAILY")),
        "has_time": (f"the time of day comes from **when**, not from {detail}.", ("daily", _RULE)),
        "bad_interval": (f"INTERVAL is from 1 to {detail} here.", ("FREQ=DAILY;INTERVAL=3",)),
        "bad_times": (f"it can come 1 to 1000 times, not {detail}.", ("FREQ=DAILY;COUNT=10",)),
        "two_ends": (f"it can have one end only, not {detail}.", ("weekly", "FREQ=DAILY;COUNT=10")),
        "once_with_end": (f"what comes {detail} needs neither **until** nor **times**.", ("weekly",)),
        "until_in_utc": (
            f"leave out the Z of {detail}, as this server's time is always used.",
            ("daily", _RULE),
        ),
        "until_before": (f"its end, {detail}, is before the first day.", ("weekly", "FREQ=DAILY;COUNT=10")),
        "until_far": (f"its end is more than {detail} years away.", ("weekly", "FREQ=DAILY;COUNT=10")),
        "never": (f"{detail} never comes, or not in time.", ("monthly", "FREQ=MONTHLY;BYMONTHDAY=-1")),
    }[reason]
