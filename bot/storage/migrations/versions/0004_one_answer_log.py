"""Answers are kept once, in the log; what counts is read out of it."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.drop_table("answers")
