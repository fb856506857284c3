"""Schedules in the database: each change and each due date is handled by one process, once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.round import Round, Scoring
from bot.domain.schedule import (
    Occurrence,
    Outcome,
    RoundOptions,
    Schedule,
    ScheduleId,
    ScheduleState,
    Source,
    SourceKind,
)
from bot.services.errors import ReminderOver, TooManySchedules
from bot.services.ports import ConcurrentChange, NewRound
from bot.services.schedule_ports import NewSchedule, as_schedule
from bot.storage.database import Database
from bot.storage.rounds import insert_round
from bot.storage.tables import left_servers, occurrences, reminders, schedules

_KEPT = (ScheduleState.ACTIVE, ScheduleState.PAUSED)
#: What moderators already know when it is recorded.
_TOLD = (Outcome.REFUSED, Outcome.SKIPPED, Outcome.CANCELLED)


class SqlScheduleStore:
    """Implements `bot.services.schedule_ports.ScheduleStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, new: NewSchedule, *, most: int) -> Schedule:
        """Store a schedule under the next number."""
        here = schedules.c.server_id == new.server_id
        kept = sa.func.count().filter(schedules.c.state.in_(_KEPT))
        async with self._database.writing() as connection:
            query = sa.select(sa.func.coalesce(sa.func.max(schedules.c.number), 0), kept).where(here)
            newest, there_are = (await connection.execute(query)).one()
            if there_are >= most:
                raise TooManySchedules(most)
            schedule = as_schedule(new, newest + 1)
            await connection.execute(sa.insert(schedules).values(_row(schedule)))
        return schedule

    async def fetch(self, schedule_id: ScheduleId) -> Schedule | None:
        """Return a schedule, or None."""
        found = await self._fetch(_is(schedule_id))
        return found[0] if found else None

    async def fetch_kept(self, server_id: int | None = None) -> list[Schedule]:
        """Return the active and paused schedules, by their next date."""
        kept = schedules.c.state.in_(_KEPT)
        return await self._fetch(kept if server_id is None else (schedules.c.server_id == server_id) & kept)

    async def fetch_ended(self, server_id: int, most: int) -> list[Schedule]:
        """Return the newest schedules that have ended."""
        ended = (schedules.c.server_id == server_id) & (schedules.c.state == ScheduleState.ENDED)
        query = sa.select(schedules).where(ended).order_by(schedules.c.number.desc()).limit(most)
        async with self._database.reading() as connection:
            return [_schedule(row) for row in (await connection.execute(query)).mappings()]

    async def fetch_skipped(self, server_id: int | None = None) -> Mapping[ScheduleId, Sequence[datetime]]:
        """Return the due instants that were left out, oldest first."""
        query = sa.select(occurrences.c.server_id, occurrences.c.schedule_number, occurrences.c.due_at)
        query = query.where(occurrences.c.outcome == Outcome.SKIPPED.value)
        if server_id is not None:
            query = query.where(occurrences.c.server_id == server_id)
        skipped: dict[ScheduleId, list[datetime]] = {}
        async with self._database.reading() as connection:
            for server, number, due_at in await connection.execute(query.order_by(occurrences.c.due_at)):
                skipped.setdefault(ScheduleId(server, number), []).append(due_at)
        return skipped

    async def fetch_due(self, now: datetime) -> list[Schedule]:
        """Return the active schedules that need something done."""
        due = (schedules.c.state == ScheduleState.ACTIVE) & (schedules.c.wake_at <= now)
        return await self._fetch(due & _has_bot(schedules))

    async def fetch_next_wake(self, now: datetime) -> datetime | None:
        """Return the earliest later instant at which something needs doing."""
        query = sa.select(sa.func.min(schedules.c.wake_at)).where(
            schedules.c.state == ScheduleState.ACTIVE, schedules.c.wake_at > now, _has_bot(schedules)
        )
        async with self._database.reading() as connection:
            return (await connection.execute(query)).scalar_one()

    async def fetch_unmirrored(self) -> list[Schedule]:
        """Return the schedules whose Discord event shows another date than it should."""
        differs = schedules.c.event_at.is_distinct_from(schedules.c.shown_event_at)
        return await self._fetch(differs & _has_bot(schedules))

    async def _fetch(self, where: sa.ColumnElement[bool]) -> list[Schedule]:
        query = sa.select(schedules).where(where)
        query = query.order_by(schedules.c.next_at, schedules.c.server_id, schedules.c.number)
        async with self._database.reading() as connection:
            return [_schedule(row) for row in (await connection.execute(query)).mappings()]

    async def change(self, before: Schedule, after: Schedule, past: Occurrence | None = None) -> Schedule:
        """Write the new value, if the stored schedule is still at `before`."""
        async with self._database.writing() as connection:
            after = await _move(connection, before, after)
            if past is not None:
                await _note(connection, past, followed=past.reminder_id is None and past.outcome in _TOLD)
        return after

    async def claim(self, before: Schedule, after: Schedule, new: NewRound) -> Round:
        """Take the due date: turn the schedule to the next one and store the round, in one transaction."""
        if before.next_at is None:
            raise ConcurrentChange
        async with self._database.writing() as connection:
            await _move(connection, before, after)
            played = await insert_round(connection, new)
            started = Occurrence(
                before.id, before.next_at, Outcome.STARTED, played.id.number, before.reminder_id
            )
            asked = sa.select(reminders.c.player_id).where(_of_date(reminders, before.id, before.next_at))
            somebody = (await connection.execute(asked.limit(1))).first()
            nobody_waits = before.reminder_id is None and before.ping_role_id is None and somebody is None
            await _note(connection, started, followed=nobody_waits)
        return played

    async def fetch_unfollowed(self, schedule_id: ScheduleId | None = None) -> list[Occurrence]:
        """Return what has not been followed up, oldest first."""
        unfollowed = ~occurrences.c.followed & _has_bot(occurrences)
        query = sa.select(occurrences).where(unfollowed).order_by(occurrences.c.due_at)
        if schedule_id is not None:
            query = query.where(_of(occurrences, schedule_id))
        async with self._database.reading() as connection:
            return [_occurrence(row) for row in (await connection.execute(query)).mappings()]

    async def note_followed(self, occurrence: Occurrence) -> None:
        """Record that an occurrence was followed up, and forget who wanted to be reminded of it."""
        this_one = (
            _of_date(occurrences, occurrence.schedule_id, occurrence.due_at),
            occurrences.c.outcome == occurrence.outcome.value,  # it may have been called on again meanwhile
        )
        async with self._database.writing() as connection:
            await connection.execute(sa.update(occurrences).where(*this_one).values(followed=True))
            if occurrence.outcome is not Outcome.CANCELLED:  # a paused schedule may still come to this date
                of_date = _of_date(reminders, occurrence.schedule_id, occurrence.due_at)
                await connection.execute(sa.delete(reminders).where(of_date))

    async def attach_reminder(self, schedule_id: ScheduleId, due_at: datetime, message_id: int) -> bool:
        """Record the card of a past date."""
        this_one = _of_date(occurrences, schedule_id, due_at)
        attach = sa.update(occurrences).where(this_one).values(reminder_id=message_id, followed=False)
        async with self._database.writing() as connection:
            return (await connection.execute(attach)).rowcount == 1

    async def toggle_reminder(self, schedule_id: ScheduleId, due_at: datetime, player_id: int) -> bool:
        """Put a player on the list of a coming date, or take them off it."""
        this_one = _of_date(reminders, schedule_id, due_at) & (reminders.c.player_id == player_id)
        comes = (
            _is(schedule_id),
            schedules.c.state == ScheduleState.ACTIVE,
            schedules.c.next_at == due_at,
        )
        async with self._database.writing() as connection:
            if (await connection.execute(sa.select(schedules.c.number).where(*comes))).first() is None:
                raise ReminderOver
            removed = await connection.execute(sa.delete(reminders).where(this_one))
            if removed.rowcount:
                return False
            server_id, number = schedule_id
            row = {
                "server_id": server_id,
                "schedule_number": number,
                "due_at": due_at,
                "player_id": player_id,
            }
            await connection.execute(sa.insert(reminders).values(row))
        return True

    async def fetch_reminded(self, schedule_id: ScheduleId, due_at: datetime) -> list[int]:
        """Return who is on the list of a date."""
        query = sa.select(reminders.c.player_id).where(_of_date(reminders, schedule_id, due_at))
        async with self._database.reading() as connection:
            return list((await connection.execute(query.order_by(reminders.c.player_id))).scalars())


def _has_bot(table: sa.Table) -> sa.ColumnElement[bool]:
    """Everything of a server rests while it has removed the bot."""
    return table.c.server_id.not_in(sa.select(left_servers.c.server_id))


def _is(schedule_id: ScheduleId) -> sa.ColumnElement[bool]:
    return sa.and_(schedules.c.server_id == schedule_id.server_id, schedules.c.number == schedule_id.number)


def _of(table: sa.Table, schedule_id: ScheduleId) -> sa.ColumnElement[bool]:
    server_id, number = schedule_id
    return sa.and_(table.c.server_id == server_id, table.c.schedule_number == number)


def _of_date(table: sa.Table, schedule_id: ScheduleId, due_at: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(_of(table, schedule_id), table.c.due_at == due_at)


async def _move(connection: AsyncConnection, before: Schedule, after: Schedule) -> Schedule:
    after = replace(after, revision=before.revision + 1)
    at_before = (
        _is(before.id),
        schedules.c.revision == before.revision,
        schedules.c.next_at.is_not_distinct_from(before.next_at),
    )
    moved = await connection.execute(sa.update(schedules).where(*at_before).values(_row(after)))
    if moved.rowcount != 1:
        raise ConcurrentChange
    return after


async def _note(connection: AsyncConnection, occurrence: Occurrence, *, followed: bool) -> None:
    """Record what happened at a due instant. A round that was started there is never overwritten."""
    row = {
        "server_id": occurrence.schedule_id.server_id,
        "schedule_number": occurrence.schedule_id.number,
        "due_at": occurrence.due_at,
        "outcome": occurrence.outcome.value,
        "round_number": occurrence.round_number,
        "reminder_id": occurrence.reminder_id,
        "followed": followed,
    }
    statement = insert(occurrences).values(row)
    statement = statement.on_conflict_do_update(
        index_elements=list(occurrences.primary_key),
        set_={name: statement.excluded[name] for name in row if name not in occurrences.primary_key},
        where=occurrences.c.outcome != Outcome.STARTED.value,
    )
    if (await connection.execute(statement)).rowcount != 1:
        raise ConcurrentChange


def _row(schedule: Schedule) -> dict[str, Any]:
    return {
        "server_id": schedule.id.server_id,
        "number": schedule.id.number,
        "channel_id": schedule.channel_id,
        "host_id": schedule.host_id,
        "source_kind": schedule.source.kind.value,
        "source_name": schedule.source.name,
        "options": asdict(schedule.options),
        "zone": schedule.zone,
        "first": schedule.first,
        "rule": schedule.rule,
        "next_wall": schedule.next_wall,
        "next_at": schedule.next_at,
        "state": schedule.state.value,
        "ping_role_id": schedule.ping_role_id,
        "announce_minutes": schedule.announce_minutes,
        "reminded_at": schedule.reminded_at,
        "reminder_id": schedule.reminder_id,
        "has_event": schedule.has_event,
        "event_id": schedule.event_id,
        "event_at": schedule.event_at,
        "wake_at": schedule.wake_at,
        "shown_event_at": schedule.shown_event_at,
        "revision": schedule.revision,
    }


def _schedule(row: sa.RowMapping) -> Schedule:
    same: Iterable[str] = (
        *("channel_id", "host_id", "zone", "first", "rule", "next_wall", "next_at", "ping_role_id"),
        *("announce_minutes", "reminded_at", "reminder_id", "has_event", "event_id", "event_at", "revision"),
    )
    scoring = row["options"]["scoring"]
    return Schedule(
        id=ScheduleId(row["server_id"], row["number"]),
        source=Source(SourceKind(row["source_kind"]), row["source_name"]),
        options=RoundOptions(**row["options"] | {"scoring": scoring and Scoring(scoring)}),
        state=ScheduleState(row["state"]),
        **{name: row[name] for name in same},
    )


def _occurrence(row: sa.RowMapping) -> Occurrence:
    return Occurrence(
        schedule_id=ScheduleId(row["server_id"], row["schedule_number"]),
        due_at=row["due_at"],
        outcome=Outcome(row["outcome"]),
        round_number=row["round_number"],
        reminder_id=row["reminder_id"],
    )
