"""Published commands are compared with what Discord has; the process remembers nothing else."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.drop_table("bot_state")
