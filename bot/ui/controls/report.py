"""*My result* on a final card, and the page buttons inside it."""

import asyncio

from bot.domain.round import RoundId
from bot.services.errors import UnknownButton
from bot.services.results import ResultService
from bot.ui.cards.results import report_pages
from bot.ui.custom_ids import ReportButton
from bot.ui.guard import Interaction, show, take_time
from bot.ui.presses import press_of

#: How many reports are on their way at once: each may open a connection, and a crowd needs no more.
MAX_SENDING = 64
#: How long the event loop and the interpreter are left to everybody else before each report.
REST_SECONDS = 0.001


class ReportControl:
    """Shows players their own reports."""

    def __init__(self, results: ResultService) -> None:
        self._results = results
        self._door, self._desk = asyncio.Lock(), asyncio.Lock()
        self._sending = asyncio.Semaphore(MAX_SENDING)

    async def press(self, interaction: Interaction, server_id: int, button: ReportButton) -> None:
        """Open a private report, or turn to another page."""
        press = press_of(interaction)
        if press is None:
            raise UnknownButton
        # Pages turn only in private messages: a forged id must not replace a public card with a report.
        in_private = interaction.message is not None and interaction.message.flags.ephemeral
        turns = in_private and not button.opens
        async with self._door:  # lets answers overtake a crowd
            await asyncio.sleep(0)  # noqa: TID251 - gives way, does not wait
        if not await take_time(interaction, in_place=turns):
            return
        report = await self._results.report(RoundId(server_id, button.round_number), press.player_id)
        async with self._sending:
            async with self._desk:  # one after the other: making one takes as long as taking several answers
                await asyncio.sleep(REST_SECONDS)  # noqa: TID251 - lets answers be written and sent meanwhile
                pages = report_pages(report)
            await show(interaction, pages[min(button.page, len(pages) - 1)])
