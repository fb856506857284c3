"""A scheduled round that is due when the bot starts, told until its first question is open."""

import asyncio
import contextlib
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.domain.schedule import RoundOptions, Source, SourceKind
from bot.domain.walltime import wall_of
from bot.services.schedule_ports import NewSchedule
from bot.storage.database import Database
from bot.storage.schedules import SqlScheduleStore
from tests.bench.processes import BotProcess, bot_process
from tests.bench.standin.client import Bot, StandIn
from tests.bench.standin.messages import texts
from tests.kill.nursery import fork_bot
from tests.kill.story import QUIZ

ROLE = 4711
#: Alembic keeps what it works on in a global: one process migrates one database at a time.
_ONE_AT_A_TIME = asyncio.Lock()


@dataclass
class ScheduleStory:
    """A schedule whose date has just come, a bot that starts, and what must be there in the end."""

    standin: StandIn
    token: str
    folder: Path

    @property
    def bot(self) -> Bot:
        """The stand-in's world of this bot."""
        return self.standin.bot(self.token)

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "data" / "quizhost.sqlite3"

    async def prepare(self) -> None:
        """Store a weekly schedule that calls a role and is due now."""
        now = datetime.now(UTC).replace(second=0, microsecond=0)
        wall = wall_of(now, UTC)
        new = NewSchedule(
            server_id=await self.bot.server(),
            channel_id=await self.bot.channel(),
            host_id=1,
            source=Source(SourceKind.QUIZ, "capitals"),
            options=RoundOptions(),
            zone="UTC",
            first=wall,
            rule="FREQ=WEEKLY",
            next_wall=wall,
            next_at=now,
            ping_role_id=ROLE,
            announce_minutes=0,
            has_event=False,
        )
        async with _ONE_AT_A_TIME, Database.open(self.database) as database:
            await SqlScheduleStore(database).add(new, most=1)

    def start_bot(self, **settings: str) -> contextlib.AbstractAsyncContextManager[BotProcess]:
        """Start the bot as a process."""
        quizzes = self.folder / "quizzes"
        quizzes.mkdir(parents=True, exist_ok=True)
        (quizzes / "capitals.yaml").write_text(QUIZ, encoding="utf-8")
        settings = {
            "QUIZHOST_QUIZZES": str(quizzes),
            "QUIZHOST_SCHEDULED_LEAD_SECONDS": "0",
            "COMMITS": str(self.folder / "commits"),
            **settings,
        }
        return bot_process(self.standin, self.token, self.folder / "data", spawn=fork_bot, settings=settings)

    async def play(self) -> None:
        """Wait until the first question is open and the role has been called."""
        await self.bot.wait_for_message("question 1 of", seconds=120)
        await self.bot.wait_for_message(f"<@&{ROLE}>", seconds=120)

    async def check(self) -> None:
        """One round, one announcement, one call, one first question; and the schedule has moved on."""
        cards = [texts(message) or message["content"] for message in await self.bot.list_messages()]
        kinds = ["Two cities", f"<@&{ROLE}>", "question 1 of 2"]
        assert [sum(kind in card for card in cards) for kind in kinds] == [1, 1, 1], cards
        with contextlib.closing(sqlite3.connect(self.database)) as connection:
            assert connection.execute("SELECT count(*) FROM rounds").fetchall() == [(1,)]
            found = connection.execute("SELECT outcome, round_number FROM occurrences").fetchall()
            assert found == [("started", 1)]
            ((first, next_wall),) = connection.execute("SELECT first, next_wall FROM schedules").fetchall()
            week = datetime.fromisoformat(next_wall) - datetime.fromisoformat(first)
            assert week == timedelta(days=7)
