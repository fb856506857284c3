"""What a server has played: which quiz and which question was asked when."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from bot.storage.database import Database
from bot.storage.tables import asked_questions, quiz_versions, rounds


class SqlPlayHistory:
    """Implements `bot.services.ports.PlayHistory`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def fetch_last_played(self, server_id: int) -> Mapping[str, datetime]:
        """Return when each quiz was last started, by its id."""
        query = sa.select(rounds.c.quiz_id, sa.func.max(rounds.c.created_at))
        query = query.where(rounds.c.server_id == server_id).group_by(rounds.c.quiz_id)
        async with self._database.reading() as connection:
            return {row[0]: row[1] for row in await connection.execute(query)}

    async def fetch_last_asked(self, server_id: int, quiz_id: str) -> Mapping[str, int]:
        """Return the number of the last round in which each question of a quiz was asked, by its stem.

        By its stem, because a file may have been edited since; each version is kept.
        """
        same_round = sa.and_(
            rounds.c.server_id == asked_questions.c.server_id,
            rounds.c.number == asked_questions.c.round_number,
        )
        asked = (
            sa.select(
                rounds.c.content_hash,
                asked_questions.c.quiz_index,
                sa.func.max(rounds.c.number).label("last"),
            )
            .join(rounds, same_round)
            .where(
                rounds.c.server_id == server_id,
                rounds.c.quiz_id == quiz_id,
                asked_questions.c.opened_at.is_not(None),
            )
            .group_by(rounds.c.content_hash, asked_questions.c.quiz_index)
            .subquery()
        )
        path = sa.literal("$.questions[") + sa.cast(asked.c.quiz_index, sa.String) + "].stem"
        stem = sa.func.json_extract(quiz_versions.c.document, path)
        same_quiz = sa.and_(
            quiz_versions.c.server_id == server_id, quiz_versions.c.content_hash == asked.c.content_hash
        )
        query = sa.select(stem, sa.func.max(asked.c.last)).join_from(asked, quiz_versions, same_quiz)
        async with self._database.reading() as connection:
            return {row[0]: row[1] for row in await connection.execute(query.group_by(stem))}
