"""Repetitions as people say them."""

from datetime import datetime

import pytest

from bot.services.errors import BadRepeat, RepeatProblem
from bot.services.recurrence import Recurrence, describe_parts, read_repeat
from bot.text.repeats import repeat_in_words

FRIDAY = datetime(2026, 11, 27, 16)  # the fourth of its month


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("every day", "FREQ=DAILY"),
        ("each day", "FREQ=DAILY"),
        ("every other day", "FREQ=DAILY;INTERVAL=2"),
        ("every 3 days", "FREQ=DAILY;INTERVAL=3"),
        ("every weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("mon-fri", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("Monday to Friday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("every weekend", "FREQ=WEEKLY;BYDAY=SA,SU"),
        ("every week", "FREQ=WEEKLY"),
        ("Every Friday", "FREQ=WEEKLY;BYDAY=FR"),
        ("every week on friday", "FREQ=WEEKLY;BYDAY=FR"),
        ("weekly on fri", "FREQ=WEEKLY;BYDAY=FR"),
        ("fridays", "FREQ=WEEKLY;BYDAY=FR"),
        ("on Tuesdays and thursdays", "FREQ=WEEKLY;BYDAY=TU,TH"),
        ("mon and wed", "FREQ=WEEKLY;BYDAY=MO,WE"),
        ("every mon, wed & fri", "FREQ=WEEKLY;BYDAY=MO,WE,FR"),
        ("every monday and every wednesday", "FREQ=WEEKLY;BYDAY=MO,WE"),
        ("biweekly", "FREQ=WEEKLY;INTERVAL=2"),
        ("bi-weekly", "FREQ=WEEKLY;INTERVAL=2"),
        ("fortnightly", "FREQ=WEEKLY;INTERVAL=2"),
        ("every fortnight", "FREQ=WEEKLY;INTERVAL=2"),
        ("every 2 weeks", "FREQ=WEEKLY;INTERVAL=2"),
        ("every other week", "FREQ=WEEKLY;INTERVAL=2"),
        ("every second week", "FREQ=WEEKLY;INTERVAL=2"),
        ("every two fridays", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"),
        ("every other friday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"),
        ("fortnightly on mon and fri", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR"),
        ("every month", "FREQ=MONTHLY;BYDAY=+4FR"),
        ("every two months", "FREQ=MONTHLY;INTERVAL=2;BYDAY=+4FR"),
        ("quarterly", "FREQ=MONTHLY;INTERVAL=3;BYDAY=+4FR"),
        ("first friday", "FREQ=MONTHLY;BYDAY=+1FR"),
        ("every last friday", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("second friday of the month", "FREQ=MONTHLY;BYDAY=+2FR"),
        ("every second friday of the month", "FREQ=MONTHLY;BYDAY=+2FR"),
        ("monthly on the 1st and 3rd friday", "FREQ=MONTHLY;BYDAY=+1FR,+3FR"),
        ("every 15th", "FREQ=MONTHLY;BYMONTHDAY=15"),
        ("every month on the 15th and last day", "FREQ=MONTHLY;BYMONTHDAY=-1,15"),
        ("last day of the month", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("yearly", "FREQ=YEARLY"),
        ("every year", "FREQ=YEARLY"),
        ("one time", ""),
    ],
)
def test_what_people_say_is_understood(typed: str, rule: str) -> None:
    assert Recurrence.read(FRIDAY, typed, until=None, times=None).rule == rule


@pytest.mark.parametrize(
    "typed", ["every", "every every", "and", "first", "last", "of the month", "every and week"]
)
def test_half_a_phrase_means_nothing(typed: str) -> None:
    with pytest.raises(BadRepeat) as refused:
        read_repeat(typed, None)
    assert (refused.value.reason, refused.value.detail) == (RepeatProblem.UNKNOWN_NAME, "")


def test_without_a_first_day_what_is_taken_from_it_stays_open() -> None:
    said = {
        typed: repeat_in_words(*describe_parts(read_repeat(typed, None))) for typed in ("weekly", "monthly")
    }
    assert said == {"weekly": "every week", "monthly": "every month"}
