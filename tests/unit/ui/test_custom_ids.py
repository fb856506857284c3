"""Custom ids: each control is read as it was written, and in no other spelling."""

import re
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.settings import SETTINGS
from bot.ui.custom_ids import (
    _PATTERNS,
    AnswerButton,
    ConfirmButton,
    Control,
    JoinButton,
    ReminderButton,
    ReportButton,
    ScheduleButton,
    ScheduleMenu,
    ScheduleStep,
    SettingButton,
    SettingForm,
    SteerButton,
    Step,
    decode,
)

#: Of each field, the least and the most that it can be.
NUMBERS = (1, 999_999_999)
CONTROLS: list[Control] = [
    *(AnswerButton(number, *at) for number in NUMBERS for at in ((1, 0), (50, 9))),
    *(ReportButton(number, *page) for number in NUMBERS for page in ((0, True), (49, False))),
    *map(JoinButton, NUMBERS),
    *(ReminderButton(number, due) for number in NUMBERS for due in (1, 9_999_999_999)),
    *(SteerButton(number, step) for number in NUMBERS for step in Step),
    *(ScheduleButton(number, step, due) for number in (0, 7) for step in ScheduleStep for due in (0, 2**32)),
    *(ScheduleMenu(page, drawn) for page in (0, 1) for drawn in (0, 2**32)),
    *(ConfirmButton(question, answer) for question in (0, 2**63) for answer in "yn"),
    *chain(map(SettingButton, SETTINGS), map(SettingForm, SETTINGS)),
]


@pytest.mark.parametrize("control", CONTROLS, ids=lambda one: one.custom_id)
def test_every_control_s_id_is_read_as_it_was_written(control: Control) -> None:
    assert decode(control.custom_id) == control
    assert len(control.custom_id) <= 100


def test_no_control_was_forgotten_above() -> None:
    assert {type(one) for one in CONTROLS} == {kind for _, kind in _PATTERNS}


@given(
    st.text(max_size=110)
    | st.one_of(*(st.from_regex(pattern, fullmatch=True) for pattern, _ in _PATTERNS))
    | st.from_regex(re.compile(r"q:[a-z](:[a-z])?(:[a-z0-9_]{0,5}){0,3}", re.ASCII), fullmatch=True)
)
def test_a_custom_id_is_read_in_one_spelling_only(custom_id: str) -> None:
    control = decode(custom_id)
    assert control is None or control.custom_id == custom_id


@pytest.mark.parametrize("custom_id", ["q:r:1:01:o", "q:l:07:show:0", "q:l:7:show:00", "q:y:01:y", "q:j:01"])
def test_a_number_has_no_zeros_before_it(custom_id: str) -> None:
    assert decode(custom_id) is None
