"""When a schedule's rounds come, what is refused, and that nothing takes long."""

import re
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import FrameType
from typing import Any

import pytest
from dateutil.rrule import rrulestr
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from bot.services import recurrence as module
from bot.services import rule_dates, rule_text
from bot.services.errors import BadRepeat
from bot.services.recurrence import MAX_LENGTH, Recurrence, describe_repeat
from bot.text import repeats

at = datetime.fromisoformat

FRIDAY = at("2026-11-27 16:00")  # the fourth of its month


def read(
    repeat: str, first: datetime = FRIDAY, until: date | None = None, times: int | None = None
) -> Recurrence:
    return Recurrence.read(first, repeat, until=until, times=times)


def days(recurrence: Recurrence, limit: int = 4, wall: datetime | None = None) -> list[str]:
    return [f"{occurrence:%a %d %b %Y}" for occurrence in recurrence.upcoming(wall, limit)]


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("repeat", "expected"),
    [
        ("once", ["Fri 27 Nov 2026"]),
        ("daily", ["Fri 27 Nov 2026", "Sat 28 Nov 2026", "Sun 29 Nov 2026", "Mon 30 Nov 2026"]),
        ("weekdays", ["Fri 27 Nov 2026", "Mon 30 Nov 2026", "Tue 01 Dec 2026", "Wed 02 Dec 2026"]),
        ("weekly", ["Fri 27 Nov 2026", "Fri 04 Dec 2026", "Fri 11 Dec 2026", "Fri 18 Dec 2026"]),
        ("every two weeks", ["Fri 27 Nov 2026", "Fri 11 Dec 2026", "Fri 25 Dec 2026", "Fri 08 Jan 2027"]),
        ("monthly", ["Fri 27 Nov 2026", "Fri 25 Dec 2026", "Fri 22 Jan 2027", "Fri 26 Feb 2027"]),
        (" Every  Two Weeks ", ["Fri 27 Nov 2026", "Fri 11 Dec 2026", "Fri 25 Dec 2026", "Fri 08 Jan 2027"]),
    ],
)
def test_each_name_repeats_as_it_says(repeat: str, expected: list[str]) -> None:
    assert days(read(repeat)) == expected


def test_monthly_on_a_fifth_friday_means_the_last() -> None:
    monthly = read("monthly", at("2027-01-29 16:00"))
    assert monthly.rule == "FREQ=MONTHLY;BYDAY=-1FR"
    assert days(monthly) == ["Fri 29 Jan 2027", "Fri 26 Feb 2027", "Fri 26 Mar 2027", "Fri 30 Apr 2027"]


def test_a_first_day_that_does_not_match_is_not_played() -> None:
    saturday = at("2026-11-28 16:00")
    assert days(read("weekdays", saturday), 1) == ["Mon 30 Nov 2026"]
    assert days(read("FREQ=WEEKLY;BYDAY=WE", saturday, times=2)) == ["Wed 02 Dec 2026", "Wed 09 Dec 2026"]


def test_every_occurrence_is_at_the_first_ones_time_of_day_in_whole_minutes() -> None:
    found = read("daily", at("2026-11-27 16:05:42.5")).upcoming(None, 3)
    assert [f"{occurrence:%H:%M:%S.%f}" for occurrence in found] == ["16:05:00.000000"] * 3


# --- rules ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_rule", "rule"),
    [
        ("FREQ=WEEKLY;BYDAY=FR", "FREQ=WEEKLY;BYDAY=FR"),
        ("rrule: freq = weekly ; byday = we, mo", "FREQ=WEEKLY;BYDAY=MO,WE"),
        ("RRULE:BYDAY=4FR;FREQ=MONTHLY;", "FREQ=MONTHLY;BYDAY=+4FR"),
        ("FREQ=DAILY;INTERVAL=01;WKST=MO", "FREQ=DAILY"),
        ("FREQ=DAILY;UNTIL=20261231", "FREQ=DAILY;UNTIL=20261231T235900"),
        ("FREQ=DAILY;UNTIL=20261231T120000", "FREQ=DAILY;UNTIL=20261231T120000"),
        ("FREQ=DAILY;COUNT=010", "FREQ=DAILY;COUNT=10"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1,15,15", "FREQ=MONTHLY;BYMONTHDAY=-1,15"),
        ("every two weeks", "FREQ=WEEKLY;INTERVAL=2"),
        ("once", ""),
    ],
)
def test_all_spellings_of_a_rule_are_one_and_stay_so(given_rule: str, rule: str) -> None:
    found = read(given_rule)
    assert found == Recurrence(FRIDAY, rule)
    assert not rule or read(rule) == found


