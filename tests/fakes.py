"""Our own ports, faked: a clock that moves when told, and a stage that remembers what it showed."""

import asyncio
import dataclasses
import heapq
import itertools
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.quiz import Quiz
from bot.domain.round import Round
from bot.domain.schedule import Occurrence, Outcome, Schedule, ScheduleId
from bot.domain.tally import Verdict
from bot.services.errors import QuizhostError
from bot.services.ports import (
    AnnouncementCard,
    Card,
    ConcurrentChange,
    NewRound,
    Notice,
    PlaceClosed,
    Posted,
    QuestionCard,
    RevealCard,
)
from bot.services.schedule_ports import NewSchedule, Ping, ReminderCard, ScheduleNotice
from tests.builders import NOW, make_round


class VirtualClock:
    """Time passes only in `advance`, which lets whoever sleeps wake at their own instant."""

    def __init__(self) -> None:
        self._now = NOW
        self._order = itertools.count()
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._now.timestamp()

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        wakes_at = self._now + timedelta(seconds=max(seconds, 0))
        heapq.heappush(self._sleepers, (wakes_at, next(self._order), future))
        await future

    @property
    def sleeping(self) -> int:
        return sum(not future.done() for _, _, future in self._sleepers)

    def stall(self, seconds: float) -> None:
        """Let time pass as it does while an event loop stands still: sleepers wake late."""
        self._now += timedelta(seconds=seconds)

    def move_to(self, at: datetime) -> None:
        """Let it be another time at once, for those who do not sleep."""
        self._now = at

    async def advance(self, seconds: float, parked: Callable[[], bool]) -> None:
        """Let time pass; `parked` tells when everybody who was woken sleeps again or is done."""
        until = self._now + timedelta(seconds=seconds)
        await settle(parked)
        while self._sleepers and self._sleepers[0][0] <= until:
            wakes_at, _, future = heapq.heappop(self._sleepers)
            if future.done():
                continue
            self._now = max(self._now, wakes_at)
            future.set_result(None)
            await asyncio.sleep(0)
            await settle(parked)
        self._now = until


async def settle(parked: Callable[[], bool]) -> None:
    """Let the event loop run until everybody sleeps; real work, such as SQLite's, happens meanwhile."""
    for _ in range(3):  # a task that was just woken may not have started yet
        await asyncio.sleep(0)
    async with asyncio.timeout(30):
        while not parked():
            await asyncio.sleep(0.0005)


