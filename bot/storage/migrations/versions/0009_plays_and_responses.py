"""Answers of any kind: plays and responses, presentations as shown, pictures once, points in hundredths.

Documents of quizzes keep their format, which is told and brought up to date where they are read; only the
pictures move out of them.
"""

import base64
import hashlib
import json
import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_RULES = ("seconds", "scoring", "pause_seconds", "board_every")
_KEY = ("server_id", "play_number")


def upgrade() -> None:
    _create_tables()
    _move_pictures()
    op.execute(
        "INSERT INTO plays (server_id, number, kind, quiz_id, content_hash) "
        "SELECT server_id, number, 'round', quiz_id, content_hash FROM rounds"
    )
    _move_questions()
    op.execute(
        "INSERT INTO responses (server_id, play_number, question_number, interaction_id, player_id, "
        "response, elapsed_ms, answered_at) SELECT server_id, round_number, question_number, interaction_id, "
        "player_id, option_id, elapsed_ms, answered_at FROM answer_events"
    )
    op.execute(
        "INSERT INTO standings_of_plays SELECT server_id, round_number, player_id, rank, 100 * score, "
        "100 * points, 100 * max_points, correct, answered, answer_ms, tier FROM standings"
    )
    for old in ("asked_questions", "answer_events", "standings"):
        op.drop_table(old)
    op.rename_table("questions_of_plays", "asked_questions")
    op.rename_table("standings_of_plays", "standings")
    _gather_rules()
    _gather_options()


def _create_tables() -> None:
    op.create_table(
        "pictures",
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("server_id", "hash", name=op.f("pk_pictures")),
    )
    op.create_table(
        "plays",
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("quiz_id", sa.String(length=64), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["server_id", "content_hash"],
            ["quiz_versions.server_id", "quiz_versions.content_hash"],
            name=op.f("fk_plays_quiz_versions"),
        ),
        sa.PrimaryKeyConstraint("server_id", "number", name=op.f("pk_plays")),
    )
    op.create_index("ix_plays_quiz", "plays", ["server_id", "quiz_id", "number"])
    op.create_table(
        "questions_of_plays",
        *_key_columns("asked_questions", "number"),
        sa.Column("quiz_index", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.String(length=64), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.Column("closes_at", sa.BigInteger(), nullable=True),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "responses",
        *_key_columns("responses", "question_number", "interaction_id"),
        sa.Column("player_id", sa.BigInteger(), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("elapsed_ms", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "standings_of_plays",
        *_key_columns("standings", "player_id"),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("max_points", sa.Integer(), nullable=False),
        sa.Column("correct", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("answer_ms", sa.BigInteger(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )


def _key_columns(table: str, *more: str) -> list[Any]:
    """Return the key of a table whose rows belong to a play; numbers are small, all else is Discord's."""
    small = {"number", "question_number"}
    return [
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("play_number", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.Integer() if name in small else sa.BigInteger(), nullable=False)
            for name in more
        ),
        sa.PrimaryKeyConstraint(*_KEY, *more, name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(
            _KEY, ["plays.server_id", "plays.number"], name=op.f(f"fk_{table}_plays"), ondelete="CASCADE"
        ),
    ]


def _move_pictures() -> None:
    """Take the pictures' bytes out of the documents; what stays is their hash."""
    connection = op.get_bind()
    with_pictures = (
        "SELECT server_id, content_hash, document FROM quiz_versions WHERE document LIKE '%\"data\"%'"
    )
    for server_id, content_hash, text in connection.exec_driver_sql(with_pictures).all():
        document = json.loads(text)
        for question in document["questions"]:
            if question["image"] is None:
                continue
            data = base64.b64decode(question["image"].pop("data"))
            question["image"]["hash"] = hashlib.sha256(data).hexdigest()
            connection.exec_driver_sql(
                "INSERT OR IGNORE INTO pictures (server_id, hash, data) VALUES (?, ?, ?)",
                (server_id, question["image"]["hash"], data),
            )
        connection.exec_driver_sql(
            "UPDATE quiz_versions SET document = ? WHERE server_id = ? AND content_hash = ?",
            (json.dumps(document), server_id, content_hash),
        )


def _move_questions() -> None:
    connection = op.get_bind()
    versions = "SELECT server_id, content_hash, document FROM quiz_versions"
    stems = {
        (server_id, content_hash): [question["stem"] for question in json.loads(text)["questions"]]
        for server_id, content_hash, text in connection.exec_driver_sql(versions)
    }
    asked = (
        "SELECT r.content_hash, a.server_id, a.round_number, a.number, a.quiz_index, a.option_ids, "
        "a.seconds, a.message_id, a.opened_at, a.closes_at, a.skipped FROM asked_questions a JOIN rounds r "
        "ON r.server_id = a.server_id AND r.number = a.round_number"
    )
    for content_hash, server_id, play, number, index, option_ids, *rest in connection.exec_driver_sql(
        asked
    ).all():
        question_id = _stable_id(stems[server_id, content_hash][index])
        shown = json.dumps({"order": json.loads(option_ids)})
        connection.exec_driver_sql(
            "INSERT INTO questions_of_plays VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (server_id, play, number, index, question_id, shown, *rest),
        )


def _stable_id(stem: str) -> str:
    """Return the id that a question without one has since then."""
    folded = " ".join(unicodedata.normalize("NFC", stem).casefold().split())
    return hashlib.sha256(folded.encode()).hexdigest()[:10]


def _gather_rules() -> None:
    """Let one column hold what a round is played by, and leave the quiz to the play."""
    with op.batch_alter_table("rounds") as table:
        table.add_column(sa.Column("rules", sa.JSON(), nullable=False, server_default="{}"))
    told = "json(CASE tells_players WHEN 0 THEN 'false' ELSE 'true' END)"  # SQLite knows no booleans
    pairs = ", ".join([*(f"'{name}', {name}" for name in _RULES), f"'tells_players', {told}"])
    op.execute(f"UPDATE rounds SET rules = json_object({pairs})")  # noqa: S608 - no text from outside
    with op.batch_alter_table("rounds") as table:
        table.drop_constraint("fk_rounds_quiz_versions", type_="foreignkey")
        table.create_foreign_key(
            op.f("fk_rounds_plays"),
            "plays",
            ["server_id", "number"],
            ["server_id", "number"],
            ondelete="CASCADE",
        )
        for name in (*_RULES, "tells_players", "quiz_id", "content_hash"):
            table.drop_column(name)
        table.alter_column("rules", server_default=None)


def _gather_options() -> None:
    """Let one column hold what a moderator chose for the rounds of a schedule."""
    with op.batch_alter_table("schedules") as table:
        table.add_column(sa.Column("options", sa.JSON(), nullable=False, server_default="{}"))
    thread = "json(CASE thread WHEN 0 THEN 'false' WHEN 1 THEN 'true' END)"
    pairs = f"'seconds', seconds, 'questions', questions, 'scoring', scoring, 'thread', {thread}"
    op.execute(f"UPDATE schedules SET options = json_object({pairs})")  # noqa: S608 - no text from outside
    with op.batch_alter_table("schedules") as table:
        for name in ("seconds", "questions", "scoring", "thread"):
            table.drop_column(name)
        table.alter_column("options", server_default=None)
