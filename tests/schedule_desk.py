"""The real schedule service, runner and database, without Discord: a clock that moves when told."""

import asyncio
import random
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.domain import transitions
from bot.domain.quiz import Quiz
from bot.domain.round import Round
from bot.domain.schedule import RoundOptions, Schedule, Source, SourceKind
from bot.services.library import Library
from bot.services.recurrence import Recurrence
from bot.services.rotation import Rotation
from bot.services.rounds import RoundDefaults, RoundService
from bot.services.schedule_requests import AddRequest
from bot.services.schedule_runner import ScheduleRunner
from bot.services.schedules import ScheduleService
from bot.services.settings import SettingsService
from bot.storage.answers import SqlAnswerLog
from bot.storage.attendance import SqlAttendanceStore
from bot.storage.database import Database
from bot.storage.history import SqlPlayHistory
from bot.storage.rounds import SqlRoundStore
from bot.storage.schedules import SqlScheduleStore
from bot.storage.settings import SqlSettingsStore
from tests.builders import make_quiz
from tests.fakes import FakeAnnouncer, FakeStage, VirtualClock

SERVER, HOST = 1, 20
#: NOW is Monday, 23 November 2026, 16:00 UTC: 17:00 in Berlin.
FRIDAY = datetime(2026, 11, 27, 16, 0)
DUE = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / "quizhost.sqlite3")) as connection:
        return connection.execute(query).fetchall()


def outcomes(folder: Path) -> list[str]:
    """Return what happened at each date, in order."""
    return [row[0] for row in rows(folder, "SELECT outcome FROM occurrences ORDER BY due_at")]


class UnplayedRounds(RoundService):
    """Rounds that are over as soon as they are launched: what they ask is not these tests' business."""

    launched: list[tuple[Round, datetime]]

    def launch(self, played: Round, *, recovering: bool = False) -> None:
        self.launched.append((played, self._clock.now()))

    async def end_all(self, since: int) -> None:
        """End the rounds from this one on, so that their channels are free."""
        for played, at in self.launched[since:]:
            stopped = await self._store.change(played, transitions.stop(played, at))
            await self._store.change(stopped, transitions.settle(stopped, None, at))


async def settle(runner: ScheduleRunner) -> None:
    """Wait until everything that a runner has begun aside is done."""
    while aside := runner._announcements._aside:
        await asyncio.wait(aside.values())


class Desk:
    """What a test of schedules acts on."""

    def __init__(
        self, database: Database, answers: SqlAnswerLog, clock: VirtualClock, quizzes: list[Quiz]
    ) -> None:
        self.clock, self.database = clock, database
        self.stage, self.announcer = FakeStage(clock), FakeAnnouncer()
        self.rounds_store, self.store = SqlRoundStore(database), SqlScheduleStore(database)
        history = SqlPlayHistory(database)
        library = Library(quizzes)
        self.settings = SettingsService(SqlSettingsStore(database), self.stage)
        self.rounds = UnplayedRounds(
            library=library,
            store=self.rounds_store,
            answers=answers,
            attendance=SqlAttendanceStore(database),
            stage=self.stage,
            clock=clock,
            rng=random.Random(3),
            defaults=RoundDefaults(pause_seconds=8, lead_seconds=0),
            settings=self.settings,
            history=history,
        )
        self.rounds.launched = []
        rotation = Rotation(library, history)
        self.runner = ScheduleRunner(
            store=self.store,
            round_store=self.rounds_store,
            rounds=self.rounds,
            rotation=rotation,
            stage=self.stage,
            announcer=self.announcer,
            settings=self.settings,
            clock=clock,
        )
        self.service = ScheduleService(
            store=self.store,
            rounds=self.rounds,
            rotation=rotation,
            stage=self.stage,
            announcer=self.announcer,
            clock=clock,
            wake=self.runner.wake,
        )

    @property
    def started(self) -> list[tuple[Round, datetime]]:
        """The rounds that were started, each with when."""
        return self.rounds.launched

    async def add(self, first: datetime, repeat: str = "once", **overrides: Any) -> Schedule:
        """Add a schedule, whatever else plays then; what a test does not name has a default."""
        fields: dict[str, Any] = {
            "server_id": SERVER,
            "channel_id": 10,
            "host_id": HOST,
            "source": Source(SourceKind.QUIZ, "capitals"),
            "zone": "Europe/Berlin",
            "options": RoundOptions(),
            "ping_role_id": None,
            "announce_minutes": 0,
            "has_event": False,
            "host_may_mention": False,
        }
        confirmed = overrides.pop("confirmed", True)
        until, times = overrides.pop("until", None), overrides.pop("times", None)
        recurrence = Recurrence.read(first, repeat, until=until, times=times)
        request = AddRequest(recurrence=recurrence, **(fields | overrides))
        return (await self.service.add(request, confirmed=confirmed)).schedule

    async def look(self) -> None:
        """Let the runner look once, finish what it does aside, and end the rounds that it started."""
        before = len(self.started)
        await self.runner.look()
        await settle(self.runner)
        await self.rounds.end_all(before)

    async def show_announcement(self) -> None:
        """Note an announcement for the newest round, as its loop would."""
        played = await self.rounds_store.fetch(self.started[-1][0].id)
        assert played is not None
        self.started[-1] = (
            await self.rounds_store.change(played, transitions.note_announcement(played, 77)),
            self.started[-1][1],
        )

    async def ask_all(self, played: Round) -> None:
        """Ask every question of a round, as its loop would."""
        at = self.clock.now()
        for asked in played.asked:
            played = await self.rounds_store.change(played, transitions.ask_next(played))
            opened = transitions.open_question(played, 1000 + asked.number, at)
            played = await self.rounds_store.change(played, opened)
            played = await self.rounds_store.change(played, transitions.reveal(played, at))
        self.started[-1] = (played, at)

    async def run_until(self, end: datetime) -> None:
        """Let time pass as the runner would: from one instant with something to do to the next."""
        await self.look()
        while (wake_at := await self.store.fetch_next_wake(self.clock.now())) is not None and wake_at <= end:
            self.clock.move_to(max(wake_at, self.clock.now()))
            await self.look()
        self.clock.move_to(end)


@asynccontextmanager
async def open_desk(folder: Path, *quizzes: Quiz, clock: VirtualClock | None = None) -> AsyncGenerator[Desk]:
    """Open the database and everything that works on it."""
    async with Database.open(folder / "quizhost.sqlite3") as database, SqlAnswerLog.open(database) as answers:
        desk = Desk(database, answers, clock or VirtualClock(), list(quizzes) or [make_quiz()])
        yield desk
        await settle(desk.runner)  # nothing may still be reading when the database is closed
