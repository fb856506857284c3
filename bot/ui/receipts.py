"""Private receipts: the newest one stands, the one before it is taken away.

An edited receipt that was dismissed would stay unseen, so a change of mind gets a new one.
"""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass

import discord

from bot import tasks
from bot.domain.round import RoundId
from bot.ui.acknowledge import remove_reply
from bot.ui.guard import LINE_ERRORS, Interaction, tell

log = logging.getLogger(__name__)

#: Receipts of older rounds are forgotten; they stay where they are.
MAX_ROUNDS = 500
#: Old receipts go a few at a time: a crowd that changes its mind waits for new ones.
MAX_REMOVING = 2


@dataclass(frozen=True, slots=True)
class _Sent:
    application_id: int
    token: str


class Receipts:
    """Remembers each player's last receipt for the question that is open."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self.undelivered = 0  #: receipts for answers that are recorded, but could not be confirmed
        self._removing = asyncio.Semaphore(MAX_REMOVING)
        self._sent: OrderedDict[RoundId, tuple[int, dict[int, _Sent]]] = OrderedDict()

    async def send(
        self, interaction: Interaction, player_id: int, round_id: RoundId, question: int, sentence: str
    ) -> None:
        """Acknowledge a click with a private sentence, then remove the player's previous receipt."""
        delivered = await tell(interaction, sentence)
        sent = self._of(round_id, question)
        previous = sent.pop(player_id, None)
        if delivered:
            sent[player_id] = _Sent(interaction.application_id, interaction.token)
        else:
            self.undelivered += 1
        if previous is not None:
            tasks.spawn(self._remove(previous), name="remove a receipt")

    def _of(self, round_id: RoundId, question: int) -> dict[int, _Sent]:
        number, sent = self._sent.get(round_id, (0, {}))
        if number != question:
            sent = {}
        self._sent[round_id] = (question, sent)
        if len(self._sent) > MAX_ROUNDS:
            self._sent.popitem(last=False)
        return sent

    async def _remove(self, sent: _Sent) -> None:
        try:
            async with self._removing:
                await remove_reply(self._client, sent.application_id, sent.token)
        except LINE_ERRORS as error:  # dismissed already, or out of Discord's reach
            log.debug("an old receipt stays: %s", type(error).__name__)
