"""Points, ranks and tiers: from a round's answers to its standings.

The same answers always give the same standings; nothing here remembers anything.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from bot.domain.quiz import Question, Quiz, Tier
from bot.domain.round import Answer, AskedQuestion, Round, Scoring
from bot.domain.tasks import Grade, Outcome, Tally

#: Points are counted in hundredths, so that a part of a point is exact.
HUNDREDTHS = 100

#: What one point is worth when speed counts: half for being right, half for the time left.
#: The same split as Kahoot's published formula (support.kahoot.com, "How points work").
SPEED_BASE = 500
SPEED_BONUS = 500

#: Ranks that are named while a round goes on.
LEADING_RANKS = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """One player's result in one round."""

    player_id: int
    rank: int  #: from 1; players who tie share it
    score: int  #: in hundredths: what the round's scoring gives; ranks the board
    points: int  #: in hundredths: what the answers were worth, whatever the scoring
    correct: int
    answered: int
    answer_ms: int  #: total answer time; an unanswered question counts its full time
    tier: int  #: index into the quiz's tiers


@dataclass(frozen=True, slots=True)
class Standings:
    """A round's ranked table, best first."""

    rows: tuple[Standing, ...]
    max_points: int  #: in hundredths
    questions: int  #: how many questions counted

    def of(self, player_id: int) -> Standing | None:
        """Return a player's line, or None if they did not take part."""
        return next((row for row in self.rows if row.player_id == player_id), None)


def point_worth(scoring: Scoring) -> int:
    """Return what one point is worth at most."""
    return SPEED_BASE + SPEED_BONUS if scoring is Scoring.SPEED else 1


def score_of(
    question: Question,
    asked: AskedQuestion,
    answer: Answer,
    grade: Grade,
    *,
    scoring: Scoring,
    penalty: int,
) -> int:
    """Return what one response earns, in hundredths.

    `accuracy`: the graded share of the question's points. `speed`: the same share of 500 + 500 x (share of
    time left) per point. A wrong answer costs the quiz's penalty; not answering costs nothing.
    """
    if grade.outcome is Outcome.WRONG:
        return -penalty * point_worth(scoring) * HUNDREDTHS
    worth = question.points
    if scoring is Scoring.SPEED:
        total_ms = asked.seconds * 1000
        left_ms = max(total_ms - answer.elapsed_ms, 0)
        worth *= SPEED_BASE + SPEED_BONUS * left_ms // total_ms
    return share_of(worth, grade.share)


def share_of(worth: int, share: Fraction) -> int:
    """Return a share of some points, in hundredths, rounded to the nearest one."""
    return math.floor(worth * HUNDREDTHS * share + Fraction(1, 2))


def compute_standings(played: Round, answers: Iterable[Answer]) -> Standings:
    """Rank everybody who answered at least one question that counts.

    Higher score first; ties break by total answer time, in which a question left unanswered counts
    its full time, so that leaving questions out is never faster than answering them.
    """
    by_player: dict[int, dict[int, Answer]] = defaultdict(dict)
    counted = {asked.number for asked in played.played}
    for answer in answers:
        if answer.question_number in counted:
            by_player[answer.player_id][answer.question_number] = answer
    max_points = HUNDREDTHS * sum(played.question(asked).points for asked in played.played)
    rows = [_tally(played, player_id, given, max_points) for player_id, given in by_player.items()]
    rows.sort(key=lambda row: (-row.score, row.answer_ms, row.player_id))
    return Standings(tuple(_rank(rows)), max_points, len(counted))


def _tally(played: Round, player_id: int, given: Mapping[int, Answer], max_points: int) -> Standing:
    score = points = correct = answer_ms = 0
    for asked in played.played:
        question, answer = played.question(asked), given.get(asked.number)
        answer_ms += asked.seconds * 1000 if answer is None else answer.elapsed_ms
        if answer is None:
            continue
        grade = question.task.grade(answer.response)
        rules, penalty = played.rules, played.quiz.penalty
        score += score_of(question, asked, answer, grade, scoring=rules.scoring, penalty=penalty)
        points += share_of(question.points, grade.share)
        correct += grade.outcome is Outcome.RIGHT
    tier = tier_index(played.quiz.tiers, points, max_points)
    return Standing(player_id, 0, score, points, correct, len(given), answer_ms, tier)


def _rank(rows: list[Standing]) -> Iterable[Standing]:
    rank, previous = 0, None
    for place, row in enumerate(rows, start=1):
        if previous != (row.score, row.answer_ms):
            rank, previous = place, (row.score, row.answer_ms)
        yield Standing(
            row.player_id, rank, row.score, row.points, row.correct, row.answered, row.answer_ms, row.tier
        )


def tier_index(tiers: tuple[Tier, ...], points: int, max_points: int) -> int:
    """Return which tier a share of the points reaches; the lowest when there was nothing to reach.

    Tiers go by points for right answers in every scoring: speed ranks, knowledge tiers.
    """
    percent = 100 * points / max_points if max_points else 0
    return max((i for i, tier in enumerate(tiers) if percent >= tier.from_percent), default=0)


def tally_of(played: Round, asked: AskedQuestion, answers: Iterable[Answer]) -> tuple[Tally, int]:
    """Return what the players answered together to one of the round's questions, and how many were right."""
    task = played.question(asked).task
    responses = [answer.response for answer in answers if answer.question_number == asked.number]
    right = sum(task.grade(response).outcome is Outcome.RIGHT for response in responses)
    return task.tally(responses), right


def honoured(quiz: Quiz, standings: Standings) -> tuple[Standing, ...]:
    """Return who may be named in public: the first rank, and all above the lowest tier; none without points.

    In a quiz of one tier nobody can be above the lowest: there the leading ranks are named.
    """
    only_tier = len(quiz.tiers) == 1
    return tuple(
        row
        for row in standings.rows
        if row.score > 0 and (row.rank == 1 or row.tier > 0 or (only_tier and row.rank <= LEADING_RANKS))
    )


def leaders(quiz: Quiz, standings: Standings) -> tuple[Standing, ...]:
    """Return those of the leading ranks who may be named in public."""
    return tuple(row for row in honoured(quiz, standings) if row.rank <= LEADING_RANKS)


def tier_members(quiz: Quiz, standings: Standings) -> tuple[tuple[Tier, tuple[int, ...]], ...]:
    """Return each tier with the players who reached it, highest tier first, best player first."""
    return tuple(
        (tier, tuple(row.player_id for row in standings.rows if row.tier == index))
        for index, tier in reversed(list(enumerate(quiz.tiers)))
    )
