"""The SQLite file: two connections that take turns writing, and a few that read.

SQLite lets one connection write at a time; ours wait for their turn, so that nobody ever gets "database
is locked". `synchronous=FULL` makes every commit durable, which group commits make cheap (`answers.py`).
"""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.services.errors import DatabaseLost
from bot.storage.connections import PRAGMAS, begin_with, prepare
from bot.storage.files import Watch, make_private_file, make_private_folder
from bot.storage.revisions import migrate

log = logging.getLogger(__name__)

READERS = 4
#: Older SQLite can corrupt a WAL when two connections checkpoint at once (sqlite.org/wal.html, fixed in
#: 3.51.3); ours write in turns and are not affected, but other tools on the same file may be.
WAL_RESET_FIXED = (3, 51, 3)


class Database:
    """An open database. Use `Database.open`."""

    def __init__(self, path: Path) -> None:
        self._writer = _engine(path, begin="BEGIN IMMEDIATE", pool_size=1)
        self._reader = _engine(path, begin="BEGIN", pool_size=READERS)
        self._direct = _DirectWriter(path)
        self._turn = asyncio.Lock()  #: whose turn it is to write
        self._watch: Watch | None = None
        self.lost = asyncio.Event()  #: set when the file is gone; nothing is written then

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path) -> AsyncGenerator["Database"]:
        """Bring the file up to date and open it; close it at the end.

        Args:
            path: the SQLite file. It and its folder are created if missing, and nobody else can read them.
        """
        if sqlite3.sqlite_version_info < WAL_RESET_FIXED:
            log.info("SQLite %s: do not write to the data file with other tools", sqlite3.sqlite_version)
        make_private_folder(path.parent)
        make_private_file(path)
        await asyncio.to_thread(migrate, path)
        database = cls(path)
        try:
            await database._direct.connect()  # and it stays: SQLite keeps its files while there is one
            database._watch = Watch(path)
            yield database
        finally:
            await database._writer.dispose()
            await database._reader.dispose()
            await database._direct.close()

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[AsyncConnection]:
        """Begin a transaction that may write; commit it at the end.

        Raises:
            DatabaseLost: the file is gone, and whatever was written with it.
        """
        async with self._watching(), self._writer.begin() as connection:
            yield connection

    async def write(self, work: Callable[[sqlite3.Connection], object]) -> None:
        """Do a transaction's work in the writer's thread and commit it: one way there and one back.

        With `writing`, each statement goes there and back three times. For a few answers that is most of
        what they cost (at 1,000 clicks a second, half were acknowledged within 3 ms instead of 12).

        Raises:
            sqlite3.Error: nothing was written.
            DatabaseLost: as in `writing`.
        """
        async with self._watching():
            await self._direct.write(work)

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Begin a transaction that sees one consistent state and must not write."""
        return self._reader.begin()

    async def clear_log(self) -> None:
        """Move everything from the write-ahead log into the file: what was deleted is then gone from both."""
        async with self._turn:
            await self._direct.clear_log()

    @asynccontextmanager
    async def _watching(self) -> AsyncGenerator[None]:
        """Wait for a turn to write; if this raises nothing, what was written is in a file."""
        async with self._turn:
            try:
                yield
            except Exception:
                self._check_files()  # which explains most errors, if it is that
                raise
            self._check_files()

    def _check_files(self) -> None:
        """Raise if what is written goes to a deleted file; this costs a few microseconds per commit."""
        if self._watch is not None and not self._watch.is_whole():
            self.lost.set()
        if self.lost.is_set():
            raise DatabaseLost


class _DirectWriter:
    """A connection without SQLAlchemy, in its own thread: it never waits for a picture being drawn."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="answers")
        self._connection: sqlite3.Connection | None = None

    async def connect(self) -> None:
        """Open the connection."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._connect)

    async def write(self, work: Callable[[sqlite3.Connection], object]) -> None:
        """Run a transaction; the caller makes sure that nobody else writes meanwhile."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._write, work)

    async def clear_log(self) -> None:
        """Empty the write-ahead log; the caller makes sure that nobody else writes meanwhile."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._clear_log)

    async def close(self) -> None:
        """Let the thread finish, and close the connection."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)
        self._thread.shutdown()

    def _write(self, work: Callable[[sqlite3.Connection], object]) -> None:
        connection = self._connect()
        connection.execute("BEGIN IMMEDIATE")
        try:
            work(connection)
            self._commit(connection)
        except BaseException:
            connection.rollback()
            raise

    def _commit(self, connection: sqlite3.Connection) -> None:
        connection.commit()

    def _connect(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = sqlite3.connect(self._path)
            prepare(self._connection, PRAGMAS)
            self._connection.execute("SELECT 1 FROM sqlite_master")  # SQLite opens its log only now
        return self._connection

    def _clear_log(self) -> None:
        self._connect().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()


def _engine(path: Path, *, begin: str, pool_size: int) -> AsyncEngine:
    url = sa.URL.create("sqlite+aiosqlite", database=str(path))
    engine = create_async_engine(url, pool_size=pool_size, max_overflow=0)
    begin_with(engine.sync_engine, begin, pragmas=PRAGMAS)
    return engine
