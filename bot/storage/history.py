"""What a server has played: which quiz and which question was asked when."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from bot.storage.database import Database
from bot.storage.tables import asked_questions, plays, rounds


class SqlPlayHistory:
    """Implements `bot.services.ports.PlayHistory`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def fetch_last_played(self, server_id: int) -> Mapping[str, datetime]:
        """Return when each quiz was last started, by its id."""
        query = sa.select(plays.c.quiz_id, sa.func.max(rounds.c.created_at)).join(rounds)
        query = query.where(plays.c.server_id == server_id).group_by(plays.c.quiz_id)
        async with self._database.reading() as connection:
            return {row[0]: row[1] for row in await connection.execute(query)}

    async def fetch_last_asked(self, server_id: int, quiz_id: str) -> Mapping[str, int]:
        """Return the number of the last play in which each question of a quiz was asked, by its id."""
        asked = asked_questions.c
        query = (
            sa.select(asked.question_id, sa.func.max(asked.play_number))
            .join_from(plays, asked_questions)
            .where(plays.c.server_id == server_id, plays.c.quiz_id == quiz_id, asked.opened_at.is_not(None))
            .group_by(asked.question_id)
        )
        async with self._database.reading() as connection:
            return {row[0]: row[1] for row in await connection.execute(query)}
