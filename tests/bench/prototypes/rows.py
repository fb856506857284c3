"""Prototype: the answer writer's batches as ready-made SQL and tuples, past SQLAlchemy's per-row work."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects.sqlite import aiosqlite, insert

from bot.services.ports import Response
from bot.storage import answers as module
from bot.storage.answers import SqlAnswerLog
from bot.storage.tables import EPOCH, answer_events

_DIALECT = aiosqlite.dialect()


def _sql(statement: Any, columns: Sequence[str]) -> tuple[str, list[str]]:
    compiled = statement.compile(dialect=_DIALECT, column_keys=list(columns))
    return str(compiled), list(compiled.positiontup)


_EVENT = _sql(insert(answer_events).on_conflict_do_nothing(), [c.name for c in answer_events.columns])
_ANSWER_COLUMNS = [
    "server_id",
    "round_number",
    "question_number",
    "player_id",
    "option_id",
    "elapsed_ms",
    "interaction_id",
]
_LAST = _sql(module._LAST_COUNTS, _ANSWER_COLUMNS)
_FIRST = _sql(module._FIRST_COUNTS, _ANSWER_COLUMNS)


async def _commit(self: SqlAnswerLog, responses: Sequence[Response]) -> None:
    names = self._new_names(responses)
    events: list[dict[str, Any]] = []
    last: list[Any] = []
    first: list[Any] = []
    for one in responses:
        answer = one.answer
        row = {
            "server_id": one.round_id.server_id,
            "round_number": one.round_id.number,
            "question_number": answer.question_number,
            "player_id": answer.player_id,
            "option_id": answer.option_id,
            "elapsed_ms": answer.elapsed_ms,
            "interaction_id": answer.interaction_id,
            "answered_at": int((one.at - EPOCH).total_seconds() * 1000),
        }
        events.append(row)
        (first if one.first_counts else last).append(row)
    async with self._database.writing() as connection:
        for (sql, order), rows in ((_EVENT, events), (_LAST, last), (_FIRST, first)):
            if rows:
                await connection.exec_driver_sql(sql, [tuple([row[name] for name in order]) for row in rows])
        if names:
            await connection.exec_driver_sql(
                "INSERT INTO players (server_id, player_id, display_name) VALUES (?, ?, ?) "
                "ON CONFLICT DO UPDATE SET display_name = excluded.display_name",
                [(*player, name[:64]) for player, name in names.items()],
            )
    self._names.update(names)


def install() -> None:
    """Write rows this way."""
    SqlAnswerLog._commit = _commit
