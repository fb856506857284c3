"""Starts scheduled rounds: once each, at their minute, whatever happens to the process.

Everything starts from the database: what is due, what was started but not followed up, what is mirrored
wrongly. A process that dies at any point leaves rows that say what still has to be done; if two processes
read the same rows, the database decides between them.
"""

import asyncio
import contextlib
import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from bot import tasks
from bot.clock import Clock
from bot.domain.round import Round
from bot.domain.schedule import Occurrence, Outcome, Schedule
from bot.domain.walltime import instant_of
from bot.services.errors import DiscordUnavailable, QuizhostError, ShuttingDown, ZoneUnknown
from bot.services.ports import ConcurrentChange, NewRound, RoundStore, Stage
from bot.services.rotation import Rotation
from bot.services.rounds import StartRequest
from bot.services.schedule_announcements import ScheduleAnnouncements
from bot.services.schedule_dates import turn
from bot.services.schedule_ports import Announcer, Refusal, ScheduleStore
from bot.services.schedule_requests import start_request
from bot.services.schedule_steps import cancelled, grace_of, without_reminder
from bot.services.settings import SettingsService
from bot.services.sleeper import Sleeper
from bot.services.zones import knows_zone, zone_of

log = logging.getLogger(__name__)

#: While something is scheduled: a machine that slept, or whose clock was changed, notices within this time.
LONGEST_SLEEP = 60.0
#: While nothing is scheduled, only a new schedule wakes the runner.
ENDLESS_SLEEP = timedelta(days=3650).total_seconds()
#: How soon to retry what could not be done.
RETRY_SECONDS = 10.0
#: How soon to check whether a round that has just started can be followed up.
FOLLOW_SECONDS = 2.0


class Rounds(Protocol):
    """Plans rounds, and starts them once they are stored."""

    async def plan(self, request: StartRequest) -> NewRound:
        """Return the round that a request asks for; a `QuizhostError` if it cannot be played."""
        ...

    def launch(self, played: Round) -> None:
        """Start a stored round."""
        ...


class ScheduleRunner:
    """Keeps checking for what is due. Start it with `start`, once the bot knows its channels."""

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
        self._store, self._rounds, self._rotation = store, rounds, rotation
        self._settings, self._clock = settings, clock
        self._announcements = ScheduleAnnouncements(
            store=store,
            round_store=round_store,
            rotation=rotation,
            stage=stage,
            announcer=announcer,
            settings=settings,
            clock=clock,
            changed=self.wake,
        )
        self._running: asyncio.Task[None] | None = None
        self._sleeper = Sleeper(clock, name="sleep until the next schedule")
        self._woken = False

    def start(self) -> None:
        """Begin starting rounds."""
        if self._running is None:
            self._running = tasks.spawn(self._run(), name="schedules")

    def wake(self) -> None:
        """Check again now."""
        self._woken = True
        self._sleeper.wake()

    async def close(self) -> None:
        """Start nothing more; the next process finishes what was begun."""
        if self._running is not None:
            await tasks.cancel(self._running)
        await self._announcements.close()

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
            if not self._woken:
                await self._sleeper.sleep(seconds)

    async def derive_again(self) -> None:
        """Work out every next instant from its wall time again: the zone database may have changed."""
        for schedule in await self._store.fetch_kept():
            try:
                await self._derive(schedule)
            except Exception:  # one schedule must not hold up the others
                log.exception("schedule %s: could not work out its next date again", schedule.id)

    async def _derive(self, schedule: Schedule) -> None:
        if schedule.next_wall is None:
            return
        try:
            at = instant_of(schedule.next_wall, zone_of(schedule.zone))
        except ZoneUnknown:
            self._announcements.rest(schedule)
            return
        if at != schedule.next_at:
            log.info("schedule %s: its next date is at a different instant now", schedule.id)
            moved = replace(without_reminder(schedule), next_at=at)
            with contextlib.suppress(ConcurrentChange):  # whatever was changed has been worked out again, too
                await self._store.change(schedule, moved, cancelled(schedule))

    async def look(self) -> float:
        """Do what is due, and return in how many seconds to check again."""
        now = self._clock.now()
        due = await self._store.fetch_due(now)
        for schedule in due:
            try:
                await self._attend(schedule, now)
            except ConcurrentChange:
                log.info("schedule %s: another process has taken care of it", schedule.id)
            except Exception:  # one schedule must not hold up the others
                log.exception("schedule %s: trying again", schedule.id)
        unfollowed = await self._store.fetch_unfollowed()
        for schedule_id in dict.fromkeys(one.schedule_id for one in unfollowed):
            self._announcements.follow_up(schedule_id)
        unmirrored = await self._store.fetch_unmirrored()
        for schedule in unmirrored:
            self._announcements.mirror(schedule.id)
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
        if not knows_zone(schedule.zone):  # then there is no telling what comes after this date
            self._announcements.rest(schedule)
            return
        if now < due_at:
            self._announcements.remind(schedule)
            return
        grace = grace_of((await self._settings.of(schedule.id.server_id)).grace_minutes)
        if now - due_at >= grace:
            await self._note_missed(schedule, now, grace)
            return
        try:
            await self._start(schedule)
            self._announcements.forget(schedule.id, due_at)
        except (ShuttingDown, DiscordUnavailable):  # nothing that a moderator could fix
            return
        except QuizhostError as error:
            self._announcements.tell_refusal(Refusal(schedule, due_at, error, due_at + grace))

    async def _start(self, schedule: Schedule) -> None:
        """Take the due date and store its round in one transaction: a crash leaves both or neither."""
        quiz = await self._rotation.choose(schedule.id.server_id, schedule.source)
        new = await self._rounds.plan(start_request(schedule, quiz.id, scheduled=True))
        played = await self._store.claim(schedule, turn(schedule, schedule.next_wall), new)
        self._rounds.launch(played)
        log.info("schedule %s: round %s starts", schedule.id, played.id.number)

    async def _note_missed(self, schedule: Schedule, now: datetime, grace: timedelta) -> None:
        """Record every date that has passed, and move to the first one that has not."""
        while schedule.next_at is not None and now - schedule.next_at >= grace:
            due_at = schedule.next_at
            refused = self._announcements.was_told(schedule.id, due_at)
            outcome = Outcome.REFUSED if refused else Outcome.MISSED
            past = Occurrence(schedule.id, due_at, outcome, reminder_id=schedule.reminder_id)
            schedule = await self._store.change(schedule, turn(schedule, schedule.next_wall), past)
            self._announcements.forget(schedule.id, due_at)
        self.wake()
