"""The answer writer: answers that arrive together share one durable commit.

There is no timer: whatever has queued up while the last commit ran, or is just being read, goes into the
next one, so a single answer waits for nobody and two thousand share a few dozen commits.
"""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects.sqlite import aiosqlite, insert

from bot import tasks
from bot.services.errors import NotRecorded
from bot.services.ports import Response
from bot.storage.database import Database
from bot.storage.tables import EPOCH, answer_events, answers, players

log = logging.getLogger(__name__)

#: More clicks than this wait before they are queued; Discord's three seconds are long gone by then.
QUEUE_SIZE = 50_000
MAX_BATCH = 2_000
#: While every round of the event loop brings more clicks, a commit waits for so many of them.
ROUNDS = 4
_MILLISECOND = timedelta(milliseconds=1)

_Pending = tuple[Response, "asyncio.Future[None]"]


class SqlAnswerLog:
    """Implements `bot.services.ports.AnswerLog`. Use `SqlAnswerLog.open`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue: asyncio.Queue[_Pending] = asyncio.Queue(QUEUE_SIZE)
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

    async def record(self, response: Response) -> None:
        """Return once the answer is on disk; `NotRecorded` if it could not be written."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        await self._queue.put((response, future))
        await future

    async def drain(self) -> None:
        """Wait until everything queued so far is on disk or refused."""
        await self._queue.join()

    async def _write(self) -> None:
        while True:
            batch = [await self._queue.get()]
            await self._until_quiet()
            while not self._queue.empty() and len(batch) < MAX_BATCH:
                batch.append(self._queue.get_nowait())
            await self._settle(batch)
            for _ in batch:
                self._queue.task_done()

    async def _until_quiet(self) -> None:
        """Let a crowd that is just being read come along; a commit for every 16 of them costs much more."""
        for _ in range(ROUNDS):
            before = self._queue.qsize()
            await asyncio.sleep(0)  # noqa: TID251 - gives way, does not wait
            if self._queue.qsize() == before:
                return

    async def _settle(self, batch: Sequence[_Pending]) -> None:
        try:
            await self._commit([response for response, _ in batch])
        except Exception:
            if len(batch) == 1:
                log.exception("an answer could not be written")
                if not batch[0][1].done():
                    batch[0][1].set_exception(NotRecorded())
                return
            log.warning("a batch of %d answers failed, writing them one by one", len(batch))
            for pending in batch:
                await self._settle([pending])
        else:
            for _, future in batch:
                if not future.done():
                    future.set_result(None)

    async def _commit(self, responses: Sequence[Response]) -> None:
        names = self._new_names(responses)
        # Ready-made SQL and tuples: most of a large batch would be spent on preparing the same again.
        last_count = [_answer_row(one) for one in responses if not one.first_counts]
        first_count = [_answer_row(one) for one in responses if one.first_counts]
        work = (
            (_EVENT, [_event_row(one) for one in responses]),
            (_LAST_COUNTS, last_count),
            (_FIRST_COUNTS, first_count),
            (_NAME, [_name_row(*entry) for entry in names.items()]),
        )

        def write(connection: sqlite3.Connection) -> None:
            for statement, rows in work:
                connection.executemany(statement, rows)

        await self._database.write(write)
        self._names.update(names)

    def _new_names(self, responses: Sequence[Response]) -> dict[tuple[int, int], str]:
        seen = {(one.round_id.server_id, one.answer.player_id): one.player_name for one in responses}
        return {player: name for player, name in seen.items() if self._names.get(player) != name}


# --- statements and their rows --------------------------------------------------------------------


def _sql(statement: Insert, columns: str) -> str:
    """Return a statement's text, whose parameters are these columns in this order."""
    compiled = statement.compile(dialect=aiosqlite.dialect())
    parameters = compiled.positiontup  # type: ignore[attr-defined]
    assert parameters == columns.split(), parameters  # noqa: S101 - else rows would go into other columns
    return str(compiled)


def _upsert_answer(*, first_counts: bool) -> Insert:
    statement = insert(answers)
    new, old = statement.excluded.interaction_id, answers.c.interaction_id
    return statement.on_conflict_do_update(
        index_elements=list(answers.primary_key),
        set_={name: statement.excluded[name] for name in ("option_id", "elapsed_ms", "interaction_id")},
        where=new < old if first_counts else new > old,
    )


def _upsert_name() -> Insert:
    statement = insert(players)
    return statement.on_conflict_do_update(
        index_elements=list(players.primary_key), set_={"display_name": statement.excluded.display_name}
    )


_EVENT = _sql(
    insert(answer_events).on_conflict_do_nothing(),
    "server_id round_number question_number interaction_id player_id option_id elapsed_ms answered_at",
)


def _event_row(response: Response) -> tuple[Any, ...]:
    one, at_ms = response.answer, (response.at - EPOCH) // _MILLISECOND
    click, player = one.interaction_id, one.player_id
    return (*response.round_id, one.question_number, click, player, one.option_id, one.elapsed_ms, at_ms)


_ANSWER = "server_id round_number question_number player_id option_id elapsed_ms interaction_id"
_LAST_COUNTS = _sql(_upsert_answer(first_counts=False), _ANSWER)
_FIRST_COUNTS = _sql(_upsert_answer(first_counts=True), _ANSWER)


def _answer_row(response: Response) -> tuple[Any, ...]:
    one = response.answer
    click, player = one.interaction_id, one.player_id
    return (*response.round_id, one.question_number, player, one.option_id, one.elapsed_ms, click)


_NAME = _sql(_upsert_name(), "server_id player_id display_name")


def _name_row(player: tuple[int, int], name: str) -> tuple[Any, ...]:
    return (*player, name[:64])
