"""One open round: judges the clicks, and walks the round through its states.

Every change is computed by `bot.domain.transitions`, written to the database, and only then shown.
Only the loop in `run` touches the stage; commands change the state and wake the loop.
A loop that starts in the middle (after a restart) does what the stored state asks for, no more.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import tasks
from bot.clock import Clock
from bot.domain import transitions
from bot.domain.round import Answer, AskedQuestion, Round, RoundState
from bot.domain.standings import Standings, compute_standings, count_choices
from bot.services import errors
from bot.services.ports import (
    AnnouncementCard,
    AnswerLog,
    ConcurrentChange,
    MessageGone,
    PlaceGone,
    Posted,
    QuestionCard,
    Response,
    ResultCard,
    RevealCard,
    RoundStore,
    Stage,
    StageUnavailable,
)

log = logging.getLogger(__name__)

#: How long after the deadline clicks may still arrive; their own time says whether they count.
GRACE_SECONDS = 2
#: At most one edit of a message in this time (discord-api-docs#4413: limits are not published).
EDIT_SECONDS = 2
#: How long to wait for the stage to come back, doubling from the first to the last.
FIRST_RETRY_SECONDS, LAST_RETRY_SECONDS = 2, 30
#: A wait that took longer than this beyond its time was held up by the event loop.
LATE = timedelta(milliseconds=100)
#: How long a click waits for Discord's answer to our post; the click itself must be answered in 3 s.
POST_SECONDS = 2
#: A paused round just waits to be woken.
PAUSE_SLICE_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Click:
    """A press on an answer button, as Discord reports it."""

    question_number: int
    slot: int  #: which button, from 0
    message_id: int
    interaction_id: int
    player_id: int
    player_name: str
    at: datetime  #: by Discord's clock


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was recorded for a player."""

    letter: str
    closes_at: datetime
    locked: bool  #: whether this answer is final


