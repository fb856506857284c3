"""What the process remembers between starts."""

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from bot.storage.database import Database
from bot.storage.tables import bot_state


class SqlBotState:
    """Named texts that survive a restart."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str) -> str | None:
        """Return what was stored under this name, or None."""
        query = sa.select(bot_state.c.value).where(bot_state.c.name == name)
        async with self._database.reading() as connection:
            return (await connection.execute(query)).scalar_one_or_none()

    async def set(self, name: str, value: str) -> None:
        """Store a text under this name."""
        statement = insert(bot_state).values(name=name, value=value)
        statement = statement.on_conflict_do_update(
            index_elements=[bot_state.c.name], set_={"value": statement.excluded.value}
        )
        async with self._database.writing() as connection:
            await connection.execute(statement)