@pytest.mark.parametrize(
    ("repeat", "expected"),
    [
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            ["Mon 30 Nov 2026", "Thu 31 Dec 2026", "Fri 29 Jan 2027", "Fri 26 Feb 2027"],
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=-1",
            ["Mon 30 Nov 2026", "Thu 31 Dec 2026", "Sun 31 Jan 2027", "Sun 28 Feb 2027"],
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=31",
            ["Thu 31 Dec 2026", "Sun 31 Jan 2027", "Wed 31 Mar 2027", "Mon 31 May 2027"],
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR;COUNT=2", ["Fri 13 Aug 2027", "Fri 13 Oct 2028"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", ["Tue 29 Feb 2028", "Sun 29 Feb 2032", "Fri 29 Feb 2036"]),
        ("FREQ=YEARLY;INTERVAL=2;COUNT=3", ["Fri 27 Nov 2026", "Mon 27 Nov 2028", "Wed 27 Nov 2030"]),
        ("FREQ=YEARLY;BYDAY=-1FR;COUNT=2", ["Fri 25 Dec 2026", "Fri 31 Dec 2027"]),
        ("FREQ=YEARLY;BYYEARDAY=-1;COUNT=2", ["Thu 31 Dec 2026", "Fri 31 Dec 2027"]),
    ],
)
def test_a_rule_means_what_the_rfc_says(repeat: str, expected: list[str]) -> None:
    assert days(read(repeat), 4)[: len(expected)] == expected


def _lists(least: int, most: int) -> st.SearchStrategy[str]:
    numbers = st.integers(least, most).filter(bool)
    return st.lists(numbers, min_size=1, max_size=4).map(lambda found: ",".join(map(str, found)))


@st.composite
def rules(draw: st.DrawFn) -> str:
    freq = draw(st.sampled_from(sorted(rule_text.MAX_INTERVALS)))
    nth = {"MONTHLY": ["", "1", "+2", "4", "-1", "5"], "YEARLY": ["", "1", "-1", "20", "53"]}.get(freq, [""])
    # Not "SA,1MO": dateutil asks a day to be one of the plain ones and one of the numbered ones at once.
    kind = draw(st.sampled_from([[one for one in nth if one] or nth, [""]]))
    day = st.tuples(st.sampled_from(kind), st.sampled_from(rule_text.WEEKDAYS)).map("".join)
    parts = {
        "INTERVAL": st.integers(1, 4).map(str),
        "WKST": st.sampled_from(rule_text.WEEKDAYS),
        "BYMONTH": _lists(1, 12),
        "BYDAY": st.lists(day, min_size=1, max_size=4).map(",".join),
        "BYMONTHDAY": _lists(-31, 31),
        "BYYEARDAY": _lists(-366, 366),
        "BYSETPOS": _lists(-5, 5),
        "COUNT": st.integers(1, 30).map(str),
    }
    chosen = [key for key in parts if key in rule_text._ALLOWED[freq] and draw(st.integers(0, 2)) == 0]
    return ";".join([f"FREQ={freq}", *(f"{key}={draw(parts[key])}" for key in chosen)])


firsts = st.datetimes(at("2020-01-01"), at("2040-01-01")).map(lambda w: w.replace(second=0, microsecond=0))


#: Without shrinking: what dateutil takes seconds for, a shrinker takes minutes for.
QUICK = settings(deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])


