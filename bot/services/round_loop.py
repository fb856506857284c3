"""The loop of one round: walks it through its states, and shows on the stage what each one asks for.

Only this loop touches the stage; commands change the round's state, which wakes it. A loop that starts
in the middle, after a restart, does what the stored state asks for and no more.
"""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import transitions
from bot.domain.round import RoundState
from bot.services.errors import DatabaseLost
from bot.services.live_round import LiveRound
from bot.services.ports import (
    AnnouncementCard,
    AnswerLog,
    ConcurrentChange,
    MessageGone,
    Notice,
    PlaceClosed,
    PlaceGone,
    QuestionCard,
    RevealCard,
    RoundStore,
    Stage,
    StageError,
    StageRefused,
    StageUnavailable,
)
from bot.services.round_cards import RoundCards
from bot.services.round_ending import RoundEnding
from bot.services.verdicts import Verdicts

log = logging.getLogger(__name__)

#: How long after the deadline clicks may still arrive; their own time says whether they count.
GRACE_SECONDS = 2
#: A second in which the event loop was blocked does not count as grace, but only up to this limit.
MAX_GRACE_SECONDS = 10
#: A wait that overran by more than this was held up by the event loop.
LATE_SECONDS = 0.1
#: If a card is seen later than it should be by this much, what follows it comes later, too.
NOTICED = timedelta(milliseconds=500)
#: At most one edit of a message in this time (discord-api-docs#4413: limits are not published).
EDIT_SECONDS = 2
#: How long to wait before a step is tried again, doubling up to the last.
FIRST_RETRY_SECONDS, LAST_RETRY_SECONDS = 1, 30
#: A paused round just waits to be woken.
PAUSE_SLICE_SECONDS = 3600


