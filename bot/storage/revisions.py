"""Bringing the SQLite file up to date, after a copy of what was there."""

import errno
import logging
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.storage.connections import SECURE_DELETE, begin_with
from bot.storage.files import copy_of, make_private_file

log = logging.getLogger(__name__)


class UnknownRevision(Exception):
    """The database was written by a newer version than this one."""

    def __init__(self, path: Path, revision: str) -> None:
        super().__init__(f"{path} is at revision {revision}, which this version does not know")


class OutdatedRevision(Exception):
    """The database is as an older version left it, or is not Quizhost's."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is not up to date")


def migrate(path: Path) -> None:
    """Bring the tables of a SQLite file to the newest revision, after a copy of what was there.

    All of it is one transaction: a process that dies meanwhile leaves the file as it was. Foreign keys
    are off until it is done, because Alembic rebuilds SQLite tables by dropping them, and would delete
    their children with them (`ON DELETE CASCADE`); they are checked at the end.

    Raises:
        sqlalchemy.exc.DatabaseError: the file is not a database.
        UnknownRevision: it was written by a newer Quizhost.
        RuntimeError: a migration left rows without their parents.
    """
    config = _alembic()
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)))
    begin_with(
        engine,
        "BEGIN IMMEDIATE",
        pragmas=("journal_mode=WAL", "synchronous=FULL", "foreign_keys=OFF", SECURE_DELETE),
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
        FileNotFoundError: there is no such file.
        OutdatedRevision: `migrate` would change it.
        UnknownRevision: it was written by a newer Quizhost.
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
    copy = copy_of(path, revision)
    make_private_file(copy)
    with sqlite3.connect(path) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    source.close()
    target.close()
    log.info("copied the database to %s before the migration", copy)
