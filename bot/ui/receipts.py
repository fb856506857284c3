"""Private receipts: of a player's answers to the open question, only the one that counts keeps its receipt.

An edit of a dismissed receipt would stay unseen, so a change of mind gets a new one, and the previous one is
removed. Replies can overtake each other, so the clicks' ids decide which one stays.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot import tasks
from bot.clock import Clock
from bot.domain.round import RoundId
from bot.ui.acknowledge import edit_reply, remove_reply
from bot.ui.client import QuizBot
from bot.ui.guard import LINE_ERRORS, Interaction, tell

log = logging.getLogger(__name__)

#: How long Discord lets a reply be changed (docs.discord.com, interaction tokens); then it is forgotten.
TOKEN_SECONDS = 15 * 60
#: Receipts of older rounds are forgotten; the messages stay.
MAX_ROUNDS = 500
#: How many receipts are updated at once, over all rounds: clicks come first.
MAX_TELLING = 8
#: How long one update may take, and how long updates wait while many clicks are being answered.
TELLING_SECONDS, YIELD_SECONDS = 5.0, 0.05
#: Old receipts are removed a few at a time: a crowd changing its mind is waiting for new ones.
MAX_REMOVING = 2


@dataclass(frozen=True, slots=True)
class _Sent:
    interaction_id: int
    application_id: int
    token: str | None  #: None if the receipt was not delivered


@dataclass(slots=True)
class _Page:
    """One question's receipts, by player."""

    question: int
    used_at: float  #: when a receipt was last stored, by `Clock.monotonic`
    sent: dict[int, _Sent] = field(default_factory=dict[int, _Sent])


class Receipts:
    """Remembers each player's receipt for the question that is open."""

    def __init__(self, client: QuizBot, clock: Clock) -> None:
        self._client, self._clock = client, clock
        self.undelivered = 0  #: receipts for answers that are recorded, but could not be confirmed
        self._removing = asyncio.Semaphore(MAX_REMOVING)
        self._telling = asyncio.Semaphore(MAX_TELLING)
        self._pages: OrderedDict[RoundId, _Page] = OrderedDict()  #: the most recently used come last

    async def send(
        self,
        interaction: Interaction,
        player_id: int,
        round_id: RoundId,
        question: int,
        sentence: str,
        *,
        first_counts: bool,
    ) -> None:
        """Acknowledge a click with a private sentence; only one of it and the player's other receipt stays.

        Args:
            interaction: the click.
            player_id: whose it is.
            round_id: the round that it belongs to.
            question: the number of the question that it answers.
            sentence: what was recorded.
            first_counts: whether the first answer counts rather than the last.
        """
        delivered = await tell(interaction, sentence)
        token = interaction.token if delivered else None
        self.undelivered += not delivered
        stays = _Sent(interaction.id, interaction.application_id, token)
        sent = self._page(round_id, question).sent
        goes = sent.get(player_id)
        if goes is not None and (stays.interaction_id < goes.interaction_id) is not first_counts:
            stays, goes = goes, stays
        sent[player_id] = stays
        if goes is not None and goes.token is not None:
            tasks.spawn(self._remove(goes.application_id, goes.token), name="remove a receipt")

    def tell(
        self,
        round_id: RoundId,
        question: int,
        sentence_of: Callable[[int], str | None],
        is_wanted: Callable[[], bool],
    ) -> None:
        """Start updating the receipts of a closed question with how it went, a few at a time; do not wait.

        Args:
            round_id: the round that it belongs to.
            question: its number.
            sentence_of: returns what a player's receipt should say, or None if it stays as it is.
            is_wanted: tells whether it is not yet too late; after that, nobody else is told.
        """
        page = self._pages.get(round_id)
        if page is not None and page.question == question:
            del self._pages[round_id]
            tasks.spawn(self._tell(page.sent, sentence_of, is_wanted), name=f"tell players of {round_id}")

    async def _tell(
        self,
        sent: Mapping[int, _Sent],
        sentence_of: Callable[[int], str | None],
        is_wanted: Callable[[], bool],
    ) -> None:
        for player_id, receipt in sent.items():
            sentence = sentence_of(player_id)
            if sentence is None or receipt.token is None:
                continue
            await self._telling.acquire()
            while self._client.acknowledger.is_busy and is_wanted():
                await self._clock.sleep(YIELD_SECONDS)
            if self._client.is_closed() or not is_wanted():
                self._telling.release()
                return
            tasks.spawn(self._edit(receipt.application_id, receipt.token, sentence), name="edit a receipt")

    async def _edit(self, application_id: int, token: str, sentence: str) -> None:
        try:
            async with asyncio.timeout(TELLING_SECONDS):
                await edit_reply(self._client, application_id, token, sentence)
        except LINE_ERRORS as error:  # dismissed already, or out of Discord's reach
            log.debug("a receipt stays as it was: %s", type(error).__name__)
        finally:
            self._telling.release()

    def _page(self, round_id: RoundId, question: int) -> _Page:
        """Return the page of a question; for one that is over, a page that is not kept."""
        now = self._clock.monotonic()
        self._forget(now - TOKEN_SECONDS)
        page = self._pages.get(round_id)
        if page is not None and question < page.question:
            return _Page(question, now)
        if page is None or question > page.question:
            page = self._pages[round_id] = _Page(question, now)
        page.used_at = now
        self._pages.move_to_end(round_id)
        return page

    def _forget(self, before: float) -> None:
        """Drop the pages that are of no more use, and the oldest if there are too many."""
        while self._pages:
            round_id, oldest = next(iter(self._pages.items()))
            if oldest.used_at > before and len(self._pages) <= MAX_ROUNDS:
                return
            del self._pages[round_id]

    async def _remove(self, application_id: int, token: str) -> None:
        try:
            async with self._removing:
                if not self._client.is_closed():  # it may have waited until then
                    await remove_reply(self._client, application_id, token)
        except LINE_ERRORS as error:  # dismissed already, or out of Discord's reach
            log.debug("an old receipt stays: %s", type(error).__name__)
