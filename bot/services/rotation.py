"""Whose turn it is: no quiz repeats before the others in its category or tag have been played."""

from datetime import UTC, datetime

from bot.domain.quiz import Quiz
from bot.domain.schedule import Source, SourceKind
from bot.services.errors import NoQuizToPlay
from bot.services.library import Library
from bot.services.ports import PlayHistory

_NEVER = datetime.min.replace(tzinfo=UTC)


class Rotation:
    """Chooses the quiz that a server has gone longest without playing."""

    def __init__(self, library: Library, history: PlayHistory) -> None:
        self._library, self._history = library, history

    def check(self, source: Source) -> None:
        """Raise `QuizNotFound` or `NoQuizToPlay` if there is nothing to choose from."""
        if self.certain(source) is None and not self._library.quizzes_of(source):
            raise NoQuizToPlay(source.name)

    def candidates(self, source: Source) -> list[Quiz]:
        """Return every quiz that may be chosen; none if they are gone."""
        if source.kind is not SourceKind.QUIZ:
            return self._library.quizzes_of(source)
        found = self._library.find(source)
        return [] if found is None else [found]

    def certain(self, source: Source) -> Quiz | None:
        """Return the quiz if there is only one, or None; `QuizNotFound` if it is gone."""
        return self._library.get(source.name) if source.kind is SourceKind.QUIZ else None

    async def choose(self, server_id: int, source: Source) -> Quiz:
        """Return the quiz to play next: never played first, then the longest ago, then by title.

        Raises:
            QuizNotFound, NoQuizToPlay: there is none.
        """
        self.check(source)
        if (quiz := self.certain(source)) is not None:
            return quiz
        last_played = await self._history.fetch_last_played(server_id)
        return min(self._library.quizzes_of(source), key=lambda quiz: last_played.get(quiz.id, _NEVER))
