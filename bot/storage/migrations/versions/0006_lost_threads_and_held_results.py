"""Rounds that found no thread, and final cards that wait for their channel."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    # SQLite can add these without building the table anew.
    for name in ("thread_lost", "result_held"):
        op.add_column("rounds", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
