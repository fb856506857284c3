"""Servers as a whole: which ones the bot has lost, and how all of one is deleted."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from bot.storage.database import Database
from bot.storage.tables import left_servers, metadata

#: How many rows are deleted at once; answers are written in between.
ROWS_AT_ONCE = 2_000
#: Everything else stored about a server depends on a row in one of these.
_ROOTS = [table for table in metadata.sorted_tables if "server_id" in table.c and not table.foreign_keys]


class SqlServerStore:
    """Implements `bot.services.servers.ServerStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def fetch_known(self) -> set[int]:
        """Return every server about which anything is stored."""
        query = sa.union(*(sa.select(table.c.server_id) for table in _ROOTS))
        async with self._database.reading() as connection:
            return set((await connection.execute(query)).scalars())

    async def fetch_left(self) -> dict[int, datetime]:
        """Return the servers that the bot has lost, and since when."""
        query = sa.select(left_servers.c.server_id, left_servers.c.left_at)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
        return {row.server_id: row.left_at for row in rows}

    async def note_left(self, server_id: int, at: datetime) -> bool:
        """Note that the bot has lost a server, unless that is known."""
        statement = insert(left_servers).values(server_id=server_id, left_at=at).on_conflict_do_nothing()
        async with self._database.writing() as connection:
            return bool((await connection.execute(statement)).rowcount)

    async def note_back(self, server_id: int) -> bool:
        """Note that the bot is on a server; tell whether it was lost."""
        statement = sa.delete(left_servers).where(left_servers.c.server_id == server_id)
        async with self._database.writing() as connection:
            return bool((await connection.execute(statement)).rowcount)

    async def forget(self, server_id: int) -> None:
        """Delete every row of a server in every table, and last the note that it was lost."""
        for table in reversed(metadata.sorted_tables):
            if "server_id" in table.c and table is not left_servers:
                while await self._delete_some(table, server_id):
                    pass
        await self.note_back(server_id)
        await self._database.clear_log()

    async def _delete_some(self, table: sa.Table, server_id: int) -> bool:
        key = table.primary_key.columns
        some = sa.select(*key).where(table.c.server_id == server_id).limit(ROWS_AT_ONCE)
        async with self._database.writing() as connection:
            statement = sa.delete(table).where(sa.tuple_(*key).in_(some))
            return (await connection.execute(statement)).rowcount > 0
