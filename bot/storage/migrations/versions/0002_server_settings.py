"""What servers decide for themselves, and rounds that show their standing on the way."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "server_settings",
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("server_id", "name", name=op.f("pk_server_settings")),
        sqlite_with_rowid=False,
    )
    # SQLite can add this one without building the table anew.
    op.add_column("rounds", sa.Column("board_every", sa.Integer(), nullable=False, server_default="0"))
