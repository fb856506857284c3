"""Every quiz we ship is a test case."""

import re
from pathlib import Path

import pytest

from bot.content.library import find_quiz_files, load_folder
from bot.content.loader import load_quiz
from bot.domain.quiz import Question
from tests.builders import choice, key_text

QUIZZES = Path(__file__).parents[3] / "quizzes"
FILES = find_quiz_files(QUIZZES)
each_quiz = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)

MLOPS = QUIZZES / "predictive-analytics" / "mlops-basics.yaml"


def place_of_key(question: Question) -> int:
    """Return where the key stands among the options, counted from 1."""
    return [option.id for option in choice(question).options].index(choice(question).key) + 1


def test_all_load_and_no_two_share_an_id() -> None:
    loaded, problems = load_folder(QUIZZES)
    assert [problem.render() for problem in problems] == []
    assert [quiz.path for quiz in loaded] == FILES
    assert MLOPS in FILES


@each_quiz
def test_its_first_line_leads_editors_to_the_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    found = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert found is not None, first
    assert (path.parent / found[1]).resolve() == (QUIZZES / "quiz.schema.json").resolve()


@each_quiz
def test_it_reads_well_on_a_phone(path: Path) -> None:
    for question in load_quiz(path).quiz.questions:
        too_long = [option.text for option in choice(question).options if len(option.text) > 60]
        assert too_long == []


@each_quiz
def test_its_blanks_are_six_underscores(path: Path) -> None:
    for question in load_quiz(path).quiz.questions:
        assert all(len(run) == 6 for run in re.findall("__+", question.stem)), question.stem


@each_quiz
def test_its_keys_are_written_as_text_for_reviewers(path: Path) -> None:
    keys = re.findall(r"^ +key: (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    questions = load_quiz(path).quiz.questions
    assert [key.strip("\"'") for key in keys] == [key_text(question) for question in questions]


@each_quiz
def test_its_keys_do_not_all_stand_in_one_place(path: Path) -> None:
    questions = load_quiz(path).quiz.questions
    assert len(questions) < 4 or len({place_of_key(question) for question in questions}) > 1


def test_the_first_quiz_asks_ten_things_about_mlops() -> None:
    quiz = load_quiz(MLOPS).quiz
    assert quiz.title == "MLOps Basics: From Notebook to Production"
    assert quiz.category == "Predictive / AI-Driven Analytics"
    assert [place_of_key(question) for question in quiz.questions] == [3, 3, 2, 4, 4, 1, 2, 2, 1, 1]
    assert all(len(choice(question).options) == 4 for question in quiz.questions)
    assert all(question.stem.count("______") == 1 for question in quiz.questions)
    assert [(tier.name, tier.from_percent) for tier in quiz.tiers] == [
        ("Starter", 0),
        ("Solid", 50),
        ("Expert!", 80),
    ]
    assert all(tier.message for tier in quiz.tiers)


def test_the_first_quiz_explains_each_key_in_two_sentences() -> None:
    for question in load_quiz(MLOPS).quiz.questions:
        assert len(re.findall(r"[.!?](?: |$)", question.explanation)) == 2, question.explanation
