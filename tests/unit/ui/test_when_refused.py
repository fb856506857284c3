"""What cannot be scheduled, why, and that whoever is refused reads an example that works."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.services.errors import BadDate, BadRepeat, BadWhen, RepeatProblem, WhenProblem
from bot.services.recurrence import Recurrence
from bot.ui.guard import describe
from bot.ui.when import read_date, read_when
from tests.unit.ui.test_when import (
    AUTUMN,
    BERLIN,
    KOLKATA,
    LEAP,
    NEW_YEARS_EVE,
    NEW_YORK,
    NOW,
    SPRING,
    UTC_ZONE,
)

at = datetime.fromisoformat

WRONG_WHENS = [
    ("", WhenProblem.EMPTY),
    ("  ,", WhenProblem.EMPTY),
    ("a" * 300, WhenProblem.TOO_LONG),
    ("soon", WhenProblem.UNREADABLE),
    ("🎉", WhenProblem.UNREADABLE),
    ("a", WhenProblem.UNREADABLE),
    ("12", WhenProblem.UNREADABLE),
    ("may", WhenProblem.UNREADABLE),
    ("fri 31", WhenProblem.UNREADABLE),
    ("<t:>", WhenProblem.UNREADABLE),
    ("<t:1796054400:F> 16:00", WhenProblem.UNREADABLE),
    ("year 9999", WhenProblem.UNREADABLE),
    ("fri 16:00 please", WhenProblem.UNREADABLE),
    ("every friday 16:00", WhenProblem.UNREADABLE),
    ("1 2 dec 16:00", WhenProblem.UNREADABLE),
    ("fri sat 16:00", WhenProblem.UNREADABLE),
    ("١٦:٠٠", WhenProblem.UNREADABLE),
    ("in -2 hours", WhenProblem.UNREADABLE),
    ("in 1 day and 2 hours", WhenProblem.UNREADABLE),
    ("fri", WhenProblem.NO_TIME),
    ("2026-12-01", WhenProblem.NO_TIME),
    ("in 3 weeks", WhenProblem.NO_TIME),
    ("fri 16:00 17:00", WhenProblem.TWO_TIMES),
    ("in 2 hours at 16:00", WhenProblem.TWO_TIMES),
    ("25:00", WhenProblem.NO_SUCH_TIME),
    ("fri 25:00", WhenProblem.NO_SUCH_TIME),
    ("25h", WhenProblem.NO_SUCH_TIME),
    ("fri 16:60", WhenProblem.NO_SUCH_TIME),
    ("24:00", WhenProblem.NO_SUCH_TIME),
    ("13 pm", WhenProblem.NO_SUCH_TIME),
    ("31 feb", WhenProblem.NO_SUCH_DATE),
    ("31 feb 16:00", WhenProblem.NO_SUCH_DATE),
    ("29 feb 2027 16:00", WhenProblem.NO_SUCH_DATE),
    ("00 dec 16:00", WhenProblem.NO_SUCH_DATE),
    ("2026-13-01 16:00", WhenProblem.NO_SUCH_DATE),
    ("13/25/2026 16:00", WhenProblem.NO_SUCH_DATE),
    ("30.2. 16:00", WhenProblem.NO_SUCH_DATE),
    ("0000-00-00", WhenProblem.NO_SUCH_DATE),
    ("fri 16.00", WhenProblem.NO_SUCH_DATE),
    ("fri 1 dec 16:00", WhenProblem.WRONG_WEEKDAY),
    ("mon 2026-12-01 16:00", WhenProblem.WRONG_WEEKDAY),
    ("1/12 16:00", WhenProblem.DAY_OR_MONTH),
    ("03/04/2027 16:00", WhenProblem.DAY_OR_MONTH),
    ("fri 4", WhenProblem.HALF_OF_DAY),
    ("tomorrow at 7", WhenProblem.HALF_OF_DAY),
    ("fri midnight", WhenProblem.MIDNIGHT_OF),
    ("fri 16:00 UTC", WhenProblem.ZONE),
    ("16:00 CET", WhenProblem.ZONE),
    ("16:00 est", WhenProblem.ZONE),
    ("2026-12-01T16:00Z", WhenProblem.ZONE),
    ("2026-12-01T16:00+01:00", WhenProblem.ZONE),
    ("fri 16:00 Europe/Berlin", WhenProblem.ZONE),
    ("fri 16:00 my time", WhenProblem.ZONE),
    ("now", WhenProblem.PAST),
    ("<t:1764694800:F>", WhenProblem.PAST),
    ("yesterday", WhenProblem.PAST),
    ("5 minutes ago", WhenProblem.PAST),
    ("last friday 16:00", WhenProblem.PAST),
    ("1999-01-01 10:00", WhenProblem.PAST),
    ("0001-01-01 10:00", WhenProblem.PAST),
    ("today 13:00", WhenProblem.PAST),
    ("25 nov 12:00", WhenProblem.PAST),
    ("in 0 minutes", WhenProblem.PAST),
    ("9999-12-31 23:59", WhenProblem.TOO_FAR),
    ("<t:99999999999>", WhenProblem.TOO_FAR),
    ("1 dec 2028 16:00", WhenProblem.TOO_FAR),
    ("in 9999 days at 16:00", WhenProblem.TOO_FAR),
    ("in 9999 years at 16:00", WhenProblem.TOO_FAR),
]

WRONG_DATES = [
    ("", WhenProblem.EMPTY),
    ("a" * 300, WhenProblem.TOO_LONG),
    ("end of the year", WhenProblem.UNREADABLE),
    ("in 2 hours", WhenProblem.UNREADABLE),
    ("31 dec 16:00", WhenProblem.TWO_TIMES),
    ("31 feb", WhenProblem.NO_SUCH_DATE),
    ("2026-13-01", WhenProblem.NO_SUCH_DATE),
    ("fri 1 dec", WhenProblem.WRONG_WEEKDAY),
    ("1/12/2026", WhenProblem.DAY_OR_MONTH),
    ("yesterday", WhenProblem.PAST),
    ("24.11.2026", WhenProblem.PAST),
]

WRONG_REPEATS = [
    ("", RepeatProblem.UNKNOWN_NAME),
    ("every blue moon", RepeatProblem.UNKNOWN_NAME),
    ("twice a week", RepeatProblem.UNKNOWN_NAME),
    ("bimonthly", RepeatProblem.UNKNOWN_NAME),
    ("every", RepeatProblem.UNKNOWN_NAME),
    ("weekley", RepeatProblem.UNKNOWN_NAME),
    ("every second friday", RepeatProblem.TWO_MEANINGS),
    ("hourly", RepeatProblem.TOO_FINE),
    ("every 2 hours", RepeatProblem.TOO_FINE),
    ("every friday at 4pm", RepeatProblem.HAS_TIME),
    ("every day at noon", RepeatProblem.HAS_TIME),
    ("every 99 weeks", RepeatProblem.BAD_INTERVAL),
    ("every 0 days", RepeatProblem.BAD_INTERVAL),
    ("🎉", RepeatProblem.UNKNOWN_NAME),
    ("FREQ=DAILY;" * 30, RepeatProblem.TOO_LONG),
    ("DTSTART:20261127T160000\nRRULE:FREQ=DAILY", RepeatProblem.SEVERAL_LINES),
    ("RRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY", RepeatProblem.SEVERAL_LINES),
    ("EXDATE:20261127", RepeatProblem.SEVERAL_LINES),
    ("FREQ=DAILY;;", RepeatProblem.UNREADABLE_PART),
    ("FREQ=DAILY;BYDAY", RepeatProblem.UNREADABLE_PART),
    ("FREQ=", RepeatProblem.UNREADABLE_PART),
    ("FREQ=DAILY;BYMOON=FULL", RepeatProblem.UNKNOWN_PART),
    ("FREQ=YEARLY;BYEASTER=0", RepeatProblem.UNKNOWN_PART),
    ("FREQ=YEARLY;BYWEEKNO=20", RepeatProblem.UNKNOWN_PART),
    ("FREQ=DAILY;FREQ=WEEKLY", RepeatProblem.PART_TWICE),
    ("FREQ=FORTNIGHTLY", RepeatProblem.BAD_VALUE),
    ("FREQ=WEEKLY;BYDAY=FREITAG", RepeatProblem.BAD_VALUE),
    ("FREQ=WEEKLY;BYDAY=1FR", RepeatProblem.BAD_VALUE),
    ("FREQ=MONTHLY;BYDAY=6FR", RepeatProblem.BAD_VALUE),
    ("FREQ=MONTHLY;BYMONTHDAY=32", RepeatProblem.BAD_VALUE),
    ("FREQ=MONTHLY;BYMONTHDAY=0", RepeatProblem.BAD_VALUE),
    ("FREQ=YEARLY;BYMONTH=-1", RepeatProblem.BAD_VALUE),
    ("FREQ=YEARLY;BYMONTH=٣", RepeatProblem.BAD_VALUE),
    ("FREQ=MONTHLY;BYSETPOS=1", RepeatProblem.BAD_VALUE),
    ("FREQ=WEEKLY;WKST=XX", RepeatProblem.BAD_VALUE),
    ("FREQ=DAILY;UNTIL=20261301", RepeatProblem.BAD_VALUE),
    ("FREQ=DAILY;UNTIL=tomorrow", RepeatProblem.BAD_VALUE),
    ("FREQ=WEEKLY;BYMONTHDAY=1", RepeatProblem.NOT_WITH_FREQ),
    ("FREQ=WEEKLY;BYDAY=MO,FR;BYSETPOS=1", RepeatProblem.NOT_WITH_FREQ),
    ("FREQ=MONTHLY;BYYEARDAY=1", RepeatProblem.NOT_WITH_FREQ),
    ("BYDAY=FR", RepeatProblem.NO_FREQ),
    ("FREQ=HOURLY", RepeatProblem.TOO_FINE),
    ("FREQ=MINUTELY", RepeatProblem.TOO_FINE),
    ("FREQ=SECONDLY", RepeatProblem.TOO_FINE),
    ("FREQ=DAILY;BYHOUR=9", RepeatProblem.HAS_TIME),
    ("FREQ=DAILY;BYMINUTE=0", RepeatProblem.HAS_TIME),
    ("FREQ=DAILY;BYSECOND=0", RepeatProblem.HAS_TIME),
    ("FREQ=DAILY;INTERVAL=0", RepeatProblem.BAD_INTERVAL),
    ("FREQ=DAILY;INTERVAL=-1", RepeatProblem.BAD_INTERVAL),
    ("FREQ=YEARLY;INTERVAL=1000", RepeatProblem.BAD_INTERVAL),
    ("FREQ=DAILY;COUNT=0", RepeatProblem.BAD_TIMES),
    ("FREQ=DAILY;COUNT=1001", RepeatProblem.BAD_TIMES),
    ("FREQ=DAILY;COUNT=2;UNTIL=20261231", RepeatProblem.TWO_ENDS),
    ("FREQ=DAILY;UNTIL=20261231T235959Z", RepeatProblem.UNTIL_IN_UTC),
    ("FREQ=DAILY;UNTIL=20261126", RepeatProblem.UNTIL_BEFORE),
    ("FREQ=DAILY;UNTIL=99991231", RepeatProblem.UNTIL_FAR),
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", RepeatProblem.NEVER),
    ("FREQ=DAILY;INTERVAL=7;BYDAY=MO", RepeatProblem.NEVER),
    ("FREQ=WEEKLY;BYDAY=MO;UNTIL=20261128", RepeatProblem.NEVER),
]

WRONG_ENDS = [
    ("weekly", date(2026, 12, 31), 10, RepeatProblem.TWO_ENDS),
    ("FREQ=DAILY;COUNT=3", None, 3, RepeatProblem.TWO_ENDS),
    ("FREQ=DAILY;COUNT=3", date(2026, 12, 31), None, RepeatProblem.TWO_ENDS),
    ("FREQ=DAILY;UNTIL=20261231", date(2026, 12, 31), None, RepeatProblem.TWO_ENDS),
    ("FREQ=DAILY;UNTIL=20261231", None, 3, RepeatProblem.TWO_ENDS),
    ("once", None, 3, RepeatProblem.ONCE_WITH_END),
    ("once", date(2026, 12, 31), None, RepeatProblem.ONCE_WITH_END),
    ("weekly", None, 0, RepeatProblem.BAD_TIMES),
    ("weekly", None, 1001, RepeatProblem.BAD_TIMES),
    ("weekly", date(2026, 11, 26), None, RepeatProblem.UNTIL_BEFORE),
    ("weekly", date(9999, 12, 31), None, RepeatProblem.UNTIL_FAR),
]

FIRST = at("2026-11-27 16:00")


#: What says itself what to do instead.
WITHOUT_EXAMPLE = {
    *(RepeatProblem.HAS_TIME, RepeatProblem.BAD_INTERVAL, RepeatProblem.BAD_TIMES, RepeatProblem.TWO_ENDS),
    *(RepeatProblem.ONCE_WITH_END, RepeatProblem.UNTIL_IN_UTC, RepeatProblem.UNTIL_BEFORE),
    *(RepeatProblem.UNTIL_FAR, RepeatProblem.NEVER, RepeatProblem.OTHER_THAN_WHEN),
}


def examples(error: BadWhen | BadDate | BadRepeat) -> list[str]:
    """Return what the refusal's sentence offers instead: one thing at least, where there is one."""
    sentence = describe(error)
    assert sentence is not None
    found = re.findall(r"(?<!\\)`(.+?)`", sentence)
    assert found or error.reason in WITHOUT_EXAMPLE, sentence
    return found


