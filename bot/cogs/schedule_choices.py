"""What is offered while somebody types when, how often and until when: what is understood, or why not.

Nothing here waits, but the first reading of a day takes a quarter of a second: call it in a thread.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from discord import app_commands

from bot.cogs.completion import MAX_CHOICE, MAX_CHOICES, shorten
from bot.services.errors import BadDate, BadRepeat, BadWhen, WhenProblem
from bot.services.recurrence import describe_parts, read_repeat
from bot.services.repeat_words import REPEATS
from bot.services.rule_dates import filled
from bot.text import dates
from bot.text.repeats import repeat_in_words
from bot.ui.escape import plain_text
from bot.ui.guard import describe_briefly
from bot.ui.said_when import describe_when
from bot.ui.start_words import ONCE, read_start
from bot.ui.when import read_date
from bot.ui.when_words import WEEKDAYS

Choices = list[app_commands.Choice[str]]

#: What is offered to somebody who has typed nothing yet.
EXAMPLES = ("fri 16:00", "tomorrow 9am", "next monday 14:30")
#: What is offered for a day without a time.
TIMES = ("09:00", "12:00", "16:00", "18:00", "20:00")
#: What the beginning of a repetition can be completed to.
_OFFERED = (*REPEATS, "every two months", "yearly", *(f"every {day}" for day in WEEKDAYS))


def when_choices(typed: str, zone: ZoneInfo, now: datetime) -> Choices:
    """Offer the time that is understood, or each one that may be meant."""
    if not typed.strip():
        return [_time(example, zone, now) for example in EXAMPLES]
    try:
        return [_time(typed, zone, now)]
    except BadWhen as error:
        return _times_meant(typed, error.reason, zone, now) or [_refused(error, typed)]


def _times_meant(typed: str, reason: WhenProblem, zone: ZoneInfo, now: datetime) -> Choices:
    offered: Choices = []
    for meant in _meant(typed, reason):
        try:
            offered.append(_time(meant, zone, now))
        except BadWhen as error:  # 1/12 may lack its time as well
            offered += _times_meant(meant, error.reason, zone, now)
    return offered


def until_choices(typed: str, zone: ZoneInfo, now: datetime) -> Choices:
    """Offer the day that is understood, or each one that may be meant."""
    if not typed.strip():
        return []
    try:
        return [_day(typed, zone, now)]
    except BadDate as error:
        offered: Choices = []
        for meant in _meant(typed, error.reason):
            with suppress(BadDate):
                offered.append(_day(meant, zone, now))
        return offered or [_refused(error, typed)]


def _meant(typed: str, reason: WhenProblem) -> list[str]:
    """Return what may be meant by something that can be read in several ways, or has no time."""
    match reason:
        case WhenProblem.NO_TIME:
            return [f"{typed} {time}" for time in TIMES]
        case WhenProblem.HALF_OF_DAY:
            return [f"{typed} am", f"{typed} pm"]
        case WhenProblem.MIDNIGHT_OF:
            return [re.sub("midnight", time, typed, flags=re.IGNORECASE) for time in ("00:00", "23:59")]
        case WhenProblem.DAY_OR_MONTH:
            orders = (r"\1.\2.\3", r"\2.\1.\3")
            return [re.sub(r"(\d{1,2})/(\d{1,2})(?:/(\d+))?", order, typed, count=1) for order in orders]
        case _:
            return []


def repeat_choices(typed: str, when: str, zone: ZoneInfo, now: datetime) -> Choices:
    """Offer the repetition that is understood, and those whose names contain what was typed.

    Args:
        typed: the repetition so far.
        when: the first time as it was typed, from which "weekly" takes its day; it may be wrong or empty.
        zone: whose time it is.
        now: when it is typed.
    """
    try:
        first = read_start(when, None, zone=zone, now=now).first.date()
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
    first, repeat = read_start(typed, None, zone=zone, now=now)
    if repeat == ONCE:
        said, value = "", first.isoformat(" ", "minutes")
    else:  # a repetition is read again when the command is sent
        said, value = f", {_meaning(repeat, first.date())}", typed
    name = describe_when(first, zone, now, most=MAX_CHOICE - len(said))
    return app_commands.Choice(name=f"{name}{said}", value=value)


def _day(typed: str, zone: ZoneInfo, now: datetime) -> app_commands.Choice[str]:
    day = read_date(typed, zone=zone, now=now)
    return app_commands.Choice(name=dates.day(day), value=day.isoformat())


def _refused(error: BadWhen | BadDate | BadRepeat, typed: str) -> app_commands.Choice[str]:
    """Say next to what was typed why it cannot be read; if chosen anyway, it is refused in full."""
    name = shorten(f"⚠ {plain_text(describe_briefly(error))}")
    return app_commands.Choice(name=name, value=typed[:MAX_CHOICE] or "?")


def date_of(choice: str) -> tuple[str, datetime | None]:
    """Return a schedule's number and the date that a choice of `skip-next` carries, if it was not typed."""
    carried = re.fullmatch(r"(\d{1,9})@(\d{1,10})", choice, re.ASCII)
    return (carried[1], datetime.fromtimestamp(int(carried[2]), UTC)) if carried else (choice, None)


def offer(named: Iterable[tuple[str, str]], typed: str) -> list[app_commands.Choice[str]]:
    """Return the choices whose name contains what was typed, that of the number that was typed first.

    Discord takes the first one when somebody presses Enter, and a "1" is in many a date.
    """
    wanted = typed.strip().casefold()
    found = [(name, value) for name, value in named if wanted in name.casefold()]
    found.sort(key=lambda one: one[0].partition(" ")[0] != wanted)
    return [app_commands.Choice(name=shorten(name), value=value) for name, value in found[:MAX_CHOICES]]
