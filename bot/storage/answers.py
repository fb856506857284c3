"""The answer writer: answers that arrive together share one durable commit.

There is no timer: whatever has queued up while the last commit ran goes into the next one, so a
single answer waits for nobody and two thousand share a handful of commits.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy.dialects.sqlite import insert

from bot import tasks
from bot.services.errors import NotRecorded
from bot.services.ports import Response
from bot.storage.database import Database
from bot.storage.tables import answer_events, answers, players

log = logging.getLogger(__name__)

#: More clicks than this wait before they are queued; Discord's three seconds are long gone by then.
QUEUE_SIZE = 50_000
MAX_BATCH = 2_000

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
            while not self._queue.empty() and len(batch) < MAX_BATCH:
                batch.append(self._queue.get_nowait())
            await self._settle(batch)
            for _ in batch:
                self._queue.task_done()

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
        async with self._database.writing() as connection:
            await connection.execute(
                insert(answer_events).on_conflict_do_nothing(), [_event_row(one) for one in responses]
            )
            for statement, first_counts in ((_LAST_COUNTS, False), (_FIRST_COUNTS, True)):
                rows = [_answer_row(one) for one in responses if one.first_counts is first_counts]
                if rows:
                    await connection.execute(statement, rows)
            if names:
                await connection.execute(_NAME, [_name_row(*entry) for entry in names.items()])
        self._names.update(names)

    def _new_names(self, responses: Sequence[Response]) -> dict[tuple[int, int], str]:
        seen = {(one.round_id.server_id, one.answer.player_id): one.player_name for one in responses}
        return {player: name for player, name in seen.items() if self._names.get(player) != name}


def _upsert_answer(*, first_counts: bool) -> Any:  # noqa: ANN401 - SQLAlchemy's own generic insert
    statement = insert(answers)
    new, old = statement.excluded.interaction_id, answers.c.interaction_id
    return statement.on_conflict_do_update(
        index_elements=list(answers.primary_key),
        set_={name: statement.excluded[name] for name in ("option_id", "elapsed_ms", "interaction_id")},
        where=new < old if first_counts else new > old,
    )


_LAST_COUNTS = _upsert_answer(first_counts=False)
_FIRST_COUNTS = _upsert_answer(first_counts=True)

_insert_name = insert(players)
_NAME = _insert_name.on_conflict_do_update(
    index_elements=list(players.primary_key), set_={"display_name": _insert_name.excluded.display_name}
)


def _answer_row(response: Response) -> dict[str, Any]:
    return {
        "server_id": response.round_id.server_id,
        "round_number": response.round_id.number,
        "question_number": response.answer.question_number,
        "player_id": response.answer.player_id,
        "option_id": response.answer.option_id,
        "elapsed_ms": response.answer.elapsed_ms,
        "interaction_id": response.answer.interaction_id,
    }


def _event_row(response: Response) -> dict[str, Any]:
    return {**_answer_row(response), "answered_at": response.at}


def _name_row(player: tuple[int, int], name: str) -> dict[str, Any]:
    return {"server_id": player[0], "player_id": player[1], "display_name": name[:64]}