class FakeStage:
    """Shows cards to nobody, with message ids of its own; a repeated post gives the first message back."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._ids = itertools.count(1000)
        self.posts: dict[tuple[str, int], tuple[Card, Posted]] = {}
        self.edits: list[AnnouncementCard | QuestionCard | RevealCard] = []
        self.notices: list[Notice] = []
        self.verdicts: list[Mapping[int, Verdict]] = []
        self.refusal: QuizhostError | None = None  #: what keeps a round from being played
        self.roomy = True  #: whether what can be left out is shown
        self.late = timedelta()  #: how long whatever is shown waits for its turn

    async def look_up(self, server_id: int, channel_id: int) -> None:
        """Every channel is at hand."""

    def check(self, server_id: int, channel_id: int, *, thread: bool) -> None:
        """Every channel will do, unless a test says otherwise."""
        if self.refusal is not None:
            raise self.refusal

    def check_notices(self, server_id: int, channel_id: int) -> None:
        """For notices, too."""

    def has_room(self) -> bool:
        return self.roomy

    def delay(self, card: Card) -> timedelta:
        return self.late

    async def post(self, card: Card) -> Posted:
        key = (type(card).__name__, card.round.position)
        if key not in self.posts:
            self.posts[key] = (card, Posted(next(self._ids), self._clock.now()))
        return self.posts[key][1]

    async def edit(self, card: AnnouncementCard | QuestionCard | RevealCard) -> None:
        self.edits.append(card)

    async def open_thread(self, played: Round) -> int:
        return played.announcement_id or 0

    def tell_players(
        self, played: Round, verdicts: Mapping[int, Verdict], is_wanted: Callable[[], bool]
    ) -> None:
        self.verdicts.append(verdicts)

    async def tell_host(self, played: Round, notice: Notice) -> None:
        self.notices.append(notice)


class FakeAnnouncer:
    """Announces to nobody, and remembers what it was asked for; a repeated card gives the first one back."""

    def __init__(self) -> None:
        self._ids = itertools.count(5000)
        self.reminders: dict[tuple[ScheduleId, datetime], int] = {}
        self.outcomes: list[ReminderCard] = []
        self.pings: list[Ping] = []
        self.notices: list[ScheduleNotice] = []
        self.events: dict[ScheduleId, datetime] = {}
        self.event_refused = False
        self.posts = 0  #: cards and events
        self.meanwhile: Callable[[], Awaitable[object]] | None = None  #: happens once, while it posts

    async def _wait(self) -> None:
        self.posts += 1
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            await meanwhile()

    def check(self, schedule: NewSchedule, *, host_may_mention: bool) -> None:
        """Everything may be done."""

    async def post_reminder(self, card: ReminderCard) -> int:
        key = (card.schedule.id, card.due_at)
        await self._wait()
        return self.reminders.setdefault(key, next(self._ids))

    async def edit_reminder(self, card: ReminderCard) -> None:
        self.outcomes.append(card)

    async def ping(self, ping: Ping) -> None:
        self.pings.append(ping)

    async def show_event(self, schedule: Schedule, quiz: Quiz | None, starts_at: datetime) -> int:
        if self.event_refused:
            raise PlaceClosed
        await self._wait()
        self.events[schedule.id] = starts_at
        return schedule.id.number

    async def remove_event(self, schedule: Schedule) -> None:
        self.events.pop(schedule.id, None)

    async def tell_moderators(self, notice: ScheduleNotice) -> None:
        self.notices.append(notice)


class FakeScheduleStore:
    """Keeps schedules in memory, and refuses what the database refuses."""

    def __init__(self) -> None:
        self.schedules: dict[ScheduleId, Schedule] = {}
        self.occurrences: dict[tuple[ScheduleId, datetime], Occurrence] = {}
        self.claimed: list[tuple[Schedule, NewRound]] = []

    async def add(self, new: NewSchedule, *, most: int) -> Schedule:
        fields = {field.name: getattr(new, field.name) for field in dataclasses.fields(new)}
        schedule_id = ScheduleId(fields.pop("server_id"), len(self.schedules) + 1)
        self.schedules[schedule_id] = Schedule(id=schedule_id, **fields)
        return self.schedules[schedule_id]

    async def fetch(self, schedule_id: ScheduleId) -> Schedule | None:
        return self.schedules.get(schedule_id)

    async def fetch_kept(self, server_id: int | None = None) -> list[Schedule]:
        return [
            one for one in self.schedules.values() if one.is_kept and server_id in {None, one.id.server_id}
        ]

    async def fetch_ended(self, server_id: int, most: int) -> list[Schedule]:
        return []

    async def fetch_skipped(self, server_id: int | None = None) -> dict[ScheduleId, list[datetime]]:
        return {}

    async def fetch_due(self, now: datetime) -> list[Schedule]:
        return [one for one in self.schedules.values() if one.wake_at is not None and one.wake_at <= now]

    async def fetch_next_wake(self, now: datetime) -> datetime | None:
        wakes = [one.wake_at for one in self.schedules.values() if one.wake_at is not None]
        return min((at for at in wakes if at > now), default=None)

    async def change(self, before: Schedule, after: Schedule, past: Occurrence | None = None) -> Schedule:
        if self.schedules[before.id] != before:
            raise ConcurrentChange
        if past is not None:
            self._note(past)
        self.schedules[before.id] = replace(after, revision=before.revision + 1)
        return self.schedules[before.id]

    async def claim(self, before: Schedule, after: Schedule, new: NewRound) -> Round:
        if before.next_at is None:
            raise ConcurrentChange
        await self.change(before, after, Occurrence(before.id, before.next_at, Outcome.STARTED, 1))
        self.claimed.append((before, new))
        return make_round(new.quiz)

    def _note(self, occurrence: Occurrence) -> None:
        known = self.occurrences.setdefault((occurrence.schedule_id, occurrence.due_at), occurrence)
        if known is not occurrence and known.outcome is Outcome.STARTED:
            raise ConcurrentChange

    async def fetch_unfollowed(self, schedule_id: ScheduleId | None = None) -> list[Occurrence]:
        return []

    async def note_followed(self, occurrence: Occurrence) -> None:
        """Nothing is followed up."""

    async def attach_reminder(self, schedule_id: ScheduleId, due_at: datetime, message_id: int) -> bool:
        return False

    async def fetch_unmirrored(self) -> list[Schedule]:
        return []

    async def toggle_reminder(self, schedule_id: ScheduleId, due_at: datetime, player_id: int) -> bool:
        return False

    async def fetch_reminded(self, schedule_id: ScheduleId, due_at: datetime) -> list[int]:
        return []
