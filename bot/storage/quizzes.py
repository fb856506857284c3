"""Versions of quizzes in the database: documents, and beside them their pictures, each once."""

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.documents import Document, picture_hashes, quiz_from_document, quiz_to_document
from bot.domain.quiz import Quiz
from bot.storage.tables import pictures, quiz_versions


async def keep_quiz(connection: AsyncConnection, server_id: int, quiz: Quiz) -> None:
    """Store this version of a quiz with its pictures, unless it is there."""
    version = {
        "server_id": server_id,
        "content_hash": quiz.content_hash,
        "quiz_id": quiz.id,
        "document": quiz_to_document(quiz),
    }
    await connection.execute(insert(quiz_versions).values(version).on_conflict_do_nothing())
    shown = {image.hash: image.data for image in quiz.pictures()}
    rows = [{"server_id": server_id, "hash": digest, "data": data} for digest, data in shown.items()]
    if rows:
        await connection.execute(insert(pictures).on_conflict_do_nothing(), rows)


async def as_quiz(connection: AsyncConnection, server_id: int, document: Document) -> Quiz:
    """Rebuild a quiz from a stored document, with its pictures."""
    found: dict[str, bytes] = {}
    if hashes := picture_hashes(document):
        query = sa.select(pictures.c.hash, pictures.c.data).where(
            pictures.c.server_id == server_id, pictures.c.hash.in_(hashes)
        )
        found = {row.hash: row.data for row in await connection.execute(query)}
    return quiz_from_document(document, found)
