"""Quizzes as they are kept with what was played: documents of today and of earlier formats."""

import json

import pytest

from bot.domain.documents import FORMAT, picture_hashes, quiz_from_document, quiz_to_document, upgraded
from bot.domain.pictures import Image
from bot.domain.quiz import Quiz, Tier, stable_id
from tests.builders import choice, key_text, make_question, make_quiz

PICTURE = Image.of("map.png", b"a map")
#: A quiz as it was kept before documents told their format, and after its picture was moved out of it.
FORMAT_1 = {
    "id": "capitals",
    "title": "Capitals",
    "category": "Geography",
    "introduction": "Where governments sit.",
    "questions": [
        {
            "stem": "The capital of France is ______.",
            "options": [
                {"id": "1", "text": "Lyon", "pinned": False},
                {"id": "2", "text": "Paris", "pinned": False},
                {"id": "3", "text": "None of these", "pinned": True},
            ],
            "key": "2",
            "explanation": "It has been for centuries.",
            "points": 3,
            "seconds": 45,
            "tags": ["europe"],
            "image": {"name": "map.png", "hash": PICTURE.hash},
        }
    ],
    "tiers": [{"name": "All", "from_percent": 0, "message": ""}],
    "tags": [],
    "author": "Ada",
    "source": None,
    "penalty": 1,
    "first_answer_locks": True,
}


def kept(quiz: Quiz) -> Quiz:
    """Return what becomes of a quiz on its way into the database and back."""
    pictures = {image.hash: image.data for image in quiz.pictures()}
    return quiz_from_document(json.loads(json.dumps(quiz_to_document(quiz))), pictures)


def test_a_quiz_survives_being_kept_with_its_pictures_beside_it() -> None:
    quiz = make_quiz(
        make_question(image=PICTURE, seconds=30, tags=("a",)), make_question(stem="?"), penalty=2
    )
    again = kept(quiz)
    assert again == quiz
    assert again.content_hash == quiz.content_hash
    assert b"a map" not in json.dumps(quiz_to_document(quiz)).encode()
    assert picture_hashes(quiz_to_document(quiz)) == [PICTURE.hash]


def test_a_document_tells_its_format_and_is_not_touched_if_it_is_of_today() -> None:
    document = quiz_to_document(make_quiz())
    assert document["format"] == FORMAT
    assert upgraded(document) is document


def test_a_document_of_the_first_format_is_the_same_quiz_as_ever() -> None:
    before = json.dumps(FORMAT_1)
    quiz = quiz_from_document(FORMAT_1, {PICTURE.hash: PICTURE.data})
    (question,) = quiz.questions
    assert (quiz.id, quiz.author, quiz.penalty, quiz.first_answer_locks) == ("capitals", "Ada", 1, True)
    assert quiz.tiers == (Tier("All", 0),)
    assert question.id == stable_id("The capital of France is ______.")
    assert [(one.id, one.text, one.pinned) for one in choice(question).options] == [
        ("1", "Lyon", False),
        ("2", "Paris", False),
        ("3", "None of these", True),
    ]
    assert key_text(question) == "Paris"
    assert (question.points, question.seconds, question.tags) == (3, 45, ("europe",))
    assert question.image == Image("map.png", PICTURE.hash, b"a map")
    assert json.dumps(FORMAT_1) == before, "what is stored stays as it was"
    assert kept(quiz) == quiz


def test_a_document_whose_picture_is_missing_is_refused() -> None:
    with pytest.raises(KeyError):
        quiz_from_document(FORMAT_1, {})


@pytest.mark.parametrize(
    "stem", ["the capital of  FRANCE is ______.", "  The capital of France is ______.\n"]
)
def test_a_question_is_the_same_one_however_its_stem_is_spaced_and_capitalised(stem: str) -> None:
    assert stable_id(stem) == stable_id("The capital of France is ______.")
    assert stable_id(stem) != stable_id("The capital of Spain is ______.")


def test_a_picture_makes_another_version_of_a_quiz() -> None:
    one, other = (make_quiz(make_question(image=Image.of("a.png", data))) for data in (b"1", b"2"))
    assert one.content_hash != other.content_hash
