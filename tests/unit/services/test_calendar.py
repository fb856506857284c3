"""Calendar files, read back as a calendar reads them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar

from bot.domain.schedule import RoundOptions, Schedule, ScheduleId, ScheduleState, Source, SourceKind
from bot.domain.walltime import instant_of
from bot.services.calendar import LENGTH, to_calendar

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 16, tzinfo=UTC)


def schedule(first: datetime, rule: str = "", **overrides: Any) -> Schedule:
    fields: dict[str, Any] = {
        "id": ScheduleId(1, 4),
        "channel_id": 10,
        "host_id": 20,
        "source": Source(SourceKind.QUIZ, "capitals"),
        "options": RoundOptions(),
        "zone": "Europe/Berlin",
        "first": first,
        "rule": rule,
        "next_wall": first,
        "next_at": instant_of(first, BERLIN),
    }
    return Schedule(**(fields | overrides))


def events(*schedules: Schedule, skipped: list[datetime] | None = None) -> list[Any]:
    left_out = {one.id: skipped or [] for one in schedules}
    written = to_calendar(
        schedules, summary_of=lambda one: f"Round {one.id.number}", skipped=left_out, now=NOW
    )
    return list(icalendar.Calendar.from_ical(written).walk("VEVENT"))


def test_an_event_begins_when_its_round_does_and_takes_half_an_hour() -> None:
    (event,) = events(schedule(datetime(2026, 11, 27, 16)))
    assert event.decoded("dtstart") == datetime(2026, 11, 27, 15, tzinfo=UTC)
    assert event.decoded("duration") == LENGTH == timedelta(minutes=30)
    assert event["summary"] == "Round 4"


def test_a_time_that_clocks_leave_out_is_the_minute_at_which_the_round_is_played() -> None:
    (event,) = events(schedule(datetime(2027, 3, 28, 2, 30)))
    assert event["dtstart"].dt.replace(tzinfo=None) == datetime(2027, 3, 28, 3)
    assert event.decoded("dtstart") == datetime(2027, 3, 28, 1, tzinfo=UTC)


def test_a_repetition_keeps_its_wall_time_and_ends_at_an_instant() -> None:
    rule = "FREQ=WEEKLY;UNTIL=20270430T160000"
    (event,) = events(schedule(datetime(2026, 11, 27, 16), rule))
    assert event["dtstart"].params["TZID"] == "Europe/Berlin"
    assert event["rrule"]["UNTIL"] == [datetime(2027, 4, 30, 14, tzinfo=UTC)]


def test_dates_that_were_left_out_are_left_out() -> None:
    left_out = datetime(2026, 12, 4, 15, tzinfo=UTC)
    (event,) = events(schedule(datetime(2026, 11, 27, 16), "FREQ=WEEKLY"), skipped=[left_out])
    assert [one.dt for one in event["exdate"].dts] == [left_out]


def test_what_is_paused_has_no_event() -> None:
    assert events(schedule(datetime(2026, 11, 27, 16), state=ScheduleState.PAUSED)) == []
