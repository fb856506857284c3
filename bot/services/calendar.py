"""Schedules as a calendar file (RFC 5545), for everybody's own calendar."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.schedule import Schedule, ScheduleId
from bot.domain.walltime import instant_of, wall_of
from bot.services.recurrence import Recurrence
from bot.services.zones import knows_zone, zone_of

PRODUCT = "-//Quizhost//Scheduled rounds//EN"
#: How long a round is in a calendar; nobody knows it beforehand.
LENGTH = timedelta(minutes=30)


def to_calendar(
    schedules: Sequence[Schedule],
    *,
    summary_of: Callable[[Schedule], str],
    skipped: Mapping[ScheduleId, Sequence[datetime]],
    now: datetime,
) -> bytes:
    """Return a calendar with an event for each active schedule.

    Args:
        schedules: the schedules; paused ones and those of unknown zones are left out.
        summary_of: what an event is called.
        skipped: the instants of the dates that moderators have left out.
        now: when the file is made.
    """
    import icalendar  # noqa: PLC0415 - a tenth of a second that only who wants a calendar waits for

    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    for schedule in schedules:
        recurrence = Recurrence(schedule.first, schedule.rule)
        first = recurrence.after(None)
        if not schedule.runs or first is None or not knows_zone(schedule.zone):
            continue
        zone = zone_of(schedule.zone)
        event = icalendar.Event()
        event.add("uid", f"{schedule.id.number}.{schedule.id.server_id}@quizhost")
        event.add("dtstamp", now.astimezone(UTC))
        if not schedule.rule:  # clocks may leave the time out; then it is played at the first minute after
            first = wall_of(instant_of(first, zone), zone)
        event.add("dtstart", first.replace(tzinfo=zone))
        event.add("duration", LENGTH)
        event.add("summary", summary_of(schedule))
        if schedule.rule:
            event.add("rrule", _in_utc(icalendar.vRecur.from_ical(schedule.rule), zone))
        for at in skipped.get(schedule.id, ()):
            event.add("exdate", at.astimezone(zone))
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _in_utc(parts: Any, zone: ZoneInfo) -> Any:  # noqa: ANN401 - icalendar's own dictionary of lists
    """Return a rule whose end is an instant: where the start has a zone, RFC 5545 (3.3.10) asks for UTC."""
    if "UNTIL" in parts:
        parts["UNTIL"] = [instant_of(until, zone) for until in parts["UNTIL"]]
    return parts