class RoundLoop:
    """Plays one live round."""

    def __init__(
        self,
        live: LiveRound,
        *,
        store: RoundStore,
        answers: AnswerLog,
        stage: Stage,
        recovering: bool,
    ) -> None:
        self._live = live
        self._stage = stage
        self._cards = RoundCards(live, store=store, answers=answers)
        self._ending = RoundEnding(live, store=store, answers=answers, stage=stage)
        self._verdicts = Verdicts(live, store=store, stage=stage)
        self._recovering = recovering  #: taken over from an earlier process, no question posted since
        self._delayed = recovering  #: something of the current step should have been seen earlier
        self._start_shown = False  #: whether the announcement was told that the round has begun
        self._lead = (live.round.due_at or live.round.created_at) - live.round.created_at

    async def run(self) -> None:
        """Play the round from whatever state it is in until it is settled.

        What cannot be shown now is tried again; if the bot is shut out, the round pauses; if there is
        nothing left to show it on, it ends. Answers and standings are kept in any case.
        """
        failures, recalled = 0, False
        while self._live.round.settled_at is None:
            try:
                if not recalled:
                    await self._live.recall()
                    recalled = True
                await self._step()
                failures, self._delayed = 0, False
            except ConcurrentChange:
                log.warning("round %s: another process has taken it over", self._live.round.id)
                return
            except Exception as error:
                failures, self._delayed = failures + 1, True
                passing = isinstance(error, StageUnavailable | DatabaseLost | transitions.IllegalStep)
                log.warning(
                    "round %s: trying again: %.300r",
                    self._live.round.id,
                    error.__cause__ or error,
                    exc_info=None if passing else error,
                )
                await self._live.sleep(
                    min(FIRST_RETRY_SECONDS * 2 ** min(failures - 1, 8), LAST_RETRY_SECONDS)
                )

    async def _step(self) -> None:
        steps = {
            RoundState.ANNOUNCED: self._announced,
            RoundState.ASKING: self._asking,
            RoundState.REVEALED: self._revealed,
            RoundState.PAUSED: self._paused,
            RoundState.FINISHED: self._ended,
            RoundState.STOPPED: self._ended,
        }
        try:
            await steps[self._live.round.state]()
        except PlaceClosed:
            await self._interrupt()
        except PlaceGone:
            await self._ending.unseen(Notice.STOPPED_PLACE_GONE)
        except StageRefused:
            log.exception("round %s: Discord refused a card", self._live.round.id)
            await self._ending.unseen(Notice.STOPPED_REFUSED)

    async def _announced(self) -> None:
        if self._live.round.announcement_id is None:
            await self._make_up_for(self._cards.announcement())
            due_at = self._live.round.due_at
            posted = await self._stage.post(self._cards.announcement())
            await self._live.change(lambda played: transitions.note_announcement(played, posted.message_id))
            if await self._hold(due_at, self._lead):
                await self._try_to_show(self._cards.announcement())
        else:
            await self._try_to_show(self._cards.announcement())
        if self._live.round.in_thread and self._live.round.thread_id is None:
            await self._open_thread()
        if await self._gathered():
            await self._live.ask_next()

    async def _gathered(self) -> bool:
        """Show who is in until the announcement's time is over; False if the round moved on before that."""
        shown = 0
        while self._live.round.state is RoundState.ANNOUNCED and self._live.left_seconds > 0:
            number = len(self._live.attendance.names)
            if number != shown and self._stage.has_room():
                shown = number
                await self._try_to_show(self._cards.announcement())
            # Asked again: it may have been told to begin while that was shown.
            await self._live.sleep(min(self._live.left_seconds, EDIT_SECONDS))
        return self._live.round.state is RoundState.ANNOUNCED

    async def _open_thread(self) -> None:
        try:
            thread_id = await self._stage.open_thread(self._live.round)
        except (MessageGone, PlaceClosed, StageRefused) as error:
            log.info("round %s: no thread, so it takes place in the channel: %r", self._live.round.id, error)
            thread_id = None
        await self._live.change(lambda played: transitions.note_thread(played, thread_id))
        if thread_id is None:
            await self._try_to_show(self._cards.announcement())

    async def _asking(self) -> None:
        shown = self._live.answered
        if self._live.round.current.message_id is None:
            await self._post_question()
        else:
            await self._try_to_show(self._cards.question())
        await self._show_start()
        while self._live.round.state is RoundState.ASKING and (left := self._live.left_seconds) > 0:
            await self._live.sleep(min(left, EDIT_SECONDS))
            still_open = self._live.round.state is RoundState.ASKING and self._live.left_seconds > 0
            if still_open and self._live.answered != shown and self._stage.has_room():
                shown = self._live.answered
                await self._try_to_show(self._cards.question())
            await self._show_start()
        await self._wait_for_stragglers()
        if self._live.round.state is RoundState.ASKING:
            await self._live.change(lambda played: transitions.reveal(played, self._live.now()))

    async def _revealed(self) -> None:
        card = await self._cards.reveal()
        await self._make_up_for(card)
        due_at = self._live.round.due_at
        await self._show(replace(card, round=self._live.round))
        self._verdicts.tell()
        if await self._hold(due_at, timedelta(seconds=self._live.round.rules.pause_seconds)):
            await self._try_to_show(await self._cards.reveal())
        over = await self._live.reached_due(RoundState.REVEALED)
        if over and self._live.round.has_more:
            await self._live.ask_next()
        elif over:
            await self._live.change(lambda played: transitions.finish(played, self._live.now()))

    async def _paused(self) -> None:
        interrupted = self._live.round.paused_from  # a question may be skipped while its pause is being shown
        try:
            await self._show_interrupted()
        except StageError as error:
            log.info("round %s: the pause could not be shown: %r", self._live.round.id, error)
        while self._live.round.state is RoundState.PAUSED and self._live.round.paused_from is interrupted:
            await self._live.sleep(PAUSE_SLICE_SECONDS)

    async def _ended(self) -> None:
        if self._live.round.state is RoundState.STOPPED:
            try:
                await self._show_interrupted()
            except StageRefused as error:  # the final card may still be taken
                log.info("round %s: the stop could not be shown: %r", self._live.round.id, error)
        await self._ending.show()

    async def _interrupt(self) -> None:
        """Pause a round that may not write in its place, until a moderator has fixed that."""
        if self._live.round.state is RoundState.PAUSED:
            return
        if not self._live.round.is_open:
            await self._ending.hold()
            return
        await self._live.change(lambda played: transitions.pause(played, self._live.now()))
        await self._stage.tell_host(self._live.round, Notice.PAUSED_PLACE_CLOSED)

    # --- showing ----------------------------------------------------------------------------------

    async def _show_start(self) -> None:
        """Make the announcement say that the round has begun, once, when Discord has room for it."""
        if not self._start_shown and self._stage.has_room():
            self._start_shown = True
            await self._try_to_show(self._cards.announcement())

    async def _show_interrupted(self) -> None:
        """Show on the newest card that nothing follows for now, or at all; then the key may be shown."""
        played = self._live.round
        if played.paused_from is RoundState.ANNOUNCED and played.announcement_id is not None:
            await self._try_to_show(self._cards.announcement())
        elif played.paused_from is RoundState.ASKING and played.is_open:
            await self._show(self._cards.question())
        elif played.paused_from in {RoundState.ASKING, RoundState.REVEALED}:
            await self._show(await self._cards.reveal())

    async def _post_question(self) -> None:
        begun = self._live.clock.seconds()
        posted = await self._stage.post(self._cards.question())
        not_before = None
        if self._recovering or self._delayed:
            # An earlier process, or an earlier try, may have posted it; then nobody could answer since.
            not_before = self._live.now() + timedelta(seconds=transitions.MIN_SECONDS_AFTER_RESTART)
        else:
            self._live.clock.follow(posted.at, begun)
        self._recovering = False
        await self._live.note_question(posted, not_before)

    async def _show(self, card: AnnouncementCard | QuestionCard | RevealCard) -> None:
        """Edit a card; if somebody deleted it, post it again, unless it is an announcement."""
        try:
            await self._stage.edit(card)
        except MessageGone:
            if not isinstance(card, AnnouncementCard):
                await self._live.note_question(await self._stage.post(card))

    async def _try_to_show(self, card: AnnouncementCard | QuestionCard | RevealCard) -> None:
        """Show something optional; if that fails, the next edit brings it up to date."""
        try:
            await self._show(card)
        except StageError as error:  # no verdict either: what cannot be left out meets the same, and decides
            log.info("round %s: skipped an edit: %.300r", self._live.round.id, error)

    async def _make_up_for(self, card: AnnouncementCard | RevealCard) -> None:
        """Delay what follows a card by as long as the card has to wait for others."""
        delay, due_at = self._stage.delay(card), card.round.due_at
        if due_at is not None and delay >= NOTICED:
            await self._live.change(lambda r: transitions.hold(r, (r.due_at or due_at) + delay))

    async def _hold(self, due_at: datetime | None, planned: timedelta) -> bool:
        """Give players the planned time again if what they are waiting for came late; tell whether it did.

        Not if somebody changed the time meanwhile: a moderator who skips means it.
        """
        late = self._delayed and 2 * self._live.left_seconds < planned.total_seconds()
        if not late or due_at is None or self._live.round.due_at != due_at:
            return False
        await self._live.change(lambda r: transitions.hold(r, self._live.now() + planned))
        return True

    async def _wait_for_stragglers(self) -> None:
        """Let clicks in flight arrive; a second in which the event loop was blocked does not count."""
        waited = 0
        for _ in range(MAX_GRACE_SECONDS):
            if self._live.round.state is not RoundState.ASKING or waited >= GRACE_SECONDS:
                return
            begun = self._live.clock.seconds()
            await self._live.sleep(1)
            late = self._live.clock.seconds() - begun - 1
            waited += late < LATE_SECONDS
