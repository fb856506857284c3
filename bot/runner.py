"""Running the bot as a process: start, signals, and a clean end."""

import asyncio
import gc
import logging
import os
import signal
import sqlite3
import sys
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import discord

from bot import tasks
from bot.config import Config
from bot.content.watcher import QuizWatcher
from bot.services.ports import Notice
from bot.storage.files import PRIVATE_FILE, PRIVATE_FOLDER, find_copies, is_open_to_others
from bot.storage.revisions import UnknownRevision
from bot.wiring import App, DataFolderLocked, build

log = logging.getLogger(__name__)

PORTAL = "https://discord.com/developers/applications"
#: How long Discord gets to say goodbye.
CLOSE_SECONDS = 5
#: From the first signal to the end, even if something hangs; Docker waits ten seconds, systemd longer.
STOP_SECONDS = 9
#: The code with which Discord closes a connection whose token is not, or no longer, valid.
TOKEN_REFUSED = 4004


class StartError(Exception):
    """The bot cannot start or go on; its arguments are the lines that say what to do."""


def run_until_stopped(config: Config) -> None:
    """Run the bot until it is told to stop, on uvloop where that exists (not on Windows).

    Raises:
        StartError: see `run_bot`.
    """
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(run_bot(config))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop  # noqa: PLC0415 - it is quicker, not needed
    except ImportError:
        return None
    return uvloop.new_event_loop


async def run_bot(config: Config) -> None:
    """Run until SIGTERM or SIGINT; open rounds continue at the next start.

    Raises:
        StartError: something that the person who starts the bot can fix.
    """
    if config.token is None:
        raise StartError(
            f"DISCORD_TOKEN is not set. Create a bot at {PORTAL}, copy its token, and put it in .env:",
            "  DISCORD_TOKEN=your-token",
        )
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # we never use voice
    _warn_of_open_files(config)
    async with _until_signal(), _built(config) as app:
        _collect_less()
        async with _watching(app.quizzes):
            await _play(app, config.token.get_secret_value())


def _warn_of_open_files(config: Config) -> None:
    """Name what others on this machine could read: the token, and what people answered."""
    folders = [] if config.database_url else [config.data]
    files = [Path(".env"), config.database_path, *find_copies(config.database_path)]
    for path in filter(is_open_to_others, (*folders, *files)):
        mode = PRIVATE_FOLDER if path in folders else PRIVATE_FILE
        log.warning("others on this machine can read %s; to prevent that: chmod %o %s", path, mode, path)


