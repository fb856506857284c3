"""What schedules need from outside: a memory, and somebody who announces them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Protocol

from bot.domain.quiz import Quiz
from bot.domain.round import Round
from bot.domain.schedule import Occurrence, RoundOptions, Schedule, ScheduleId, Source
from bot.services.errors import QuizhostError
from bot.services.ports import NewRound

# --- the memory -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewSchedule:
    """A schedule that is about to be stored."""

    server_id: int
    channel_id: int
    host_id: int
    source: Source
    options: RoundOptions
    zone: str
    first: datetime
    rule: str
    next_wall: datetime
    next_at: datetime
    ping_role_id: int | None
    announce_minutes: int
    has_event: bool


def as_schedule(new: NewSchedule, number: int) -> Schedule:
    """Return what is stored under a number."""
    values = {field.name: getattr(new, field.name) for field in fields(new) if field.name != "server_id"}
    return Schedule(id=ScheduleId(new.server_id, number), **values)


def as_new(schedule: Schedule) -> NewSchedule:
    """Return a schedule as if it were about to be stored, to be checked."""
    names = [field.name for field in fields(NewSchedule) if field.name != "server_id"]
    return NewSchedule(schedule.id.server_id, **{name: getattr(schedule, name) for name in names})


class ScheduleStore(Protocol):
    """Remembers schedules, what happened at their dates, and who wants to be reminded."""

    async def add(self, new: NewSchedule, *, most: int) -> Schedule:
        """Store a schedule under the server's next number; `TooManySchedules` beyond `most` kept ones."""
        ...

    async def fetch(self, schedule_id: ScheduleId) -> Schedule | None:
        """Return a schedule, or None."""
        ...

    async def fetch_kept(self, server_id: int | None = None) -> list[Schedule]:
        """Return the active and paused schedules of a server, or of all, by their next date."""
        ...

    async def fetch_ended(self, server_id: int, most: int) -> list[Schedule]:
        """Return up to this many of a server's schedules whose last date has passed, newest first."""
        ...

    async def fetch_skipped(self, server_id: int | None = None) -> Mapping[ScheduleId, Sequence[datetime]]:
        """Return the due instants that the moderators of a server, or of all, have skipped."""
        ...

    async def fetch_due(self, now: datetime) -> list[Schedule]:
        """Return the active schedules that need something done, longest due first."""
        ...

    async def fetch_next_wake(self, now: datetime) -> datetime | None:
        """Return when something next needs doing after this instant, or None."""
        ...

    async def change(self, before: Schedule, after: Schedule, past: Occurrence | None = None) -> Schedule:
        """Move a stored schedule from one value to the next, and record what became of one of its dates.

        `ConcurrentChange` if the stored schedule is no longer at the first value.
        """
        ...

    async def claim(self, before: Schedule, after: Schedule, new: NewRound) -> Round:
        """Take the due date and store its round, both or neither, and only once.

        `ConcurrentChange` if the date was already taken, `RoundAlreadyOpen` if the channel is not free.
        """
        ...

    async def fetch_unfollowed(self, schedule_id: ScheduleId | None = None) -> list[Occurrence]:
        """Return the occurrences of a schedule, or of all, that have not been followed up, oldest first."""
        ...

    async def note_followed(self, occurrence: Occurrence) -> None:
        """Record that an occurrence needs nothing more."""
        ...

    async def attach_reminder(self, schedule_id: ScheduleId, due_at: datetime, message_id: int) -> bool:
        """Record the reminder card of a past date, to be followed up; False if there is no such date."""
        ...

    async def fetch_unmirrored(self) -> list[Schedule]:
        """Return the schedules whose Discord event does not show their next date."""
        ...

    async def toggle_reminder(self, schedule_id: ScheduleId, due_at: datetime, player_id: int) -> bool:
        """Add a player to those who are reminded of a date, or remove them; tell whether they are on.

        `ReminderOver` if the date is not the next one of an active schedule.
        """
        ...

    async def fetch_reminded(self, schedule_id: ScheduleId, due_at: datetime) -> list[int]:
        """Return who wants to be reminded of a date."""
        ...


# --- the announcer --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReminderCard:
    """Says that a scheduled round is coming, has begun, or will not take place."""

    schedule: Schedule
    due_at: datetime
    quiz: Quiz | None  #: None where it is chosen when the round starts
    occurrence: Occurrence | None = None  #: what became of it, once that is known
    place_id: int | None = None  #: where its round plays, once it does


@dataclass(frozen=True, slots=True)
class Ping:
    """Pings those who asked to be told about a round that is about to start."""

    schedule: Schedule
    due_at: datetime
    round: Round
    role_id: int | None
    player_ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A scheduled round could not start on time."""

    schedule: Schedule
    due_at: datetime
    error: QuizhostError
    until: datetime  #: it is tried until then


@dataclass(frozen=True, slots=True)
class Missed:
    """Rounds of a schedule did not start, because the bot was offline longer than the grace period."""

    schedule: Schedule
    due_at: Sequence[datetime]  #: at least one, oldest first


@dataclass(frozen=True, slots=True)
class EventLost:
    """The Discord event that mirrored a schedule could not be kept; the schedule continues without it."""

    schedule: Schedule


@dataclass(frozen=True, slots=True)
class ZoneLost:
    """The machine no longer knows a schedule's time zone; the schedule is paused."""

    schedule: Schedule


ScheduleNotice = Refusal | Missed | EventLost | ZoneLost


class Announcer(Protocol):
    """Where schedules are seen. Every call but `check` and `tell_moderators` may raise a `StageError`."""

    def check(self, schedule: NewSchedule, *, host_may_mention: bool) -> None:
        """Raise `RoleNotPingable` or `EventsNotAllowed` if something of a schedule cannot be done."""
        ...

    async def post_reminder(self, card: ReminderCard) -> int:
        """Post a reminder card; return its message. Posting again within minutes returns the first one."""
        ...

    async def edit_reminder(self, card: ReminderCard) -> None:
        """Show on a posted reminder card what became of its date."""
        ...

    async def ping(self, ping: Ping) -> None:
        """Ping people for a round, in its place."""
        ...

    async def show_event(self, schedule: Schedule, quiz: Quiz | None, starts_at: datetime) -> int:
        """Create or move the Discord event that mirrors a schedule; return its id."""
        ...

    async def remove_event(self, schedule: Schedule) -> None:
        """Remove the Discord event that mirrors a schedule; one that is gone already is fine."""
        ...

    async def tell_moderators(self, notice: ScheduleNotice) -> None:
        """Tell the server's moderators, at most once; never raises a `StageError`."""
        ...
