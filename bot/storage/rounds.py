"""Rounds in the database: created, changed step by step, and read back as values."""

from collections.abc import Iterable
from dataclasses import asdict, fields, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.quiz import Quiz
from bot.domain.round import (
    OPEN_STATES,
    Answer,
    AskedQuestion,
    Round,
    RoundId,
    RoundRules,
    RoundState,
    Scoring,
)
from bot.domain.standings import Standing, Standings
from bot.domain.tasks import Presentation
from bot.services.errors import RoundAlreadyOpen
from bot.services.ports import ConcurrentChange, NewRound
from bot.storage.database import Database
from bot.storage.quizzes import as_quiz, keep_quiz
from bot.storage.tables import asked_questions, players, plays, quiz_versions, responses, rounds
from bot.storage.tables import standings as standings_table

#: Where tables that belong to rounds alone, and not to any play, have their number.
_ROUND_NUMBERS = {"rounds": "number", "attendance": "round_number"}
#: The kind of a play that a round is.
ROUND = "round"


class SqlRoundStore:
    """Implements `bot.services.ports.RoundStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, new: NewRound) -> Round:
        """Store a round with everything that it will ask, and the quiz as it is now."""
        async with self._database.writing() as connection:
            return await insert_round(connection, new)

    async def change(self, before: Round, after: Round) -> Round:
        """Write what differs, if the stored round is still at `before`."""
        after = replace(after, revision=before.revision + 1)
        changed = [new for old, new in zip(before.asked, after.asked, strict=True) if old != new]
        at_before = (
            is_of(rounds, before.id),
            rounds.c.state == before.state,
            rounds.c.revision == before.revision,
        )
        async with self._database.writing() as connection:
            moved = await connection.execute(sa.update(rounds).where(*at_before).values(_round_row(after)))
            if moved.rowcount != 1:
                raise ConcurrentChange
            for row in _asked_rows(after, changed):
                this_one = asked_questions.c.number == row["number"]
                where = is_of(asked_questions, after.id), this_one
                await connection.execute(sa.update(asked_questions).where(*where).values(row))
        return after

    async def fetch(self, round_id: RoundId) -> Round | None:
        """Return a round, or None."""
        found = await self._fetch(is_of(rounds, round_id))
        return found[0] if found else None

    async def fetch_unsettled(self) -> list[Round]:
        """Return every round that still needs something."""
        return await self._fetch(rounds.c.settled_at.is_(None))

    async def _fetch(self, where: sa.ColumnElement[bool]) -> list[Round]:
        joined = rounds.join(plays).join(quiz_versions)
        query = sa.select(rounds, quiz_versions.c.document).select_from(joined).where(where)
        async with self._database.reading() as connection:
            found: list[Round] = []
            for row in (await connection.execute(query)).mappings().all():
                round_id = RoundId(row["server_id"], row["number"])
                asked = sa.select(asked_questions).where(is_of(asked_questions, round_id))
                asked_rows = await connection.execute(asked.order_by(asked_questions.c.number))
                quiz = await as_quiz(connection, row["server_id"], row["document"])
                found.append(_round(row, quiz, asked_rows.mappings().all()))
        return found

    async def fetch_answers(self, played: Round, question_number: int | None = None) -> list[Answer]:
        """Return what counts, in the order of the questions."""
        query = what_counts(played)
        if question_number is not None:
            query = query.where(responses.c.question_number == question_number)
        async with self._database.reading() as connection:
            return [Answer(*row) for row in (await connection.execute(query)).all()]

    async def fetch_log(self, round_id: RoundId) -> list[Answer]:
        """Return every answer that was ever taken, oldest first."""
        query = select_of(Answer._fields, responses, round_id)
        async with self._database.reading() as connection:
            found = await connection.execute(query.order_by(responses.c.interaction_id))
            return [Answer(*row) for row in found.all()]

    async def fetch_standings(self, round_id: RoundId) -> list[Standing]:
        """Return the kept standings, best first."""
        query = select_of([field.name for field in fields(Standing)], standings_table, round_id)
        query = query.order_by(standings_table.c.rank, standings_table.c.player_id)
        async with self._database.reading() as connection:
            return [Standing(*row) for row in (await connection.execute(query)).all()]

    async def find_servers(self, number: int) -> list[int]:
        """Return the servers that have a round of this number."""
        query = sa.select(rounds.c.server_id).where(rounds.c.number == number).order_by(rounds.c.server_id)
        async with self._database.reading() as connection:
            return list((await connection.execute(query)).scalars())

    async def save_standings(self, played: Round, standings: Standings) -> None:
        """Replace the round's standings by these."""
        rows = [
            {
                "server_id": played.id.server_id,
                "play_number": played.id.number,
                "player_id": row.player_id,
                "rank": row.rank,
                "score": row.score,
                "points": row.points,
                "max_points": standings.max_points,
                "correct": row.correct,
                "answered": row.answered,
                "answer_ms": row.answer_ms,
                "tier": row.tier,
            }
            for row in standings.rows
        ]
        async with self._database.writing() as connection:
            await connection.execute(sa.delete(standings_table).where(is_of(standings_table, played.id)))
            if rows:
                await connection.execute(sa.insert(standings_table), rows)

    async def fetch_names(self, server_id: int, player_ids: Iterable[int]) -> dict[int, str]:
        """Return the names of the players who have one stored."""
        query = sa.select(players.c.player_id, players.c.display_name).where(
            players.c.server_id == server_id, players.c.player_id.in_(list(player_ids))
        )
        async with self._database.reading() as connection:
            return {row.player_id: row.display_name for row in await connection.execute(query)}


