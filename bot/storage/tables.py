"""The tables. Every key starts with `server_id`, so that the database can be split by server.

Answers are kept once: `responses` is the append-only log of every recorded answer, and what counts is read
from it. Answers belong to a play; a play of the kind `round` has a row in `rounds`. Changes to these tables
need a migration in `migrations/versions`.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class UtcMillis(sa.types.TypeDecorator[datetime]):
    """An aware UTC instant, stored as milliseconds since 1970: exact, sortable, free of time zones."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:  # noqa: ANN401, ARG002 - SQLAlchemy's signature
        """Turn an instant into milliseconds."""
        return None if value is None else (value - EPOCH) // timedelta(milliseconds=1)

    def process_result_value(self, value: int | None, dialect: Any) -> datetime | None:  # noqa: ANN401, ARG002 - SQLAlchemy's signature
        """Turn milliseconds into an instant."""
        return None if value is None else EPOCH + timedelta(milliseconds=value)


class WallTime(sa.types.TypeDecorator[datetime]):
    """A time as people say it, without a zone, stored as "2026-11-27 16:00"."""

    impl = sa.String(16)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> str | None:  # noqa: ANN401, ARG002 - SQLAlchemy's signature
        """Turn a naive time into text."""
        return None if value is None else value.isoformat(" ", "minutes")

    def process_result_value(self, value: str | None, dialect: Any) -> datetime | None:  # noqa: ANN401, ARG002 - SQLAlchemy's signature
        """Turn text into a naive time."""
        return None if value is None else datetime.fromisoformat(value)


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

OPEN = "state IN ('announced', 'asking', 'revealed', 'paused')"

quiz_versions = sa.Table(
    "quiz_versions",
    metadata,
    sa.Column("server_id", sa.BigInteger, primary_key=True),
    sa.Column("content_hash", sa.String(64), primary_key=True),
    sa.Column("quiz_id", sa.String(64), nullable=False),
    sa.Column("document", sa.JSON, nullable=False),
)

