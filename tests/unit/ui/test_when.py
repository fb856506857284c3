"""What people write as a day and time, what is meant by it, and how it is said back."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.walltime import instant_of
from bot.services.errors import BadWhen
from bot.ui.said_when import describe_when
from bot.ui.when import read_date, read_when

at = datetime.fromisoformat

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
KOLKATA, UTC_ZONE = ZoneInfo("Asia/Kolkata"), ZoneInfo("UTC")

NOW = at("2026-11-25T13:00:30+01:00")  # a Wednesday
LEAP = at("2028-02-28T23:30+05:30")
NEW_YEARS_EVE = at("2026-12-31T20:00-05:00")  # 2027 in most of the world
SPRING = at("2026-03-28T12:00+01:00")  # Saturday; clocks go forward in the night
AUTUMN = at("2026-10-24T12:00+02:00")  # Saturday; clocks go back in the night


# --- what is understood ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "now", "zone", "wall"),
    [
        ("fri 16:00", NOW, BERLIN, "2026-11-27 16:00"),
        ("Friday 4pm", NOW, BERLIN, "2026-11-27 16:00"),
        ("4 p.m. on Friday", NOW, BERLIN, "2026-11-27 16:00"),
        ("this friday at 4.30pm", NOW, BERLIN, "2026-11-27 16:30"),
        ("thurs 4pm", NOW, BERLIN, "2026-11-26 16:00"),
        ("tomorrow 9am", NOW, BERLIN, "2026-11-26 09:00"),
        ("day after tomorrow 9am", NOW, BERLIN, "2026-11-27 09:00"),
        ("today 18:00", NOW, BERLIN, "2026-11-25 18:00"),
        ("tonight 8pm", NOW, BERLIN, "2026-11-25 20:00"),
        ("16:00", NOW, BERLIN, "2026-11-25 16:00"),
        ("13:00", NOW, BERLIN, "2026-11-26 13:00"),
        ("13:01:59", NOW, BERLIN, "2026-11-25 13:01"),
        ("noon", NOW, BERLIN, "2026-11-26 12:00"),
        ("midnight", NOW, BERLIN, "2026-11-26 00:00"),
        ("12 am", NOW, BERLIN, "2026-11-26 00:00"),
        ("12 pm", NOW, BERLIN, "2026-11-26 12:00"),
        ("tomorrow noon", NOW, BERLIN, "2026-11-26 12:00"),
        ("in 2 hours", NOW, BERLIN, "2026-11-25 15:00"),
        ("in an hour and 30 minutes", NOW, BERLIN, "2026-11-25 14:30"),
        ("in 1h30m", NOW, BERLIN, "2026-11-25 14:30"),
        ("in 100 minutes", NOW, BERLIN, "2026-11-25 14:40"),
        ("in half an hour", NOW, BERLIN, "2026-11-25 13:30"),
        ("2 hours from now", NOW, BERLIN, "2026-11-25 15:00"),
        ("an hour from now", NOW, BERLIN, "2026-11-25 14:00"),
        ("in 2 hours from now", NOW, BERLIN, "2026-11-25 15:00"),
        ("a week from now at 16:00", NOW, BERLIN, "2026-12-02 16:00"),
        ("in 2h", NOW, BERLIN, "2026-11-25 15:00"),
        ("16h", NOW, BERLIN, "2026-11-25 16:00"),
        ("16h30", NOW, BERLIN, "2026-11-25 16:30"),
        ("fri 16 h", NOW, BERLIN, "2026-11-27 16:00"),
        ("mon 9", NOW, BERLIN, "2026-11-30 09:00"),
        ("on monday at 9", NOW, BERLIN, "2026-11-30 09:00"),
        ("next friday 18", NOW, BERLIN, "2026-11-27 18:00"),
        ("tomorrow 10", NOW, BERLIN, "2026-11-26 10:00"),
        ("tonight 8", NOW, BERLIN, "2026-11-25 20:00"),
        ("<t:1796054400:F>", NOW, BERLIN, "2026-11-30 17:00"),
        ("<t:1796054430>", NOW, NEW_YORK, "2026-11-30 11:00"),
        ("<T:1796054400:r>", NOW, KOLKATA, "2026-11-30 21:30"),
        ("in 2 days at 16:00", NOW, BERLIN, "2026-11-27 16:00"),
        ("in a week 16:00", NOW, BERLIN, "2026-12-02 16:00"),
        ("in three months at 4 pm", NOW, BERLIN, "2027-02-25 16:00"),
        ("2026-12-01 16:00", NOW, BERLIN, "2026-12-01 16:00"),
        ("2026-12-01T16:00", NOW, BERLIN, "2026-12-01 16:00"),
        ("1 dec 16:00", NOW, BERLIN, "2026-12-01 16:00"),
        ("Dec 1st, 4 pm", NOW, BERLIN, "2026-12-01 16:00"),
        ("1 December 2026 at 4 pm", NOW, BERLIN, "2026-12-01 16:00"),
        ("Tuesday, 1st of December 2026, 16:00", NOW, BERLIN, "2026-12-01 16:00"),
        ("01.12.2026 16:00", NOW, BERLIN, "2026-12-01 16:00"),
        ("1.12. 16:00", NOW, BERLIN, "2026-12-01 16:00"),
        ("tue 01/12/26 16:00", NOW, BERLIN, "2026-12-01 16:00"),
        ("12/25 16:00", NOW, BERLIN, "2026-12-25 16:00"),
        ("12/25/2026 16:00", NOW, BERLIN, "2026-12-25 16:00"),
        ("1 nov 16:00", NOW, BERLIN, "2027-11-01 16:00"),
        ("25 nov 18:00", NOW, BERLIN, "2026-11-25 18:00"),
        ("next monday 9:30", NOW, BERLIN, "2026-11-30 09:30"),
        ("wed 16:00", NOW, BERLIN, "2026-11-25 16:00"),
        ("wed 11:00", NOW, BERLIN, "2026-12-02 11:00"),
        ("next wed 16:00", NOW, BERLIN, "2026-12-02 16:00"),
        ("29 feb 10:00", NOW, BERLIN, "2028-02-29 10:00"),
        ("29.2. 10:00", NOW, BERLIN, "2028-02-29 10:00"),
        ("today 18:00", NOW, KOLKATA, "2026-11-25 18:00"),
        ("17:00", NOW, KOLKATA, "2026-11-26 17:00"),
        ("8am", NOW, NEW_YORK, "2026-11-25 08:00"),
        ("in 2 hours", NOW, NEW_YORK, "2026-11-25 09:00"),
        ("in 2 hours", LEAP, KOLKATA, "2028-02-29 01:30"),
        ("tomorrow 10:00", LEAP, KOLKATA, "2028-02-29 10:00"),
        ("1 mar 10:00", LEAP, KOLKATA, "2028-03-01 10:00"),
        ("in a year at 10:00", at("2028-02-29T09:00Z"), UTC_ZONE, "2029-02-28 10:00"),
        ("tomorrow 10:00", NEW_YEARS_EVE, NEW_YORK, "2027-01-01 10:00"),
        ("tomorrow 10:00", NEW_YEARS_EVE, UTC_ZONE, "2027-01-02 10:00"),
        ("thu 23:00", NEW_YEARS_EVE, NEW_YORK, "2026-12-31 23:00"),
        ("fri 10:00", NEW_YEARS_EVE, UTC_ZONE, "2027-01-01 10:00"),
        ("31 dec 23:00", NEW_YEARS_EVE, NEW_YORK, "2026-12-31 23:00"),
        ("31.12. 23:00", NEW_YEARS_EVE, UTC_ZONE, "2027-12-31 23:00"),
        ("sun 02:30", SPRING, BERLIN, "2026-03-29 02:30"),
        ("in 15 hours", SPRING, BERLIN, "2026-03-29 04:00"),
        ("in a day at 12:00", SPRING, BERLIN, "2026-03-29 12:00"),
        ("02:30", AUTUMN, BERLIN, "2026-10-25 02:30"),
        ("in 14 hours", AUTUMN, BERLIN, "2026-10-25 02:00"),
        ("in 16 hours", AUTUMN, BERLIN, "2026-10-25 03:00"),
        ("02:30", at("2026-10-25T00:45Z"), BERLIN, "2026-10-26 02:30"),
    ],
)
def test_what_people_write_is_understood_in_the_servers_zone(
    typed: str, now: datetime, zone: ZoneInfo, wall: str
) -> None:
    found = read_when(typed, zone=zone, now=now.astimezone(UTC))
    assert found == at(wall)
    assert found.tzinfo is None
    assert instant_of(found, zone) > now


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-12-31", "2026-12-31"),
        ("31 dec", "2026-12-31"),
        ("Dec 31st 2026", "2026-12-31"),
        ("31.12.", "2026-12-31"),
        ("today", "2026-11-25"),
        ("25.11.2026", "2026-11-25"),
        ("25 nov", "2026-11-25"),
        ("24 nov", "2027-11-24"),
        ("fri", "2026-11-27"),
        ("in 3 months", "2027-02-25"),
    ],
)
def test_a_day_without_a_time_is_understood_where_a_day_is_asked(typed: str, day: str) -> None:
    assert read_date(typed, zone=BERLIN, now=NOW) == date.fromisoformat(day)


# --- whatever else -------------------------------------------------------------------------------

WORDS = """
    fri monday next tomorrow today in 2 an hours days dec may 1 31st 2026 2026-12-01 31.12. 1/2 16:00 4pm noon
    midnight 25:00 9999 0 +1 at on , and ago utc - : a week
