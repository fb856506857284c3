"""A private confirmation before a moderator does something, with *yes* and *no*."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable

import discord

from bot.services.errors import QuestionBackOver
from bot.text import refusals
from bot.ui.cards import parts
from bot.ui.custom_ids import ConfirmButton
from bot.ui.guard import Interaction, show, take_time
from bot.ui.moderators import check_card

#: How many may be open; beyond that the oldest is forgotten, as all are when the bot restarts.
MAX_OPEN = 500


class ConfirmControl:
    """Remembers what to do once somebody says yes."""

    def __init__(self) -> None:
        self._open: OrderedDict[int, Callable[[], Awaitable[str]]] = OrderedDict()

    async def ask(
        self,
        interaction: Interaction,
        question: str,
        *,
        yes: str,
        no: str,
        do: Callable[[], Awaitable[str]],
    ) -> None:
        """Ask privately; `do` returns the sentence that says it was done."""
        self._open[interaction.id] = do
        while len(self._open) > MAX_OPEN:
            self._open.popitem(last=False)
        buttons = [
            parts.button(yes, ConfirmButton(interaction.id, "y"), style=discord.ButtonStyle.primary),
            parts.button(no, ConfirmButton(interaction.id, "n")),
        ]
        view = parts.card(parts.GOLD, parts.text(question), *parts.rows(buttons))
        await interaction.followup.send(view=view, ephemeral=True)

    async def press(self, interaction: Interaction, _: int, button: ConfirmButton) -> None:
        """Do it, or leave it."""
        check_card(interaction, ConfirmButton, QuestionBackOver())
        await take_time(interaction, in_place=True)
        do = self._open.pop(button.question, None)
        if do is None:
            raise QuestionBackOver
        said = await do() if button.answer == "y" else refusals.nothing_done()
        await show(interaction, parts.card(parts.GREY, parts.text(said)))