def _collect_less() -> None:
    """Keep the garbage collector away from what start-up has made, and let it run less often.

    Thousands of clicks at once create many short-lived objects; with the default thresholds, the collector
    goes through all modules, tables and quizzes again and again for them. That was a tenth of a
    click's processor time. What it frees at once must stay small, though: 50,000 objects in cycles, as
    discord.py's replies leave them, took 90 ms, during which nobody was answered.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 100, 100)


@asynccontextmanager
async def _until_signal() -> AsyncGenerator[None]:
    """Cancel what runs inside at SIGTERM or SIGINT, and continue after it as if it had ended by itself.

    A second signal ends the process at once, and so does a time limit; nothing is lost, as with `kill -9`.
    """
    loop = asyncio.get_running_loop()
    running = asyncio.timeout(None)  # the standard library's way to cancel a block, and nothing around it
    signals = (signal.SIGTERM, signal.SIGINT)

    def stop() -> None:
        log.info("stopping; open rounds continue at the next start")
        for name in signals:
            loop.remove_signal_handler(name)
            signal.signal(name, signal.SIG_DFL)
        _end_within(STOP_SECONDS)
        running.reschedule(loop.time())

    for name in signals:
        with suppress(NotImplementedError):  # Windows; there, Ctrl+C cancels the whole program
            loop.add_signal_handler(name, stop)
    try:
        async with running:
            yield
    except TimeoutError:
        if not running.expired():
            raise


def _end_within(seconds: float) -> None:
    """End the process with success if it has not ended by then, even if the event loop is blocked."""

    def end() -> None:
        log.warning("stopping took longer than %s seconds; the rest is done at the next start", seconds)
        os._exit(0)

    timer = threading.Timer(seconds, end)
    timer.daemon = True  # a process that ends sooner does not wait for it
    timer.start()


@asynccontextmanager
async def _watching(quizzes: QuizWatcher) -> AsyncGenerator[None]:
    """Read quiz files when they change, and at once at SIGHUP."""
    at_terminal = sys.stderr.isatty()

    def hang_up() -> None:
        if at_terminal and not sys.stderr.isatty():
            os.kill(os.getpid(), signal.SIGTERM)  # nobody is asking for quizzes: the terminal was closed
        else:
            quizzes.read_now()

    with suppress(NotImplementedError, AttributeError):  # Windows knows no SIGHUP
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, hang_up)
    watching = tasks.spawn(quizzes.run(), name="watch the quizzes")
    try:
        yield
    finally:
        await tasks.cancel(watching)


@asynccontextmanager
async def _built(config: Config) -> AsyncGenerator[App]:
    """Build the bot; if it cannot use its files, say so plainly."""
    async with AsyncExitStack() as stack:
        try:
            app = await stack.enter_async_context(build(config))
        except DataFolderLocked as error:
            raise StartError(
                f"Another Quizhost is using the data folder {error.folder}. Stop it, or set QUIZHOST_DATA to "
                "another folder."
            ) from None
        except UnknownRevision as error:
            raise StartError(
                f"{error}: it was written by a newer Quizhost. Install that version again, or "
                "restore a backup."
            ) from None
        except OSError as error:
            raise StartError(
                f"Quizhost cannot use {error.filename or config.database_path.parent}: {error.strerror}. "
                "Check the folder's owner, or set QUIZHOST_DATA to another folder."
            ) from None
        except Exception as error:
            if not isinstance(error.__cause__, sqlite3.Error):
                raise
            raise StartError(
                f"Quizhost cannot use the database {config.database_path}: {error.__cause__}. Restore a "
                "backup, or set DATABASE_URL to another file."
            ) from None
        yield app


async def _play(app: App, token: str) -> None:
    """Keep the bot connected until it is cancelled; open rounds are left as they are.

    While it reconnects, discord.py takes a cancellation for its own and carries on. So it runs in its own
    task, and is closed.
    """
    connection = tasks.spawn(_connect(app, token), name="connection to Discord")
    loss = tasks.spawn(app.database_lost.wait(), name="watch over the database")
    why_it_ended: str | None
    try:
        await asyncio.wait({connection, loss}, return_when=asyncio.FIRST_COMPLETED)
        why_it_ended = await _stand_still(app) if loss.done() else connection.result()
    finally:
        await tasks.cancel(loss)
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await app.bot.close()
        await tasks.cancel(connection)
    if why_it_ended is not None:
        raise StartError(why_it_ended)


async def _stand_still(app: App) -> str:
    """Tell those whose rounds are open that the database is gone; return what to do."""
    log.error("the database was deleted or replaced while it was open; nothing is saved any more")
    with suppress(TimeoutError):
        async with asyncio.timeout(CLOSE_SECONDS):
            await app.rounds.stand_still(Notice.DATABASE_LOST)
    return (
        "The database, or the -wal or -shm file beside it, was deleted or replaced while Quizhost was "
        "running, so answers were refused from then on. Put the file back or restore a backup, then start "
        "again."
    )


async def _connect(app: App, token: str) -> str | None:
    """Stay connected until the bot is closed; return what to do if Discord or the network ended it."""
    try:
        await app.bot.start(token)
    except discord.LoginFailure:
        return _fresh_token()
    except discord.DiscordException as error:
        if isinstance(error, discord.ConnectionClosed) and error.code == TOKEN_REFUSED:
            return _fresh_token()
        return f"Discord ended the connection: {error}. Try again in a minute."
    except OSError as error:
        return f"Discord cannot be reached: {error}. Check the network and try again."
    return None


def _fresh_token() -> str:
    return (
        f"Discord refused the token. Get a new one at {PORTAL} (Bot, Reset Token), and check "
        "DISCORD_TOKEN for missing or extra characters."
    )
