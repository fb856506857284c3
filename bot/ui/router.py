"""The one dispatcher of our buttons: by custom id, for buttons of any age.

Nothing is registered per message, so a button works after a restart as it did before.
"""

import discord

from bot import text
from bot.domain.round import RoundId
from bot.services.errors import UnknownButton
from bot.services.live_round import Click
from bot.services.results import ResultService
from bot.services.rounds import RoundService
from bot.ui.cards.results import report_pages
from bot.ui.custom_ids import PREFIX, AnswerButton, ReportButton, decode
from bot.ui.guard import Interaction, answer_error
from bot.ui.receipts import Receipts


class ButtonRouter:
    """Answers clicks."""

    def __init__(self, *, rounds: RoundService, results: ResultService, receipts: Receipts) -> None:
        self._rounds, self._results, self._receipts = rounds, results, receipts

    async def on_interaction(self, interaction: Interaction) -> None:
        """Handle a click if the button is one of ours; whatever goes wrong becomes a private sentence."""
        if interaction.type is not discord.InteractionType.component or interaction.data is None:
            return
        custom_id = str(interaction.data.get("custom_id", ""))
        if not custom_id.startswith(PREFIX):
            return
        try:
            await self._dispatch(interaction, custom_id)
        except Exception as error:  # noqa: BLE001 - the guard decides what each error means
            await answer_error(interaction, error)

    async def _dispatch(self, interaction: Interaction, custom_id: str) -> None:
        if interaction.guild_id is None or interaction.message is None:
            raise UnknownButton
        match decode(custom_id):
            case AnswerButton() as button:
                await self._answer(interaction, RoundId(interaction.guild_id, button.round_number), button)
            case ReportButton() as button:
                await self._report(interaction, RoundId(interaction.guild_id, button.round_number), button)
            case None:
                raise UnknownButton

    async def _answer(self, interaction: Interaction, round_id: RoundId, button: AnswerButton) -> None:
        assert interaction.message is not None  # noqa: S101 - _dispatch has looked
        click = Click(
            question_number=button.question_number,
            slot=button.slot,
            message_id=interaction.message.id,
            interaction_id=interaction.id,
            player_id=interaction.user.id,
            player_name=interaction.user.display_name,
            at=interaction.created_at,
        )
        receipt = await self._rounds.answer(round_id, click)
        sentence = text.receipt(receipt.letter, locked=receipt.locked)
        await self._receipts.send(interaction, round_id, button.question_number, sentence)

    async def _report(self, interaction: Interaction, round_id: RoundId, button: ReportButton) -> None:
        report = await self._results.report(round_id, interaction.user.id)
        pages = report_pages(report)
        page = pages[min(button.page, len(pages) - 1)]
        # Pages turn in private messages only: a forged id must not put a report in place of a public card.
        in_private = interaction.message is not None and interaction.message.flags.ephemeral
        if button.opens or not in_private:
            await interaction.response.send_message(view=page, ephemeral=True)
        else:
            await interaction.response.edit_message(view=page)
