"""What goes with scheduled rounds in Discord: reminder cards, pings, mirrored events, and notices.

All of this happens apart from starting rounds: nothing waits for Discord, and what fails is found in the
database and done again at the next check.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot import tasks
from bot.clock import Clock
from bot.domain.quiz import Quiz
from bot.domain.round import Round, RoundId
from bot.domain.schedule import Occurrence, Outcome, Schedule, ScheduleId, note_event, note_reminder
from bot.services.errors import DiscordUnavailable, QuizhostError, QuizNotFound
from bot.services.ports import ConcurrentChange, RoundStore, Stage, StageError, StageUnavailable
from bot.services.rotation import Rotation
from bot.services.schedule_ports import (
    Announcer,
    EventLost,
    Missed,
    Ping,
    Refusal,
    ReminderCard,
    ScheduleStore,
    ZoneLost,
)
from bot.services.schedule_steps import grace_of, pause
from bot.services.settings import SettingsService
from bot.services.zones import knows_zone

log = logging.getLogger(__name__)

#: A round that began longer ago no longer pings anybody.
PING_WITHIN = timedelta(hours=1)
#: How many cards and pings, and separately events, may be under way at once.
MAX_ASIDE = 8

_T = TypeVar("_T")


class ScheduleAnnouncements:
    """Keeps what Discord shows of schedules up to date in the background, one thing at a time for each."""

    def __init__(
        self,
        *,
        store: ScheduleStore,
        round_store: RoundStore,
        rotation: Rotation,
        stage: Stage,
        announcer: Announcer,
        settings: SettingsService,
        clock: Clock,
        changed: Callable[[], None],
    ) -> None:
        self._store, self._round_store = store, round_store
        self._rotation, self._stage, self._announcer = rotation, stage, announcer
        self._settings, self._clock = settings, clock
        self._changed = changed  #: called when a schedule was changed
        self._aside: dict[Hashable, asyncio.Task[None]] = {}
        self._gate = asyncio.Semaphore(MAX_ASIDE)
        self._event_gate = asyncio.Semaphore(MAX_ASIDE)  #: separate, because Discord is slow with events
        self._called: set[tuple[ScheduleId, datetime]] = set()  #: dates whose people were pinged
        self._told: set[tuple[ScheduleId, datetime]] = set()  #: dates that moderators were told about

    def remind(self, schedule: Schedule) -> None:
        """Have the reminder card of the next date posted."""
        self._do_aside(("remind", *schedule.id), self._remind, schedule)

    def follow_up(self, schedule_id: ScheduleId) -> None:
        """Have the past dates of a schedule followed up."""
        self._do_aside(("follow", *schedule_id), self._follow_up, schedule_id)

    def mirror(self, schedule_id: ScheduleId) -> None:
        """Have the Discord event moved to the next date."""
        self._do_aside(("event", *schedule_id), self._mirror, schedule_id, self._event_gate)

    def rest(self, schedule: Schedule) -> None:
        """Have a schedule paused because the machine does not know its time zone, and tell the moderators."""
        self._do_aside(("rest", *schedule.id), self._rest, schedule)

    def tell_refusal(self, refusal: Refusal) -> None:
        """Have moderators told about a refusal, once for each date."""
        date = (refusal.schedule.id, refusal.due_at)
        if date not in self._told:
            self._told.add(date)
            self._do_aside(("tell", *date), self._announcer.tell_moderators, refusal)

    def was_told(self, schedule_id: ScheduleId, due_at: datetime) -> bool:
        """Tell whether moderators were told that this date was refused."""
        return (schedule_id, due_at) in self._told

    def forget(self, schedule_id: ScheduleId, due_at: datetime) -> None:
        """Forget a date that is over; there is nothing more to tell moderators about it."""
        self._told.discard((schedule_id, due_at))

    async def close(self) -> None:
        """Begin nothing more; the next process finishes what was begun."""
        for task in list(self._aside.values()):
            await tasks.cancel(task)

    async def _remind(self, schedule: Schedule) -> None:
        """Post the reminder card, and only then store it: posting it again returns the first message."""
        due_at, message_id = schedule.next_at, None
        current = await self._store.fetch(schedule.id)  # it may have waited for its turn
        if due_at is None or current is None or current.next_at != due_at:
            return
        if not current.runs or current.is_reminded:
            return
        server_id = current.id.server_id
        try:
            quiz = self._rotation.certain(current.source)
            await self._stage.look_up(server_id, current.channel_id)
            self._stage.check(server_id, current.channel_id, thread=False)
            message_id = await self._announcer.post_reminder(ReminderCard(current, due_at, quiz))
        except DiscordUnavailable:
            return
        except QuizhostError as error:
            grace = grace_of((await self._settings.of(server_id)).grace_minutes)
            self.tell_refusal(Refusal(current, due_at, error, due_at + grace))
        except StageUnavailable:
            return
        except StageError as error:
            log.warning("schedule %s: could not post its reminder card: %r", current.id, error)
        if not await self._change(current, note_reminder(current, message_id)) and message_id is not None:
            await self._note_card(current.id, due_at, message_id)

    async def _rest(self, schedule: Schedule) -> None:
        """Tell moderators, and only then pause: sending the notice again returns the first one."""
        current = await self._store.fetch(schedule.id)
        if current is None or not current.runs or knows_zone(current.zone):
            return
        await self._announcer.tell_moderators(ZoneLost(current))
        await self._change(current, *pause(current))

    async def _note_card(self, schedule_id: ScheduleId, due_at: datetime, message_id: int) -> None:
        """Store a card whose schedule was changed while it was being posted: it must not be posted again."""
        noted = False
        while not noted and (schedule := await self._store.fetch(schedule_id)) is not None:
            if schedule.runs and schedule.next_at == due_at:
                noted = await self._change(schedule, note_reminder(schedule, message_id))
            elif await self._store.attach_reminder(schedule_id, due_at, message_id):
                noted = True  # the card says what became of its date
                self._changed()
            else:
                past = Occurrence(schedule_id, due_at, Outcome.CANCELLED, reminder_id=message_id)
                noted = await self._change(schedule, schedule, past)

    async def _follow_up(self, schedule_id: ScheduleId) -> None:
        """Follow up the past dates of one schedule: ping people, tell moderators, update cards."""
        schedule = await self._store.fetch(schedule_id)
        past = await self._store.fetch_unfollowed(schedule_id)  # it may have been seen to meanwhile
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
                log.warning("schedule %s: could not follow up: %r", schedule.id, error)
            await self._store.note_followed(occurrence)
            self._told.discard((schedule.id, occurrence.due_at))
            self._called.discard((schedule.id, occurrence.due_at))

    async def _show_outcome(self, schedule: Schedule, occurrence: Occurrence) -> bool:
        """Return False while nothing of the round can be seen yet."""
        played: Round | None = None
        if occurrence.round_number is not None:
            played = await self._round_store.fetch(
                RoundId(occurrence.schedule_id.server_id, occurrence.round_number)
            )
        if played is not None:
            if played.is_open and not played.has_place:
                return False
            try:
                await self._ping(schedule, occurrence, played)
            except StageUnavailable:
                raise
            except StageError as error:
                log.warning("schedule %s: nobody could be pinged: %r", schedule.id, error)
        if occurrence.reminder_id not in {None, schedule.reminder_id}:  # else the date is on again
            quiz = self._quiz_of(schedule) if played is None else played.quiz
            place_id = None if played is None else played.place_id
            card = ReminderCard(schedule, occurrence.due_at, quiz, occurrence, place_id)
            await self._announcer.edit_reminder(card)
        return True

    async def _ping(self, schedule: Schedule, occurrence: Occurrence, played: Round) -> None:
        """Ping the role, unless the reminder card did, and those who asked for it."""
        date = (schedule.id, occurrence.due_at)
        if date in self._called or not played.is_open:
            return
        if self._clock.now() - played.created_at > PING_WITHIN:
            return
        players = await self._store.fetch_reminded(occurrence.schedule_id, occurrence.due_at)
        role = schedule.ping_role_id if occurrence.reminder_id is None else None
        if players or role is not None:
            await self._announcer.ping(Ping(schedule, occurrence.due_at, played, role, players))
            self._called.add(date)

    async def _mirror(self, schedule_id: ScheduleId) -> None:
        """Move the Discord event to the next date."""
        schedule = await self._store.fetch(schedule_id)
        if schedule is None or schedule.event_at == schedule.shown_event_at:
            return
        target, event_id = schedule.shown_event_at, None
        if target is not None and target <= self._clock.now():
            return  # its round is about to start, or to be noted as missed
        try:
            if target is None:
                await self._announcer.remove_event(schedule)
            else:
                event_id = await self._announcer.show_event(schedule, self._quiz_of(schedule), target)
        except StageUnavailable:
            return
        except StageError as error:
            log.warning("schedule %s: giving up its event: %r", schedule.id, error)
            await self._announcer.tell_moderators(EventLost(schedule))
            given_up = replace(note_event(schedule, None, None), has_event=False)
            await self._change(schedule, given_up)
            return
        while not await self._change(schedule, note_event(schedule, event_id, target)):
            changed = await self._store.fetch(schedule_id)  # what it shows now is corrected by the next look
            if changed is None:
                return
            schedule = changed

    def _quiz_of(self, schedule: Schedule) -> Quiz | None:
        """Return the quiz that is certain to be played; a missing one is reported when it is due."""
        try:
            return self._rotation.certain(schedule.source)
        except QuizNotFound:
            return None

    async def _change(self, before: Schedule, after: Schedule, past: Occurrence | None = None) -> bool:
        """Return False if the schedule was changed in the meantime, and nothing was stored."""
        try:
            await self._store.change(before, after, past)
        except ConcurrentChange:
            log.info("schedule %s: changed in the meantime", before.id)
            stored = False
        else:
            stored = True
        self._changed()  # not after any other error: what cannot be stored is not tried again at once
        return stored

    def _do_aside(
        self,
        key: Hashable,
        do: Callable[[_T], Coroutine[Any, Any, None]],
        subject: _T,
        gate: asyncio.Semaphore | None = None,
    ) -> None:
        """Talk to Discord in the background, one call at a time for each key."""

        async def gated() -> None:
            try:
                async with gate or self._gate:
                    await do(subject)
            finally:
                del self._aside[key]

        if key not in self._aside:
            self._aside[key] = tasks.spawn(gated(), name=f"schedule {key}")
