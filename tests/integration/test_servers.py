"""Servers that remove the bot: nothing is done there any more, and later nothing is known of them."""

import sqlite3
from collections.abc import AsyncGenerator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from simcord.backend import serializers

from bot import tasks
from bot.domain.schedule import ScheduleState
from bot.services.schedule_ports import Missed
from bot.services.servers import ServerService
from bot.storage.database import Database
from bot.storage.rounds import SqlRoundStore
from bot.storage.servers import SqlServerStore
from bot.storage.tables import metadata
from tests.builders import NOW
from tests.fakes import VirtualClock
from tests.schedule_desk import DUE, FRIDAY, SERVER, Desk, open_desk, outcomes
from tests.world import World, open_world

WEEK = timedelta(days=7)


# --- schedules --------------------------------------------------------------------------------------


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncGenerator[Desk]:
    async with open_desk(tmp_path) as opened:
        yield opened


def servers_of(desk: Desk) -> ServerService:
    return ServerService(
        store=SqlServerStore(desk.database),
        rounds=desk.rounds,
        clock=desk.clock,
        forget_after=timedelta(days=90),
        came_back=desk.runner.wake,
        forgotten=desk.settings.forget,
    )


async def test_schedules_rest_and_come_back_as_moderators_left_them(desk: Desk, tmp_path: Path) -> None:
    servers = servers_of(desk)
    await desk.add(FRIDAY, "weekly", announce_minutes=15, has_event=True)
    paused = await desk.add(FRIDAY, "weekly", channel_id=11)
    await desk.service.pause(SERVER, str(paused.id.number))
    before = await desk.store.fetch_kept()

    await servers.leave(SERVER)
    await desk.run_until(DUE + 2 * WEEK + timedelta(hours=1))
    assert await desk.store.fetch_kept() == before
    assert (desk.started, outcomes(tmp_path), desk.announcer.notices, desk.announcer.posts) == ([], [], [], 0)

    await servers.join(SERVER)
    await desk.look()
    await desk.look()
    assert outcomes(tmp_path) == ["missed"] * 3
    (notice,) = desk.announcer.notices
    assert isinstance(notice, Missed)
    assert len(notice.due_at) == 3
    rests, running = await desk.store.fetch_kept()
    assert (running.state, running.next_at) == (ScheduleState.ACTIVE, DUE + 3 * WEEK)
    assert (rests.state, rests.next_at) == (ScheduleState.PAUSED, DUE)
    await desk.run_until(DUE + 3 * WEEK)
    assert len(desk.started) == 1


async def test_a_server_that_was_lost_or_came_back_unseen_is_noted_at_the_next_connection(desk: Desk) -> None:
    servers, store = servers_of(desk), SqlServerStore(desk.database)
    await desk.add(FRIDAY, "weekly")
    await desk.add(FRIDAY, "weekly", server_id=2)
    await servers.be_on([2, 3])
    assert await store.fetch_left() == {SERVER: desk.clock.now()}
    desk.clock.move_to(DUE)
    await servers.be_on([2, 3])
    assert await store.fetch_left() == {SERVER: NOW}, "it was lost then, and not today"
    await servers.be_on([SERVER, 2])
    assert await store.fetch_left() == {}


# --- rounds -----------------------------------------------------------------------------------------


@pytest.fixture
async def world(tmp_path: Path) -> AsyncGenerator[World]:
    async with open_world(tmp_path) as opened:
        yield opened


async def remove_bot(world: World) -> None:
    world.env.backend.emit("GUILD_DELETE", {"id": str(world.server.id)})
    await world.advance(1)


async def add_bot(world: World) -> None:
    guild = world.env.backend.get_guild(world.server.id)
    world.env.backend.emit("GUILD_CREATE", serializers.guild_create_payload(world.env.backend, guild))
    await world.advance(1)


def sent(world: World) -> list[str]:
    """Return every call by which something would be seen."""
    return [one.path for one in world.env.http_requests if one.method in {"POST", "PATCH", "DELETE"}]


async def test_a_round_on_a_server_that_removes_the_bot_ends_without_a_word(world: World) -> None:
    await world.start_and_open()
    await world.answer("Ana", "Paris")
    before = sent(world)
    await remove_bot(world)
    await world.advance(300)
    assert sent(world) == before, "nothing was posted, and nobody was written to"
    assert world.rows("SELECT state, settled_at IS NULL FROM rounds") == [("stopped", 0)]
    assert world.rows("SELECT player_id FROM responses") == [(world.members["Ana"].id,)]
    await add_bot(world)
    await world.start_and_open()
    assert world.rows("SELECT state FROM rounds ORDER BY number") == [("stopped",), ("asking",)], (
        "the channel is free again"
    )


async def test_every_round_of_a_server_is_left_though_another_one_ends_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = SqlRoundStore.save_standings

    async def save_while_others_end(*arguments: Any) -> None:
        await save(*arguments)
        for loop in list(world.app.rounds._loops.values()):
            await tasks.cancel(loop)

    await world.start()
    await world.start(channel=world.server.create_text_channel("games"))
    monkeypatch.setattr(SqlRoundStore, "save_standings", save_while_others_end)
    await remove_bot(world)
    assert world.rows("SELECT state, settled_at IS NULL FROM rounds") == [("stopped", 0)] * 2


