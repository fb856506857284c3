"""What a player may know about a round that they took part in, and the boards over many rounds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol

from bot.clock import Clock
from bot.domain.quiz import Question, Tier
from bot.domain.round import Answer, AskedQuestion, Round, RoundId
from bot.domain.standings import Standing
from bot.domain.tasks import Grade, Outcome
from bot.services.errors import NoResult
from bot.services.library import Library
from bot.services.result_reader import ResultReader

#: How many players a drawn board shows.
BOARD_ROWS = 10


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One question of a player's report."""

    asked: AskedQuestion
    question: Question
    answer: Answer | None

    @property
    def correct(self) -> bool:
        """Whether the player was right."""
        return self.grade is not None and self.grade.outcome is Outcome.RIGHT

    @property
    def grade(self) -> Grade | None:
        """What the answer was worth, if there is one."""
        return None if self.answer is None else self.question.task.grade(self.answer.response)


@dataclass(frozen=True, slots=True)
class Report:
    """One player's private report of one round."""

    round: Round
    standing: Standing
    players: int
    max_points: int
    tier: Tier
    lines: tuple[ReportLine, ...]


class Period(StrEnum):
    """What a leaderboard covers."""

    WEEK = "week"
    MONTH = "month"
    ALL_TIME = "all time"


class LeaderboardRow(NamedTuple):
    """One player's line over many rounds."""

    rank: int
    player_id: int
    name: str
    points: int
    max_points: int
    rounds: int
    answer_ms: int


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """The best players on a server, and where the person who asked stands."""

    period: Period
    since: datetime | None
    quiz_title: str | None
    rows: tuple[LeaderboardRow, ...]
    own: LeaderboardRow | None


class LeaderboardStore(Protocol):
    """Sums up finished rounds."""

    async def fetch_leaderboard(
        self, server_id: int, *, since: datetime | None, quiz_id: str | None, limit: int
    ) -> list[LeaderboardRow]:
        """Return the best players who have points, best first."""
        ...

    async def fetch_rank(
        self, server_id: int, player_id: int, *, since: datetime | None, quiz_id: str | None
    ) -> LeaderboardRow | None:
        """Return one player's line, or None if they played nothing."""
        ...


def period_start(period: Period, now: datetime) -> datetime | None:
    """Return when the current period began: Monday or the first of the month, 00:00 UTC."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if period is Period.WEEK:
        return midnight - timedelta(days=now.weekday())
    if period is Period.MONTH:
        return midnight.replace(day=1)
    return None


class ResultService:
    """Reads what has been played."""

    def __init__(
        self, *, reader: ResultReader, leaderboards: LeaderboardStore, library: Library, clock: Clock
    ) -> None:
        self._reader, self._leaderboards = reader, leaderboards
        self._library, self._clock = library, clock

    async def report(self, round_id: RoundId, player_id: int) -> Report:
        """Return a player's own report.

        Raises:
            UnknownButton: there is no such round, or it is not over.
            NoResult: the player did not take part.
        """
        played, result = await self._reader.read(round_id, player_id)
        if result is None:
            raise NoResult
        own = {answer.question_number: answer for answer in result.answers}
        lines = tuple(
            ReportLine(asked, played.question(asked), own.get(asked.number)) for asked in played.played
        )
        return Report(
            round=played,
            standing=result.standing,
            players=result.players,
            max_points=result.max_points,
            tier=played.quiz.tiers[result.standing.tier],
            lines=lines,
        )

    async def leaderboard(
        self, server_id: int, player_id: int, period: Period, quiz: str | None = None
    ) -> Leaderboard:
        """Return the server's board for a period; `QuizNotFound` if the quiz is not known."""
        chosen = None if quiz is None else self._library.get(quiz)
        quiz_id = None if chosen is None else chosen.id
        since = period_start(period, self._clock.now())
        rows = await self._leaderboards.fetch_leaderboard(
            server_id, since=since, quiz_id=quiz_id, limit=BOARD_ROWS
        )
        own = await self._leaderboards.fetch_rank(server_id, player_id, since=since, quiz_id=quiz_id)
        return Leaderboard(period, since, None if chosen is None else chosen.title, tuple(rows), own)
