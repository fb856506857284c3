"""One open round: takes its answers, and changes its state one step at a time.

Every change is computed by `bot.domain.transitions` and written to the database before anybody sees it.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.domain import transitions
from bot.domain.responses import GivenAnswer, is_outdone
from bot.domain.round import Answer, AskedQuestion, Round, RoundState
from bot.domain.tasks import Response, Submission, Unreadable
from bot.services import errors
from bot.services.attendance import Attendance, AttendanceStore
from bot.services.ports import AnswerEntry, AnswerLog, Posted, RoundStore
from bot.services.round_clock import RoundClock
from bot.services.sleeper import Sleeper

#: How long a click waits for Discord's answer to our post; the click itself must be answered in 3 s.
POST_SECONDS = 2
#: Who skips again within this time, or somebody else, means the same.
SAME_SKIP_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Click:
    """An answer as Discord reports it: a press, a choice or a form."""

    question_number: int
    submission: Submission
    message_id: int
    interaction_id: int
    player_id: int
    player_name: str
    at: datetime  #: by Discord's clock


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was recorded for a player."""

    given: GivenAnswer
    locked: bool  #: whether this answer is final


class LiveRound:
    """The one object per open round. `bot.services.round_loop` walks it, commands steer it."""

    def __init__(
        self,
        played: Round,
        *,
        store: RoundStore,
        answers: AnswerLog,
        attendance: AttendanceStore,
        clock: Clock,
    ) -> None:
        self.round = played
        self._store, self._answers = store, answers
        self.attendance = Attendance(played.id, attendance)
        self.clock = RoundClock(clock)
        self._lock = asyncio.Lock()
        self._sleeper = Sleeper(clock, name=f"sleep of {played.id}")
        self._skipped: tuple[float, Round] | None = None  #: when, and the round as it was before
        self._posted = asyncio.Event()  #: set while the current question's message is known
        self._current: dict[int, Answer] = {}  #: by player: what counts for the current question
        self._pending: Counter[int] = Counter()  #: by player: answers on their way to the disk

    # --- clicks -----------------------------------------------------------------------------------

    @property
    def answered(self) -> int:
        """How many players have answered the current question."""
        return len(self._current)

    @property
    def answers(self) -> Mapping[int, Answer]:
        """What counts for the current question, by player."""
        return self._current

    async def answer(self, click: Click) -> Receipt:
        """Judge a click, write it down, and only then say what counts.

        Raises:
            QuizhostError: the click does not count; the error says why.
        """
        await self._until_posted(click.question_number)
        asked, response = self._judge(click)
        task = self.round.question(asked).task
        locks = self.round.quiz.first_answer_locks
        known = self._current.get(click.player_id)
        if known is not None and locks:
            raise errors.AnswerLocked(GivenAnswer(task, asked.shown, known.response))
        answer = Answer(
            asked.number, click.player_id, response, asked.elapsed_ms(click.at), click.interaction_id
        )
        if self._is_news(answer, known):
            self._pending[click.player_id] += 1
            try:
                await self._answers.record(AnswerEntry(self.round.id, answer, click.player_name, click.at))
            finally:
                self._pending[click.player_id] -= 1
        counts = self._remember(answer)
        return Receipt(GivenAnswer(task, asked.shown, counts.response), locks)

    def _is_news(self, answer: Answer, known: Answer | None) -> bool:
        """Tell whether an answer has to be written: not if it is what counts already, or came before it."""
        if known is None or self._pending[answer.player_id]:
            return True
        return answer.interaction_id > known.interaction_id and answer.response != known.response

    async def _until_posted(self, question_number: int) -> None:
        """Wait for the message's id: a click may be faster than Discord's own answer to our post."""
        if self._posted.is_set() or question_number != self.round.position:
            return
        try:
            async with asyncio.timeout(POST_SECONDS):
                await self._posted.wait()
        except TimeoutError:
            raise errors.NotRecorded from None

    def _judge(self, click: Click) -> tuple[AskedQuestion, Response]:
        played = self.round
        if not 1 <= click.question_number <= len(played.asked):
            raise errors.UnknownButton
        asked = played.asked[click.question_number - 1]
        if asked.message_id != click.message_id:
            raise errors.UnknownButton
        try:
            response = played.question(asked).task.read(click.submission, asked.shown)
        except Unreadable:
            raise errors.UnknownButton from None
        interrupted = played.state is RoundState.PAUSED and played.paused_from is RoundState.ASKING
        if interrupted and click.question_number == played.position:
            raise errors.RoundPaused
        if played.state is not RoundState.ASKING or click.question_number != played.position:
            raise errors.QuestionClosed
        if not asked.is_open_at(click.at):
            raise errors.QuestionClosed
        return asked, response

    def _remember(self, answer: Answer) -> Answer:
        """Keep the answer that counts, in the order of Discord's ids, and return it."""
        if answer.question_number != self.round.position:
            return answer
        known = self._current.get(answer.player_id)
        first_counts = self.round.quiz.first_answer_locks
        if known is not None and not is_outdone(known, answer, first_counts=first_counts):
            return known
        self._current[answer.player_id] = answer
        return answer

    # --- changes ----------------------------------------------------------------------------------

    async def change(self, compute: Callable[[Round], Round]) -> Round:
        """Compute the next value of the round, store it, then wake whoever waits for it.

        Raises:
            IllegalStep: the round's state does not allow the step.
            ConcurrentChange: another process moved the round on.
        """
        async with self._lock:
            self.round = await self._store.change(self.round, compute(self.round))
        self._sleeper.wake()
        return self.round

    async def skip(self) -> Round:
        """Cut short what the round is doing; return it as it was before.

        Raises:
            IllegalStep, ConcurrentChange: see `change`.
        """
        async with self._lock:
            # Not by the round's time, which may be set back when a message tells Discord's.
            seconds = self.clock.seconds()
            if self._skipped is not None and seconds - self._skipped[0] < SAME_SKIP_SECONDS:
                return self._skipped[1]
            before = self.round
            self.round = await self._store.change(before, transitions.skip(before, self.now()))
            self._skipped = seconds, before
        self._sleeper.wake()
        return before

    async def recall(self) -> None:
        """Take up the answers that were given before this process started, or who will play."""
        if self.round.position < 1:
            await self.attendance.recall()
            return
        answers = await self._store.fetch_answers(self.round, self.round.position)
        self._current = {answer.player_id: answer for answer in answers} | self._current
        if self.round.current.message_id is not None:
            self._posted.set()

    async def ask_next(self) -> None:
        """Move on to the next question, which nobody has answered yet."""
        await self.change(transitions.ask_next)
        self._posted.clear()
        self._current = {}

    async def note_question(self, posted: Posted, not_before: datetime | None = None) -> None:
        """Note the current question's message and let clicks on it in."""
        message_id, at = posted
        await self.change(lambda r: transitions.open_question(r, message_id, at, not_before=not_before))
        self._posted.set()

    def now(self) -> datetime:
        """Return the round's instant, by Discord's clock as far as it is known."""
        return self.clock.now()

    @property
    def left_seconds(self) -> float:
        """How long the round's state still lasts by itself; 0 if it does not end by itself."""
        due_at = self.round.due_at
        return 0.0 if due_at is None else (due_at - self.now()).total_seconds()

    async def reached_due(self, state: RoundState) -> bool:
        """Wait until the state's time is over; False if the round left it before."""
        while self.round.state is state and (left := self.left_seconds) > 0:
            await self.sleep(left)
        return self.round.state is state

    async def sleep(self, seconds: float) -> None:
        """Wait until the time is over or the round changes."""
        await self._sleeper.sleep(seconds)
