"""The files in the data folder: private, watched while they are open, and gone when their time is over."""

import functools
import os
import shutil
import sqlite3
import sqlite3.dbapi2
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from filelock import FileLock

from bot.services.errors import DatabaseLost
from bot.services.ports import Notice
from bot.storage import revisions
from bot.storage.database import Database
from bot.storage.tables import server_settings
from bot.text import refusals
from tests.integration.test_cli import run_with
from tests.world import World, open_world

# --- private --------------------------------------------------------------------------------------------


@pytest.fixture
def open_umask() -> Iterator[None]:
    """Let new files be readable for everybody, if whoever makes them does not mind."""
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    return {one.name: f"{one.stat().st_mode & 0o777:o}" for one in (folder, *folder.iterdir())}


@pytest.mark.usefixtures("open_umask")
async def test_what_the_bot_makes_nobody_else_can_read(tmp_path: Path) -> None:
    async with open_world(tmp_path):
        found = modes(tmp_path / "data")
    assert found.pop("data") == "700"
    assert {"quizhost.sqlite3", "quizhost.sqlite3-wal"} <= set(found)
    assert set(found.values()) == {"600"}


def migrate_to(path: Path, revision: str) -> None:
    """Bring a new file to an older revision, as an earlier version did."""
    config = Config()
    config.set_main_option("script_location", str(Path(revisions.__file__).with_name("migrations")))
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


@pytest.mark.usefixtures("open_umask")
def test_a_migration_s_copy_nobody_else_can_read(tmp_path: Path) -> None:
    migrate_to(tmp_path / "q.sqlite3", "0003")
    revisions.migrate(tmp_path / "q.sqlite3")
    assert modes(tmp_path)["q.sqlite3.before-0003.bak"] == "600"


def test_what_others_could_read_is_named_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    names = ("data/quizhost.sqlite3", "data/quizhost.sqlite3.before-0003.bak", ".env")
    for path in (tmp_path / name for name in names):
        path.touch()
        path.chmod(0o644)
    data.chmod(0o755)
    with FileLock(data / "quizhost.sqlite3.lock"):  # so that it goes no further
        run_with(tmp_path, monkeypatch, DISCORD_TOKEN="t")
        said = [record.getMessage() for record in caplog.records]
        assert [line.rpartition("chmod ")[2] for line in said] == [
            "700 data",
            "600 .env",
            "600 data/quizhost.sqlite3",
            "600 data/quizhost.sqlite3.before-0003.bak",
        ]
        for line in said:
            mode, path = line.rpartition("chmod ")[2].split()
            (tmp_path / path).chmod(int(mode, 8))
        caplog.clear()
        run_with(tmp_path, monkeypatch, DISCORD_TOKEN="t")
        assert caplog.records == []


# --- erased ---------------------------------------------------------------------------------------------

MARK = "erased-for-good"


async def test_what_is_deleted_is_in_no_free_page_whatever_sqlite_was_built_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Careless(sqlite3.Connection):
        def __init__(self, *arguments: object, **options: object) -> None:
            super().__init__(*arguments, **options)  # type: ignore[arg-type] - handed on
            self.execute("PRAGMA secure_delete=OFF")

    careless = functools.partial(sqlite3.connect, factory=Careless)
    monkeypatch.setattr(sqlite3, "connect", careless)
    monkeypatch.setattr(sqlite3.dbapi2, "connect", careless)
    path = tmp_path / "q.sqlite3"
    async with Database.open(path) as database:
        rows = [{"server_id": 1, "name": f"n{n}", "value": MARK * 20} for n in range(200)]
        async with database.writing() as connection:
            await connection.execute(sa.insert(server_settings), rows)
        await database.clear_log()
        assert MARK.encode() in path.read_bytes()
        async with database.writing() as connection:
            await connection.execute(sa.delete(server_settings))
        await database.clear_log()
        for file in tmp_path.iterdir():
            assert MARK.encode() not in file.read_bytes(), file


async def test_a_migration_s_copy_goes_when_its_time_is_over(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    began = datetime(2026, 1, 1, tzinfo=UTC)  # where the simulated clock begins
    old, new = (tmp_path / "data" / f"quizhost.sqlite3.before-000{n}.bak" for n in (1, 2))
    for copy, days in ((old, 31), (new, 29)):
        copy.touch()
        made = (began - timedelta(days=days)).timestamp()
        os.utime(copy, (made, made))
    async with open_world(tmp_path) as world:
        await world.advance(1)
        assert (old.exists(), new.exists()) == (False, True)
        await world.advance(timedelta(days=2).total_seconds())
        assert not new.exists()


# --- lost -----------------------------------------------------------------------------------------------


def delete(path: Path) -> None:
    path.unlink()


def replace(path: Path) -> None:
    copy = path.with_name("copy")
    shutil.copy(path, copy)
    copy.replace(path)


@pytest.mark.parametrize("harm", [delete, replace])
@pytest.mark.parametrize("file", ["", "-wal", "-shm"])
async def test_nothing_is_acknowledged_any_more_once_a_file_of_the_database_is_gone(
    harm: Callable[[Path], None], file: str, tmp_path: Path
) -> None:
    async with open_world(tmp_path, check_errors=False) as world:
        await world.start_and_open()
        assert "Your answer" in await answered(world, "Ana")
        assert not world.app.database_lost.is_set()
        harm(world.database.with_name(f"{world.database.name}{file}"))
        for name, option in (("Bo", "Paris"), ("Cem", "Paris"), ("Ana", "Lyon")):
            assert "not** recorded" in await answered(world, name, option)
        assert world.app.database_lost.is_set()
        await world.app.rounds.stand_still(Notice.DATABASE_LOST)
        assert "not** recorded" in await answered(world, "Ana"), "what counted is in a file that is gone"


async def answered(world: World, name: str, option: str = "Paris") -> str:
    result = await world.answer(name, option)
    assert result.response is not None
    return str(result.response.content)


async def test_a_change_to_a_lost_database_has_its_sentence(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        delete(world.database)
        with pytest.raises(DatabaseLost):
            await world.app.settings.change(world.server.id, "seconds", "25")
    assert "data file" in refusals.database_lost()