async def insert_round(connection: AsyncConnection, new: NewRound) -> Round:
    """Store a round with everything that it will ask, as a part of somebody's transaction.

    Raises:
        RoundAlreadyOpen: the channel is not free; the transaction must not be committed.
    """
    newest = sa.select(sa.func.max(plays.c.number)).where(plays.c.server_id == new.server_id)
    number = ((await connection.execute(newest)).scalar_one() or 0) + 1
    played = Round(
        id=RoundId(new.server_id, number),
        channel_id=new.channel_id,
        thread_id=None,
        in_thread=new.in_thread,
        host_id=new.host_id,
        quiz=new.quiz,
        rules=new.rules,
        asked=new.asked,
        state=RoundState.ANNOUNCED,
        position=0,
        due_at=new.starts_at,
        created_at=new.created_at,
    )
    if await _plays_in_thread(connection, played):
        raise RoundAlreadyOpen(new.channel_id)
    await keep_quiz(connection, played.id.server_id, played.quiz)
    await connection.execute(sa.insert(plays).values(_play_row(played)))
    try:
        await connection.execute(sa.insert(rounds).values(_round_row(played)))
    except IntegrityError:
        raise RoundAlreadyOpen(new.channel_id) from None
    await connection.execute(sa.insert(asked_questions), _asked_rows(played, played.asked))
    return played


def select_of(columns: Iterable[str], table: sa.Table, round_id: RoundId) -> sa.Select[Any]:
    """Select these columns of a round's rows."""
    return sa.select(*(table.c[name] for name in columns)).where(is_of(table, round_id))


def what_counts(played: Round) -> sa.Select[Any]:
    """Select each player's answer to each question: the last one or, where answers lock, the first.

    Of a group, SQLite takes the columns from the row that holds the minimum or maximum
    (sqlite.org/lang_select.html, bare columns in an aggregate query).
    """
    event = responses.c
    which = sa.func.min if played.quiz.first_answer_locks else sa.func.max
    *columns, ordering = Answer._fields
    query = select_of(columns, responses, played.id).add_columns(which(event[ordering]))
    return query.group_by(event.question_number, event.player_id).order_by(event.question_number)


def is_of(table: sa.Table, round_id: RoundId) -> sa.ColumnElement[bool]:
    """Tell rows that belong to a round."""
    number = table.c[_ROUND_NUMBERS.get(table.name, "play_number")]
    return sa.and_(table.c.server_id == round_id.server_id, number == round_id.number)


async def _plays_in_thread(connection: AsyncConnection, played: Round) -> bool:
    """Tell whether the place is the thread of an open round; for channels the database's index tells."""
    query = sa.select(rounds.c.number).where(
        rounds.c.server_id == played.id.server_id,
        rounds.c.thread_id == played.channel_id,
        rounds.c.state.in_(OPEN_STATES),
    )
    return (await connection.execute(query)).first() is not None


def _play_row(played: Round) -> dict[str, Any]:
    return {
        "server_id": played.id.server_id,
        "number": played.id.number,
        "kind": ROUND,
        "quiz_id": played.quiz.id,
        "content_hash": played.quiz.content_hash,
    }


#: What rounds and their rows call the same.
_SAME = (
    "channel_id",
    "thread_id",
    "in_thread",
    "thread_lost",
    "host_id",
    "revision",
    "position",
    "due_at",
    "left_ms",
    "announcement_id",
    "result_id",
    "result_held",
    "created_at",
    "ended_at",
    "settled_at",
)


def _round_row(played: Round) -> dict[str, Any]:
    return {name: getattr(played, name) for name in _SAME} | {
        "server_id": played.id.server_id,
        "number": played.id.number,
        "rules": asdict(played.rules),
        "state": played.state.value,
        "paused_from": played.paused_from and played.paused_from.value,
    }


def _asked_rows(played: Round, asked: Iterable[AskedQuestion]) -> list[dict[str, Any]]:
    return [
        {
            "server_id": played.id.server_id,
            "play_number": played.id.number,
            "number": one.number,
            "quiz_index": one.index,
            "question_id": one.question_id,
            "shown": asdict(one.shown),
            "seconds": one.seconds,
            "message_id": one.message_id,
            "opened_at": one.opened_at,
            "closes_at": one.closes_at,
            "skipped": one.skipped,
        }
        for one in asked
    ]


def _round(row: sa.RowMapping, quiz: Quiz, asked_rows: Iterable[sa.RowMapping]) -> Round:
    same: dict[str, Any] = {name: row[name] for name in _SAME}
    return Round(
        id=RoundId(row["server_id"], row["number"]),
        quiz=quiz,
        rules=RoundRules(**row["rules"] | {"scoring": Scoring(row["rules"]["scoring"])}),
        asked=tuple(
            AskedQuestion(
                number=asked["number"],
                index=asked["quiz_index"],
                question_id=asked["question_id"],
                shown=Presentation(tuple(asked["shown"]["order"])),
                seconds=asked["seconds"],
                message_id=asked["message_id"],
                opened_at=asked["opened_at"],
                closes_at=asked["closes_at"],
                skipped=asked["skipped"],
            )
            for asked in asked_rows
        ),
        state=RoundState(row["state"]),
        paused_from=row["paused_from"] and RoundState(row["paused_from"]),
        **same,
    )
