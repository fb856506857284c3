"""Rebuilding a round's board from its answer log, and comparing it with the stored one."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.responses import counting
from bot.domain.round import Round, RoundId
from bot.domain.standings import Standing, Standings, compute_standings
from bot.services.ports import RoundStore


class RoundNotFound(Exception):
    """No round has this number."""


@dataclass(eq=False)
class SeveralServers(Exception):
    """Several servers have a round with this number; one must be named."""

    server_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """A round's board, rebuilt and as stored."""

    round: Round
    answers: int  #: how many are in the log, including changed ones
    rebuilt: Standings
    kept: tuple[Standing, ...]
    names: Mapping[int, str]

    @property
    def differing(self) -> tuple[int, ...]:
        """The players whose line differs between the two boards."""
        rebuilt = {row.player_id: row for row in self.rebuilt.rows}
        kept = {row.player_id: row for row in self.kept}
        return tuple(player for player in rebuilt | kept if rebuilt.get(player) != kept.get(player))


async def replay(store: RoundStore, number: int, server_id: int | None = None) -> Replay:
    """Rebuild a round's board.

    Raises:
        RoundNotFound: there is no such round.
        SeveralServers: no server was named, and several have a round with this number.
    """
    servers = [server_id] if server_id is not None else await store.find_servers(number)
    if len(servers) > 1:
        raise SeveralServers(tuple(servers))
    played = await store.fetch(RoundId(servers[0], number)) if servers else None
    if played is None:
        raise RoundNotFound
    log = await store.fetch_log(played.id)
    answers = counting(log, first_counts=played.quiz.first_answer_locks)
    rebuilt = compute_standings(played, answers)
    kept = await store.fetch_standings(played.id)
    names = await store.fetch_names(played.id.server_id, {row.player_id for row in (*rebuilt.rows, *kept)})
    return Replay(played, len(log), rebuilt, tuple(kept), names)