@settings(QUICK, max_examples=40)
@given(rules(), firsts, st.integers(0, 9))
def test_what_comes_is_what_dateutil_finds(rule: str, first: datetime, skipped: int) -> None:
    try:
        found = read(rule, first)
    except BadRepeat:
        return
    # dateutil fails on the 53rd Monday of a month, which never comes.
    assume(not re.search(r"BYMONTH=.*BYDAY=[^;]*(20|53)", found.rule))
    ours = found.upcoming(None, 10)
    week_start = "" if "WKST" in found.rule else ";WKST=MO"
    theirs = iter(rrulestr(found.rule + week_start, dtstart=first))  # only as many: it does not stop in time
    assert ours == [next(theirs) for _ in ours]
    seek = ours[min(skipped, len(ours) - 1)]
    assert found.after(seek - timedelta(minutes=1)) == seek
    assert found.after(seek) == next((later for later in ours if later > seek), found.after(ours[-1]))


def test_plain_and_numbered_weekdays_add_up() -> None:
    found = read("FREQ=MONTHLY;BYDAY=SA,1MO", at("2026-12-01 16:00"))
    assert days(found) == ["Sat 05 Dec 2026", "Mon 07 Dec 2026", "Sat 12 Dec 2026", "Sat 19 Dec 2026"]


# --- how long it goes on --------------------------------------------------------------------------


def test_the_last_day_is_played_whole() -> None:
    assert days(read("daily", until=date(2026, 11, 28))) == ["Fri 27 Nov 2026", "Sat 28 Nov 2026"]
    assert days(read("daily", until=date(2026, 11, 27))) == ["Fri 27 Nov 2026"]


def test_a_number_of_times_counts_what_is_played_whenever_one_asks() -> None:
    ten = read("weekdays", at("2026-11-28 16:00"), times=10)
    assert len(ten.upcoming(None, 99)) == 10
    last = ten.upcoming(None, 99)[-1]
    assert (ten.after(last), ten.after(last - timedelta(minutes=1))) == (None, last)


def test_once_is_over_when_it_has_been() -> None:
    once = read("once")
    assert once.after(None) == once.after(FRIDAY - timedelta(minutes=1)) == FRIDAY
    assert once.after(FRIDAY) is None
    assert once.upcoming(None, 5) == [FRIDAY]


def test_a_rule_without_an_end_goes_on_after_any_time_and_keeps_its_interval() -> None:
    third_days = Recurrence(at("1990-01-01 09:00"), "FREQ=DAILY;INTERVAL=3")
    found = third_days.after(FRIDAY)
    assert found is not None
    assert timedelta() < found - FRIDAY <= timedelta(days=3)
    assert (found - third_days.first) % timedelta(days=3) == timedelta()


def test_a_search_ends_with_the_calendar() -> None:
    assert Recurrence(at("9990-01-01 09:00"), "FREQ=YEARLY").upcoming(None, 100)[-1].year < 9999
    assert Recurrence(at("9999-12-31 09:00"), "FREQ=DAILY").after(at("9999-12-31 09:00")) is None


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("repeat", "until", "times", "words"),
    [
        ("once", None, None, "once"),
        ("daily", None, None, "every day"),
        ("weekdays", None, 10, "Monday to Friday, 10 times"),
        ("FREQ=WEEKLY;BYDAY=FR,MO,TU,TH,WE", None, 1, "Monday to Friday, 1 time"),
        ("weekly", None, None, "every week on Friday"),
        ("FREQ=WEEKLY;BYDAY=TU", None, None, "every week on Tuesday"),
        ("every two weeks", date(2026, 12, 31), None, "every two weeks on Friday, until 31 Dec 2026"),
        ("monthly", None, None, "every month on the fourth Friday"),
        ("FREQ=MONTHLY;BYDAY=-1SU", None, None, "every month on the last Sunday"),
        ("FREQ=DAILY;UNTIL=20261231T120000", None, None, "every day, until 31 Dec 2026, 12:00"),
        ("freq=daily;interval=2", None, 3, "every two days, 3 times"),
        ("FREQ=DAILY;INTERVAL=14", None, None, "every 14 days"),
        ("FREQ=DAILY;BYDAY=SA,SU", None, None, "every week on Saturday and Sunday"),
        ("FREQ=MONTHLY;BYDAY=FR", None, None, "every month on each Friday"),
        ("FREQ=MONTHLY;BYDAY=5FR", None, None, "every month on the fifth Friday"),
        ("FREQ=MONTHLY;BYDAY=1FR,3FR", None, None, "every month on the first and third Friday"),
        ("FREQ=MONTHLY;BYDAY=SA,1MO", None, None, "every month on the first Monday and each Saturday"),
        ("FREQ=MONTHLY;BYMONTHDAY=15,-1", None, None, "every month on the 15th and the last day"),
        ("FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", None, None, "every month on Friday the 13th"),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            None,
            None,
            "every month on the last of Monday to Friday",
        ),
        ("FREQ=MONTHLY", None, None, "every month on the 27th"),
        ("FREQ=YEARLY", None, None, "every year on 27 November"),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", None, None, "every year on the fourth Thursday in November"),
        (
            "FREQ=YEARLY;BYYEARDAY=100,-2",
            None,
            None,
            "every year on the 100th and the second to last day of the year",
        ),
        ("FREQ=WEEKLY;BYDAY=MO,WE", None, None, "every week on Monday and Wednesday"),
        (
            "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=-1;BYDAY=MO",
            None,
            None,
            "every day, if it is a Monday, if it is the last day in February",
        ),
    ],
)
def test_a_repetition_is_said_in_words(
    repeat: str, until: date | None, times: int | None, words: str
) -> None:
    assert repeats.repeat_in_words(*describe_repeat(read(repeat, until=until, times=times))) == words


