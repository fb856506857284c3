"""The quizzes that can be played, found by id, title, category or tag."""

import difflib
from collections.abc import Iterable

from bot.domain.quiz import Quiz
from bot.domain.schedule import Source, SourceKind
from bot.services.errors import QuizNotFound

SUGGESTIONS = 3
#: What separates a category from its subcategory.
SUBCATEGORY = " / "


class Library:
    """The quizzes that can be played, in memory. Shared: whoever has it sees what `replace` puts in."""

    def __init__(self, quizzes: Iterable[Quiz] = ()) -> None:
        self._by_id: dict[str, Quiz] = {}
        self.replace(quizzes)

    def replace(self, quizzes: Iterable[Quiz]) -> None:
        """Replace all quizzes with these, in one step, so that nobody sees half of them."""
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
        """Return the quizzes whose id, title, category or tags contain every word, by title."""
        words = text.casefold().split()
        return [quiz for quiz in self._by_id.values() if all(word in _haystack(quiz) for word in words)]

    def by_category(self, text: str = "") -> dict[str, list[Quiz]]:
        """Return the quizzes of all categories whose name contains the text, by category."""
        found: dict[str, list[Quiz]] = {}
        for quiz in self._by_id.values():
            if text.casefold() in quiz.category.casefold():
                found.setdefault(quiz.category, []).append(quiz)
        return dict(sorted(found.items(), key=lambda item: item[0].casefold()))

    def find_source(self, query: str) -> Source:
        """Return the quiz with this id or title, else the category or tag with this name.

        Names may be written with their kind: "category:Geography", "tag:water". A quiz becomes its id, so
        that it is found again when its title has changed.

        Raises:
            QuizNotFound: there is none; the error suggests the nearest ids.
        """
        kind, colon, name = query.strip().partition(":")
        kinds = (SourceKind.CATEGORY, SourceKind.TAG)
        for one in (one for one in kinds if colon and kind.casefold() == one):
            source = Source(one, name.strip())
            if self.quizzes_of(source):
                return source
        try:
            return Source(SourceKind.QUIZ, self.get(query).id)
        except QuizNotFound:
            for one in kinds:
                if self.quizzes_of(source := Source(one, query.strip())):
                    return source
            raise

    def quizzes_of(self, source: Source) -> list[Quiz]:
        """Return the quizzes of a source by title; a category includes those of its subcategories."""
        wanted = source.name.casefold()
        return [quiz for quiz in self._by_id.values() if _is_of(quiz, source.kind, wanted)]

    def find(self, source: Source) -> Quiz | None:
        """Return the only quiz of a source, or None if there are several, or none.

        The source's name must be the id that `find_source` returns, not what was typed: titles find nothing.
        """
        return self._by_id.get(source.name) if source.kind is SourceKind.QUIZ else None

    def tags(self) -> list[str]:
        """Return the tags of all quizzes, in alphabetical order."""
        tags = {tag.casefold(): tag for quiz in self._by_id.values() for tag in quiz.tags}
        return [tags[key] for key in sorted(tags)]


def _is_of(quiz: Quiz, kind: SourceKind, wanted: str) -> bool:
    if kind is SourceKind.QUIZ:
        return quiz.id == wanted
    if kind is SourceKind.TAG:
        return wanted in {tag.casefold() for tag in quiz.tags}
    return f"{quiz.category.casefold()}{SUBCATEGORY}".startswith(f"{wanted}{SUBCATEGORY}")


def _haystack(quiz: Quiz) -> str:
    return " ".join((quiz.id, quiz.title, quiz.category, *quiz.tags)).casefold()