@pytest.mark.parametrize(("typed", "reason"), WRONG_WHENS)
def test_a_time_that_cannot_be_is_refused_with_one_that_can(typed: str, reason: WhenProblem) -> None:
    with pytest.raises(BadWhen) as refused:
        read_when(typed, zone=BERLIN, now=NOW)
    assert (refused.value.given, refused.value.reason) == (typed, reason)
    for example in examples(refused.value):
        assert read_when(example, zone=BERLIN, now=NOW)


@pytest.mark.parametrize(("typed", "reason"), WRONG_DATES)
def test_a_last_day_that_cannot_be_is_refused_with_one_that_can(typed: str, reason: WhenProblem) -> None:
    with pytest.raises(BadDate) as refused:
        read_date(typed, zone=BERLIN, now=NOW)
    assert (refused.value.given, refused.value.reason) == (typed, reason)
    for example in examples(refused.value):
        assert read_date(example, zone=BERLIN, now=NOW)


@pytest.mark.parametrize(
    ("repeat", "until", "times", "reason"),
    [*((repeat, None, None, reason) for repeat, reason in WRONG_REPEATS), *WRONG_ENDS],
)
def test_a_repetition_that_cannot_be_is_refused_with_one_that_can(
    repeat: str, until: date | None, times: int | None, reason: RepeatProblem
) -> None:
    with pytest.raises(BadRepeat) as refused:
        Recurrence.read(FIRST, repeat, until=until, times=times)
    assert refused.value.reason is reason
    for example in examples(refused.value):
        assert Recurrence.read(FIRST, example, until=None, times=None).after(None)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("weekley", "weekly"), ("evry two weeks", "every two weeks"), ("every fryday", "every friday")],
)
def test_what_is_misspelt_is_offered_spelt_right(typed: str, meant: str) -> None:
    with pytest.raises(BadRepeat) as refused:
        Recurrence.read(FIRST, typed, until=None, times=None)
    assert examples(refused.value) == [meant]


