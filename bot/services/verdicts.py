"""What players are told privately after a reveal. The round does not wait for it."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping

from bot import tasks
from bot.domain.round import Answer, AskedQuestion, Round
from bot.domain.tally import Tally, Verdict
from bot.services.live_round import LiveRound
from bot.services.ports import RoundStore, Stage


class Verdicts:
    """Keeps count of one round, and lets the stage tell its players after each reveal."""

    def __init__(self, live: LiveRound, *, store: RoundStore, stage: Stage) -> None:
        self._live, self._store, self._stage = live, store, stage
        self._tally = Tally()
        self._in_turn = asyncio.Lock()

    def tell(self) -> None:
        """Tell those who answered the question that has just been revealed; return at once."""
        played = self._live.round
        if played.rules.tells_players:
            tasks.spawn(self._tell(played, self._live.answers), name=f"tell players of {played.id}")

    async def _tell(self, played: Round, answers: Mapping[int, Answer]) -> None:
        async with self._in_turn:
            asked = played.current
            missing = [one for one in played.played if one.number not in self._tally.counted]
            if asked not in missing:  # told already, or skipped
                return
            given: dict[int, list[Answer]] = {asked.number: list(answers.values())}
            if missing != [asked]:  # an earlier process has played those before
                given = defaultdict(list)
                for answer in await self._store.fetch_answers(played):
                    given[answer.question_number].append(answer)
            verdicts = await asyncio.to_thread(self._count, played, missing, given)
        number = asked.number
        self._stage.tell_players(
            played, verdicts, lambda: self._live.round.is_open and self._live.round.position == number
        )

    def _count(
        self, played: Round, missing: Iterable[AskedQuestion], given: Mapping[int, list[Answer]]
    ) -> dict[int, Verdict]:
        for asked in missing:
            self._tally.add(played, asked, given[asked.number])
        return self._tally.verdicts(played, played.current, given[played.current.number])
