"""What a schedule is: which quiz is played where and when, again and again.

A schedule keeps the time as people say it, wall time and zone; the instant of its next round comes from
that (`bot.domain.walltime`), so that Friday 16:00 stays Friday 16:00 when clocks change. Which dates a rule
gives is `bot.services.recurrence`'s business.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from bot.domain.round import Scoring

#: How long before a scheduled round its reminder card may be posted: a week.
MAX_ANNOUNCE_MINUTES = 7 * 24 * 60
DEFAULT_ANNOUNCE_MINUTES = 15
#: A start within this time is on time, whatever the server's grace period.
ON_TIME = timedelta(minutes=1)


class ScheduleId(NamedTuple):
    """Schedules are numbered per server, from 1."""

    server_id: int
    number: int


class ScheduleState(StrEnum):
    """Whether a schedule still starts rounds."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"  #: its last date has passed
    REMOVED = "removed"


class SourceKind(StrEnum):
    """Where a scheduled round's quiz comes from."""

    QUIZ = "quiz"
    CATEGORY = "category"
    TAG = "tag"


class Source(NamedTuple):
    """One quiz, or a category or tag, from which the least recently played quiz is chosen each time."""

    kind: SourceKind
    name: str  #: a quiz's id, a category's path, a tag


class Outcome(StrEnum):
    """What happened at one due instant."""

    STARTED = "started"
    MISSED = "missed"  #: the bot was offline longer than the grace period
    REFUSED = "refused"  #: something kept the round from starting until the grace period was over
    SKIPPED = "skipped"  #: by a moderator
    CANCELLED = "cancelled"  #: the schedule was paused or removed after the reminder was posted


@dataclass(frozen=True, slots=True)
class RoundOptions:
    """What the moderator chose for every round of a schedule; None leaves it to the server's settings."""

    seconds: int | None = None
    questions: int | None = None  #: all of them
    scoring: Scoring | None = None
    thread: bool | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """A rule that starts rounds, and where it stands."""

    id: ScheduleId
    channel_id: int
    host_id: int  #: who made it
    source: Source
    options: RoundOptions
    zone: str  #: IANA name
    first: datetime  #: wall time of the first date, naive
    rule: str  #: RFC 5545 RRULE, empty for once
    next_wall: datetime | None  #: wall time of the next date, naive; None when there are no more
    next_at: datetime | None  #: its instant, according to the zone database at the time
    state: ScheduleState = ScheduleState.ACTIVE
    ping_role_id: int | None = None
    announce_minutes: int = DEFAULT_ANNOUNCE_MINUTES  #: 0: no reminder card
    reminded_at: datetime | None = None  #: the due instant whose reminder card was posted
    reminder_id: int | None = None  #: that card's message
    has_event: bool = False  #: whether a Discord event mirrors the next date
    event_id: int | None = None
    event_at: datetime | None = None  #: the instant that the event shows
    revision: int = 0  #: counts the changes; the database refuses a change to an older one

    @property
    def runs(self) -> bool:
        """Whether a round is coming."""
        return self.state is ScheduleState.ACTIVE and self.next_at is not None

    @property
    def is_kept(self) -> bool:
        """Whether moderators can still see and change it."""
        return self.state in {ScheduleState.ACTIVE, ScheduleState.PAUSED}

    @property
    def is_reminded(self) -> bool:
        """Whether the next date's reminder card was posted."""
        return self.reminded_at is not None and self.reminded_at == self.next_at

    @property
    def wake_at(self) -> datetime | None:
        """When something needs doing: the reminder, then the round."""
        if not self.runs or self.next_at is None:
            return None
        if self.announce_minutes == 0 or self.is_reminded:
            return self.next_at
        return self.next_at - timedelta(minutes=self.announce_minutes)

    @property
    def shown_event_at(self) -> datetime | None:
        """Which instant the Discord event should show, or None if there should be none."""
        return self.next_at if self.has_event and self.runs else None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One due instant of a schedule, and what happened at it."""

    schedule_id: ScheduleId
    due_at: datetime
    outcome: Outcome
    round_number: int | None = None
    reminder_id: int | None = None  #: the reminder card that announced it


# --- steps: from one value to the next ------------------------------------------------------------


def move_on(schedule: Schedule, next_wall: datetime | None, next_at: datetime | None) -> Schedule:
    """Move to another date; without one, the schedule has ended."""
    state = ScheduleState.ENDED if next_at is None else schedule.state
    return replace(
        schedule, next_wall=next_wall, next_at=next_at, state=state, reminded_at=None, reminder_id=None
    )


def note_reminder(schedule: Schedule, message_id: int | None) -> Schedule:
    """Record that the next date's reminder card was posted, or cannot be."""
    return replace(schedule, reminded_at=schedule.next_at, reminder_id=message_id)


def note_event(schedule: Schedule, event_id: int | None, shown_at: datetime | None) -> Schedule:
    """Record which Discord event mirrors the schedule, and what it shows."""
    return replace(schedule, event_id=event_id, event_at=shown_at)
