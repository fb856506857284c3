"""Who has said that they will play a round, and whether players are told privately how they did."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "attendance",
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("round_number", sa.Integer(), nullable=False),
        sa.Column("player_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["server_id", "round_number"],
            ["rounds.server_id", "rounds.number"],
            name=op.f("fk_attendance_rounds"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("server_id", "round_number", "player_id", name=op.f("pk_attendance")),
        sqlite_with_rowid=False,
    )
    # SQLite can add this without building the table anew.
    op.add_column(
        "rounds", sa.Column("tells_players", sa.Boolean(), nullable=False, server_default=sa.true())
    )