class LiveRound:
    """The one object per open round."""

    def __init__(
        self, played: Round, *, store: RoundStore, answers: AnswerLog, stage: Stage, clock: Clock
    ) -> None:
        self.round = played
        self._store, self._answers, self._stage, self._clock = store, answers, stage, clock
        self._lock = asyncio.Lock()
        self._sleeper: asyncio.Task[None] | None = None
        self._opened = asyncio.Event()  #: set while the current question's message is known
        self._current: dict[int, Answer] = {}  #: by player: what counts for the current question
        self._clock_offset = timedelta()  #: Discord's clock minus ours

    # --- clicks -----------------------------------------------------------------------------------

    @property
    def answered(self) -> int:
        """How many players have answered the current question."""
        return len(self._current)

    async def answer(self, click: Click) -> Receipt:
        """Judge a click, write it down, and only then say what counts.

        Raises:
            QuizhostError: the click does not count; the error says why.
        """
        await self._until_posted(click.question_number)
        asked = self._judge(click)
        option_id = asked.option_ids[click.slot]
        known = self._current.get(click.player_id)
        locks = self.round.quiz.first_answer_locks
        if known is not None and locks:
            raise errors.AnswerLocked(asked.letter(known.option_id))
        if known is None or known.option_id != option_id:
            answer = Answer(
                asked.number, click.player_id, option_id, asked.elapsed_ms(click.at), click.interaction_id
            )
            await self._answers.record(Response(self.round.id, answer, click.player_name, click.at, locks))
            option_id = self._remember(answer).option_id
        return Receipt(asked.letter(option_id), asked.closes_at or click.at, locks)

    async def _until_posted(self, question_number: int) -> None:
        """Wait for the message's id: a click may be faster than Discord's own answer to our post."""
        if self._opened.is_set() or question_number != self.round.position:
            return
        try:
            async with asyncio.timeout(POST_SECONDS):
                await self._opened.wait()
        except TimeoutError:
            raise errors.NotRecorded from None

    def _judge(self, click: Click) -> AskedQuestion:
        played = self.round
        if not 1 <= click.question_number <= len(played.asked):
            raise errors.UnknownButton
        asked = played.asked[click.question_number - 1]
        if asked.message_id != click.message_id or click.slot >= len(asked.option_ids):
            raise errors.UnknownButton
        if played.state is RoundState.PAUSED and click.question_number == played.position:
            raise errors.RoundPaused
        if played.state is not RoundState.ASKING or click.question_number != played.position:
            raise errors.QuestionClosed
        if not asked.is_open_at(click.at):
            raise errors.QuestionClosed
        return asked

    def _remember(self, answer: Answer) -> Answer:
        """Keep the answer that counts, in the order of Discord's ids, and return it."""
        if answer.question_number != self.round.position:
            return answer
        known = self._current.get(answer.player_id)
        newer = known is None or answer.interaction_id > known.interaction_id
        if known is not None and newer is self.round.quiz.first_answer_locks:
            return known
        self._current[answer.player_id] = answer
        return answer

    # --- changes ----------------------------------------------------------------------------------

    async def change(self, compute: Callable[[Round], Round]) -> Round:
        """Compute the next value of the round, store it, then let the loop act on it.

        Raises:
            IllegalStep: the round's state does not allow the step.
            ConcurrentChange: another process moved the round on.
        """
        async with self._lock:
            after = compute(self.round)
            self.round = await self._store.change(self.round, after)
        if self._sleeper is not None:
            self._sleeper.cancel()
        return self.round

    # --- the loop ---------------------------------------------------------------------------------

    async def run(self) -> None:
        """Play the round from whatever state it is in until its final card stands."""
        steps = {
            RoundState.ANNOUNCED: self._announced,
            RoundState.ASKING: self._asking,
            RoundState.REVEALED: self._revealed,
            RoundState.PAUSED: self._paused,
            RoundState.FINISHED: self._ended,
            RoundState.STOPPED: self._ended,
        }
        await self._recall()
        retry_seconds = FIRST_RETRY_SECONDS
        while self.round.settled_at is None:
            try:
                await steps[self.round.state]()
                retry_seconds = FIRST_RETRY_SECONDS
            except StageUnavailable:
                log.warning("round %s: Discord is unavailable, trying again", self.round.id)
                await self._sleep(retry_seconds)
                retry_seconds = min(2 * retry_seconds, LAST_RETRY_SECONDS)
            except PlaceGone:
                log.warning("round %s: its channel is gone or closed to us", self.round.id)
                await self._give_up()
            except ConcurrentChange:
                log.warning("round %s: somebody else plays it on", self.round.id)
                return

    async def _recall(self) -> None:
        """Take up the answers that were given before this process started."""
        if self.round.position < 1:
            return
        if self.round.current.message_id is not None:
            self._opened.set()
        answers = await self._store.fetch_answers(self.round.id, self.round.position)
        self._current = {answer.player_id: answer for answer in answers}

    async def _announced(self) -> None:
        if self.round.announcement_id is None:
            posted = await self._stage.post(AnnouncementCard(self.round))
            await self.change(lambda played: transitions.note_announcement(played, posted.message_id))
        if self.round.in_thread and self.round.thread_id is None:
            thread_id = await self._stage.open_thread(self.round)
            await self.change(lambda played: transitions.note_thread(played, thread_id))
        if await self._reached_due(RoundState.ANNOUNCED):
            await self._next_question()

    async def _asking(self) -> None:
        shown = self.answered
        if self.round.current.message_id is None:
            await self._post_question()
        else:
            await self._show(self._question_card())
        while self.round.state is RoundState.ASKING and (left := self._left_seconds()) > 0:
            await self._sleep(min(left, EDIT_SECONDS))
            still_open = self.round.state is RoundState.ASKING and self._left_seconds() > 0
            if still_open and self.answered != shown:
                shown = self.answered
                await self._show(self._question_card())
        await self._wait_for_stragglers()
        if self.round.state is RoundState.ASKING:
            await self.change(lambda played: transitions.reveal(played, self._now()))

    async def _revealed(self) -> None:
        await self._answers.drain()
        asked = self.round.current
        answers = await self._store.fetch_answers(self.round.id, asked.number)
        await self._show(RevealCard(self.round, count_choices(asked, answers)))
        if not await self._reached_due(RoundState.REVEALED):
            return
        if self.round.has_more:
            await self._next_question()
        else:
            await self.change(lambda played: transitions.finish(played, self._now()))

    async def _paused(self) -> None:
        if self.round.paused_from is RoundState.ASKING:
            await self._show(self._question_card())
        while self.round.state is RoundState.PAUSED:
            await self._sleep(PAUSE_SLICE_SECONDS)

    async def _ended(self) -> None:
        played = self.round
        if played.state is RoundState.STOPPED and played.position and played.current.skipped:
            await self._show(self._question_card())
        standings = await self._save_standings()
        names = await self._store.fetch_names(played.id.server_id, (row.player_id for row in standings.rows))
        posted = await self._stage.post(ResultCard(played, standings, names))
        await self.change(lambda ended: transitions.settle(ended, posted.message_id, self._now()))

    async def _give_up(self) -> None:
        """End a round that cannot be shown any more. Its answers and standings stay."""
        if self.round.is_open:
            await self.change(lambda played: transitions.stop(played, self._now()))
        await self._save_standings()
        await self.change(lambda ended: transitions.settle(ended, None, self._now()))

    async def _save_standings(self) -> Standings:
        await self._answers.drain()
        standings = compute_standings(self.round, await self._store.fetch_answers(self.round.id))
        await self._store.save_standings(self.round, standings)
        return standings

    # --- showing ----------------------------------------------------------------------------------

    def _question_card(self) -> QuestionCard:
        asked = self.round.current
        planned = self._now() + timedelta(seconds=asked.seconds)
        return QuestionCard(self.round, self.answered, asked.closes_at or planned)

    async def _next_question(self) -> None:
        self._opened.clear()
        self._current = {}
        await self.change(transitions.ask_next)

    async def _post_question(self) -> None:
        posted = await self._stage.post(self._question_card())
        self._clock_offset = posted.at - self._clock.now()
        await self._note_question(posted)

    async def _note_question(self, posted: Posted) -> None:
        await self.change(lambda played: transitions.open_question(played, posted.message_id, posted.at))
        self._opened.set()

    async def _show(self, card: QuestionCard | RevealCard) -> None:
        """Edit the current question's message; post it again if somebody deleted it."""
        try:
            await self._stage.edit(card)
        except MessageGone:
            await self._note_question(await self._stage.post(card))

    async def _wait_for_stragglers(self) -> None:
        """Let clicks in flight arrive; a second in which the event loop stood still does not count."""
        waited = 0
        while self.round.state is RoundState.ASKING and waited < GRACE_SECONDS:
            before = self._clock.now()
            await self._sleep(1)
            late = self._clock.now() - before - timedelta(seconds=1)
            waited += late < LATE

    # --- time -------------------------------------------------------------------------------------

    def _now(self) -> datetime:
        """Return the instant by Discord's clock, as far as we know it."""
        return self._clock.now() + self._clock_offset

    def _left_seconds(self) -> float:
        due_at = self.round.due_at
        return 0.0 if due_at is None else (due_at - self._now()).total_seconds()

    async def _reached_due(self, state: RoundState) -> bool:
        """Wait until the state's time is over; False if the round left it before."""
        while self.round.state is state and (left := self._left_seconds()) > 0:
            await self._sleep(left)
        return self.round.state is state

    async def _sleep(self, seconds: float) -> None:
        """Sleep until the time is over or `change` wakes us."""
        self._sleeper = tasks.spawn(self._clock.sleep(seconds), name=f"sleep of {self.round.id}")
        try:
            await asyncio.wait({self._sleeper})
        finally:
            self._sleeper.cancel()
            self._sleeper = None