@settings(QUICK, max_examples=200)
@given(rules(), firsts)
def test_nobody_reads_a_raw_rule(rule: str, first: datetime) -> None:
    try:
        found = read(rule, first)
    except BadRepeat:
        return
    words = repeats.repeat_in_words(*describe_repeat(found))
    assert re.fullmatch(r"(every|Monday to) [A-Za-z0-9 ,:]+", words)
    assert not re.search(r"[A-Z]{2}|  | ,|, ?$", words)


# --- effort ---------------------------------------------------------------------------------------


def effort(action: Callable[[], object]) -> int:
    """Return how many lines of the three modules an action runs: the same on every machine."""
    files = {module.__file__, rule_dates.__file__, rule_text.__file__}
    lines = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal lines
        if frame.f_code.co_filename not in files:
            return None
        lines += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        action()
    except BadRepeat:
        pass
    finally:
        sys.settrace(before)
    return lines


def most_effort() -> int:
    """Return what ten years of months and a few days each may cost: less than 5 ms on a small machine."""
    return 12 * 10 * 120


@pytest.mark.parametrize(
    "repeat",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29,-1;BYDAY=MO",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=YEARLY;BYMONTHDAY=31;BYMONTH=2,4,6,9,11",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=300",
        "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=366;BYMONTH=2",
        "FREQ=YEARLY;BYDAY=" + ",".join(f"{n}MO" for n in range(1, 54)),
        "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1",
        "=" * MAX_LENGTH,
        ";" * MAX_LENGTH,
        "FREQ=DAILY;BYMONTHDAY=" + "1," * 80,
        "FREQ=DAILY;INTERVAL=" + "9" * 170,
        "a" * 100_000,
        "FREQ=DAILY;" * 10_000,
    ],
)
def test_nothing_that_is_typed_takes_long(repeat: str) -> None:
    assert effort(lambda: read(repeat)) < most_effort()


@settings(QUICK, max_examples=15)
@given(rules(), firsts)
def test_no_rule_takes_long(rule: str, first: datetime) -> None:
    assert effort(lambda: read(rule, first)) < most_effort()


def test_age_costs_nothing() -> None:
    old = Recurrence(at("1990-11-27 16:00"), "FREQ=DAILY")
    assert effort(lambda: old.after(FRIDAY)) < 500


def test_a_daily_rule_that_counts_looks_at_each_day_once() -> None:
    counted = Recurrence(at("2024-03-03 16:00"), "FREQ=DAILY;COUNT=1000")
    assert effort(lambda: counted.after(at("2026-11-25 16:00"))) < 1000 * 40
