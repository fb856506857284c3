"""Schedules as a calendar file (RFC 5545), for everybody's own calendar."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.schedule import Schedule, ScheduleId
from bot.domain.walltime import instant_of
from bot.services.recurrence import Recurrence
from bot.services.schedule_dates import wall_played_at
from bot.services.zone_rules import changes_of, write_zone
from bot.services.zones import knows_zone, zone_of

PRODUCT = "-//Quizhost//Scheduled rounds//EN"
#: How long a round is in a calendar; nobody knows it beforehand.
LENGTH = timedelta(minutes=30)
#: For how many years a calendar file lists clock changes.
YEARS_AHEAD = 15


def to_calendar(
    schedules: Sequence[Schedule],
    *,
    summary_of: Callable[[Schedule], str],
    skipped: Mapping[ScheduleId, Sequence[datetime]],
    now: datetime,
) -> bytes:
    """Return a calendar with an event for each active schedule.

    Args:
        schedules: the schedules; paused ones and those in unknown zones are left out.
        summary_of: what an event is called.
        skipped: the instants of the dates that moderators have skipped.
        now: when the file is made.
    """
    import icalendar  # noqa: PLC0415 - a tenth of a second that only who wants a calendar waits for

    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    shown = [one for one in schedules if one.runs and knows_zone(one.zone)]
    last_year = now.year + YEARS_AHEAD
    for name in dict.fromkeys(one.zone for one in shown):
        first_year = min(one.first.year for one in shown if one.zone == name) - 1
        calendar.add_component(write_zone(zone_of(name), first_year, last_year))
    for schedule in shown:
        event = icalendar.Event()
        event.add("uid", f"{schedule.id.number}.{schedule.id.server_id}@quizhost")
        event.add("dtstamp", now.astimezone(UTC))
        event.add("duration", LENGTH)
        event.add("summary", summary_of(schedule))
        if schedule.rule:
            _add_dates(event, schedule, skipped.get(schedule.id, ()), last_year)
        else:  # clocks may skip the time; then it is played at the first minute after
            zone = zone_of(schedule.zone)
            event.add("dtstart", instant_of(schedule.first, zone).astimezone(zone))
        calendar.add_component(event)
    return calendar.to_ical()


def _add_dates(event: Any, schedule: Schedule, skipped: Sequence[datetime], last_year: int) -> None:  # noqa: ANN401 - icalendar is imported late
    """Write a repetition, without the dates that were skipped.

    A calendar moves a time that the clocks skip by as much as they are moved, but we play at the first minute
    after: such a date is excluded as the rule gives it, and added as it is played.
    """
    import icalendar  # noqa: PLC0415 - as above

    zone = zone_of(schedule.zone)
    recurrence = Recurrence(schedule.first, schedule.rule)
    first = recurrence.after(None) or schedule.first
    event.add("dtstart", first.replace(tzinfo=zone))
    event.add("rrule", _in_utc(icalendar.vRecur.from_ical(schedule.rule), zone))
    moved = _left_out_by_clocks(recurrence, zone, last_year)
    left_out = {wall for at in skipped if (wall := wall_played_at(recurrence, zone, at)) is not None}
    for wall in sorted(left_out.union(moved)):
        event.add("exdate", wall.replace(tzinfo=zone))
    for wall in moved:
        if wall not in left_out:
            event.add("rdate", instant_of(wall, zone).astimezone(zone))


def _left_out_by_clocks(recurrence: Recurrence, zone: ZoneInfo, last_year: int) -> list[datetime]:
    """Return the dates of a repetition whose time the clocks skip."""
    found: list[datetime] = []
    for change in changes_of(zone, recurrence.first.year - 1, last_year):
        if change.after < change.before:
            continue
        wall, end = change.wall - timedelta(minutes=1), change.at + change.after
        while (wall := recurrence.after(wall)) is not None and wall < end:
            found.append(wall)
    return found


def _in_utc(parts: Any, zone: ZoneInfo) -> Any:  # noqa: ANN401 - icalendar's own dictionary of lists
    """Return a rule whose end is an instant: where the start has a zone, RFC 5545 (3.3.10) asks for UTC."""
    if "UNTIL" in parts:
        parts["UNTIL"] = [instant_of(until, zone) for until in parts["UNTIL"]]
    return parts
