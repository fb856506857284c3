"""Boards over many rounds, summed up from the standings of finished rounds."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.round import RoundState
from bot.services.results import LeaderboardRow
from bot.storage.database import Database
from bot.storage.tables import players, plays, rounds, standings


class SqlLeaderboardStore:
    """Implements `bot.services.results.LeaderboardStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def fetch_leaderboard(
        self, server_id: int, *, since: datetime | None, quiz_id: str | None, limit: int
    ) -> list[LeaderboardRow]:
        """Return the best players, best first; nobody is named for having no points."""
        ranked = _ranked(server_id, since, quiz_id)
        query = _with_names(ranked).where(ranked.c.points > 0)
        query = query.order_by(ranked.c.rank, ranked.c.player_id).limit(limit)
        async with self._database.reading() as connection:
            return [LeaderboardRow(*row) for row in (await connection.execute(query)).all()]

    async def fetch_rank(
        self, server_id: int, player_id: int, *, since: datetime | None, quiz_id: str | None
    ) -> LeaderboardRow | None:
        """Return one player's line, or None if they played nothing."""
        ranked = _ranked(server_id, since, quiz_id)
        query = _with_names(ranked).where(ranked.c.player_id == player_id)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else LeaderboardRow(*row)


def _ranked(server_id: int, since: datetime | None, quiz_id: str | None) -> sa.Subquery:
    """Sum up points, whatever each round's scoring was, and rank: more points, then less time."""
    same_round = sa.and_(
        rounds.c.server_id == standings.c.server_id, rounds.c.number == standings.c.play_number
    )
    chosen = [standings.c.server_id == server_id, rounds.c.state == RoundState.FINISHED.value]
    if since is not None:
        chosen.append(rounds.c.ended_at >= since)
    if quiz_id is not None:
        chosen.append(plays.c.quiz_id == quiz_id)
    points, answer_ms = sa.func.sum(standings.c.points), sa.func.sum(standings.c.answer_ms)
    return (
        sa.select(
            sa.func.rank().over(order_by=[points.desc(), answer_ms]).label("rank"),
            standings.c.server_id,
            standings.c.player_id,
            points.label("points"),
            sa.func.sum(standings.c.max_points).label("max_points"),
            sa.func.count().label("rounds"),
            answer_ms.label("answer_ms"),
        )
        .select_from(standings.join(plays).join(rounds, same_round))
        .where(*chosen)
        .group_by(standings.c.server_id, standings.c.player_id)
        .subquery()
    )


def _with_names(ranked: sa.Subquery) -> sa.Select[Any, Any, Any, Any, Any, Any, Any]:
    same_player = sa.and_(
        players.c.server_id == ranked.c.server_id, players.c.player_id == ranked.c.player_id
    )
    return sa.select(
        ranked.c.rank,
        ranked.c.player_id,
        sa.func.coalesce(players.c.display_name, ""),
        ranked.c.points,
        ranked.c.max_points,
        ranked.c.rounds,
        ranked.c.answer_ms,
    ).join_from(ranked, players, same_player, isouter=True)
