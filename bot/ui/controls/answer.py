"""A letter below a question: takes the answer and says what counts."""

from bot.domain.round import RoundId
from bot.domain.tasks import Choice
from bot.services.errors import UnknownButton
from bot.services.live_round import Click
from bot.services.rounds import RoundService
from bot.text import rounds as words
from bot.ui.custom_ids import AnswerButton
from bot.ui.guard import Interaction
from bot.ui.presses import press_of
from bot.ui.questions import describe_answer
from bot.ui.receipts import Receipts


class AnswerControl:
    """Answers presses of letters."""

    def __init__(self, rounds: RoundService, receipts: Receipts) -> None:
        self._rounds, self._receipts = rounds, receipts

    async def press(self, interaction: Interaction, server_id: int, button: AnswerButton) -> None:
        """Record an answer, then confirm it privately."""
        press = press_of(interaction)
        if press is None:
            raise UnknownButton
        round_id = RoundId(server_id, button.round_number)
        click = Click(
            question_number=button.question_number,
            submission=Choice((button.slot,)),
            message_id=press.message_id,
            interaction_id=interaction.id,
            player_id=press.player_id,
            player_name=press.player_name,
            at=interaction.created_at,
        )
        receipt = await self._rounds.answer(round_id, click)
        sentence = words.receipt(describe_answer(receipt.given), locked=receipt.locked)
        await self._receipts.send(
            interaction,
            press.player_id,
            round_id,
            button.question_number,
            sentence,
            first_counts=receipt.locked,
        )
