"""The composition root: builds everything from a `Config`. Only cli, demo and tests come here."""

import asyncio
import random
from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
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
from bot.doors import Services, open_doors
from bot.services.library import Library
from bot.services.result_reader import ResultReader
from bot.services.results import ResultService
from bot.services.rotation import Rotation
from bot.services.rounds import RoundDefaults, RoundService
from bot.services.schedule_runner import ScheduleRunner
from bot.services.schedules import ScheduleService
from bot.services.servers import ServerService
from bot.services.settings import SettingsService
from bot.services.upkeep import Upkeep
from bot.storage.answers import SqlAnswerLog
from bot.storage.attendance import SqlAttendanceStore
from bot.storage.database import Database
from bot.storage.files import PRIVATE_FILE, make_private_folder, remove_copies
from bot.storage.history import SqlPlayHistory
from bot.storage.leaderboards import SqlLeaderboardStore
from bot.storage.results import SqlResultStore
from bot.storage.rounds import SqlRoundStore
from bot.storage.schedules import SqlScheduleStore
from bot.storage.servers import SqlServerStore
from bot.storage.settings import SqlSettingsStore
from bot.ui.announcer import DiscordAnnouncer
from bot.ui.client import QuizBot
from bot.ui.membership import Membership
from bot.ui.notices import Notices
from bot.ui.places import DiscordPlaces
from bot.ui.preflight import oversized
from bot.ui.receipts import Receipts
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
    database_lost: asyncio.Event  #: set when a database file is gone


def load_quizzes(*paths: Path) -> tuple[list[LoadedQuiz], list[Problem]]:
    """Load the quizzes that can be played in Discord, and every problem with those that cannot."""
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
        receipts = Receipts(bot, clock)
        services = _build_services(
            bot,
            receipts,
            config=config,
            database=database,
            answers=answers,
            library=library,
            charts=charts,
            clock=clock,
            rng=rng or random.SystemRandom(),
        )
        open_doors(bot, services, receipts, charts, own_pause=config.pause_seconds)
        upkeep = _keep_up(bot, services, config=config, database=database, answers=answers, clock=clock)
        bot.before_connecting(services.rounds.come_back)
        bot.once_ready(services.runner.start)
        bot.once_ready(upkeep.start)
        for close in (services.rounds.close, services.runner.close, upkeep.close):
            bot.before_closing(close)
            stack.push_async_callback(close)
        yield App(bot, services.rounds, library, services.settings, quizzes, database.lost)


def _build_services(
    bot: QuizBot,
    receipts: Receipts,
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
    stage = DiscordStage(
        bot,
        charts,
        places,
        notices,
        bot.pacer,
        receipts=receipts,
        before_question=bot.acknowledger.warm,
    )
    store, history = SqlRoundStore(database), SqlPlayHistory(database)
    rounds = RoundService(
        library=library,
        store=store,
        answers=answers,
        attendance=SqlAttendanceStore(database),
        stage=stage,
        clock=clock,
        rng=rng,
        defaults=RoundDefaults(config.pause_seconds, config.lead_seconds, config.scheduled_lead_seconds),
        settings=settings,
        history=history,
    )
    results = ResultService(
        reader=ResultReader(store, SqlResultStore(database)),
        leaderboards=SqlLeaderboardStore(database),
        library=library,
        clock=clock,
    )
    runner, schedules = _build_schedules(
        rounds,
        round_store=store,
        store=SqlScheduleStore(database),
        rotation=Rotation(library, history),
        stage=stage,
        announcer=DiscordAnnouncer(bot, notices, library),
        settings=settings,
        clock=clock,
    )
    return Services(library, settings, rounds, runner, schedules, results)


def _build_schedules(
    rounds: RoundService,
    *,
    round_store: SqlRoundStore,
    store: SqlScheduleStore,
    rotation: Rotation,
    stage: DiscordStage,
    announcer: DiscordAnnouncer,
    settings: SettingsService,
    clock: Clock,
) -> tuple[ScheduleRunner, ScheduleService]:
    """Let what moderators change of schedules wake what starts their rounds."""
    runner = ScheduleRunner(
        store=store,
        round_store=round_store,
        rounds=rounds,
        rotation=rotation,
        stage=stage,
        announcer=announcer,
        settings=settings,
        clock=clock,
    )
    schedules = ScheduleService(
        store=store,
        rounds=rounds,
        rotation=rotation,
        stage=stage,
        announcer=announcer,
        clock=clock,
        wake=runner.wake,
    )
    return runner, schedules


def _keep_up(
    bot: QuizBot,
    services: Services,
    *,
    config: Config,
    database: Database,
    answers: SqlAnswerLog,
    clock: Clock,
) -> Upkeep:
    """Follow which servers have the bot, and daily delete what has expired."""

    def forget(server_id: int) -> None:
        services.settings.forget(server_id)
        answers.forget(server_id)

    servers = ServerService(
        store=SqlServerStore(database),
        rounds=services.rounds,
        clock=clock,
        forget_after=timedelta(days=config.forget_days),
        came_back=services.runner.wake,
        forgotten=forget,
    )
    membership = Membership(bot, servers)
    bot.each_ready(membership.compare)
    bot.add_listener(membership.on_guild_join)
    bot.add_listener(membership.on_guild_remove)

    async def remove_old_copies() -> None:
        remove_copies(config.database_path, clock.now() - timedelta(days=config.backup_days))

    return Upkeep(clock, servers.forget_due, remove_old_copies, database.clear_log)


def _locked(database: Path) -> AbstractContextManager[object]:
    make_private_folder(database.parent)
    try:
        return FileLock(f"{database}.lock", timeout=0, mode=PRIVATE_FILE).acquire()
    except Timeout:
        raise DataFolderLocked(database.parent) from None