"""
TYPED = st.lists(st.sampled_from(WORDS.split()), max_size=6).map(" ".join) | st.text(max_size=20)


@settings(max_examples=60, deadline=None)  # dateparser takes a second to load
@given(TYPED, st.sampled_from([NOW, LEAP, NEW_YEARS_EVE, SPRING, AUTUMN]))
def test_whatever_is_typed_is_a_time_within_two_years_or_refused(typed: str, now: datetime) -> None:
    try:
        wall = read_when(typed, zone=BERLIN, now=now)
    except BadWhen:
        return
    assert now < instant_of(wall, BERLIN) <= now + timedelta(days=732)
    assert (wall.second, wall.microsecond) == (0, 0)
    assert read_when(f"{wall:%Y-%m-%d %H:%M}", zone=BERLIN, now=now) == wall


# --- how it is said back --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wall", "zone", "now", "words"),
    [
        ("2026-11-27 16:00", BERLIN, "2026-11-23T16:00Z", "Fri 27 Nov 2026, 16:00 Berlin, in 4 days"),
        ("2026-11-27 09:05", NEW_YORK, "2026-11-27T14:00Z", "Fri 27 Nov 2026, 09:05 New York, in 5 minutes"),
        ("2026-11-27 16:00", UTC_ZONE, "2026-11-27T13:00Z", "Fri 27 Nov 2026, 16:00 UTC, in 3 hours"),
        ("2026-11-27 16:00", UTC_ZONE, "2026-11-27T15:59Z", "Fri 27 Nov 2026, 16:00 UTC, in 1 minute"),
        ("2026-11-27 16:00", UTC_ZONE, "2026-11-27T16:00Z", "Fri 27 Nov 2026, 16:00 UTC, now"),
        ("2026-11-27 16:00", UTC_ZONE, "2026-11-26T16:00Z", "Fri 27 Nov 2026, 16:00 UTC, in 1 day"),
        ("2027-01-15 16:00", UTC_ZONE, "2026-11-27T16:00Z", "Fri 15 Jan 2027, 16:00 UTC, in 7 weeks"),
        ("2027-02-26 16:00", UTC_ZONE, "2026-11-27T16:00Z", "Fri 26 Feb 2027, 16:00 UTC, in 3 months"),
        ("2026-11-27 16:00", UTC_ZONE, "2026-11-27T18:00Z", "Fri 27 Nov 2026, 16:00 UTC, 2 hours ago"),
        (
            "2026-03-29 02:30",
            BERLIN,
            "2026-03-28T12:00Z",
            "Sun 29 Mar 2026, 02:30 Berlin, in 13 hours (the clocks skip that time, so it runs at 03:00)",
        ),
        (
            "2026-10-25 02:30",
            BERLIN,
            "2026-10-20T12:00Z",
            "Sun 25 Oct 2026, 02:30 Berlin, in 5 days "
            "(the clocks show that time twice, so it runs the first time)",
        ),
        (
            "2011-12-30 16:00",
            ZoneInfo("Pacific/Apia"),
            "2011-12-28T10:00Z",
            "Fri 30 Dec 2011, 16:00 Apia, in 3 days "
            "(the clocks skip that time, so it runs at Sat 31 Dec 2011, 00:00)",
        ),
    ],
)
def test_a_time_is_said_with_its_place_its_distance_and_what_the_clocks_do(
    wall: str, zone: ZoneInfo, now: str, words: str
) -> None:
    assert describe_when(at(wall), zone, at(now)) == words


@pytest.mark.parametrize(
    ("wall", "zone", "now", "words"),
    [
        (
            "2027-10-31 02:30",
            BERLIN,
            "2026-11-27T12:00Z",
            "Sun 31 Oct 2027, 02:30 Berlin (the clocks show that time twice, so it runs the first time)",
        ),
        (
            "2011-12-30 16:00",
            ZoneInfo("Pacific/Apia"),
            "2011-12-28T10:00Z",
            "Fri 30 Dec 2011, 16:00 Apia (the clocks skip that time, so it runs at Sat 31 Dec 2011, 00:00)",
        ),
        (
            "2027-04-04 02:00",
            ZoneInfo("America/Argentina/ComodRivadavia"),
            "2026-11-27T12:00Z",
            "Sun 4 Apr 2027, 02:00 ComodRivadavia, in 4 months",
        ),
    ],
)
def test_where_room_is_short_what_the_clocks_do_stays(
    wall: str, zone: ZoneInfo, now: str, words: str
) -> None:
    assert describe_when(at(wall), zone, at(now), most=100) == words


def test_a_time_in_any_zone_fits_a_choice_with_what_the_clocks_do() -> None:
    spring = ("2026-03-08 02:30", "2026-03-29 01:30", "2026-03-29 02:30", "2011-12-30 16:00")
    autumn = ("2026-04-05 02:30", "2026-10-25 01:30", "2026-10-25 02:30", "2026-11-01 01:30")
    changes = (*spring, *autumn)
    for name in available_timezones():
        zone = ZoneInfo(name)
        for wall in map(at, changes):
            whole = describe_when(wall, zone, at("2026-01-01T00:00Z"))
            short = describe_when(wall, zone, at("2026-01-01T00:00Z"), most=100)
            assert len(short) <= 100
            assert short.partition("(")[2] == whole.partition("(")[2]
