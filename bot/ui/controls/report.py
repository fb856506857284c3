"""*My result* on a final card, and the page buttons inside it."""

from bot.domain.round import RoundId
from bot.services.results import ResultService
from bot.ui.cards.results import report_pages
from bot.ui.custom_ids import ReportButton
from bot.ui.guard import Interaction


class ReportControl:
    """Shows players their own reports."""

    def __init__(self, results: ResultService) -> None:
        self._results = results

    async def press(self, interaction: Interaction, server_id: int, button: ReportButton) -> None:
        """Open a private report, or turn to another page of it."""
        report = await self._results.report(RoundId(server_id, button.round_number), interaction.user.id)
        pages = report_pages(report)
        page = pages[min(button.page, len(pages) - 1)]
        # Pages turn in private messages only: a forged id must not put a report in place of a public card.
        in_private = interaction.message is not None and interaction.message.flags.ephemeral
        if button.opens or not in_private:
            await interaction.response.send_message(view=page, ephemeral=True)
        else:
            await interaction.response.edit_message(view=page)
