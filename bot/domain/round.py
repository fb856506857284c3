"""What a round is: its states, its rules, and the questions as they are asked.

A round is one live playing of a quiz in a channel. The states and who may follow whom stand here;
that two processes cannot both take the same step is the database's business (`bot.storage`).
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from bot.domain.quiz import Question, Quiz
from bot.domain.tasks import Presentation, Response

DEFAULT_SECONDS = 20
MIN_SECONDS = 5
MAX_SECONDS = 300


class RoundId(NamedTuple):
    """Rounds are numbered per server, from 1."""

    server_id: int
    number: int


class RoundState(StrEnum):
    """Where a round stands."""

    ANNOUNCED = "announced"
    ASKING = "asking"
    REVEALED = "revealed"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"


OPEN_STATES = frozenset({RoundState.ANNOUNCED, RoundState.ASKING, RoundState.REVEALED, RoundState.PAUSED})

#: Which state may follow which.
TRANSITIONS: Mapping[RoundState, frozenset[RoundState]] = {
    RoundState.ANNOUNCED: frozenset({RoundState.ASKING, RoundState.PAUSED, RoundState.STOPPED}),
    RoundState.ASKING: frozenset({RoundState.REVEALED, RoundState.PAUSED, RoundState.STOPPED}),
    RoundState.REVEALED: frozenset(
        {RoundState.ASKING, RoundState.FINISHED, RoundState.PAUSED, RoundState.STOPPED}
    ),
    RoundState.PAUSED: frozenset(
        {RoundState.ANNOUNCED, RoundState.ASKING, RoundState.REVEALED, RoundState.STOPPED}
    ),
    RoundState.FINISHED: frozenset(),
    RoundState.STOPPED: frozenset(),
}


class Scoring(StrEnum):
    """What a right answer earns."""

    ACCURACY = "accuracy"  #: the question's points, however long it took
    SPEED = "speed"  #: 500 to 1000 per point, by the time left


@dataclass(frozen=True, slots=True)
class RoundRules:
    """What the moderator chose for one round."""

    seconds: int = DEFAULT_SECONDS
    scoring: Scoring = Scoring.ACCURACY
    pause_seconds: int = 8
    board_every: int = 0  #: after how many questions the standing is shown; 0: only at the end
    tells_players: bool = True  #: whether players read on their receipts, after a reveal, how they did


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as shown in one round: which one, in which order, and when it was open."""

    number: int  #: from 1, the order in this round
    index: int  #: from 0, the question's place in the quiz
    question_id: str
    shown: Presentation
    seconds: int
    message_id: int | None = None
    opened_at: datetime | None = None
    closes_at: datetime | None = None
    skipped: bool = False

    @property
    def extended(self) -> bool:
        """Whether the question is open for longer than planned: after a pause or a restart."""
        if self.opened_at is None or self.closes_at is None:
            return False
        return self.closes_at - self.opened_at > timedelta(seconds=self.seconds)

    def is_open_at(self, at: datetime) -> bool:
        """Tell whether an answer given at this instant is in time. The deadline itself still counts."""
        return self.closes_at is not None and at <= self.closes_at

    def elapsed_ms(self, at: datetime) -> int:
        """Return the milliseconds of this question's time that were used up at this instant.

        Counted back from the deadline, so that time in which nobody could answer (a pause, a
        restart) costs nobody anything: whatever moves the deadline moves the clock with it.
        """
        if self.closes_at is None:
            raise ValueError(f"question {self.number} has not been opened")
        left_ms = (self.closes_at - at) // timedelta(milliseconds=1)
        return min(max(self.seconds * 1000 - left_ms, 0), self.seconds * 1000)


class Answer(NamedTuple):
    """One player's current response to one asked question."""

    question_number: int
    player_id: int
    response: Response
    elapsed_ms: int
    interaction_id: int  #: Discord's id of the click; later clicks have higher ones


