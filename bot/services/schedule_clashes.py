"""Two schedules that would play in one channel at once: the later round cannot start."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.schedule import Schedule, ScheduleState
from bot.domain.walltime import instant_of
from bot.services.errors import ScheduleClash
from bot.services.recurrence import Recurrence
from bot.services.rotation import Rotation
from bot.services.rounds import RoundService
from bot.services.schedule_ports import ScheduleStore
from bot.services.schedule_requests import start_request
from bot.services.zones import knows_zone, zone_of

#: How far ahead dates are compared.
AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Measured:
    """A schedule, and how long its rounds may take."""

    schedule: Schedule
    length: timedelta


class Clashes:
    """Compares a schedule with the existing ones."""

    def __init__(self, store: ScheduleStore, rounds: RoundService, rotation: Rotation) -> None:
        self._store, self._rounds, self._rotation = store, rounds, rotation

    async def check(self, schedule: Schedule) -> None:
        """Raise `ScheduleClash` if another schedule plays in the channel while this one does."""
        kept = await self._store.fetch_kept(schedule.id.server_id)
        others = [one for one in kept if one.channel_id == schedule.channel_id and one.id != schedule.id]
        measured = [await self._measured(one) for one in (schedule, *others)]
        # In a thread: each has up to a year of dates.
        clash = await asyncio.to_thread(find_clash, measured[0], measured[1:])
        if clash is not None:
            raise ScheduleClash(
                schedule.channel_id, clash.schedule.id.number, clash.schedule.source.name, clash.at
            )

    async def _measured(self, schedule: Schedule) -> Measured:
        request = start_request(schedule, "", scheduled=True)
        quizzes = self._rotation.candidates(schedule.source)
        return Measured(schedule, await self._rounds.expected_length(request, quizzes))


@dataclass(frozen=True, slots=True)
class Clash:
    """Another schedule that plays at the same time."""

    schedule: Schedule
    at: datetime  #: its round's instant


def find_clash(new: Measured, others: Sequence[Measured]) -> Clash | None:
    """Return the first of the others that plays while the new one does, or the other way round."""
    own = list(_dates(new.schedule))
    for other in others:
        taken = _first_within(own, new.length, list(_dates(other.schedule)), other.length)
        if taken is not None:
            return Clash(other.schedule, taken)
    return None


def _first_within(
    own: Sequence[datetime], length: timedelta, taken: Sequence[datetime], other_length: timedelta
) -> datetime | None:
    mine, theirs = 0, 0
    while mine < len(own) and theirs < len(taken):
        apart = taken[theirs] - own[mine]
        if -other_length < apart < length:
            return taken[theirs]
        if apart > timedelta():
            mine += 1
        else:
            theirs += 1
    return None


def _dates(schedule: Schedule) -> Iterator[datetime]:
    """Yield the instants of a schedule's dates within a year of its next one."""
    if schedule.state is not ScheduleState.ACTIVE or schedule.next_wall is None or schedule.next_at is None:
        return
    if not knows_zone(schedule.zone):
        return
    zone = zone_of(schedule.zone)
    recurrence = Recurrence(schedule.first, schedule.rule)
    for wall in recurrence.upcoming(schedule.next_wall - timedelta(minutes=1), AHEAD.days):
        if (at := instant_of(wall, zone)) > schedule.next_at + AHEAD:
            return
        yield at
