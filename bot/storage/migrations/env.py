"""How Alembic runs here: on the connection that `bot.storage.database.migrate` hands over."""

from alembic import context

from bot.storage.tables import metadata

connection = context.config.attributes["connection"]
connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
connection.commit()
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
