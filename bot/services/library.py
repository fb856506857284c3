"""The quizzes that can be played, found by id, title, category or tag."""

import difflib
from collections.abc import Iterable

from bot.domain.quiz import Quiz
from bot.services.errors import QuizNotFound

SUGGESTIONS = 3


class Library:
    """The quizzes that were loaded at start, in memory."""

    def __init__(self, quizzes: Iterable[Quiz]) -> None:
        self._by_id = {quiz.id: quiz for quiz in sorted(quizzes, key=lambda quiz: quiz.title.casefold())}

    def get(self, query: str) -> Quiz:
        """Return the quiz with this id or exact title.

        Raises:
            QuizNotFound: there is none; the error suggests the nearest ids.
        """
        wanted = query.strip().casefold()
        for quiz in self._by_id.values():
            if wanted in {quiz.id, quiz.title.casefold()}:
                return quiz
        close = difflib.get_close_matches(wanted, self._by_id, n=SUGGESTIONS)
        found = close or [quiz.id for quiz in self.search(query)]
        raise QuizNotFound(query, tuple(found[:SUGGESTIONS]))

    def search(self, text: str) -> list[Quiz]:
        """Return the quizzes in which every word occurs in id, title, category or tags, by title."""
        words = text.casefold().split()
        return [quiz for quiz in self._by_id.values() if all(word in _haystack(quiz) for word in words)]

    def by_category(self, text: str = "") -> dict[str, list[Quiz]]:
        """Return the quizzes of all categories whose name contains the text, by category."""
        found: dict[str, list[Quiz]] = {}
        for quiz in self._by_id.values():
            if text.casefold() in quiz.category.casefold():
                found.setdefault(quiz.category, []).append(quiz)
        return dict(sorted(found.items(), key=lambda item: item[0].casefold()))


def _haystack(quiz: Quiz) -> str:
    return " ".join((quiz.id, quiz.title, quiz.category, *quiz.tags)).casefold()
