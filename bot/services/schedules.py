"""Schedules: moderators make and change them, players ask to be reminded of their dates.

Starting the rounds is `bot.services.schedule_runner`'s business.
"""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.clock import Clock
from bot.domain.round import Round
from bot.domain.schedule import (
    ON_TIME,
    Schedule,
    ScheduleId,
    ScheduleState,
)
from bot.domain.walltime import instant_of
from bot.services import schedule_steps as steps
from bot.services.errors import NoSuchSchedule, ReminderOver
from bot.services.ports import ConcurrentChange, Stage, StageError
from bot.services.rotation import Rotation
from bot.services.rounds import RoundService
from bot.services.schedule_clashes import Clashes
from bot.services.schedule_dates import dates_ahead
from bot.services.schedule_edits import Changes, edit
from bot.services.schedule_ports import (
    Announcer,
    NewSchedule,
    ReminderCard,
    ScheduleStore,
    as_new,
    as_schedule,
)
from bot.services.schedule_requests import AddRequest, start_request
from bot.services.schedule_steps import cancelled
from bot.services.zones import zone_of

#: Active and paused schedules of one server.
MAX_SCHEDULES = 50


@dataclass(frozen=True, slots=True)
class Planned:
    """A schedule with its next dates, for those who ask."""

    schedule: Schedule
    dates: Sequence[datetime]  #: instants; empty while it is paused or its zone is unknown
    left_out: datetime | None = None  #: the date that was just skipped


@dataclass(frozen=True, slots=True)
class Listed:
    """What a server has scheduled."""

    planned: Sequence[Planned]  #: the next date first
    skipped: Mapping[ScheduleId, Sequence[datetime]]  #: the dates that were skipped


