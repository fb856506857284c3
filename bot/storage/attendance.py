"""Who will play which round."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from bot.domain.round import RoundId
from bot.storage.answers import upsert_name
from bot.storage.database import Database
from bot.storage.rounds import is_of
from bot.storage.tables import attendance, players


class SqlAttendanceStore:
    """Implements `bot.services.attendance.AttendanceStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def fetch_attendance(self, round_id: RoundId) -> dict[int, str]:
        """Return the names of those who will play, as last seen."""
        same_player = sa.and_(
            players.c.server_id == attendance.c.server_id, players.c.player_id == attendance.c.player_id
        )
        query = sa.select(attendance.c.player_id, players.c.display_name).join(players, same_player)
        async with self._database.reading() as connection:
            found = await connection.execute(query.where(is_of(attendance, round_id)))
            return {row.player_id: row.display_name for row in found}

    async def save_attendance(self, round_id: RoundId, changes: Mapping[int, str | None]) -> None:
        """Note players and their names; forget those who have none."""
        server_id, number = round_id
        gone = [player_id for player_id, name in changes.items() if name is None]
        names = [
            {"server_id": server_id, "player_id": player_id, "display_name": name[:64]}
            for player_id, name in changes.items()
            if name is not None
        ]
        rows = [
            {"server_id": server_id, "round_number": number, "player_id": one["player_id"]} for one in names
        ]
        async with self._database.writing() as connection:
            if gone:
                where = is_of(attendance, round_id), attendance.c.player_id.in_(gone)
                await connection.execute(sa.delete(attendance).where(*where))
            if rows:
                await connection.execute(upsert_name(), names)
                await connection.execute(insert(attendance).on_conflict_do_nothing(), rows)
