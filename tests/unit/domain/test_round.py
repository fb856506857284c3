"""What a round asks, in which order, and when an answer is in time."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.documents import quiz_from_document, quiz_to_document
from bot.domain.round import AskedQuestion, RoundRules, RoundState, plan_questions
from bot.domain.tasks import Presentation
from bot.domain.tasks.options import Option
from tests.builders import NOW, make_question, make_quiz, make_round

OPEN = AskedQuestion(
    number=1,
    index=0,
    question_id="q",
    shown=Presentation(("1", "2")),
    seconds=20,
    message_id=1,
    opened_at=NOW,
    closes_at=NOW + timedelta(seconds=20),
)


def test_all_questions_are_asked_in_the_files_order_unless_a_number_is_given() -> None:
    quiz = make_quiz(*(make_question(stem=str(n)) for n in range(10)))
    plan = plan_questions(quiz, count=None, seconds=20, rng=random.Random(1))
    assert [asked.index for asked in plan] == list(range(10))
    assert [asked.number for asked in plan] == list(range(1, 11))


def test_a_smaller_number_of_questions_is_drawn_at_random_and_keeps_the_files_order() -> None:
    quiz = make_quiz(*(make_question(stem=str(n)) for n in range(10)))
    plans = [
        [asked.index for asked in plan_questions(quiz, count=3, seconds=20, rng=random.Random(seed))]
        for seed in range(20)
    ]
    assert all(plan == sorted(plan) and len(set(plan)) == 3 for plan in plans)
    assert len({tuple(plan) for plan in plans}) > 1


def test_more_questions_than_there_are_means_all_of_them() -> None:
    assert len(plan_questions(make_quiz(), count=50, seconds=20, rng=random.Random(1))) == 3


def test_a_question_that_sets_its_own_seconds_keeps_them() -> None:
    quiz = make_quiz(make_question(seconds=60), make_question())
    assert [
        asked.seconds for asked in plan_questions(quiz, count=None, seconds=10, rng=random.Random(1))
    ] == [60, 10]


@given(st.integers(2, 10), st.integers(0, 2**32), st.data())
def test_the_order_of_options_does_not_depend_on_the_key(size: int, seed: int, data: st.DataObject) -> None:
    options = tuple(Option(str(n), f"option {n}") for n in range(1, size + 1))
    keys = data.draw(st.tuples(st.integers(1, size), st.integers(1, size)))
    orders = [
        make_question(options=options, key=str(key)).task.present(random.Random(seed)).order for key in keys
    ]
    assert orders[0] == orders[1]
    assert sorted(orders[0]) == sorted(option.id for option in options)


def test_pinned_options_stay_last() -> None:
    options = (Option("1", "All", pinned=True), Option("2", "a"), Option("3", "b"), Option("4", "c"))
    for seed in range(20):
        assert make_question(options=options).task.present(random.Random(seed)).order[-1] == "1"


def test_every_option_comes_first_sometimes() -> None:
    firsts = {make_question().task.present(random.Random(seed)).order[0] for seed in range(50)}
    assert firsts == {"1", "2", "3"}


@pytest.mark.parametrize(
    ("after_ms", "in_time"), [(0, True), (19_999, True), (20_000, True), (20_001, False)]
)
def test_an_answer_counts_up_to_the_deadline_and_not_a_millisecond_longer(
    after_ms: int, in_time: bool
) -> None:
    assert OPEN.is_open_at(NOW + timedelta(milliseconds=after_ms)) is in_time


def test_a_question_that_was_not_posted_is_not_open() -> None:
    assert not replace(OPEN, closes_at=None).is_open_at(NOW)


def test_elapsed_time_runs_from_discords_post_to_discords_click() -> None:
    assert OPEN.elapsed_ms(NOW + timedelta(milliseconds=1234)) == 1234


def test_time_in_which_nobody_could_answer_costs_nobody_anything() -> None:
    moved = replace(OPEN, closes_at=NOW + timedelta(seconds=80))
    assert moved.elapsed_ms(NOW + timedelta(seconds=65)) == 5000
    assert moved.elapsed_ms(NOW + timedelta(seconds=10)) == 0
    assert moved.extended
    assert not OPEN.extended


@pytest.mark.parametrize(
    ("every", "carrying"),
    [(0, []), (1, [1, 2, 3, 4]), (2, [2, 4]), (3, [3]), (4, [4]), (5, []), (50, [])],
)
def test_the_standing_is_shown_after_every_so_many_questions_while_more_follow(
    every: int, carrying: list[int]
) -> None:
    quiz = make_quiz(*[make_question()] * 5)
    rounds = [
        make_round(quiz, position=number, rules=RoundRules(board_every=every), state=RoundState.REVEALED)
        for number in range(1, 6)
    ]
    assert [played.position for played in rounds if played.shows_board] == carrying


def test_a_quiz_survives_being_stored_and_its_hash_tells_versions_apart() -> None:
    quiz = make_quiz()
    again = quiz_from_document(quiz_to_document(quiz), {})
    assert again == quiz
    assert again.content_hash == quiz.content_hash
    assert make_quiz(introduction="Other.").content_hash != quiz.content_hash
    assert make_quiz(make_question(key="2")).content_hash != make_quiz(make_question()).content_hash
