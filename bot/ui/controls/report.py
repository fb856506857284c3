"""*My result* on a final card, and the page buttons inside it."""

from bot.domain.round import RoundId
from bot.services.results import ResultService
from bot.ui.cards.results import report_pages
from bot.ui.custom_ids import ReportButton
from bot.ui.guard import Interaction, take_time


class ReportControl:
    """Shows players their own reports."""

    def __init__(self, results: ResultService) -> None:
        self._results = results

    async def press(self, interaction: Interaction, server_id: int, button: ReportButton) -> None:
        """Open a private report, or turn to another page of it."""
        # Pages turn in private messages only: a forged id must not put a report in place of a public card.
        in_private = interaction.message is not None and interaction.message.flags.ephemeral
        turns = in_private and not button.opens
        if not await take_time(interaction, in_place=turns):
            return
        report = await self._results.report(RoundId(server_id, button.round_number), interaction.user.id)
        pages = report_pages(report)
        page = pages[min(button.page, len(pages) - 1)]
        if turns:
            await interaction.edit_original_response(view=page)
        else:
            await interaction.followup.send(view=page, ephemeral=True)
