"""The SQLite file: two connections that write in turns, a few that read, and the migrations.

SQLite lets one connection write at a time; ours wait for their turn, so that nobody ever meets "database
is locked". `synchronous=FULL` makes every commit durable, which group commits make cheap (`answers.py`).
"""

import asyncio
import errno
import logging
import os
import sqlite3
from collections.abc import AsyncGenerator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

log = logging.getLogger(__name__)

READERS = 4
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000")
#: Older SQLite can corrupt a WAL when two connections checkpoint at once (sqlite.org/wal.html, fixed in
#: 3.51.3); ours write in turns and are not affected, but other tools on the same file may be.
WAL_RESET_FIXED = (3, 51, 3)


class UnknownRevision(Exception):
    """The database was written by a newer version than this one."""

    def __init__(self, path: Path, revision: str) -> None:
        super().__init__(f"{path} is at revision {revision}, which this version does not know")


class OutdatedRevision(Exception):
    """The database is as an older version left it, or not one of Quizhost's."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is not up to date")


class Database:
    """An open database. Use `Database.open`."""

    def __init__(self, path: Path) -> None:
        self._writer = _engine(path, begin="BEGIN IMMEDIATE", pool_size=1)
        self._reader = _engine(path, begin="BEGIN", pool_size=READERS)
        self._direct = _DirectWriter(path)
        self._turn = asyncio.Lock()  #: whose turn it is to write

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path) -> AsyncGenerator["Database"]:
        """Bring the file up to date and open it; close it at the end.

        Args:
            path: the SQLite file. It and its folder are created where missing.
        """
        if sqlite3.sqlite_version_info < WAL_RESET_FIXED:
            log.info("SQLite %s: do not write to the data file with other tools", sqlite3.sqlite_version)
        path.parent.mkdir(parents=True, exist_ok=True)
        await asyncio.to_thread(migrate, path)
        database = cls(path)
        try:
            yield database
        finally:
            await database._writer.dispose()
            await database._reader.dispose()
            await database._direct.close()

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[AsyncConnection]:
        """Begin a transaction that may write; commit it at the end."""
        async with self._turn, self._writer.begin() as connection:
            yield connection

    async def write(self, work: Callable[[sqlite3.Connection], object]) -> None:
        """Do a transaction's work in the writer's thread and commit it: one way there and one back.

        With `writing`, each statement goes there and back three times. For a few answers that is most of
        what they cost (at 1,000 clicks a second, half were acknowledged within 3 ms instead of 12).

        Raises:
            sqlite3.Error: nothing was written.
        """
        async with self._turn:
            await self._direct.write(work)

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Begin a transaction that sees one consistent state and must not write."""
        return self._reader.begin()


class _DirectWriter:
    """A connection without SQLAlchemy, in a thread of its own: no picture that is drawn makes it wait."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="answers")
        self._connection: sqlite3.Connection | None = None

    async def write(self, work: Callable[[sqlite3.Connection], object]) -> None:
        """Run a transaction; the caller sees to it that nobody else writes meanwhile."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._write, work)

    async def close(self) -> None:
        """Let the thread end what it does, and close the connection."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)
        self._thread.shutdown()

    def _write(self, work: Callable[[sqlite3.Connection], object]) -> None:
        connection = self._connection = self._connection or self._connect()
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
        connection = sqlite3.connect(self._path)
        _prepare(connection, _PRAGMAS)
        return connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()


def _engine(path: Path, *, begin: str, pool_size: int) -> AsyncEngine:
    url = sa.URL.create("sqlite+aiosqlite", database=str(path))
    engine = create_async_engine(url, pool_size=pool_size, max_overflow=0)
    _begin_with(engine.sync_engine, begin, pragmas=_PRAGMAS)
    return engine


def _begin_with(engine: sa.Engine, begin: str, *, pragmas: Iterable[str]) -> None:
    """Let every transaction begin with this statement, on connections with these pragmas.

    The driver's own way begins too late for tables to be created inside a transaction.
    """

    def on_connect(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's own type
        _prepare(connection, pragmas)

    def on_begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)


def _prepare(connection: Any, pragmas: Iterable[str]) -> None:  # noqa: ANN401 - SQLite's or the driver's own type
    """Leave transactions to us, and set what each connection has to be told."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def migrate(path: Path) -> None:
    """Bring the tables of a SQLite file to the newest revision, after a copy of what was there.

    All of it is one transaction: a process that dies meanwhile leaves the file as it was. Foreign keys
    are off until it is done, because Alembic rebuilds SQLite tables by dropping them, and would delete
    their children with them (`ON DELETE CASCADE`); they are checked in the end.

    Raises:
        sqlalchemy.exc.DatabaseError: the file is not a database.
        UnknownRevision: a newer Quizhost has written it.
        RuntimeError: a migration left rows without their parents.
    """
    config = _alembic()
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)))
    _begin_with(
        engine, "BEGIN IMMEDIATE", pragmas=("journal_mode=WAL", "synchronous=FULL", "foreign_keys=OFF")
    )
    try:
        with engine.begin() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
            script = ScriptDirectory.from_config(config)
            newest = script.get_current_head()
            if current == newest:
                return
            if current is not None:
                _check_known(script, path, current)
                _back_up(path, current)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if orphans:
                raise RuntimeError(f"the migration to {newest} left {len(orphans)} rows without a parent")
        log.info("database %s is at revision %s", path, newest)
    finally:
        engine.dispose()


def check_revision(path: Path) -> None:
    """Raise unless opening this file leaves it as it is. The file itself is only read.

    Raises:
        FileNotFoundError: there is none.
        OutdatedRevision: `migrate` would change it.
        UnknownRevision: a newer Quizhost has written it.
        sqlite3.DatabaseError: the file is not a database.
    """
    if not path.is_file():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        tables = "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'"
        (is_ours,) = connection.execute(tables).fetchone()
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone() if is_ours else None
    script = ScriptDirectory.from_config(_alembic())
    if found is not None:
        _check_known(script, path, found[0])
    if found is None or found[0] != script.get_current_head():
        raise OutdatedRevision(path)


def _alembic() -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    return config


def _check_known(script: ScriptDirectory, path: Path, revision: str) -> None:
    if revision not in {known.revision for known in script.walk_revisions()}:
        raise UnknownRevision(path, revision)


def _back_up(path: Path, revision: str) -> None:
    copy = path.with_name(f"{path.name}.before-{revision}.bak")
    with sqlite3.connect(path) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    source.close()
    target.close()
    log.info("copied the database to %s before the migration", copy)
