"""The naive way to keep answers: one ORM session and one commit a click, then the acknowledgement."""

import os
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from tests.bench.bots import peer


class Base(DeclarativeBase):
    """The tables."""


class Answer(Base):
    """What a member has chosen."""

    __tablename__ = "answers"
    message_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    player_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    slot: Mapped[int]
    interaction_id: Mapped[int] = mapped_column(sa.BigInteger)


def open_sessions(path: Path) -> tuple[Any, async_sessionmaker[AsyncSession]]:
    """Return an engine on a SQLite file that is as durable as ours, and its sessions."""
    engine = create_async_engine(sa.URL.create("sqlite+aiosqlite", database=str(path)))

    def on_connect(connection: Any, _: object) -> None:
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=60000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    event.listen(engine.sync_engine, "connect", on_connect)
    return engine, async_sessionmaker(engine, expire_on_commit=False)


async def record(session: AsyncSession, message_id: int, player_id: int, slot: int, click_id: int) -> None:
    """Look for the answer, insert or change it, and commit."""
    answer = await session.get(Answer, (message_id, player_id))
    if answer is None:
        answer = Answer(message_id=message_id, player_id=player_id, slot=slot, interaction_id=click_id)
        session.add(answer)
    else:
        answer.slot, answer.interaction_id = slot, click_id
    await session.commit()


def main() -> None:
    """Run the bot."""
    engine, sessions = open_sessions(Path(os.environ["QUIZHOST_DATA"]) / "naive.sqlite3")

    async def create_tables() -> None:
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)

    async def acknowledge(interaction: peer.Interaction, slot: int) -> None:
        message_id = interaction.message.id if interaction.message else 0
        async with sessions() as session:
            await record(session, message_id, interaction.user.id, slot, interaction.id)
        await interaction.response.defer()

    peer.run(acknowledge, create_tables)


if __name__ == "__main__":
    main()