@pytest.mark.parametrize("typed", ["weekly", "every two weeks", "every friday at 4pm", "every 99 weeks"])
def test_no_refusal_offers_another_frequency_than_was_meant(typed: str) -> None:
    with pytest.raises(BadRepeat) as refused:
        Recurrence.read(FIRST, typed, until=date(2026, 12, 31), times=3)
    assert set(examples(refused.value)) <= {"every friday"}
    assert "cannot repeat" not in (describe(refused.value) or "")


def test_every_reason_is_met_by_somebody() -> None:
    assert {reason for _, reason in WRONG_WHENS} == {*WhenProblem} - {WhenProblem.COMES_TWICE}
    assert {reason for _, reason in WRONG_REPEATS} | {row[3] for row in WRONG_ENDS} == {*RepeatProblem} - {
        RepeatProblem.OTHER_THAN_WHEN
    }


def test_the_second_of_two_equal_times_cannot_be_had() -> None:
    with pytest.raises(BadWhen) as refused:
        read_when("in 15 hours", zone=BERLIN, now=AUTUMN)
    assert refused.value.reason is WhenProblem.COMES_TWICE
    assert "clocks go back" in (describe(refused.value) or "")


@pytest.mark.parametrize("now", [NOW, LEAP, NEW_YEARS_EVE, SPRING, AUTUMN, at("2026-11-27T23:59:59Z")])
@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK, KOLKATA, UTC_ZONE])
def test_the_examples_work_on_any_day(now: datetime, zone: ZoneInfo) -> None:
    whens = {one for reason in WhenProblem for one in examples(BadWhen("", reason, zone.key))}
    for example in whens:
        wall = read_when(example, zone=zone, now=now)
        assert Recurrence.read(wall, "monthly", until=None, times=None).after(None) == wall
    for example in {one for reason in WhenProblem for one in examples(BadDate("", reason))}:
        assert read_date(example, zone=zone, now=now)
