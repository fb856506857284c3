"""Controlling live rounds: what their hosts and moderators may do, by command or by button."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain import transitions
from bot.domain.round import Round, RoundId
from bot.services.errors import MayNotSteer
from bot.services.live_round import LiveRound
from bot.services.rounds import Here, RoundService


@dataclass(frozen=True, slots=True)
class Person:
    """Who wants to control a round."""

    id: int
    is_moderator: bool  #: whether Discord, which knows the server's own rules, lets them use `/round`


@dataclass(frozen=True, slots=True)
class RoundStatus:
    """Where a round stands."""

    round: Round
    answered: int
    left_seconds: int  #: until what comes next, in whole seconds; 0 if that is not known
    joined: Mapping[int, str]  #: the names of those who said that they will play, by player id


class SteeringService:
    """Takes one step of a round for somebody who may take it.

    Every step raises `NoRoundHere` or `RoundEnded` if there is no such round, `MayNotSteer` if this
    person may not control it, and `IllegalStep` if its state does not allow the step.
    """

    def __init__(self, rounds: RoundService) -> None:
        self._rounds = rounds

    def status(self, place: Here | RoundId, by: Person) -> RoundStatus:
        """Return where the round stands."""
        live = self._find(place, by)
        due_at, now = live.round.due_at, live.now()
        left = 0 if due_at is None else max(int((due_at - now).total_seconds()), 0)
        return RoundStatus(live.round, live.answered, left, live.attendance.names)

    async def start_now(self, place: Here | RoundId, by: Person) -> None:
        """Start an announced round at once."""
        await self._step(place, by, transitions.start_now)

    async def pause(self, place: Here | RoundId, by: Person) -> None:
        """Pause the round."""
        await self._step(place, by, transitions.pause)

    async def resume(self, place: Here | RoundId, by: Person) -> None:
        """Resume a paused round."""
        await self._step(place, by, transitions.resume)

    async def skip(self, place: Here | RoundId, by: Person) -> Round:
        """Skip what the round is doing now; return it as it was before."""
        return await self._find(place, by).skip()

    async def stop(self, place: Here | RoundId, by: Person) -> None:
        """End the round early."""
        await self._step(place, by, transitions.stop)

    async def _step(
        self, place: Here | RoundId, by: Person, step: Callable[[Round, datetime], Round]
    ) -> None:
        live = self._find(place, by)
        await live.change(lambda played: step(played, live.now()))

    def _find(self, place: Here | RoundId, by: Person) -> LiveRound:
        live = self._rounds.find(place)
        if not by.is_moderator and by.id != live.round.host_id:
            raise MayNotSteer
        return live
