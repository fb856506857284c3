"""Rounds, their questions, answers and standings."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "bot_state",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_bot_state")),
    )
    op.create_table(
        "players",
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("player_id", sa.BigInteger(), nullable=False),
        sa.Column("display_name", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("server_id", "player_id", name=op.f("pk_players")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "quiz_versions",
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("quiz_id", sa.String(length=64), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("server_id", "content_hash", name=op.f("pk_quiz_versions")),
    )
    op.create_table(
        "rounds",
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("in_thread", sa.Boolean(), nullable=False),
        sa.Column("host_id", sa.BigInteger(), nullable=False),
        sa.Column("quiz_id", sa.String(length=64), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("scoring", sa.String(length=16), nullable=False),
        sa.Column("pause_seconds", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("paused_from", sa.String(length=16), nullable=True),
        sa.Column("left_ms", sa.BigInteger(), nullable=True),
        sa.Column("announcement_id", sa.BigInteger(), nullable=True),
        sa.Column("result_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["server_id", "content_hash"],
            ["quiz_versions.server_id", "quiz_versions.content_hash"],
            name=op.f("fk_rounds_quiz_versions"),
        ),
        sa.PrimaryKeyConstraint("server_id", "number", name=op.f("pk_rounds")),
    )
    op.create_index("ix_rounds_ended", "rounds", ["server_id", "state", "ended_at"], unique=False)
    op.create_index(
        "uq_rounds_open_channel",
        "rounds",
        ["server_id", "channel_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('announced', 'asking', 'revealed', 'paused')"),
    )
    op.create_table(
        "answer_events",
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("round_number", sa.Integer(), nullable=False),
        sa.Column("question_number", sa.Integer(), nullable=False),
        sa.Column("interaction_id", sa.BigInteger(), nullable=False),
        sa.Column("player_id", sa.BigInteger(), nullable=False),
        sa.Column("option_id", sa.String(length=8), nullable=False),
        sa.Column("elapsed_ms", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["server_id", "round_number"],
            ["rounds.server_id", "rounds.number"],
            name=op.f("fk_answer_events_rounds"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "server_id", "round_number", "question_number", "interaction_id", name=op.f("pk_answer_events")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "answers",
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("round_number", sa.Integer(), nullable=False),
        sa.Column("question_number", sa.Integer(), nullable=False),
        sa.Column("player_id", sa.BigInteger(), nullable=False),
        sa.Column("option_id", sa.String(length=8), nullable=False),
        sa.Column("elapsed_ms", sa.Integer(), nullable=False),
        sa.Column("interaction_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["server_id", "round_number"],
            ["rounds.server_id", "rounds.number"],
            name=op.f("fk_answers_rounds"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "server_id", "round_number", "question_number", "player_id", name=op.f("pk_answers")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "asked_questions",
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("round_number", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("quiz_index", sa.Integer(), nullable=False),
        sa.Column("option_ids", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.Column("closes_at", sa.BigInteger(), nullable=True),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["server_id", "round_number"],
            ["rounds.server_id", "rounds.number"],
            name=op.f("fk_asked_questions_rounds"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("server_id", "round_number", "number", name=op.f("pk_asked_questions")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "standings",
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("round_number", sa.Integer(), nullable=False),
        sa.Column("player_id", sa.BigInteger(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("max_points", sa.Integer(), nullable=False),
        sa.Column("correct", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("answer_ms", sa.BigInteger(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["server_id", "round_number"],
            ["rounds.server_id", "rounds.number"],
            name=op.f("fk_standings_rounds"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("server_id", "round_number", "player_id", name=op.f("pk_standings")),
        sqlite_with_rowid=False,
    )
