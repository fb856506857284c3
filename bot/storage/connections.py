"""How every connection to the SQLite file is set up."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

#: Deleted data is overwritten, however SQLite was built.
SECURE_DELETE = "secure_delete=ON"
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000", SECURE_DELETE)


def begin_with(engine: sa.Engine, begin: str, *, pragmas: Iterable[str]) -> None:
    """Let every transaction begin with this statement, on connections with these pragmas.

    The driver's own way begins too late for tables to be created inside a transaction.
    """

    def on_connect(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's own type
        prepare(connection, pragmas)

    def on_begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)


def prepare(connection: Any, pragmas: Iterable[str]) -> None:  # noqa: ANN401 - SQLite's or the driver's own type
    """Leave transactions to us, and set the pragmas of a connection."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
