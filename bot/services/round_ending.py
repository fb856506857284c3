"""How a round ends: with its final card, with one that has to wait, or unseen. Its answers are kept."""

from bot.domain import transitions
from bot.domain.standings import Standings, compute_standings
from bot.services.live_round import LiveRound
from bot.services.ports import AnswerLog, Notice, ResultCard, RoundStore, Stage

#: How long to wait before retrying a final card that the bot may not post, doubling up to the last.
FIRST_HELD_SECONDS, LAST_HELD_SECONDS = 15, 600


class RoundEnding:
    """Ends one live round."""

    def __init__(self, live: LiveRound, *, store: RoundStore, answers: AnswerLog, stage: Stage) -> None:
        self._live = live
        self._store, self._answers, self._stage = store, answers, stage
        self._held_seconds = FIRST_HELD_SECONDS

    async def show(self) -> None:
        """Post the final card of a round that has ended."""
        played = self._live.round
        standings = await self._save_standings()
        names = await self._store.fetch_names(played.id.server_id, (row.player_id for row in standings.rows))
        posted = await self._stage.post(ResultCard(played, standings, names))
        await self._live.change(lambda ended: transitions.settle(ended, posted.message_id, self._live.now()))

    async def hold(self) -> None:
        """Hold the final card until its place is open or gone; the host hears about it once."""
        if not self._live.round.result_held:
            await self._stage.tell_host(self._live.round, Notice.RESULT_HELD)
            await self._live.change(transitions.hold_result)
        await self._live.sleep(self._held_seconds)
        self._held_seconds = min(2 * self._held_seconds, LAST_HELD_SECONDS)

    async def unseen(self, notice: Notice | None = None) -> None:
        """End a round that can no longer be shown."""
        if self._live.round.is_open:
            await self._live.change(lambda played: transitions.stop(played, self._live.now()))
        await self._save_standings()
        if notice is not None:
            await self._stage.tell_host(self._live.round, notice)
        await self._live.change(lambda ended: transitions.settle(ended, None, self._live.now()))

    async def _save_standings(self) -> Standings:
        await self._answers.drain()
        standings = compute_standings(self._live.round, await self._store.fetch_answers(self._live.round))
        await self._store.save_standings(self._live.round, standings)
        return standings
