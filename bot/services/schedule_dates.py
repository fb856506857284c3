"""Where a schedule stands among its dates, and the instants of those dates."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.schedule import Schedule, move_on
from bot.domain.walltime import instant_of, wall_of
from bot.services.recurrence import Recurrence
from bot.services.zones import knows_zone, zone_of

#: How many dates of a schedule are shown in advance.
DATES_AHEAD = 3
#: Further than clocks were ever moved: Samoa once skipped a day.
_FURTHEST_SET = timedelta(days=2)


def turn(schedule: Schedule, after: datetime | None) -> Schedule:
    """Return the schedule moved to its first date after this wall time (None: to its very first).

    A date whose instant is not later than the one before is left out: if a whole day was skipped, two dates
    fall on the same instant, which is played once. Raises `ZoneUnknown`.
    """
    zone = zone_of(schedule.zone)
    recurrence = Recurrence(schedule.first, schedule.rule)
    wall = recurrence.after(after)
    while wall is not None:
        at = instant_of(wall, zone)
        if schedule.next_at is None or at > schedule.next_at:
            return move_on(schedule, wall, at)
        wall = recurrence.after(wall)
    return move_on(schedule, None, None)


def dates_ahead(schedule: Schedule, number: int = DATES_AHEAD) -> list[datetime]:
    """Return the instants of the next dates, the next one first; none while they cannot be played."""
    dates: list[datetime] = []
    if not schedule.runs or not knows_zone(schedule.zone):
        return dates
    while schedule.next_at is not None and len(dates) < number:
        dates.append(schedule.next_at)
        schedule = turn(schedule, schedule.next_wall)
    return dates


def wall_played_at(recurrence: Recurrence, zone: ZoneInfo, at: datetime) -> datetime | None:
    """Return the date that is played at an instant; the clocks may show another time then."""
    wall = wall_of(at, zone) - _FURTHEST_SET
    while (wall := recurrence.after(wall)) is not None:
        played_at = instant_of(wall, zone)
        if played_at >= at:
            return wall if played_at == at else None
    return None
