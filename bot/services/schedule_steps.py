"""What moderators do to a schedule: from one value to the next, with what to record about a date."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.schedule import ON_TIME, Occurrence, Outcome, Schedule, ScheduleState
from bot.domain.walltime import wall_of
from bot.services.errors import ScheduleStepNotPossible
from bot.services.recurrence import Recurrence
from bot.services.schedule_dates import turn, wall_played_at
from bot.services.zones import zone_of

#: What keeps a date from being skipped, besides the schedule's state: it is no longer the next one.
DATE_PASSED = "passed"
#: What keeps it from being put back: the schedule has been changed since.
DATE_CHANGED = "changed"

Step = tuple[Schedule, Occurrence | None]


def remove(schedule: Schedule) -> Step:
    """Return the schedule ended for good, and what is left to say about its next date."""
    return replace(without_reminder(schedule), state=ScheduleState.REMOVED), cancelled(schedule)


def pause(schedule: Schedule) -> Step:
    """Return the paused schedule, and what is left to say about its next date."""
    if schedule.state is not ScheduleState.ACTIVE:
        raise ScheduleStepNotPossible("pause", schedule.state.value)
    return replace(without_reminder(schedule), state=ScheduleState.PAUSED), cancelled(schedule)


def resume(schedule: Schedule, now: datetime) -> Step:
    """Return the paused schedule moved to its next date from now; `ZoneUnknown` if that is unknowable."""
    if schedule.state is not ScheduleState.PAUSED:
        raise ScheduleStepNotPossible("resume", schedule.state.value)
    next_one = replace(schedule, state=ScheduleState.ACTIVE)
    zone = zone_of(schedule.zone)
    if next_one.next_at is not None and next_one.next_at <= now:
        # From now, since what clocks show comes twice in autumn: 02:30 may be later than it and over.
        next_one = turn(replace(next_one, next_at=now), wall_of(now, zone))
    if next_one.next_at is None:
        raise ScheduleStepNotPossible("resume", ScheduleState.ENDED.value)
    return next_one, None


def skip(schedule: Schedule, meant: datetime | None) -> Step:
    """Return the schedule without its next date, which must be the one that was meant."""
    if not schedule.runs or schedule.next_at is None:
        raise ScheduleStepNotPossible("skip", schedule.state.value)
    if schedule.next_at != meant:  # its round has just started, for example
        raise ScheduleStepNotPossible("skip", DATE_PASSED)
    skipped = Occurrence(schedule.id, schedule.next_at, Outcome.SKIPPED, reminder_id=schedule.reminder_id)
    return turn(schedule, schedule.next_wall), skipped


def unskip(schedule: Schedule, due_at: datetime, now: datetime) -> Step:
    """Return the schedule moved back to the date that was last skipped."""
    if schedule.state not in {ScheduleState.ACTIVE, ScheduleState.ENDED}:
        raise ScheduleStepNotPossible("unskip", schedule.state.value)
    if due_at <= now:
        raise ScheduleStepNotPossible("unskip", DATE_PASSED)
    recurrence, zone = Recurrence(schedule.first, schedule.rule), zone_of(schedule.zone)
    wall = wall_played_at(recurrence, zone, due_at)
    back = replace(without_reminder(schedule), state=ScheduleState.ACTIVE, next_wall=wall, next_at=due_at)
    if wall is None or turn(back, wall).next_at != schedule.next_at:
        raise ScheduleStepNotPossible("unskip", DATE_CHANGED)
    return back, cancelled(schedule) or Occurrence(schedule.id, due_at, Outcome.CANCELLED)


def without_reminder(schedule: Schedule) -> Schedule:
    """Return the schedule as if no reminder card had been posted for its next date."""
    return replace(schedule, reminded_at=None, reminder_id=None)


def cancelled(schedule: Schedule) -> Occurrence | None:
    """Return what is left to say about a date whose reminder card was posted, if it is called off."""
    if schedule.next_at is None or schedule.reminder_id is None:
        return None
    return Occurrence(schedule.id, schedule.next_at, Outcome.CANCELLED, reminder_id=schedule.reminder_id)


def grace_of(minutes: int) -> timedelta:
    """Return how late a scheduled round may start; the minute itself is always on time."""
    return max(timedelta(minutes=minutes), ON_TIME)
