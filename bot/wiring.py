"""The composition root: builds everything from a `Config`. Only cli, demo and tests come here."""

import random
from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from bot import tasks
from bot.charts.renderer import TypstCharts
from bot.clock import Clock, SystemClock
from bot.config import Config
from bot.content.library import QuizFiles, load_folder
from bot.content.loader import LoadedQuiz
from bot.content.problems import Problem
from bot.content.watcher import QuizWatcher
from bot.domain.schedule import Schedule, ScheduleId
from bot.doors import Services, open_doors
from bot.services.calendar import to_calendar
from bot.services.library import Library
from bot.services.replay import Replay, replay
from bot.services.result_reader import ResultReader
from bot.services.results import ResultService
from bot.services.rotation import Rotation
from bot.services.rounds import RoundDefaults, RoundService
from bot.services.schedule_dates import dates_ahead
from bot.services.schedule_runner import ScheduleRunner
from bot.services.schedules import ScheduleService
from bot.services.settings import SettingsService
from bot.services.zones import knows_zone
from bot.storage.answers import SqlAnswerLog
from bot.storage.database import Database, check_revision
from bot.storage.history import SqlPlayHistory
from bot.storage.leaderboards import SqlLeaderboardStore
from bot.storage.results import SqlResultStore
from bot.storage.rounds import SqlRoundStore
from bot.storage.schedules import SqlScheduleStore
from bot.storage.settings import SqlSettingsStore
from bot.text.schedule_panel import unknown_zone
from bot.text.schedules import calendar_summary
from bot.ui.announcer import DiscordAnnouncer
from bot.ui.cards.schedules import plain_title, repeats
from bot.ui.client import QuizBot
from bot.ui.notices import Notices
from bot.ui.places import DiscordPlaces
from bot.ui.preflight import oversized
from bot.ui.stage import DiscordStage


class DataFolderLocked(Exception):
    """Another Quizhost runs on the same data folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self.folder = folder


@dataclass(frozen=True, slots=True)
class App:
    """A bot that is ready to be started."""

    bot: QuizBot
    rounds: RoundService
    library: Library
    settings: SettingsService
    quizzes: QuizWatcher


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


def load_quizzes(*paths: Path) -> tuple[list[LoadedQuiz], list[Problem]]:
    """Load the quizzes that can be played in Discord, and every problem of those that cannot."""
    return load_folder(*paths, judge=oversized)


@asynccontextmanager
async def build(
    config: Config,
    *,
    quiz_paths: Sequence[Path] = (),
    clock: Clock | None = None,
    rng: random.Random | None = None,
) -> AsyncGenerator[App]:
    """Build the bot, and take it apart at the end.

    Args:
        config: the settings.
        quiz_paths: quiz files and folders; the folder of the settings unless given.
        clock: what tells the time; the machine's clock unless given.
        rng: what shuffles; the system's randomness unless given.

    Raises:
        DataFolderLocked: another process uses the data folder.
    """
    clock = clock or SystemClock()
    async with AsyncExitStack() as stack:
        stack.enter_context(_locked(config.database_path))
        database = await stack.enter_async_context(Database.open(config.database_path))
        answers = await stack.enter_async_context(SqlAnswerLog.open(database))
        library = Library()
        quizzes = QuizWatcher(QuizFiles(*(quiz_paths or [config.quizzes]), judge=oversized), library, clock)
        quizzes.load()
        charts = TypstCharts()
        warming = tasks.spawn(charts.warm_up(), name="warm up the charts")
        stack.push_async_callback(tasks.cancel, warming)
        bot = QuizBot(clock)
        services = _build_services(
            bot,
            config=config,
            database=database,
            answers=answers,
            library=library,
            charts=charts,
            clock=clock,
            rng=rng or random.SystemRandom(),
        )
        open_doors(bot, services, charts, clock, own_pause=config.pause_seconds)
        bot.before_connecting(services.rounds.come_back)
        bot.once_ready(services.runner.start)
        for close in (services.rounds.close, services.runner.close):
            bot.before_closing(close)
            stack.push_async_callback(close)
        yield App(bot, services.rounds, library, services.settings, quizzes)


def _build_services(
    bot: QuizBot,
    *,
    config: Config,
    database: Database,
    answers: SqlAnswerLog,
    library: Library,
    charts: TypstCharts,
    clock: Clock,
    rng: random.Random,
) -> Services:
    """Give every service its ports: Discord's side, the database's side, and each other."""
    places = DiscordPlaces(bot)
    settings = SettingsService(SqlSettingsStore(database), places)
    notices = Notices(bot, settings.log_channel, clock)
    stage = DiscordStage(bot, charts, places, notices, bot.pacer, before_question=bot.acknowledger.warm)
    announcer = DiscordAnnouncer(bot, notices, library)
    store = SqlRoundStore(database)
    schedule_store = SqlScheduleStore(database)
    history = SqlPlayHistory(database)
    rotation = Rotation(library, history)
    rounds = RoundService(
        library=library,
        store=store,
        answers=answers,
        stage=stage,
        clock=clock,
        rng=rng,
        defaults=RoundDefaults(config.pause_seconds, config.lead_seconds, config.scheduled_lead_seconds),
        settings=settings,
        history=history,
    )
    runner = ScheduleRunner(
        store=schedule_store,
        round_store=store,
        rounds=rounds,
        rotation=rotation,
        stage=stage,
        announcer=announcer,
        settings=settings,
        clock=clock,
    )
    schedules = ScheduleService(
        store=schedule_store,
        rounds=rounds,
        rotation=rotation,
        stage=stage,
        announcer=announcer,
        clock=clock,
        wake=runner.wake,
    )
    results = ResultService(
        reader=ResultReader(store, SqlResultStore(database)),
        leaderboards=SqlLeaderboardStore(database),
        library=library,
        clock=clock,
    )
    return Services(library, settings, rounds, runner, schedules, results)


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


def _locked(database: Path) -> AbstractContextManager[object]:
    database.parent.mkdir(parents=True, exist_ok=True)
    try:
        return FileLock(f"{database}.lock", timeout=0).acquire()
    except Timeout:
        raise DataFolderLocked(database.parent) from None
