"""Every sentence about days and times, and what is wrong with them.

The rules are those of `bot.text`: what a person wrote arrives escaped. In refusals, backticks hold examples
and nothing else; tests read each of them back, so they must work on any day.
"""

from datetime import date, datetime

from bot.text.phrases import Advice, count

#: Our own, because `strftime` and `calendar` use the machine's language.
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


# --- days and times -------------------------------------------------------------------------------


def day(at: date) -> str:
    """A day: "Fri 27 Nov 2026"."""
    return f"{DAYS[at.weekday()][:3]} {at.day} {MONTHS[at.month - 1]} {at.year}"


def short_day(at: date, this_year: int) -> str:
    """A day, with its year if that is not this year: "Fri 27 Nov"."""
    return day(at) if at.year != this_year else day(at).rpartition(" ")[0]


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
    """What happens to a time that the clocks skip."""
    then = f"{instead:%H:%M}" if instead.date() == wall.date() else day_and_time(instead)
    return f" (the clocks skip that time, so it runs at {then})"


def clocks_repeat() -> str:
    """What happens to a time that comes twice."""
    return " (the clocks show that time twice, so it runs the first time)"


# --- what can go wrong ----------------------------------------------------------------------------


def bad_when(given: str, reason: str, zone: str) -> Advice:
    """A day and time that cannot be used."""
    what, examples = {
        "empty": ("You gave no day or time.", ("fri 16:00", "in 2 hours")),
        "too_long": (f"“{given}” is too long for a day and a time.", ("fri 16:00", "tomorrow at 4 pm")),
        "unreadable": (f"I cannot read “{given}” as a day and a time.", ("fri 16:00", "tomorrow 9am")),
        "no_time": (f"“{given}” has no time of day.", ("fri 16:00", "tomorrow noon")),
        "two_times": (f"“{given}” has more than one time.", ("fri 16:00", "in 2 hours")),
        "no_such_time": (f"“{given}” has a time that does not exist.", ("fri 16:00", "fri 4 pm")),
        "no_such_date": (
            f"“{given}” has a day that does not exist. Numbers are day.month, times have a colon.",
            ("31.12. 23:59", "31 dec 23:59"),
        ),
        "wrong_weekday": (f"In “{given}”, the weekday and the date are different days.", ("fri 16:00",)),
        "day_or_month": (f"“{given}” could have the day or the month first.", ("1 dec 16:00",)),
        "half_of_day": (f"“{given}” could be in the morning or the afternoon.", ("fri 4 am", "fri 16:00")),
        "midnight_of": (
            f"“{given}” could mean the start or the end of that day.",
            ("fri 00:00", "fri 23:59"),
        ),
        "comes_twice": (
            f"“{given}” is the second of two equal times, as the clocks go back; I can only use the first.",
            ("tomorrow 9am",),
        ),
        "zone": (f"“{given}” names a time zone, but the server's is always used.", ("fri 16:00",)),
        "past": (f"“{given}” is not in the future.", ("fri 16:00", "in 2 hours")),
        "too_far": (f"“{given}” is more than two years away.", ("fri 16:00", "in 3 months at 4 pm")),
    }[reason]
    if reason in {"zone", "past"}:
        what = f"{what} The server's time zone is {zone}."
    return Advice(what, examples)


def bad_date(given: str, reason: str) -> Advice:
    """A day that cannot be used."""
    what, examples = {
        "empty": ("You gave no last day.", ("31 dec", "in 3 months")),
        "too_long": (f"“{given}” is too long for a day.", ("31 dec", "in 3 months")),
        "two_times": (f"“{given}” has a time of day, but the whole last day counts.", ("31 dec", "31.12.")),
        "no_such_date": (
            f"“{given}” is a day that does not exist. Numbers are day.month.",
            ("31.12.", "31 dec"),
        ),
        "wrong_weekday": (f"In “{given}”, the weekday and the date are different days.", ("31 dec",)),
        "past": (f"“{given}” has passed.", ("31 dec", "in 3 months")),
    }.get(reason, (f"I cannot read “{given}” as a day.", ("31 dec", "in 3 months")))
    return Advice(what, examples)
