"""Whether a calendar shows each round when it is played, in every time zone, as dateutil reads the file."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil import rrule, tz

from bot.domain.schedule import RoundOptions, Schedule, ScheduleId, Source, SourceKind
from bot.domain.walltime import instant_of
from bot.services.calendar import to_calendar
from bot.services.recurrence import Recurrence
from bot.services.zone_rules import changes_of

NOW = datetime(2026, 11, 23, 16, tzinfo=UTC)
ZONES = sorted(available_timezones())
#: Zones that are set in odd ways (by half an hour, at midnight, for a month), of which every date is read.
ODD = (
    *("Africa/Casablanca", "Africa/El_Aaiun", "Africa/Cairo", "America/Santiago", "America/Scoresbysund"),
    *("Antarctica/Troll", "Asia/Gaza", "Australia/Lord_Howe", "Europe/Berlin", "Europe/Dublin"),
)


@dataclass
class ReadBack:
    """A repetition as a calendar understands it."""

    zone: tzinfo
    walls: Iterable[datetime]
    left_out: set[datetime]
    added: set[datetime]

    @classmethod
    def of(cls, written: bytes) -> "ReadBack":
        lines = written.decode().replace("\r\n ", "").splitlines()
        text = "\n".join(lines[lines.index("BEGIN:VTIMEZONE") : lines.index("BEGIN:VEVENT")])
        fields: dict[str, list[str]] = {}
        for line in lines[lines.index("BEGIN:VEVENT") :]:
            name, _, value = line.partition(":")
            fields.setdefault(name.partition(";")[0], []).extend(
                [value] if name == "RRULE" else value.split(",")
            )
        (first,) = map(datetime.fromisoformat, fields["DTSTART"])
        zone = tz.tzical(io.StringIO(text)).get()
        assert zone is not None
        return cls(
            zone,
            rrule.rrulestr(fields["RRULE"][0], dtstart=first, ignoretz=True),
            set(map(datetime.fromisoformat, fields.get("EXDATE", ()))),
            set(map(datetime.fromisoformat, fields.get("RDATE", ()))),
        )

    def plays(self, wall: datetime) -> datetime:
        return wall.replace(tzinfo=self.zone).astimezone(UTC)


def schedule(zone: str, first: datetime, rule: str = "FREQ=DAILY") -> Schedule:
    return Schedule(
        id=ScheduleId(1, 1),
        channel_id=10,
        host_id=20,
        source=Source(SourceKind.QUIZ, "capitals"),
        options=RoundOptions(),
        zone=zone,
        first=first,
        rule=rule,
        next_wall=first,
        next_at=instant_of(first, ZoneInfo(zone)),
    )


def written(one: Schedule, skipped: list[datetime] | None = None) -> bytes:
    return to_calendar([one], summary_of=lambda _: "Quiz", skipped={one.id: skipped or []}, now=NOW)


def wrong_dates(zone: str, at: str, *, every: bool) -> list[datetime]:
    """Return the dates of ten years of a daily round that a calendar shows at another instant or not at all.

    Args:
        zone: whose clocks count.
        at: the time of day.
        every: whether to read each date, or those about each change of the clocks and one a month.
    """
    first = datetime.fromisoformat(f"2026-11-24T{at}")
    here = ZoneInfo(zone)
    read = ReadBack.of(written(schedule(zone, first)))
    days = set(range(3652)) if every else set(range(0, 3652, 30))
    for change in changes_of(here, 2026, 2036):
        days |= {
            day
            for day in range((change.wall - first).days - 2, (change.wall - first).days + 3)
            if 0 <= day < 3652
        }
    walls = [first + timedelta(days=day) for day in sorted(days)]
    shown = {read.plays(wall) for wall in {*walls, *read.added} - read.left_out}
    return [wall for wall in walls if instant_of(wall, here) not in shown] + sorted(
        at for at in shown - {instant_of(wall, here) for wall in walls} if at.date() < walls[-1].date()
    )


@pytest.mark.parametrize("part", range(8))
def test_in_every_zone_a_calendar_shows_each_date_when_it_is_played(part: int) -> None:
    times = ("02:30", "03:15", "00:15", "16:00")
    zones = ZONES[part::8]
    wrong = {zone: wrong_dates(zone, times[n % 4], every=False) for n, zone in enumerate(zones)}
    assert {zone: found for zone, found in wrong.items() if found} == {}


@pytest.mark.parametrize("zone", ODD)
@pytest.mark.parametrize("at", ["02:30", "00:15"])
def test_where_clocks_are_set_in_odd_ways_every_date_of_ten_years_is_shown(zone: str, at: str) -> None:
    assert wrong_dates(zone, at, every=True) == []


@pytest.mark.parametrize(
    ("zone", "first", "played"),
    [
        ("Europe/Berlin", "2027-03-27T02:30", "2027-03-28T03:00"),
        ("Australia/Lord_Howe", "2027-10-02T02:15", "2027-10-03T02:30"),
        ("Africa/Cairo", "2027-04-29T00:15", "2027-04-30T01:00"),
    ],
)
def test_a_skipped_date_that_the_clocks_leave_out_is_gone_from_the_calendar(
    zone: str, first: str, played: str
) -> None:
    here = ZoneInfo(zone)
    begun = datetime.fromisoformat(first)
    skipped = datetime.fromisoformat(played).replace(tzinfo=here).astimezone(UTC)
    assert instant_of(begun + timedelta(days=1), here) == skipped
    read = ReadBack.of(written(schedule(zone, begun), [skipped]))
    shown = {read.plays(wall) for wall in {begun + timedelta(days=day) for day in range(3)} - read.left_out}
    assert len(shown) == 2
    assert not any(abs(at - skipped) < timedelta(hours=2) for at in shown)
    assert read.plays(datetime.fromisoformat(played)) not in {read.plays(wall) for wall in read.added}


def test_the_rule_of_a_calendar_gives_the_days_of_the_schedule() -> None:
    one = schedule("Africa/Casablanca", datetime(2026, 11, 27, 2, 30), "FREQ=WEEKLY;BYDAY=MO,FR;COUNT=30")
    read = ReadBack.of(written(one))
    assert list(read.walls) == Recurrence(one.first, one.rule).upcoming(None, 99)
