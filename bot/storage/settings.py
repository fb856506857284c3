"""Server settings in the database: one row for each that differs from its default."""

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from bot.storage.database import Database
from bot.storage.tables import server_settings


class SqlSettingsStore:
    """Implements `bot.services.settings.SettingsStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def fetch_settings(self, server_id: int) -> dict[str, str]:
        """Return what a server has set, as text by the setting's name."""
        columns = server_settings.c.name, server_settings.c.value
        query = sa.select(*columns).where(server_settings.c.server_id == server_id)
        async with self._database.reading() as connection:
            return {row.name: row.value for row in await connection.execute(query)}

    async def save_setting(self, server_id: int, name: str, value: str | None) -> None:
        """Keep a setting's value; with None, forget it."""
        if value is None:
            this_one = server_settings.c.server_id == server_id, server_settings.c.name == name
            statement = sa.delete(server_settings).where(*this_one)
        else:
            added = insert(server_settings).values(server_id=server_id, name=name, value=value)
            statement = added.on_conflict_do_update(
                index_elements=[server_settings.c.server_id, server_settings.c.name],
                set_={"value": added.excluded.value},
            )
        async with self._database.writing() as connection:
            await connection.execute(statement)
