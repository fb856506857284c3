"""Schedules, what happened at their dates, and who wants to be reminded."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "schedules",
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("host_id", sa.BigInteger(), nullable=False),
        sa.Column("source_kind", sa.String(length=16), nullable=False),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("questions", sa.Integer(), nullable=True),
        sa.Column("scoring", sa.String(length=16), nullable=True),
        sa.Column("thread", sa.Boolean(), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("first", sa.String(length=16), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("next_wall", sa.String(length=16), nullable=True),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("ping_role_id", sa.BigInteger(), nullable=True),
        sa.Column("announce_minutes", sa.Integer(), nullable=False),
        sa.Column("reminded_at", sa.BigInteger(), nullable=True),
        sa.Column("reminder_id", sa.BigInteger(), nullable=True),
        sa.Column("has_event", sa.Boolean(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=True),
        sa.Column("event_at", sa.BigInteger(), nullable=True),
        sa.Column("wake_at", sa.BigInteger(), nullable=True),
        sa.Column("shown_event_at", sa.BigInteger(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("server_id", "number", name=op.f("pk_schedules")),
    )
    op.create_index(
        "ix_schedules_wake", "schedules", ["wake_at"], unique=False, sqlite_where=sa.text("state = 'active'")
    )
    op.create_table(
        "occurrences",
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("schedule_number", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("round_number", sa.Integer(), nullable=True),
        sa.Column("reminder_id", sa.BigInteger(), nullable=True),
        sa.Column("followed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["server_id", "schedule_number"],
            ["schedules.server_id", "schedules.number"],
            name=op.f("fk_occurrences_schedules"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("server_id", "schedule_number", "due_at", name=op.f("pk_occurrences")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_occurrences_unfollowed",
        "occurrences",
        ["server_id"],
        unique=False,
        sqlite_where=sa.text("NOT followed"),
    )
    op.create_table(
        "reminders",
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("schedule_number", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("player_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["server_id", "schedule_number"],
            ["schedules.server_id", "schedules.number"],
            name=op.f("fk_reminders_schedules"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "server_id", "schedule_number", "due_at", "player_id", name=op.f("pk_reminders")
        ),
        sqlite_with_rowid=False,
    )
