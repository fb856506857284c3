"""Starts scheduled rounds: once each, at their minute, whatever happens to the process.

Everything is a look at the database: what is due, what was started but not followed up, what is mirrored
wrongly. A process that dies at any point leaves rows that say what is still to be done; two processes that
look at the same rows are told apart by the database.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Hashable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from bot import tasks
from bot.clock import Clock
from bot.domain.round import Round, RoundId
from bot.domain.schedule import (
    Occurrence,
    Outcome,
    Schedule,
    ScheduleId,
    note_event,
    note_reminder,
)
from bot.domain.walltime import instant_of
from bot.services.errors import QuizhostError, ShuttingDown
from bot.services.ports import ConcurrentChange, NewRound, RoundStore, Stage, StageError, StageUnavailable
from bot.services.rotation import Rotation
from bot.services.rounds import StartRequest
from bot.services.schedule_ports import (
    Announcer,
    EventLost,
    Missed,
    Ping,
    Refusal,
    ReminderCard,
    ScheduleStore,
)
from bot.services.schedules import cancelled, grace_of, start_request, turn, without_reminder
from bot.services.settings import SettingsService

log = logging.getLogger(__name__)

#: While something is scheduled: a machine that slept, or whose clock was set, notices within this time.
LONGEST_SLEEP = 60.0
#: While nothing is, only a new schedule wakes the runner.
ENDLESS_SLEEP = timedelta(days=3650).total_seconds()
#: How soon what could not be done is tried again.
RETRY_SECONDS = 10.0
#: How soon to look whether a round that has just started can be followed up.
FOLLOW_SECONDS = 2.0
#: A round that is older is not called to any more.
PING_WITHIN = timedelta(hours=1)
#: Cards, pings and events under way at once.
MAX_ASIDE = 8


_T = TypeVar("_T")


class Rounds(Protocol):
    """Plans rounds, and lets them begin once they are stored."""

    async def plan(self, request: StartRequest) -> NewRound:
        """Return the round that a request asks for; a `QuizhostError` if it cannot be played."""
        ...

    def launch(self, played: Round) -> None:
        """Let a stored round begin."""
        ...


class ScheduleRunner:
    """Looks again and again for what is due. Start it with `start`, once Discord knows the channels."""

    def __init__(
        self,
        *,
        store: ScheduleStore,
        round_store: RoundStore,
        rounds: Rounds,
        rotation: Rotation,
        stage: Stage,
        announcer: Announcer,
        settings: SettingsService,
        clock: Clock,
    ) -> None:
        self._store, self._round_store, self._rounds = store, round_store, rounds
        self._rotation, self._stage, self._announcer = rotation, stage, announcer
        self._settings, self._clock = settings, clock
        self._running: asyncio.Task[None] | None = None
        self._sleeper: asyncio.Task[None] | None = None
        self._woken = False
        self._aside: dict[Hashable, asyncio.Task[None]] = {}
        self._gate = asyncio.Semaphore(MAX_ASIDE)
        self._event_gate = asyncio.Semaphore(MAX_ASIDE)  #: of its own: Discord is slow with events
        self._called: set[tuple[ScheduleId, datetime]] = set()  #: dates whose people were called
        self._told: set[tuple[ScheduleId, datetime]] = set()  #: dates that moderators have heard of

    def start(self) -> None:
        """Begin to start rounds."""
        if self._running is None:
            self._running = tasks.spawn(self._run(), name="schedules")

    def wake(self) -> None:
        """Look again now."""
        self._woken = True
        if self._sleeper is not None:
            self._sleeper.cancel()

    async def close(self) -> None:
        """Start nothing more; what was begun is finished by the next process."""
        for task in (self._running, *self._aside.values()):
            if task is not None:
                await tasks.cancel(task)

    async def _run(self) -> None:
        derived = False
        while True:
            seconds = RETRY_SECONDS
            self._woken = False
            try:
                if not derived:
                    await self.derive_again()
                    derived = True
                seconds = await self.look()
            except Exception:
                log.exception("schedules: trying again")
            await self._sleep(seconds)

    async def _sleep(self, seconds: float) -> None:
        if self._woken:
            return
        self._sleeper = tasks.spawn(self._clock.sleep(seconds), name="sleep until the next schedule")
        try:
            await asyncio.wait({self._sleeper})
        finally:
            self._sleeper.cancel()
            self._sleeper = None

    async def derive_again(self) -> None:
        """Derive every next instant from its wall time again: the zone database may have changed."""
        for schedule in await self._store.fetch_kept():
            try:
                await self._derive(schedule)
            except Exception:  # a zone that is gone, for example: the instant that is known stays
                log.exception("schedule %s: its next date could not be derived again", schedule.id)

    async def _derive(self, schedule: Schedule) -> None:
        if schedule.next_wall is None:
            return
        at = instant_of(schedule.next_wall, ZoneInfo(schedule.zone))
        if at != schedule.next_at:
            log.info("schedule %s: its next date has another instant now", schedule.id)
            moved = replace(without_reminder(schedule), next_at=at)
            await self._change(schedule, moved, cancelled(schedule))

    async def look(self) -> float:
        """Do what is due, and return after how many seconds to look again."""
        now = self._clock.now()
        due = await self._store.fetch_due(now)
        for schedule in due:
            try:
                await self._attend(schedule, now)
            except ConcurrentChange:
                log.info("schedule %s: somebody else has seen to it", schedule.id)
            except Exception:  # one schedule must not hold up the others
                log.exception("schedule %s: trying again", schedule.id)
        unfollowed = await self._store.fetch_unfollowed()
        for schedule_id, group in groupby(unfollowed, lambda one: one.schedule_id):
            self._do_aside(("follow", *schedule_id), self._follow_up, list(group))
        unmirrored = await self._store.fetch_unmirrored()
        for schedule in unmirrored:
            self._do_aside(("event", *schedule.id), self._mirror, schedule, self._event_gate)
        wake_at = await self._store.fetch_next_wake(now)
        seconds = ENDLESS_SLEEP
        if wake_at is not None:
            seconds = min(max((wake_at - self._clock.now()).total_seconds(), 0.0), LONGEST_SLEEP)
        if due or unmirrored:
            seconds = min(seconds, RETRY_SECONDS)
        return min(seconds, FOLLOW_SECONDS) if unfollowed else seconds

    # --- a due date -------------------------------------------------------------------------------

    async def _attend(self, schedule: Schedule, now: datetime) -> None:
        due_at = schedule.next_at
        if due_at is None:
            return
        if now < due_at:
            self._do_aside(("remind", *schedule.id), self._remind, schedule)
            return
        grace = grace_of((await self._settings.of(schedule.id.server_id)).grace_minutes)
        if now - due_at >= grace:
            await self._note_missed(schedule, now, grace)
            return
        try:
            await self._start(schedule)
            self._told.discard((schedule.id, due_at))
        except ShuttingDown:
            return
        except QuizhostError as error:
            self._tell_refusal(schedule, due_at, error, due_at + grace)

    async def _start(self, schedule: Schedule) -> None:
        """Take the due date and store its round in one transaction: a crash leaves both or neither."""
        quiz = await self._rotation.choose(schedule.id.server_id, schedule.source)
        new = await self._rounds.plan(start_request(schedule, quiz.id, scheduled=True))
        played = await self._store.claim(schedule, turn(schedule, schedule.next_wall), new)
        self._rounds.launch(played)
        log.info("schedule %s: round %s starts", schedule.id, played.id.number)

    async def _note_missed(self, schedule: Schedule, now: datetime, grace: timedelta) -> None:
        """Note every date that is over, and turn to the first one that is not."""
        while schedule.next_at is not None and now - schedule.next_at >= grace:
            date = (schedule.id, schedule.next_at)
            outcome = Outcome.REFUSED if date in self._told else Outcome.MISSED
            past = Occurrence(*date, outcome, reminder_id=schedule.reminder_id)
            schedule = await self._store.change(schedule, turn(schedule, schedule.next_wall), past)
            self._told.discard(date)
        self.wake()

    def _tell_refusal(
        self, schedule: Schedule, due_at: datetime, error: QuizhostError, until: datetime
    ) -> None:
        """Tell moderators once; beside, since others are due at the same minute."""
        if (schedule.id, due_at) not in self._told:
            self._told.add((schedule.id, due_at))
            notice = Refusal(schedule, due_at, error, until)
            self._do_aside(("tell", *schedule.id, due_at), self._announcer.tell_moderators, notice)

    # --- what goes with it ------------------------------------------------------------------------

    async def _remind(self, schedule: Schedule) -> None:
        """Post the reminder card, and only then note it: repeated, it gives the first message back."""
        due_at, message_id = schedule.next_at, None
        current = await self._store.fetch(schedule.id)  # it may have waited for its turn
        if due_at is None or current is None or current.next_at != due_at:
            return
        if not current.runs or current.is_reminded:
            return
        schedule = current
        server_id = schedule.id.server_id
        try:
            quiz = self._rotation.certain(schedule.source)
            self._stage.check(server_id, schedule.channel_id, thread=bool(schedule.options.thread))
            message_id = await self._announcer.post_reminder(ReminderCard(schedule, due_at, quiz))
        except QuizhostError as error:
            grace = grace_of((await self._settings.of(server_id)).grace_minutes)
            self._tell_refusal(schedule, due_at, error, due_at + grace)
        except StageUnavailable:
            return
        except StageError as error:
            log.warning("schedule %s: no reminder card: %r", schedule.id, error)
        await self._change(schedule, note_reminder(schedule, message_id))

    async def _follow_up(self, past: Sequence[Occurrence]) -> None:
        """See to past dates of one schedule: call people, tell moderators, bring cards up to date."""
        schedule = await self._store.fetch(past[0].schedule_id)
        if schedule is None:
            return
        missed = [one.due_at for one in past if one.outcome is Outcome.MISSED]
        if untold := [due_at for due_at in missed if (schedule.id, due_at) not in self._told]:
            await self._announcer.tell_moderators(Missed(schedule, untold))
            self._told.update((schedule.id, due_at) for due_at in untold)
        for occurrence in past:
            try:
                if not await self._show_outcome(schedule, occurrence):
                    continue
            except StageUnavailable:
                continue
            except StageError as error:
                log.warning("schedule %s: could not be followed up: %r", schedule.id, error)
            await self._store.note_followed(occurrence)
            self._told.discard((schedule.id, occurrence.due_at))
            self._called.discard((schedule.id, occurrence.due_at))

    async def _show_outcome(self, schedule: Schedule, occurrence: Occurrence) -> bool:
        """Return False while there is nothing to be seen of the round yet."""
        played: Round | None = None
        if occurrence.round_number is not None:
            played = await self._round_store.fetch(
                RoundId(occurrence.schedule_id.server_id, occurrence.round_number)
            )
        if played is not None:
            if played.is_open and played.announcement_id is None:
                return False
            try:
                await self._ping(schedule, occurrence, played)
            except StageUnavailable:
                raise
            except StageError as error:
                log.warning("schedule %s: nobody could be called: %r", schedule.id, error)
        if occurrence.reminder_id is not None:
            quiz = None if played is None else played.quiz
            place_id = None if played is None else played.place_id
            card = ReminderCard(schedule, occurrence.due_at, quiz, occurrence, place_id)
            await self._announcer.edit_reminder(card)
        return True

    async def _ping(self, schedule: Schedule, occurrence: Occurrence, played: Round) -> None:
        """Call the role, unless the reminder card did, and those who asked for it."""
        date = (schedule.id, occurrence.due_at)
        if date in self._called or not played.is_open:
            return
        if self._clock.now() - occurrence.due_at > PING_WITHIN:
            return
        players = await self._store.fetch_reminded(occurrence.schedule_id, occurrence.due_at)
        role = schedule.ping_role_id if occurrence.reminder_id is None else None
        if players or role is not None:
            await self._announcer.ping(Ping(schedule, occurrence.due_at, played, role, players))
            self._called.add(date)

    async def _mirror(self, schedule: Schedule) -> None:
        """Bring the Discord event in step with the next date."""
        target, event_id = schedule.shown_event_at, None
        if target is not None and target <= self._clock.now():
            return  # its round is about to start, or to be noted as missed
        try:
            if target is None:
                await self._announcer.remove_event(schedule)
            else:
                quiz = self._rotation.certain(schedule.source)
                event_id = await self._announcer.show_event(schedule, quiz, target)
        except StageUnavailable:
            return
        except (StageError, QuizhostError) as error:
            log.warning("schedule %s: its event is given up: %r", schedule.id, error)
            await self._announcer.tell_moderators(EventLost(schedule))
            given_up = replace(note_event(schedule, None, None), has_event=False)
            await self._change(schedule, given_up)
            return
        await self._change(schedule, note_event(schedule, event_id, target))

    async def _change(self, before: Schedule, after: Schedule, past: Occurrence | None = None) -> None:
        try:
            await self._store.change(before, after, past)
        except ConcurrentChange:  # what is to be done is looked up anew
            log.info("schedule %s: changed meanwhile", before.id)
        self.wake()

    def _do_aside(
        self,
        key: Hashable,
        do: Callable[[_T], Coroutine[Any, Any, None]],
        subject: _T,
        gate: asyncio.Semaphore | None = None,
    ) -> None:
        """Talk to Discord beside everything else, once at a time for each key."""

        async def gated() -> None:
            try:
                async with gate or self._gate:
                    await do(subject)
            finally:
                del self._aside[key]

        if key not in self._aside:
            self._aside[key] = tasks.spawn(gated(), name=f"schedule {key}")
