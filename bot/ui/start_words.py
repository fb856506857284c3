"""When and how often, typed together: "every friday at 4pm", "tomorrow 9am every two weeks"."""

import re
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.domain.walltime import instant_of, wall_of
from bot.services.errors import BadRepeat, BadWhen, RepeatProblem
from bot.services.recurrence import Recurrence, read_repeat
from bot.services.rule_dates import filled
from bot.services.rule_text import RuleParts, write_rule
from bot.ui.when import read_when
from bot.ui.when_words import TIME, Problem, time_of, with_minutes

ONCE = "once"
#: Where a repetition begins; "fridays" are each Friday.
_HOW_OFTEN = re.compile(
    r"\b(?:every|each|daily|weekly|bi-?weekly|fortnightly|monthly|quarterly|yearly|[a-z]+days)\b"
)


class Start(NamedTuple):
    """A first wall time, and how often it comes, in words or as a rule."""

    first: datetime
    repeat: str


def read_start(when: str, repeat: str | None, *, zone: ZoneInfo, now: datetime) -> Start:
    """Return what `when` and `repeat` say together. Raises `BadWhen` or `BadRepeat`.

    Call it in a thread, as `read_when`.
    """
    try:
        return Start(read_when(when, zone=zone, now=now), repeat or ONCE)
    except BadWhen:
        try:
            both = _read_both(when, zone, now)
        except Problem as problem:
            raise BadWhen(when, problem.reason, zone.key) from None
        if both is None:
            raise
    if repeat is not None and _meaning(repeat, both.first) != _meaning(both.repeat, both.first):
        raise BadRepeat(repeat, RepeatProblem.OTHER_THAN_WHEN, both.repeat)
    return both


def _read_both(typed: str, zone: ZoneInfo, now: datetime) -> Start | None:
    """Return what a time with a repetition means, or None if it is not one."""
    line = " ".join(typed.replace(",", " ").casefold().split())
    if not (often := _HOW_OFTEN.search(line)):
        return None
    line = with_minutes(line)
    times = list(TIME.finditer(line))
    if len(times) != 1:
        return None
    repeat = " ".join(re.sub(r"\bat\b", " ", TIME.sub(" ", line)).split())
    with suppress(BadRepeat):
        return _next(repeat, time_of(times[0]), zone, now)
    before, after = line[: often.start()], line[often.start() :]
    try:
        first = read_when(before, zone=zone, now=now)
        read_repeat(after, first.date())
    except (BadWhen, BadRepeat):
        return None
    return Start(first, after)


def _next(repeat: str, clock: time, zone: ZoneInfo, now: datetime) -> Start | None:
    """Return a repetition that begins on the next day that fits."""
    soonest = datetime.combine(wall_of(now, zone).date(), clock)
    if instant_of(soonest, zone) <= now:
        soonest += timedelta(days=1)
    recurrence = Recurrence.read(soonest, repeat, until=None, times=None)
    if recurrence.parts:  # "every two weeks" counts from the first round, not from the week of today
        recurrence = replace(recurrence, rule=write_rule(replace(recurrence.parts, interval=1)))
    first = recurrence.after(None)
    return first and Start(first, repeat)


def _meaning(repeat: str, first: datetime) -> RuleParts | None:
    parts = read_repeat(repeat, first.date())
    return parts and filled(parts, first.date())
