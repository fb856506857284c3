"""The standing so far, updated with each question, so that a crowd's answers need not be reread."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.round import Answer, AskedQuestion, Round
from bot.domain.standings import HUNDREDTHS, score_of
from bot.domain.tasks import Outcome, Response


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one answer turned out: whether it was right, what it earned, and where its player stands now."""

    response: Response
    correct: bool
    earned: int  #: in hundredths
    score: int  #: in hundredths, of all questions so far
    max_points: int  #: in hundredths, of all questions so far
    rank: int  #: from 1; players who tie share it
    players: int


class Tally:
    """Adds up one round. Scores and ranks match `bot.domain.standings.compute_standings`."""

    def __init__(self) -> None:
        self.counted: set[int] = set()  #: the numbers of the questions that were added
        self._max_points = 0
        self._scores: Counter[int] = Counter()  #: by player
        self._saved_ms: Counter[int] = Counter()  #: by player: the time left at their answers

    def add(self, played: Round, asked: AskedQuestion, answers: Iterable[Answer]) -> None:
        """Count a question that has been revealed."""
        question = played.question(asked)
        scoring, penalty = played.rules.scoring, played.quiz.penalty
        for answer in answers:
            grade = question.task.grade(answer.response)
            self._scores[answer.player_id] += score_of(
                question, asked, answer, grade, scoring=scoring, penalty=penalty
            )
            self._saved_ms[answer.player_id] += asked.seconds * 1000 - answer.elapsed_ms
        self._max_points += HUNDREDTHS * question.points
        self.counted.add(asked.number)

    def verdicts(self, played: Round, asked: AskedQuestion, answers: Iterable[Answer]) -> dict[int, Verdict]:
        """Return how the answers to the last added question turned out, by player."""
        question = played.question(asked)
        scoring, penalty = played.rules.scoring, played.quiz.penalty
        ranks = self._ranks()
        verdicts: dict[int, Verdict] = {}
        for answer in answers:
            grade = question.task.grade(answer.response)
            verdicts[answer.player_id] = Verdict(
                answer.response,
                grade.outcome is Outcome.RIGHT,
                score_of(question, asked, answer, grade, scoring=scoring, penalty=penalty),
                self._scores[answer.player_id],
                self._max_points,
                ranks[answer.player_id],
                len(ranks),
            )
        return verdicts

    def _ranks(self) -> dict[int, int]:
        ranks: dict[int, int] = {}
        rank, previous = 0, None
        best_first = sorted(
            (-score, -self._saved_ms[player], player) for player, score in self._scores.items()
        )
        for place, (*order, player_id) in enumerate(best_first, start=1):
            if order != previous:
                rank, previous = place, order
            ranks[player_id] = rank
        return ranks
