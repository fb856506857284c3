"""Reads what players have achieved in a round; those who ask at the same time are served together.

After a large round hundreds press *My result* within a second. One query of the answer log finds the answers
of many players in the time that it takes to find those of one, so whoever asks while a query is under way
is part of the next one.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from bot import tasks
from bot.domain.round import Answer, Round, RoundId
from bot.domain.standings import Standing
from bot.services.errors import UnknownButton
from bot.services.ports import RoundStore

#: How many rows one query may return, so that it does not hold up the event loop for long.
MAX_ROWS = 400


@dataclass(frozen=True, slots=True)
class PlayerResult:
    """What one player achieved in a round, as stored at its end, and what they answered."""

    standing: Standing
    max_points: int
    players: int  #: how many took part
    answers: tuple[Answer, ...]


class ResultStore(Protocol):
    """Remembers what players achieved."""

    async def fetch_results(self, played: Round, player_ids: Iterable[int]) -> dict[int, PlayerResult]:
        """Return what these players achieved, by id; anybody without a standing is left out."""
        ...


_Found = tuple[Round, PlayerResult | None]


class ResultReader:
    """Reads one round after another, each for all of its players who are waiting."""

    def __init__(self, rounds: RoundStore, results: ResultStore) -> None:
        self._rounds, self._results = rounds, results
        self._waiting: dict[RoundId, dict[int, asyncio.Future[_Found]]] = {}

    async def read(self, round_id: RoundId, player_id: int) -> _Found:
        """Return a finished round and a player's part in it; None if they did not take part.

        Raises:
            UnknownButton: there is no such round, or it is not over.
        """
        if round_id not in self._waiting:
            self._waiting[round_id] = {}
            tasks.spawn(self._serve(round_id), name=f"results of round {round_id.number}")
        waiting = self._waiting[round_id]
        if player_id not in waiting:
            waiting[player_id] = asyncio.get_running_loop().create_future()
        return await asyncio.shield(waiting[player_id])

    async def _serve(self, round_id: RoundId) -> None:
        """Read until nobody is waiting any more."""
        waiting = self._waiting[round_id]
        try:
            played = await self._fetch(round_id)
            at_once = max(1, MAX_ROWS // len(played.asked))
            while waiting:
                asking = list(waiting)[:at_once]
                found = await self._results.fetch_results(played, asking)
                for player_id in asking:
                    waiting.pop(player_id).set_result((played, found.get(player_id)))
                    await asyncio.sleep(0)  # noqa: TID251 - a reply a turn, so that others get theirs between
        except Exception as error:  # noqa: BLE001 - whoever waits gets it
            for future in waiting.values():
                future.set_exception(error)
        finally:
            del self._waiting[round_id]

    async def _fetch(self, round_id: RoundId) -> Round:
        played = await self._rounds.fetch(round_id)
        if played is None or played.is_open:
            raise UnknownButton
        return played
