"""Which instant a wall time means, also where clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.walltime import instant_of, wall_of

at = datetime.fromisoformat

ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Africa/Cairo",
    "Africa/Casablanca",  # its winter time is a summer time below zero
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Kathmandu",
    "America/St_Johns",
]


@pytest.mark.parametrize(
    ("zone", "wall", "instant"),
    [
        ("UTC", "2026-11-27 16:00", "2026-11-27T16:00+00:00"),
        ("Europe/Berlin", "2026-11-27 16:00", "2026-11-27T16:00+01:00"),
        ("Europe/Berlin", "2026-07-03 16:00", "2026-07-03T16:00+02:00"),
        ("Asia/Kathmandu", "2026-11-27 16:00", "2026-11-27T16:00+05:45"),
    ],
)
def test_a_wall_time_is_taken_in_its_zone_with_the_offset_of_that_day(
    zone: str, wall: str, instant: str
) -> None:
    assert instant_of(at(wall), ZoneInfo(zone)) == at(instant)


@pytest.mark.parametrize(
    ("zone", "wall", "instant"),
    [
        ("Europe/Berlin", "2026-03-29 01:59", "2026-03-29T01:59+01:00"),
        ("Europe/Berlin", "2026-03-29 02:00", "2026-03-29T03:00+02:00"),
        ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29T03:00+02:00"),
        ("Europe/Berlin", "2026-03-29 02:59", "2026-03-29T03:00+02:00"),
        ("Europe/Berlin", "2026-03-29 03:00", "2026-03-29T03:00+02:00"),
        ("Europe/Berlin", "2026-03-29 03:01", "2026-03-29T03:01+02:00"),
        ("America/New_York", "2026-03-08 02:30", "2026-03-08T03:00-04:00"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-04T02:30+11:00"),
        ("Pacific/Apia", "2011-12-29 23:59", "2011-12-29T23:59-10:00"),
        ("Pacific/Apia", "2011-12-30 00:00", "2011-12-31T00:00+14:00"),
        ("Pacific/Apia", "2011-12-30 16:00", "2011-12-31T00:00+14:00"),
        ("Pacific/Apia", "2011-12-31 00:00", "2011-12-31T00:00+14:00"),
        ("America/Sao_Paulo", "2018-11-04 00:00", "2018-11-04T01:00-02:00"),
        ("America/Sao_Paulo", "2018-11-04 00:30", "2018-11-04T01:00-02:00"),
        ("Africa/Cairo", "2026-04-24 00:30", "2026-04-24T01:00+03:00"),
        ("Africa/Casablanca", "2026-03-22 02:30", "2026-03-22T03:00+01:00"),
    ],
)
def test_a_time_that_does_not_exist_becomes_the_first_minute_after_the_gap(
    zone: str, wall: str, instant: str
) -> None:
    assert instant_of(at(wall), ZoneInfo(zone)) == at(instant)


def test_a_gap_that_ends_within_a_minute_ends_with_the_next_whole_one() -> None:
    """Berlin left its local mean time, 53 minutes and 28 seconds, in April 1893: 6:32 were left out."""
    berlin = ZoneInfo("Europe/Berlin")
    assert [wall_of(instant_of(at(f"1893-04-01 00:0{n}"), berlin), berlin).minute for n in range(9)] == [
        *[7] * 8,
        8,
    ]


@pytest.mark.parametrize(
    ("zone", "wall", "instant"),
    [
        ("Europe/Berlin", "2026-10-25 01:59", "2026-10-25T01:59+02:00"),
        ("Europe/Berlin", "2026-10-25 02:00", "2026-10-25T02:00+02:00"),
        ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25T02:30+02:00"),
        ("Europe/Berlin", "2026-10-25 03:00", "2026-10-25T03:00+01:00"),
        ("America/New_York", "2026-11-01 01:30", "2026-11-01T01:30-04:00"),
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-05T01:45+11:00"),
        ("America/Sao_Paulo", "2019-02-16 23:30", "2019-02-16T23:30-02:00"),
        ("Africa/Cairo", "2026-10-29 23:30", "2026-10-29T23:30+03:00"),
        ("Africa/Casablanca", "2026-02-15 02:30", "2026-02-15T02:30+01:00"),
    ],
)
def test_of_a_time_that_comes_twice_the_first_counts(zone: str, wall: str, instant: str) -> None:
    for fold in (0, 1):
        assert instant_of(at(wall).replace(fold=fold), ZoneInfo(zone)) == at(instant)


def test_what_comes_out_is_plain() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    second = at("2026-10-25T01:30+00:00")
    assert (wall_of(second, berlin).tzinfo, wall_of(second, berlin).fold) == (None, 0)
    assert instant_of(at("2026-03-29 02:30"), berlin).tzinfo is UTC


walls = st.datetimes(at("1880-01-01"), at("2060-01-01")).map(lambda w: w.replace(second=0, microsecond=0))
instants = st.datetimes(at("1880-01-01"), at("2060-01-01"), timezones=st.just(UTC))
zones = st.sampled_from(ZONES).map(ZoneInfo)


@given(walls, zones)
def test_a_time_that_exists_is_what_clocks_show_then_and_any_other_is_less_than_a_day_late(
    wall: datetime, zone: ZoneInfo
) -> None:
    shown = wall_of(instant_of(wall, zone), zone)
    exists = wall_of(wall.replace(tzinfo=zone).astimezone(UTC), zone) == wall
    assert shown == wall if exists else timedelta() < shown - wall <= timedelta(days=1)


@given(walls, st.integers(0, 3000), zones)
def test_a_later_wall_time_is_never_earlier(wall: datetime, minutes: int, zone: ZoneInfo) -> None:
    assert instant_of(wall, zone) <= instant_of(wall + timedelta(minutes=minutes), zone)


@given(instants, zones)
def test_no_instant_before_what_its_wall_time_means_shows_the_same(instant: datetime, zone: ZoneInfo) -> None:
    instant = instant.replace(second=0, microsecond=0)
    wall = wall_of(instant, zone)
    if wall.second == 0:
        assert instant_of(wall, zone) <= instant


@pytest.mark.parametrize("zone", [name for name in ZONES if name != "UTC"])
def test_around_every_change_of_the_clocks_minutes_stay_in_order(zone: str) -> None:
    days = ["2011-12-30", "2018-11-04", "2019-02-17", "2026-02-15", "2026-03-08", "2026-03-22", "2026-03-29"]
    days += ["2026-04-05", "2026-04-24", "2026-10-04", "2026-10-25", "2026-10-30", "2026-11-01"]
    for day in days:
        minutes = [at(day) + timedelta(minutes=n) for n in range(-120, 300, 10)]
        found = [instant_of(minute, ZoneInfo(zone)) for minute in minutes]
        assert found == sorted(found)
