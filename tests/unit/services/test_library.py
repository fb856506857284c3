"""Finding quizzes."""

import pytest

from bot.services.errors import QuizNotFound
from bot.services.library import Library
from tests.builders import make_quiz

MLOPS = make_quiz(id="mlops-basics", title="MLOps Basics", category="Analytics", tags=("deployment",))
CAPITALS = make_quiz(id="capitals", title="Capitals", category="Geography")
LIBRARY = Library([MLOPS, CAPITALS])


@pytest.mark.parametrize("query", ["mlops-basics", "MLOPS-BASICS", " MLOps Basics "])
def test_a_quiz_is_found_by_its_id_or_title(query: str) -> None:
    assert LIBRARY.get(query) is MLOPS


@pytest.mark.parametrize("text", ["mlops", "analyt", "deploy", "basics mlops", "mlops-b"])
def test_typing_finds_by_title_category_tag_and_id(text: str) -> None:
    assert LIBRARY.search(text) == [MLOPS]


def test_typing_nothing_offers_everything_by_title() -> None:
    assert LIBRARY.search("") == [CAPITALS, MLOPS]


@pytest.mark.parametrize(
    ("query", "suggestions"), [("mlop-basics", ("mlops-basics",)), ("geography", ("capitals",)), ("zzz", ())]
)
def test_a_quiz_that_does_not_exist_is_answered_with_what_is_near(
    query: str, suggestions: tuple[str, ...]
) -> None:
    with pytest.raises(QuizNotFound) as refused:
        LIBRARY.get(query)
    assert refused.value.suggestions == suggestions


def test_quizzes_are_listed_by_category() -> None:
    assert LIBRARY.by_category() == {"Analytics": [MLOPS], "Geography": [CAPITALS]}
    assert LIBRARY.by_category("geo") == {"Geography": [CAPITALS]}
