"""What a live round shows, made of its state, its answers and who will play."""

from datetime import timedelta

from bot.domain.standings import compute_standings, leaders, tally_of
from bot.services.live_round import LiveRound
from bot.services.ports import AnnouncementCard, AnswerLog, QuestionCard, RevealCard, RoundStore


class RoundCards:
    """Makes the cards of one live round, as it is when they are asked for."""

    def __init__(self, live: LiveRound, *, store: RoundStore, answers: AnswerLog) -> None:
        self._live, self._store, self._answers = live, store, answers

    def announcement(self) -> AnnouncementCard:
        """Return the announcement, with how many will play."""
        return AnnouncementCard(self._live.round, len(self._live.attendance.names))

    def question(self) -> QuestionCard:
        """Return the current question, with how many have answered it."""
        asked = self._live.round.current
        planned = self._live.now() + timedelta(seconds=asked.seconds)
        return QuestionCard(self._live.round, self._live.answered, asked.closes_at or planned)

    async def reveal(self) -> RevealCard:
        """Return the current question with its key, once every answer to it is on disk or refused."""
        await self._answers.drain()
        played = self._live.round
        number = None if played.shows_board else played.current.number
        answers = await self._store.fetch_answers(played, number)
        tally, right = tally_of(played, played.current, answers)
        if not played.shows_board:
            return RevealCard(played, tally, right)
        standings = compute_standings(played, answers)
        leading = [row.player_id for row in leaders(played.quiz, standings)]
        names = await self._store.fetch_names(played.id.server_id, leading)
        return RevealCard(played, tally, right, standings, names)
