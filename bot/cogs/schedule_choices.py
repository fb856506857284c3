"""What is offered while somebody types when, how often and until when: what is understood, or why nothing is.

Nothing here waits, but the first reading of a day takes a quarter of a second: call it in a thread.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from discord import app_commands

from bot.cogs.completion import MAX_CHOICE, MAX_CHOICES, shorten
from bot.services.errors import BadDate, BadRepeat, BadWhen
from bot.services.recurrence import describe_parts, read_repeat
from bot.services.repeat_words import REPEATS
from bot.services.rule_dates import filled
from bot.text import dates
from bot.text.repeats import repeat_in_words
from bot.ui.escape import plain_text
from bot.ui.guard import describe_briefly
from bot.ui.when import describe_when, read_date, read_when

Choices = list[app_commands.Choice[str]]

#: What is offered to somebody who has typed nothing yet.
EXAMPLES = ("fri 16:00", "tomorrow 9am", "next monday 14:30")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: What the beginning of a repetition is completed to.
_OFFERED = (*REPEATS, "every two months", "yearly", *(f"every {day}" for day in _WEEKDAYS))


def when_choices(typed: str, zone: ZoneInfo, now: datetime) -> Choices:
    """Offer the time that is understood."""
    if not typed.strip():
        return [_time(example, zone, now) for example in EXAMPLES]
    try:
        return [_time(typed, zone, now)]
    except BadWhen as error:
        return [_refused(error, typed)]


def until_choices(typed: str, zone: ZoneInfo, now: datetime) -> Choices:
    """Offer the day that is understood."""
    if not typed.strip():
        return []
    try:
        day = read_date(typed, zone=zone, now=now)
    except BadDate as error:
        return [_refused(error, typed)]
    return [app_commands.Choice(name=dates.day(day), value=day.isoformat())]


def repeat_choices(typed: str, when: str, zone: ZoneInfo, now: datetime) -> Choices:
    """Offer the repetition that is understood, and those whose names begin like what was typed.

    Args:
        typed: the repetition so far.
        when: the first time as it was typed, from which "weekly" takes its day; it may be wrong or empty.
        zone: whose time it is.
        now: when it is typed.
    """
    try:
        first = read_when(when, zone=zone, now=now).date()
    except BadWhen:
        first = None
    line = " ".join(typed.casefold().split())
    found: dict[str, str] = {}  #: what is offered, by what it means
    refusal: BadRepeat | None = None
    if line:
        try:
            meaning = _meaning(typed, first)
            if len(typed) > MAX_CHOICE:  # cut off, it could be another one
                return []
            found[meaning] = typed
        except BadRepeat as error:
            refusal = error
    for offered in _OFFERED if line else REPEATS:
        if line in offered:
            found.setdefault(_meaning(offered, first), offered)
    if refusal is not None and not found:
        return [_refused(refusal, typed)]
    return [app_commands.Choice(name=shorten(name), value=value) for name, value in found.items()][
        :MAX_CHOICES
    ]


def _meaning(repeat: str, first: date | None) -> str:
    parts = read_repeat(repeat, first)
    if parts is not None and first is not None:
        parts = filled(parts, first)
    return plain_text(repeat_in_words(*describe_parts(parts)))


def _time(typed: str, zone: ZoneInfo, now: datetime) -> app_commands.Choice[str]:
    wall = read_when(typed, zone=zone, now=now)
    return app_commands.Choice(
        name=describe_when(wall, zone, now, most=MAX_CHOICE), value=wall.isoformat(" ", "minutes")
    )


def _refused(error: BadWhen | BadDate | BadRepeat, typed: str) -> app_commands.Choice[str]:
    """Say beside what is typed why it cannot be read; chosen all the same, it is refused in full."""
    name = shorten(f"⚠ {plain_text(describe_briefly(error))}")
    return app_commands.Choice(name=name, value=typed[:MAX_CHOICE] or "?")
