"""What a moderator changes about a schedule, and the schedule that results."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.schedule import RoundOptions, Schedule, Source, note_event
from bot.domain.walltime import instant_of, wall_of
from bot.services.errors import NoChange
from bot.services.recurrence import Recurrence, read_repeat
from bot.services.rule_text import MAX_TIMES, RuleParts, write_rule
from bot.services.schedule_dates import turn
from bot.services.schedule_steps import Step, cancelled, without_reminder
from bot.services.zones import zone_of


class Reset(StrEnum):
    """What can be put back to its default."""

    END = "end"  #: no last day and no number of rounds
    PING = "ping"  #: nobody is pinged
    SECONDS = "seconds"
    QUESTIONS = "questions"
    SCORING = "scoring"
    THREAD = "thread"


@dataclass(frozen=True, slots=True)
class Changes:
    """What to change; None, and anything not given, stays as it is."""

    zone: str  #: the server's; a new first time is in this zone
    options: RoundOptions
    first: datetime | None = None
    repeat: str | None = None
    until: date | None = None
    times: int | None = None
    source: Source | None = None
    channel_id: int | None = None
    ping_role_id: int | None = None
    announce_minutes: int | None = None
    has_event: bool | None = None
    reset: Reset | None = None

    @property
    def moves(self) -> bool:
        """Whether the dates change."""
        given = (self.first, self.repeat, self.until, self.times)
        return self.reset is Reset.END or any(one is not None for one in given)


def edit(schedule: Schedule, changes: Changes, now: datetime) -> Step:
    """Return the changed schedule, and what is left to say on a reminder card that was already posted.

    Raises:
        BadRepeat, ZoneUnknown: it would have no dates.
        NoChange: nothing would change.
    """
    given: dict[str, Any] = {
        name: value
        for name in ("source", "channel_id", "ping_role_id", "announce_minutes", "has_event")
        if (value := getattr(changes, name)) is not None
    }
    if changes.reset is Reset.PING:
        given["ping_role_id"] = None
    changed = replace(schedule, **given, options=_options(schedule.options, changes))
    if changes.moves:
        changed = _moved(changed, changes, now)
    if changed == schedule:
        raise NoChange
    if changed.has_event:  # what the event says may be another, too
        changed = note_event(changed, changed.event_id, None)
    if _on_card(changed) == _on_card(schedule):  # it is not posted again, as it would call people again
        return changed, None
    return without_reminder(changed), cancelled(schedule)


def _on_card(schedule: Schedule) -> tuple[object, ...]:
    """Return what a reminder card depends on."""
    return schedule.next_at, schedule.channel_id, schedule.source, schedule.ping_role_id, schedule.rule


def _options(old: RoundOptions, changes: Changes) -> RoundOptions:
    names = [field.name for field in fields(RoundOptions)]
    given = {name: value for name in names if (value := getattr(changes.options, name)) is not None}
    if changes.reset in names:
        given[str(changes.reset)] = None
    return replace(old, **given)


def _moved(schedule: Schedule, changes: Changes, now: datetime) -> Schedule:
    recurrence = _recurrence(schedule, changes)
    zone = zone_of(schedule.zone if changes.first is None else changes.zone)
    wall = recurrence.after(None)
    at = None if wall is None else instant_of(wall, zone)
    moved = replace(
        schedule, zone=zone.key, first=recurrence.first, rule=recurrence.rule, next_wall=wall, next_at=at
    )
    if at is None or at > now:
        return moved
    moved = turn(replace(moved, next_at=now), wall_of(now, zone))
    return replace(moved, state=schedule.state)


def _recurrence(schedule: Schedule, changes: Changes) -> Recurrence:
    old = Recurrence(schedule.first, schedule.rule)
    parts, first = old.parts, changes.first or schedule.next_wall or schedule.first
    until, times = changes.until, changes.times
    keeps_end = until is None and times is None and changes.reset is not Reset.END
    if parts is not None and parts.times is not None and schedule.next_wall is not None:  # some were played
        left = old.upcoming(schedule.next_wall - timedelta(minutes=1), MAX_TIMES)
        parts = replace(parts, times=len(left))
    if changes.repeat is None:
        if parts is None:
            return Recurrence.read(first, "once", until=until, times=times)
        if changes.first is not None:
            parts = _on_day_of(parts, first)
        kept = parts if keeps_end else replace(parts, until=None, times=None)
        return Recurrence.read(first, write_rule(kept), until=until, times=times)
    given = read_repeat(changes.repeat, first.date())
    if keeps_end and given is not None and parts is not None and given.until is None and given.times is None:
        until, times = parts.until and parts.until.date(), parts.times
    return Recurrence.read(first, changes.repeat, until=until, times=times)


def _on_day_of(parts: RuleParts, first: datetime) -> RuleParts:
    """Return a rule for one day of the week or month, moved to a new first day; other rules stay."""
    if len(parts.weekdays) == 1 and not (parts.month_days or parts.positions):
        nth = (first.day - 1) // 7 + 1
        same = parts.weekdays[0][0] and (nth if nth < 5 else -1)
        return replace(parts, weekdays=((same, first.weekday()),))
    if len(parts.month_days) == 1 and not (parts.weekdays or parts.months):
        return replace(parts, month_days=(first.day,))
    return parts