class ScheduleService:
    """What `/schedule` and the reminder cards do."""

    def __init__(
        self,
        *,
        store: ScheduleStore,
        rounds: RoundService,
        rotation: Rotation,
        stage: Stage,
        announcer: Announcer,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        self._store, self._rounds, self._rotation = store, rounds, rotation
        self._stage, self._announcer, self._clock = stage, announcer, clock
        self._clashes = Clashes(store, rounds, rotation)
        self._wake = wake  #: called when something may be due earlier than planned

    # --- moderators -------------------------------------------------------------------------------

    async def add(self, request: AddRequest, *, confirmed: bool = False) -> Planned:
        """Store a schedule.

        Raises:
            QuizNotFound, NoQuizToPlay, MissingPermissions, NotARoundChannel, RoleNotPingable,
                EventsNotAllowed, TooManySchedules: nothing was stored.
            ScheduleClash: nothing was stored, but it will be if this is `confirmed`.
        """
        wall = request.recurrence.after(None)
        if wall is None:  # `Recurrence.read` refuses such a rule
            raise ValueError("the recurrence has no date")
        new = NewSchedule(
            server_id=request.server_id,
            channel_id=request.channel_id,
            host_id=request.host_id,
            source=request.source,
            options=request.options,
            zone=request.zone,
            first=request.recurrence.first,
            rule=request.recurrence.rule,
            next_wall=wall,
            next_at=instant_of(wall, zone_of(request.zone)),
            ping_role_id=request.ping_role_id,
            announce_minutes=request.announce_minutes,
            has_event=request.has_event,
        )
        await self._check(new, host_may_mention=request.host_may_mention)
        if not confirmed:
            await self._clashes.check(as_schedule(new, 0))
        schedule = await self._store.add(new, most=MAX_SCHEDULES)
        self._wake()
        return _planned(schedule)

    async def edit(
        self,
        server_id: int,
        number: str,
        changes: Changes,
        *,
        host_may_mention: bool,
        confirmed: bool = False,
    ) -> Planned:
        """Change a schedule; errors as `add` and `schedule_edits.edit`, and `NoSuchSchedule`."""
        now = self._clock.now()
        before = await self._get(server_id, number)
        after, _ = edit(before, changes, now)
        # What stays was allowed when it was chosen.
        called_anew = changes.ping_role_id is not None or changes.channel_id is not None
        new = as_new(replace(after, has_event=bool(changes.has_event)))
        await self._check(new, host_may_mention=host_may_mention or not called_anew)
        if not confirmed and (changes.moves or changes.channel_id or changes.source):
            await self._clashes.check(after)
        changed = await self._step(server_id, number, lambda schedule: edit(schedule, changes, now))
        card = cancelled(before)
        if card is not None and changed.channel_id != before.channel_id:  # it is followed up in the new one
            with contextlib.suppress(StageError):
                await self._announcer.edit_reminder(ReminderCard(before, card.due_at, None, card))
        return _planned(changed)

    async def _check(self, new: NewSchedule, *, host_may_mention: bool) -> None:
        self._rotation.check(new.source)
        await self._stage.look_up(new.server_id, new.channel_id)
        self._stage.check(new.server_id, new.channel_id, thread=bool(new.options.thread))
        self._announcer.check(new, host_may_mention=host_may_mention)

    async def usual_channel(self, server_id: int, here_id: int) -> int:
        """Return where to play if no channel is named; see `RoundService.usual_channel`."""
        return await self._rounds.usual_channel(server_id, here_id)

    async def list_kept(self, server_id: int) -> Listed:
        """Return the server's active and paused schedules."""
        kept = await self._store.fetch_kept(server_id)
        skipped = await self._store.fetch_skipped(server_id)
        # In a thread: 50 schedules take 30 ms or more, during which no click would be acknowledged.
        planned = await asyncio.to_thread(lambda: [_planned(schedule) for schedule in kept])
        return Listed(planned, skipped)

    async def show(self, server_id: int, number: str) -> Planned:
        """Return a schedule with its next dates; `NoSuchSchedule` if none has this number."""
        return _planned(await self._get(server_id, number))

    async def fetch_kept(self, server_id: int) -> list[Schedule]:
        """Return the server's active and paused schedules without their dates, the next one first."""
        return await self._store.fetch_kept(server_id)

    async def fetch_ended(self, server_id: int, most: int) -> list[Schedule]:
        """Return the server's newest schedules whose last date has passed: `run_now` accepts them, too."""
        return await self._store.fetch_ended(server_id, most)

    async def remove(self, server_id: int, number: str) -> Schedule:
        """End a schedule for good; `NoSuchSchedule` if none has this number."""
        return await self._step(server_id, number, steps.remove)

    async def pause(self, server_id: int, number: str) -> Schedule:
        """Pause a schedule; errors as `remove`, and `ScheduleStepNotPossible`."""
        return await self._step(server_id, number, steps.pause)

    async def resume(self, server_id: int, number: str) -> Planned:
        """Resume a paused schedule with its next date from now; errors as `pause`."""
        now = self._clock.now()
        return _planned(await self._step(server_id, number, lambda schedule: steps.resume(schedule, now)))

    async def skip_next(self, server_id: int, number: str, *, due_at: datetime | None = None) -> Planned:
        """Skip a schedule's next date; errors as `pause`.

        Args:
            server_id: whose schedule it is.
            number: which one.
            due_at: the next date as the moderator saw it; `ScheduleStepNotPossible` if another one is next by
                now. Without it, the date that is next when this is called.
        """
        meant = due_at or (await self._get(server_id, number)).next_at
        turned = await self._step(server_id, number, lambda schedule: steps.skip(schedule, meant))
        return replace(_planned(turned), left_out=meant)

    async def unskip(self, server_id: int, number: str, due_at: datetime) -> Planned:
        """Put back the date that was last skipped; errors as `pause`."""
        now = self._clock.now()
        return _planned(
            await self._step(
                server_id, number, lambda schedule: steps.unskip(schedule, due_at, now), ended=True
            )
        )

    async def run_now(self, server_id: int, number: str) -> Round:
        """Start a round of a schedule at once, besides its dates, which may have passed.

        `NoSuchSchedule` if none has this number or it was removed, and the errors of
        `RoundService.start`.
        """
        schedule = await self._get(server_id, number, ended=True)
        quiz = await self._rotation.choose(server_id, schedule.source)
        return await self._rounds.start(start_request(schedule, quiz.id, scheduled=False))

    async def _step(
        self,
        server_id: int,
        number: str,
        step: Callable[[Schedule], steps.Step],
        *,
        ended: bool = False,
    ) -> Schedule:
        while True:
            schedule = await self._get(server_id, number, ended=ended)
            try:
                changed = await self._store.change(schedule, *step(schedule))
            except ConcurrentChange:  # a round of it has just started, for example
                continue
            self._wake()
            return changed

    async def _get(self, server_id: int, number: str, *, ended: bool = False) -> Schedule:
        found = await self._find(server_id, number)
        if found is None or not (found.is_kept or (ended and found.state is ScheduleState.ENDED)):
            raise NoSuchSchedule(number)
        return found

    async def _find(self, server_id: int, number: str) -> Schedule | None:
        known = number.isascii() and number.isdigit() and len(number) < 10
        return await self._store.fetch(ScheduleId(server_id, int(number))) if known else None

    # --- players ----------------------------------------------------------------------------------

    async def toggle_reminder(self, schedule_id: ScheduleId, due_at: datetime, player_id: int) -> bool:
        """Note that a player wants to be pinged when a date's round starts, or no longer does.

        Raises:
            ReminderOver: the date is not, or no longer, the schedule's next one.
        """
        if self._clock.now() >= due_at + ON_TIME:
            raise ReminderOver
        return await self._store.toggle_reminder(schedule_id, due_at, player_id)


def _planned(schedule: Schedule) -> Planned:
    return Planned(schedule, dates_ahead(schedule))
