"""Choosing one of several options: what is shown, read, graded and counted."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.tasks import (
    TASKS,
    Choice,
    Outcome,
    Presentation,
    SingleChoice,
    Unreadable,
    task_from_document,
    task_to_document,
)
from bot.domain.tasks.options import Option

ABCD = tuple(Option(letter, letter.upper()) for letter in "abcd")
SHOWN = Presentation(("d", "a", "c", "b"))


@st.composite
def tasks(draw: st.DrawFn) -> SingleChoice:
    count = draw(st.integers(2, 10))
    texts = st.text(min_size=1, max_size=12)
    options = tuple(Option(f"o{number}", draw(texts), draw(st.booleans())) for number in range(count))
    return SingleChoice(options, draw(st.sampled_from(options)).id)


def test_what_is_chosen_is_read_by_its_place_and_kept_by_its_id() -> None:
    assert SingleChoice(ABCD, "a").read(Choice((1,)), SHOWN) == "a"


@pytest.mark.parametrize("slots", [(), (4,), (-1,), (0, 1)])
def test_what_cannot_be_chosen_is_refused(slots: tuple[int, ...]) -> None:
    with pytest.raises(Unreadable):
        SingleChoice(ABCD, "a").read(Choice(slots), SHOWN)


def test_the_responses_of_all_are_counted_by_option() -> None:
    tally = SingleChoice(ABCD, "a").tally(["a", "c", "a"])
    assert (tally.players, tally.count("a"), tally.count("b"), tally.count("c")) == (3, 2, 0, 1)


@given(tasks(), st.integers(0, 9), st.integers(0, 2**32))
def test_only_the_key_is_right_wherever_it_is_shown(task: SingleChoice, slot: int, seed: int) -> None:
    shown = task.present(random.Random(seed))
    assert sorted(shown.order) == sorted(option.id for option in task.options)
    if slot < len(shown.order):
        response = task.read(Choice((slot,)), shown)
        grade = task.grade(response)
        assert (grade.outcome is Outcome.RIGHT) is (response == task.key)
        assert grade.share == (1 if response == task.key else 0)


@given(tasks(), st.text(max_size=40))
def test_whatever_is_said_to_have_been_answered_gets_a_grade(task: SingleChoice, response: str) -> None:
    assert 0 <= task.grade(response).share <= 1


@given(tasks())
def test_a_task_survives_being_written_down(task: SingleChoice) -> None:
    assert task_from_document(json.loads(json.dumps(task_to_document(task)))) == task


@pytest.mark.parametrize("kind", sorted(TASKS))
def test_a_kind_is_known_by_the_name_under_which_it_is_kept(kind: str) -> None:
    assert TASKS[kind].kind == kind
