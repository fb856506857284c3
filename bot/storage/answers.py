"""The answer writer: answers that arrive together share one durable commit.

There is no timer: whatever has queued up while the last commit ran, or is just being read, goes into the
next one, so a single answer waits for nobody and two thousand share a few dozen commits.
"""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy.dialects.sqlite import Insert, aiosqlite, insert

from bot import tasks
from bot.services.errors import DatabaseLost, NotRecorded
from bot.services.ports import AnswerEntry
from bot.storage.database import Database
from bot.storage.tables import EPOCH, players, responses

log = logging.getLogger(__name__)

#: More clicks than this wait before they are queued; Discord's three seconds are long gone by then.
QUEUE_SIZE = 50_000
MAX_BATCH = 2_000
#: While every turn of the event loop brings more clicks, a commit waits for so many of them.
TURNS = 4
#: So many rows are inserted at once, while there are so many, then fewer. SQLite takes 32,766 values.
STEPS = (128, 16, 1)
_MILLISECOND = timedelta(milliseconds=1)


class _Pending(NamedTuple):
    """An answer on its way to the disk."""

    row: tuple[Any, ...]  #: made while everything is at hand
    player: tuple[int, int]  #: on a server
    name: str | None  #: if it is news
    written: "asyncio.Future[None]"


class SqlAnswerLog:
    """Implements `bot.services.ports.AnswerLog`. Use `SqlAnswerLog.open`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue: list[_Pending] = []
        self._news = asyncio.Event()  #: set while something is queued
        self._room = asyncio.Event()  #: set when something was taken from the queue
        self._batch: list[_Pending] = []  #: what is being written
        self._names: dict[tuple[int, int], str] = {}

    @classmethod
    @asynccontextmanager
    async def open(cls, database: Database) -> AsyncGenerator["SqlAnswerLog"]:
        """Start the writer; at the end, write what is queued and stop."""
        log_ = cls(database)
        writer = tasks.spawn(log_._write(), name="answer writer")
        try:
            yield log_
        finally:
            await log_.drain()
            await tasks.cancel(writer)

    def record(self, entry: AnswerEntry) -> Awaitable[None]:
        """Wait until the answer is on disk; `NotRecorded` if it could not be written."""
        return self._queue_up(entry) if len(self._queue) < QUEUE_SIZE else self._wait_for_room(entry)

    async def _wait_for_room(self, entry: AnswerEntry) -> None:
        while len(self._queue) >= QUEUE_SIZE:
            self._room.clear()
            await self._room.wait()
        await self._queue_up(entry)

    def _queue_up(self, entry: AnswerEntry) -> "asyncio.Future[None]":
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        player, name = (entry.round_id.server_id, entry.answer.player_id), entry.player_name
        news = None if self._names.get(player) == name else name
        self._queue.append(_Pending(_row(entry), player, news, written))
        self._news.set()
        return written

    def forget(self, server_id: int) -> None:
        """Forget what players are called on a server whose players are not stored any more."""
        for player in [one for one in self._names if one[0] == server_id]:
            del self._names[player]

    async def drain(self) -> None:
        """Wait until everything queued so far is on disk or refused."""
        under_way = [one.written for one in (*self._batch, *self._queue)]
        if under_way:
            await asyncio.wait(under_way)

    async def _write(self) -> None:
        while True:
            await self._news.wait()
            await self._until_crowd_is_read()
            self._batch, self._queue = self._queue[:MAX_BATCH], self._queue[MAX_BATCH:]
            self._room.set()
            if not self._queue:
                self._news.clear()
            await self._settle(self._batch)
            self._batch = []

    async def _until_crowd_is_read(self) -> None:
        """Let a crowd that is just being read come along; a commit for every 16 of them costs much more."""
        for _ in range(TURNS):
            before = len(self._queue)
            await asyncio.sleep(0)  # noqa: TID251 - gives way, does not wait
            if len(self._queue) == before:
                return

    async def _settle(self, batch: Sequence[_Pending]) -> None:
        try:
            await self._commit(batch)
        except Exception as error:
            if len(batch) == 1 or _concerns_all(error):
                unexpected = None if isinstance(error, DatabaseLost) else error
                log.exception("%d answers could not be written", len(batch), exc_info=unexpected)
                for pending in batch:
                    if not pending.written.done():
                        pending.written.set_exception(NotRecorded())
                return
            log.warning("a batch of %d answers failed, writing them one by one", len(batch))
            for pending in batch:
                await self._settle([pending])
        else:
            for pending in batch:
                if not pending.written.done():
                    pending.written.set_result(None)

    async def _commit(self, batch: Sequence[_Pending]) -> None:
        rows: list[Any] = []
        names: dict[tuple[int, int], str] = {}
        for row, player, name, _ in batch:
            rows += row
            if name is not None:
                names[player] = name
        shown = [value for player, name in names.items() for value in (*player, name[:64])]

        def write(connection: sqlite3.Connection) -> None:
            _RESPONSE.execute(connection, rows)
            _NAME.execute(connection, shown)

        await self._database.write(write)
        self._names.update(names)


def _concerns_all(error: Exception) -> bool:
    """Tell whether it would be the same one by one: another tool holds the file, or it is gone."""
    if isinstance(error, DatabaseLost):
        return True
    return isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode == sqlite3.SQLITE_BUSY


# --- statements and their rows --------------------------------------------------------------------


class _Statement:
    """An insert that takes many rows in one step.

    SQLite's driver lets go of the interpreter at every step; with the event loop busy beside it, a row a step
    is a sixth of what storing an answer costs (measured).
    """

    def __init__(self, insert_: Insert, columns: str) -> None:
        compiled = insert_.compile(dialect=aiosqlite.dialect())
        parameters = compiled.positiontup or []
        assert parameters == columns.split(), parameters  # noqa: S101 - else rows would go into other columns
        self._width = len(parameters)
        row = f"({', '.join('?' * self._width)})"
        before, found, after = str(compiled).partition(row)
        assert found, before  # noqa: S101 - SQLAlchemy writes it like that
        self._by_rows = [(rows, before + ", ".join([row] * rows) + after) for rows in STEPS]

    def execute(self, connection: sqlite3.Connection, values: Sequence[Any]) -> None:
        """Insert rows, whose values follow each other."""
        start = 0
        for rows, sql in self._by_rows:
            taken = rows * self._width
            while len(values) - start >= taken:
                connection.execute(sql, values[start : start + taken])
                start += taken


def upsert_name() -> Insert:
    """Return what keeps a player's name as it was last seen on a server."""
    statement = insert(players)
    return statement.on_conflict_do_update(
        index_elements=list(players.primary_key), set_={"display_name": statement.excluded.display_name}
    )


_RESPONSE = _Statement(
    insert(responses).on_conflict_do_nothing(),
    "server_id play_number question_number interaction_id player_id response elapsed_ms answered_at",
)


def _row(entry: AnswerEntry) -> tuple[Any, ...]:
    one, at_ms = entry.answer, (entry.at - EPOCH) // _MILLISECOND
    click, player = one.interaction_id, one.player_id
    return (*entry.round_id, one.question_number, click, player, one.response, one.elapsed_ms, at_ms)


_NAME = _Statement(upsert_name(), "server_id player_id display_name")
