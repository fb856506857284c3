"""What single players achieved in a round, for when they ask."""

from collections.abc import Iterable
from dataclasses import fields

import sqlalchemy as sa

from bot.domain.round import Answer, Round
from bot.domain.standings import Standing
from bot.services.result_reader import PlayerResult
from bot.storage.database import Database
from bot.storage.rounds import is_of, select_of, what_counts
from bot.storage.tables import responses, standings

_STANDING = tuple(field.name for field in fields(Standing))


class SqlResultStore:
    """Implements `bot.services.result_reader.ResultStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def fetch_results(self, played: Round, player_ids: Iterable[int]) -> dict[int, PlayerResult]:
        """Return the stored standings of these players, and their answers that count."""
        given: dict[int, list[Answer]] = {player_id: [] for player_id in player_ids}
        players = sa.select(sa.func.count()).where(is_of(standings, played.id)).scalar_subquery()
        kept = select_of((*_STANDING, "max_points"), standings, played.id).add_columns(players)
        kept = kept.where(standings.c.player_id.in_(given))
        counting = what_counts(played).where(responses.c.player_id.in_(given))
        async with self._database.reading() as connection:
            for row in await connection.execute(counting):
                answer = Answer(*row)
                given[answer.player_id].append(answer)
            found: dict[int, PlayerResult] = {}
            for *row, max_points, number in await connection.execute(kept):
                standing = Standing(*row)
                answers = tuple(given[standing.player_id])
                found[standing.player_id] = PlayerResult(standing, max_points, number, answers)
        return found