async def test_a_server_that_is_only_out_of_reach_keeps_its_round(world: World) -> None:
    await world.start_and_open()
    world.env.backend.emit("GUILD_DELETE", {"id": str(world.server.id), "unavailable": True})
    await world.advance(1)
    assert world.rows("SELECT state FROM rounds") == [("asking",)]


async def test_a_server_that_was_lost_while_the_bot_was_away_is_not_written_to(world: World) -> None:
    await world.start_and_open()
    before = [path for path in sent(world) if "/users/@me/channels" in path]
    del world.env.backend.guilds[world.server.id]
    await world.restart()
    await world.advance(300)
    assert world.rows("SELECT state, settled_at IS NULL FROM rounds") == [("stopped", 0)]
    assert [path for path in sent(world) if "/users/@me/channels" in path] == before
    assert world.rows("SELECT server_id FROM left_servers") == [(world.server.id,)]


async def test_a_server_that_comes_back_after_it_was_forgotten_begins_anew(world: World) -> None:
    await world.app.settings.change(world.server.id, "seconds", "45")
    await world.start_and_open()
    await world.answer("Ana", "Paris")
    await remove_bot(world)
    await world.advance(timedelta(days=91).total_seconds())
    assert world.rows("SELECT count(*) FROM players") == [(0,)]
    await add_bot(world)
    await world.start_and_open()
    await world.answer("Ana", "Paris")
    assert world.rows("SELECT number, rules ->> 'seconds' FROM rounds") == [(1, 20)]
    assert world.rows("SELECT display_name FROM players") == [("Ana",)]


# --- forgetting ---------------------------------------------------------------------------------------

MARK = "forgotten-for-good"


def fill(path: Path, server_id: int, mark: str) -> None:
    """Store a row of this server in each table that there is, whatever its columns."""
    with closing(sqlite3.connect(path)) as connection:
        for table in metadata.sorted_tables:
            row = {column.name: _value(column, mark) for column in table.columns} | {"server_id": server_id}
            names, gaps = ", ".join(f'"{name}"' for name in row), ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO {table.name} ({names}) VALUES ({gaps})", list(row.values()))
        connection.execute("UPDATE left_servers SET left_at = 0")
        connection.commit()


def _value(column: sa.Column[Any], mark: str) -> Any:
    kind = getattr(column.type, "impl_instance", column.type)
    return 1 if isinstance(kind, sa.Integer | sa.Boolean) else mark


def servers_in(path: Path) -> dict[str, set[int]]:
    """Return of which servers each table has something."""
    with closing(sqlite3.connect(path)) as connection:
        return {
            table.name: {row[0] for row in connection.execute(f"SELECT server_id FROM {table.name}")}
            for table in metadata.sorted_tables
        }


async def test_forgetting_a_server_reaches_every_table_and_leaves_nothing_in_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.servers.ROWS_AT_ONCE", 1)
    path = tmp_path / "quizhost.sqlite3"
    clock = VirtualClock()
    async with Database.open(path) as database:
        fill(path, 1, MARK)
        fill(path, 2, "kept")
        store = SqlServerStore(database)
        assert await store.fetch_known() == {1, 2}
        await store.note_back(2)
        forgotten: list[int] = []
        servers = ServerService(
            store=store,
            rounds=NoRounds(),
            clock=clock,
            forget_after=timedelta(days=90),
            came_back=lambda: None,
            forgotten=forgotten.append,
        )
        await servers.forget_due()
        assert (await store.fetch_known(), forgotten) == ({2}, [1])
        files = [one.read_bytes() for one in tmp_path.iterdir()]
        assert not any(MARK.encode() in content for content in files)
        assert any(b"kept" in content for content in files)
    expected = {table.name: {2} for table in metadata.sorted_tables} | {"left_servers": set[int]()}
    assert servers_in(path) == expected


async def test_a_server_is_kept_for_as_long_as_the_operator_says(tmp_path: Path) -> None:
    path = tmp_path / "quizhost.sqlite3"
    clock = VirtualClock()
    async with Database.open(path) as database:
        fill(path, 1, MARK)
        store = SqlServerStore(database)
        servers = ServerService(
            store=store,
            rounds=NoRounds(),
            clock=clock,
            forget_after=WEEK,
            came_back=lambda: None,
            forgotten=lambda _: None,
        )
        await servers.join(1)
        await servers.leave(1)
        for after, known in ((WEEK - timedelta(seconds=1), {1}), (WEEK, set[int]())):
            clock.move_to(NOW + after)
            await servers.forget_due()
            assert await store.fetch_known() == known


class NoRounds:
    """Plays none."""

    async def leave(self, server_id: int) -> None:
        """There is nothing to leave."""


def test_every_table_says_of_which_server_a_row_is() -> None:
    assert [table.name for table in metadata.sorted_tables if "server_id" not in table.c] == []