#: Each once, by the hash of its bytes, however many versions of quizzes show it.
pictures = sa.Table(
    "pictures",
    metadata,
    sa.Column("server_id", sa.BigInteger, primary_key=True),
    sa.Column("hash", sa.String(64), primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)

plays = sa.Table(
    "plays",
    metadata,
    sa.Column("server_id", sa.BigInteger, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("quiz_id", sa.String(64), nullable=False),
    sa.Column("content_hash", sa.String(64), nullable=False),
    sa.ForeignKeyConstraint(
        ["server_id", "content_hash"], ["quiz_versions.server_id", "quiz_versions.content_hash"]
    ),
    sa.Index("ix_plays_quiz", "server_id", "quiz_id", "number"),
)

_PLAY_KEY = ["plays.server_id", "plays.number"]
_ROUND_KEY = ["rounds.server_id", "rounds.number"]

rounds = sa.Table(
    "rounds",
    metadata,
    sa.Column("server_id", sa.BigInteger, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("channel_id", sa.BigInteger, nullable=False),
    sa.Column("thread_id", sa.BigInteger),
    sa.Column("in_thread", sa.Boolean, nullable=False),
    sa.Column("thread_lost", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("host_id", sa.BigInteger, nullable=False),
    sa.Column("rules", sa.JSON, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("due_at", UtcMillis),
    sa.Column("paused_from", sa.String(16)),
    sa.Column("left_ms", sa.BigInteger),
    sa.Column("announcement_id", sa.BigInteger),
    sa.Column("result_id", sa.BigInteger),
    sa.Column("result_held", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("created_at", UtcMillis, nullable=False),
    sa.Column("ended_at", UtcMillis),
    sa.Column("settled_at", UtcMillis),
    sa.ForeignKeyConstraint(["server_id", "number"], _PLAY_KEY, ondelete="CASCADE"),
    # One open round per channel: the database decides, not a check before the insert.
    sa.Index("uq_rounds_open_channel", "server_id", "channel_id", unique=True, sqlite_where=sa.text(OPEN)),
    sa.Index("ix_rounds_ended", "server_id", "state", "ended_at"),
)

asked_questions = sa.Table(
    "asked_questions",
    metadata,
    sa.Column("server_id", sa.BigInteger, primary_key=True),
    sa.Column("play_number", sa.Integer, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("quiz_index", sa.Integer, nullable=False),
    sa.Column("question_id", sa.String(64), nullable=False),
    sa.Column("shown", sa.JSON, nullable=False),
    sa.Column("seconds", sa.Integer, nullable=False),
    sa.Column("message_id", sa.BigInteger),
    sa.Column("opened_at", UtcMillis),
    sa.Column("closes_at", UtcMillis),
    sa.Column("skipped", sa.Boolean, nullable=False),
    sa.ForeignKeyConstraint(["server_id", "play_number"], _PLAY_KEY, ondelete="CASCADE"),
    sqlite_with_rowid=False,
)

responses = sa.Table(
    "responses",
    metadata,
    sa.Column("server_id", sa.BigInteger, primary_key=True),
    sa.Column("play_number", sa.Integer, primary_key=True),
    sa.Column("question_number", sa.Integer, primary_key=True),
    sa.Column("interaction_id", sa.BigInteger, primary_key=True),
    sa.Column("player_id", sa.BigInteger, nullable=False),
    sa.Column("response", sa.Text, nullable=False),
    sa.Column("elapsed_ms", sa.Integer, nullable=False),
    sa.Column("answered_at", UtcMillis, nullable=False),
    sa.ForeignKeyConstraint(["server_id", "play_number"], _PLAY_KEY, ondelete="CASCADE"),
    sqlite_with_rowid=False,
)

standings = sa.Table(
    "standings",
    metadata,
    sa.Column("server_id", sa.BigInteger, primary_key=True),
    sa.Column("play_number", sa.Integer, primary_key=True),
    sa.Column("player_id", sa.BigInteger, primary_key=True),
    sa.Column("rank", sa.Integer, nullable=False),
    sa.Column("score", sa.Integer, nullable=False),
    sa.Column("points", sa.Integer, nullable=False),
    sa.Column("max_points", sa.Integer, nullable=False),
    sa.Column("correct", sa.Integer, nullable=False),
    sa.Column("answered", sa.Integer, nullable=False),
    sa.Column("answer_ms", sa.BigInteger, nullable=False),
    sa.Column("tier", sa.Integer, nullable=False),
    sa.ForeignKeyConstraint(["server_id", "play_number"], _PLAY_KEY, ondelete="CASCADE"),
    sqlite_with_rowid=False,
)

players = sa.Table(
    "players",
    metadata,
    sa.Column("server_id", sa.BigInteger, primary_key=True),
    sa.Column("player_id", sa.BigInteger, primary_key=True),
    sa.Column("display_name", sa.String(64), nullable=False),
    sqlite_with_rowid=False,
)

#: Who has said that they will play.
attendance = sa.Table(
    "attendance",
    metadata,
    sa.Column("server_id", sa.BigInteger, primary_key=True),
    sa.Column("round_number", sa.Integer, primary_key=True),
    sa.Column("player_id", sa.BigInteger, primary_key=True),
    sa.ForeignKeyConstraint(["server_id", "round_number"], _ROUND_KEY, ondelete="CASCADE"),
    sqlite_with_rowid=False,
)

#: Only what a server has set; the rest are defaults (`bot.domain.settings`).
server_settings = sa.Table(
    "server_settings",
    metadata,
    sa.Column("server_id", sa.BigInteger, primary_key=True),
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)

ACTIVE = "state = 'active'"

schedules = sa.Table(
    "schedules",
    metadata,
    sa.Column("server_id", sa.BigInteger, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("channel_id", sa.BigInteger, nullable=False),
    sa.Column("host_id", sa.BigInteger, nullable=False),
    sa.Column("source_kind", sa.String(16), nullable=False),
    sa.Column("source_name", sa.Text, nullable=False),
    sa.Column("options", sa.JSON, nullable=False),
    sa.Column("zone", sa.String(64), nullable=False),
    sa.Column("first", WallTime, nullable=False),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("next_wall", WallTime),
    sa.Column("next_at", UtcMillis),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("ping_role_id", sa.BigInteger),
    sa.Column("announce_minutes", sa.Integer, nullable=False),
    sa.Column("reminded_at", UtcMillis),
    sa.Column("reminder_id", sa.BigInteger),
    sa.Column("has_event", sa.Boolean, nullable=False),
    sa.Column("event_id", sa.BigInteger),
    sa.Column("event_at", UtcMillis),
    #: What `Schedule.wake_at` and `Schedule.shown_event_at` say, kept so that the database can look by them.
    sa.Column("wake_at", UtcMillis),
    sa.Column("shown_event_at", UtcMillis),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Index("ix_schedules_wake", "wake_at", sqlite_where=sa.text(ACTIVE)),
)

_SCHEDULE_KEY = ["schedules.server_id", "schedules.number"]

occurrences = sa.Table(
    "occurrences",
    metadata,
    sa.Column("server_id", sa.BigInteger, primary_key=True),
    sa.Column("schedule_number", sa.Integer, primary_key=True),
    sa.Column("due_at", UtcMillis, primary_key=True),
    sa.Column("outcome", sa.String(16), nullable=False),
    sa.Column("round_number", sa.Integer),
    sa.Column("reminder_id", sa.BigInteger),
    sa.Column("followed", sa.Boolean, nullable=False),
    sa.ForeignKeyConstraint(["server_id", "schedule_number"], _SCHEDULE_KEY, ondelete="CASCADE"),
    sa.Index("ix_occurrences_unfollowed", "server_id", sqlite_where=sa.text("NOT followed")),
    sqlite_with_rowid=False,
)

reminders = sa.Table(
    "reminders",
    metadata,
    sa.Column("server_id", sa.BigInteger, primary_key=True),
    sa.Column("schedule_number", sa.Integer, primary_key=True),
    sa.Column("due_at", UtcMillis, primary_key=True),
    sa.Column("player_id", sa.BigInteger, primary_key=True),
    sa.ForeignKeyConstraint(["server_id", "schedule_number"], _SCHEDULE_KEY, ondelete="CASCADE"),
    sqlite_with_rowid=False,
)

#: Servers that have removed the bot. Their schedules rest until they have it back.
left_servers = sa.Table(
    "left_servers",
    metadata,
    sa.Column("server_id", sa.BigInteger, primary_key=True),
    sa.Column("left_at", UtcMillis, nullable=False),
    sqlite_with_rowid=False,
)
