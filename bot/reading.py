"""What the command line reads from the database, with or without the bot running. It changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.clock import SystemClock
from bot.config import Config
from bot.domain.schedule import Schedule, ScheduleId
from bot.services.calendar import to_calendar
from bot.services.library import Library
from bot.services.replay import Replay, replay
from bot.services.schedule_dates import dates_ahead
from bot.services.zones import knows_zone
from bot.storage.database import Database
from bot.storage.revisions import check_revision
from bot.storage.rounds import SqlRoundStore
from bot.storage.schedules import SqlScheduleStore
from bot.text.schedule_panel import unknown_zone
from bot.text.schedules import calendar_summary
from bot.ui.cards.schedules import plain_title, repeats
from bot.wiring import load_quizzes


@dataclass(frozen=True, slots=True)
class ExportedSchedule:
    """A schedule, for people at the command line."""

    id: ScheduleId
    title: str
    repeats: str
    zone: str
    dates: Sequence[datetime]  #: the next ones, as instants
    rests: str  #: why there are none


@dataclass(frozen=True, slots=True)
class ScheduleExport:
    """What is scheduled, as a list and as a calendar file."""

    entries: Sequence[ExportedSchedule]
    calendar: bytes


async def replay_round(config: Config, number: int, server_id: int | None) -> Replay:
    """Rebuild a round's board from the database, without the bot.

    Raises:
        FileNotFoundError, OutdatedRevision, UnknownRevision, sqlite3.DatabaseError: see `check_revision`.
        RoundNotFound, SeveralServers: see `bot.services.replay`.
    """
    check_revision(config.database_path)
    async with Database.open(config.database_path) as database:
        return await replay(SqlRoundStore(database), number, server_id)


async def read_schedules(config: Config, server_id: int | None) -> ScheduleExport:
    """Read what is scheduled from the database, without the bot.

    Raises:
        FileNotFoundError, OutdatedRevision, UnknownRevision, sqlite3.DatabaseError: see `check_revision`.
    """
    check_revision(config.database_path)
    loaded, _ = load_quizzes(config.quizzes)
    library = Library(one.quiz for one in loaded)

    def title_of(schedule: Schedule) -> str:
        return plain_title(schedule, library.find(schedule.source))

    async with Database.open(config.database_path) as database:
        store = SqlScheduleStore(database)
        schedules = await store.fetch_kept(server_id)
        skipped = await store.fetch_skipped(server_id)
    calendar = to_calendar(
        schedules,
        summary_of=lambda schedule: calendar_summary(title_of(schedule)),
        skipped=skipped,
        now=SystemClock().now(),
    )
    entries = [
        ExportedSchedule(one.id, title_of(one), repeats(one), one.zone, dates_ahead(one), _rests(one))
        for one in schedules
    ]
    return ScheduleExport(entries, calendar)


def _rests(schedule: Schedule) -> str:
    return "paused" if knows_zone(schedule.zone) else unknown_zone(schedule.zone)