@dataclass(frozen=True, slots=True)
class Round:
    """Everything that is known of a round but the answers."""

    id: RoundId
    channel_id: int
    thread_id: int | None  #: set once the thread exists
    in_thread: bool  #: whether the round plays in a thread of its own
    host_id: int
    quiz: Quiz
    rules: RoundRules
    asked: tuple[AskedQuestion, ...]
    state: RoundState
    position: int  #: number of the current question, 0 before the first
    due_at: datetime | None  #: when the current state ends by itself
    created_at: datetime
    paused_from: RoundState | None = None  #: what a pause or a stop has interrupted
    left_ms: int | None = None  #: while paused: what was left of the state that was interrupted
    announcement_id: int | None = None
    ended_at: datetime | None = None
    settled_at: datetime | None = None  #: when standings and final card were done
    result_id: int | None = None  #: the final card's message, if it could be posted
    result_held: bool = False  #: whether the final card waits for a place that the bot may not write in
    thread_lost: bool = False  #: whether the round should have played in a thread, and could have none
    revision: int = 0  #: counts the changes; the database refuses a change to an older one

    @property
    def is_open(self) -> bool:
        """Whether the round still goes on."""
        return self.state in OPEN_STATES

    @property
    def place_id(self) -> int:
        """The channel or thread in which questions are posted."""
        return self.thread_id or self.channel_id

    @property
    def has_place(self) -> bool:
        """Whether the round is announced, and its thread is open if it plays in one."""
        return self.announcement_id is not None and (self.thread_id is not None or not self.in_thread)

    @property
    def expected_seconds(self) -> int:
        """How long the round takes from its first question to its result."""
        return sum(asked.seconds + self.rules.pause_seconds for asked in self.asked)

    @property
    def current(self) -> AskedQuestion:
        """The question that is open, revealed or interrupted; `LookupError` before the first."""
        if self.position < 1:
            raise LookupError("no question has been asked yet")
        return self.asked[self.position - 1]

    @property
    def has_more(self) -> bool:
        """Whether a question follows the current one."""
        return self.position < len(self.asked)

    @property
    def shows_board(self) -> bool:
        """Whether the current question's reveal carries the standing so far."""
        every = self.rules.board_every
        return every > 0 and self.has_more and self.position % every == 0

    @property
    def played(self) -> tuple[AskedQuestion, ...]:
        """The questions that count: revealed and not skipped."""
        done = self.position
        if self.state is RoundState.ASKING or RoundState.ASKING is self.paused_from:
            done -= 1
        return tuple(asked for asked in self.asked[:done] if not asked.skipped)

    def question(self, asked: AskedQuestion) -> Question:
        """Return the quiz's question behind an asked one."""
        return self.quiz.questions[asked.index]


def plan_questions(
    quiz: Quiz,
    *,
    count: int | None,
    seconds: int,
    rng: random.Random,
    last_asked: Mapping[str, int] = MappingProxyType({}),
) -> tuple[AskedQuestion, ...]:
    """Draw and shuffle what a round will ask.

    Args:
        quiz: the quiz to play.
        count: how many questions; all of them when None or more than there are. Of a smaller number, those
            that were not asked for longest are drawn, at random among equals, and asked in the file's order.
        seconds: how long a question stays open unless it says otherwise itself.
        rng: the round's own randomness.
        last_asked: by id, the number of the round in which a question was asked last.
    """
    indices: Sequence[int] = range(len(quiz.questions))
    if count is not None and count < len(indices):
        drawn = rng.sample(indices, len(indices))
        drawn.sort(key=lambda index: last_asked.get(quiz.questions[index].id, 0))
        indices = sorted(drawn[:count])
    return tuple(
        AskedQuestion(
            number=number,
            index=index,
            question_id=quiz.questions[index].id,
            shown=quiz.questions[index].task.present(rng),
            seconds=quiz.questions[index].seconds or seconds,
        )
        for number, index in enumerate(indices, start=1)
    )
