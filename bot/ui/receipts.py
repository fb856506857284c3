"""Private receipts: the newest one stands, the one before it is taken away.

An edited receipt that was dismissed would stay unseen, so a change of mind gets a new one.
"""

import logging
from collections import OrderedDict
from dataclasses import dataclass

import discord

from bot import tasks
from bot.domain.round import RoundId
from bot.ui.guard import LINE_ERRORS, Interaction, tell

log = logging.getLogger(__name__)

#: Receipts of older rounds are forgotten; they stay where they are.
MAX_ROUNDS = 500


@dataclass(frozen=True, slots=True)
class _Sent:
    application_id: int
    token: str
    message_id: int


class Receipts:
    """Remembers each player's last receipt for the question that is open."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self.undelivered = 0  #: receipts for answers that are recorded, but could not be confirmed
        self._sent: OrderedDict[RoundId, tuple[int, dict[int, _Sent]]] = OrderedDict()

    async def send(self, interaction: Interaction, round_id: RoundId, question: int, sentence: str) -> None:
        """Acknowledge a click with a private sentence, then remove the player's previous receipt."""
        message_id = await tell(interaction, sentence)
        sent = self._of(round_id, question)
        previous = sent.pop(interaction.user.id, None)
        if message_id is not None:
            sent[interaction.user.id] = _Sent(interaction.application_id, interaction.token, message_id)
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
        webhook = discord.Webhook.partial(sent.application_id, sent.token, client=self._client)
        try:
            await webhook.delete_message(sent.message_id)
        except LINE_ERRORS as error:
            log.debug("an old receipt stays: %r", error)  # dismissed already, or out of Discord's reach
