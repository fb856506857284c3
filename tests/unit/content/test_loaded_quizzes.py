"""What becomes of a good file: a frozen `Quiz`, and the way back to where each value stands."""

import pytest
from quiz_texts import GOOD, PATH, good_but, parse

from bot.domain.documents import quiz_from_document, quiz_to_document
from bot.domain.quiz import DEFAULT_TIERS, Question, Tier, stable_id
from bot.domain.tasks import SingleChoice
from bot.domain.tasks.options import Option
from tests.builders import choice, key_text


def option(text: str, *, pinned: bool = False) -> Option:
    return Option(stable_id(text), text, pinned)


def test_a_quiz_is_what_its_file_says() -> None:
    loaded = parse(GOOD)
    quiz = loaded.quiz
    assert loaded.path == PATH
    assert (quiz.id, quiz.title, quiz.category) == ("capitals", "Capitals", "Geography / Europe")
    assert quiz.introduction == "Two questions about capitals."
    assert quiz.questions == (
        Question(
            id=stable_id("The capital of France is ______."),
            stem="The capital of France is ______.",
            task=SingleChoice((option("Rome"), option("Paris"), option("Oslo")), stable_id("Paris")),
            explanation="The kings settled there. The republics stayed.",
        ),
        Question(
            id=stable_id("The capital of Norway is ______."),
            stem="The capital of Norway is ______.",
            task=SingleChoice((option("Bergen"), option("Oslo")), stable_id("Oslo")),
            explanation="It was called Kristiania once.",
        ),
    )


def test_what_a_file_leaves_out_is_as_usual() -> None:
    quiz = parse(GOOD).quiz
    assert quiz.tiers == DEFAULT_TIERS
    assert (quiz.tags, quiz.author, quiz.source) == ((), None, None)
    assert (quiz.penalty, quiz.first_answer_locks) == (0, False)
    question = quiz.questions[0]
    assert (question.points, question.seconds, question.tags, question.image) == (1, None, (), None)


def test_every_key_that_may_be_given_arrives() -> None:
    text = """\
title: "Everything"
category: A / B / C
introduction: |
  Two lines,
  both kept.
author: Ada
source: "https://example.org/book: chapter 3"
tags: [a, b-2]
penalty: 1
first_answer_locks: true
tiers:
  - {name: Low, from_percent: 0}
  - {name: High, from_percent: 75, message: "Well done"}
questions:
  - stem: Which?
    options:
      - text: None of these
        pinned: true
      - {text: "no"}
      - "12:30"
    key: 3
    explanation: Because.
    points: 0
    seconds: 300
    tags: [c]
"""
    quiz = parse(text).quiz
    assert quiz.introduction == "Two lines,\nboth kept."
    assert (quiz.author, quiz.source) == ("Ada", "https://example.org/book: chapter 3")
    assert (quiz.tags, quiz.penalty, quiz.first_answer_locks) == (("a", "b-2"), 1, True)
    assert quiz.tiers == (Tier("Low", 0, ""), Tier("High", 75, "Well done"))
    (question,) = quiz.questions
    assert choice(question).options == (option("None of these", pinned=True), option("no"), option("12:30"))
    assert (key_text(question), question.points, question.seconds, question.tags) == ("12:30", 0, 300, ("c",))


@pytest.mark.parametrize("key", ["Paris", "'Paris'", "B", "2", "' Paris '"])
def test_a_key_may_be_written_as_text_letter_or_number(key: str) -> None:
    assert key_text(parse(good_but("key: Paris", f"key: {key}")).quiz.questions[0]) == "Paris"


@pytest.mark.parametrize("text", ["'no'", '"12:30"', "|\n        yes", ">-\n        1.0"])
def test_quoted_texts_and_blocks_are_text_whatever_they_look_like(text: str) -> None:
    first = choice(parse(good_but("- Rome", f"- {text}")).quiz.questions[0]).options[0]
    assert first.text in {"no", "12:30", "yes", "1.0"}


@pytest.mark.parametrize(
    "text", ["Bücher 📚", "答え", "A, B & C", "C# is #1", "50%", "x²", "<@1234>", "👩‍👩‍👧", "{x: 0}", "a > b"]
)
def test_any_language_and_any_sign_may_be_written(text: str) -> None:
    assert choice(parse(good_but("- Rome", f'- "{text}"')).quiz.questions[0]).options[0].text == text


def test_options_that_only_a_mathematician_tells_apart_are_two() -> None:
    assert len(choice(parse(good_but("- Rome", "- x²\n      - x2")).quiz.questions[0]).options) == 4


def test_the_same_file_gives_the_same_quiz_and_survives_storage() -> None:
    quiz = parse(GOOD).quiz
    assert quiz == parse(GOOD).quiz
    assert quiz.content_hash == parse("# a comment changes nothing\n" + GOOD).quiz.content_hash
    assert quiz_from_document(quiz_to_document(quiz), {}) == quiz


@pytest.mark.parametrize(
    ("loc", "place"),
    [
        ((), (1, 1)),
        (("title",), (1, 8)),
        (("questions",), (4, 1)),
        (("questions", 0), (5, 5)),
        (("questions", 0, "stem"), (5, 11)),
        (("questions", 0, "options"), (6, 5)),
        (("questions", 0, "options", 1), (8, 9)),
        (("questions", 0, "options", 1, "text"), (8, 9)),
        (("questions", 1, "explanation"), (17, 18)),
        (("questions", 1, "image"), (12, 5)),
        (("questions", 7, "stem"), (4, 1)),
        (("tiers", 0, "message"), (1, 1)),
    ],
)
def test_each_value_knows_its_place_and_a_missing_one_that_of_its_surroundings(
    loc: tuple[str | int, ...], place: tuple[int, int]
) -> None:
    assert parse(GOOD).locate(loc) == place


def test_a_later_check_can_blame_a_line() -> None:
    problem = parse(GOOD).problem(("questions", 1, "explanation"), "is too long for a card; shorten it")
    assert problem.render() == (
        "capitals.yaml:17:18 question 2, explanation: is too long for a card; shorten it\n"
        "      explanation: It was called Kristiania once.\n"
        "                   ^"
    )
