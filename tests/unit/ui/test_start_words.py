"""When and how often in one line, what is offered for it, and what contradicts itself."""

from datetime import UTC, datetime

import pytest

from bot.cogs.schedule_choices import Choices, repeat_choices, until_choices, when_choices
from bot.services.errors import BadRepeat, BadWhen, RepeatProblem, WhenProblem
from bot.services.recurrence import Recurrence
from bot.ui.guard import describe
from bot.ui.start_words import Start, read_start
from tests.unit.ui.test_when import BERLIN, NOW

NOW_UTC = NOW.astimezone(UTC)  # Wednesday, 25 November 2026, 13:00 in Berlin


def start(when: str, repeat: str | None = None) -> Start:
    return read_start(when, repeat, zone=BERLIN, now=NOW_UTC)


@pytest.mark.parametrize(
    ("typed", "first", "rule"),
    [
        ("every friday at 4pm", "2026-11-27 16:00", "FREQ=WEEKLY;BYDAY=FR"),
        ("fridays 16:00", "2026-11-27 16:00", "FREQ=WEEKLY;BYDAY=FR"),
        ("on fridays at 16:00", "2026-11-27 16:00", "FREQ=WEEKLY;BYDAY=FR"),
        ("4pm every friday", "2026-11-27 16:00", "FREQ=WEEKLY;BYDAY=FR"),
        ("every wednesday 18h", "2026-11-25 18:00", "FREQ=WEEKLY;BYDAY=WE"),
        ("every wed at 9", "2026-12-02 09:00", "FREQ=WEEKLY;BYDAY=WE"),
        ("every mon and wed at 18:00", "2026-11-25 18:00", "FREQ=WEEKLY;BYDAY=MO,WE"),
        ("every two fridays at noon", "2026-11-27 12:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"),
        # The next day that fits, also where it is in another week than today.
        ("every two tuesdays at noon", "2026-12-01 12:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
        ("every two months on the 1st at noon", "2026-12-01 12:00", "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=1"),
        ("every day at 9am", "2026-11-26 09:00", "FREQ=DAILY"),
        ("daily 16:00", "2026-11-25 16:00", "FREQ=DAILY"),
        ("weekdays at 9:30", "2026-11-26 09:30", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("tomorrow 9am every two weeks", "2026-11-26 09:00", "FREQ=WEEKLY;INTERVAL=2"),
        ("fri 16:00, weekly", "2026-11-27 16:00", "FREQ=WEEKLY"),
        ("first friday of every month at 17:00", "2026-12-04 17:00", "FREQ=MONTHLY;BYDAY=+1FR"),
        ("every last friday at 17:00", "2026-11-27 17:00", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("fri 16:00", "2026-11-27 16:00", ""),
    ],
)
def test_when_and_how_often_can_be_one_line(typed: str, first: str, rule: str) -> None:
    found = start(typed)
    assert found.first == datetime.fromisoformat(first)
    assert Recurrence.read(found.first, found.repeat, until=None, times=None).rule == rule


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("every friday", WhenProblem.UNREADABLE),
        ("every blue moon at 4pm", WhenProblem.UNREADABLE),
        ("every friday 16:00 17:00", WhenProblem.UNREADABLE),
        ("every friday at 25:00", WhenProblem.NO_SUCH_TIME),
        ("every friday at 4", WhenProblem.HALF_OF_DAY),
    ],
)
def test_what_is_neither_is_refused_as_a_time(typed: str, reason: WhenProblem) -> None:
    with pytest.raises(BadWhen) as refused:
        start(typed)
    assert (refused.value.given, refused.value.reason) == (typed, reason)


def test_the_same_may_be_said_twice_but_nothing_else() -> None:
    assert start("every friday at 4pm", "weekly").first == datetime(2026, 11, 27, 16)
    for repeat in ("daily", "once", "every monday"):
        with pytest.raises(BadRepeat) as refused:
            start("every friday at 4pm", repeat)
        assert refused.value.reason is RepeatProblem.OTHER_THAN_WHEN
        assert "“every friday”" in (describe(refused.value) or "")
        assert f"“{repeat}”" in (describe(refused.value) or "")


def offered(choices: Choices) -> list[tuple[str, str]]:
    return [(choice.name, choice.value) for choice in choices]


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("fri 16:00", ["2026-11-27 16:00"]),
        ("1/12 16:00", ["2026-12-01 16:00", "2027-01-12 16:00"]),
        ("03/04/2027 4pm", ["2027-04-03 16:00", "2027-03-04 16:00"]),
        ("12/25 16:00", ["2026-12-25 16:00"]),
        ("25/12 16:00", ["2026-12-25 16:00"]),
        ("today", [f"2026-11-25 {time}" for time in ("16:00", "18:00", "20:00")]),
        ("tomorrow", [f"2026-11-26 {time}" for time in ("09:00", "12:00", "16:00", "18:00", "20:00")]),
        ("fri 4", ["2026-11-27 04:00", "2026-11-27 16:00"]),
        ("fri midnight", ["2026-11-27 00:00", "2026-11-27 23:59"]),
        ("every friday at 4pm", ["every friday at 4pm"]),
        ("every friday at 4", ["every friday at 4 am", "every friday at 4 pm"]),
        ("soon", ["soon"]),
    ],
)
def test_what_may_be_meant_is_offered(typed: str, values: list[str]) -> None:
    choices = when_choices(typed, BERLIN, NOW_UTC)
    assert [choice.value for choice in choices] == values
    for choice in choices:
        assert len(choice.name) <= 100
        assert choice.name.startswith("⚠ Try ") or start(choice.value)


def test_a_date_with_two_readings_and_no_time_is_offered_with_both_and_with_times() -> None:
    values = [choice.value for choice in when_choices("1/12", BERLIN, NOW_UTC)]
    assert len(values) == 10
    assert {value[:10] for value in values} == {"2026-12-01", "2027-01-12"}
    assert [choice.value for choice in until_choices("1/12", BERLIN, NOW_UTC)] == ["2026-12-01", "2027-01-12"]


def test_a_repetition_within_when_is_said_beside_the_time() -> None:
    ((name, _),) = offered(when_choices("every friday at 4pm", BERLIN, NOW_UTC))
    assert name == "Fri 27 Nov 2026, 16:00 Berlin, in 2 days, every week on Friday"
    assert offered(repeat_choices("weekly", "every friday at 4pm", BERLIN, NOW_UTC)) == [
        ("every week on Friday", "weekly")
    ]
