"""The one dispatcher of our buttons, menus and forms: by custom id, whatever their age.

Nothing is registered per message, so each works after a restart as it did before.
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import discord

from bot.services.errors import UnknownButton
from bot.ui.custom_ids import PREFIX, Control, Kind, decode
from bot.ui.guard import Interaction, answer_error

_Control = TypeVar("_Control", bound=Control)
_Handler = Callable[[Interaction, int, _Control], Awaitable[None]]


class Router:
    """Finds the handler for a click, a choice or a form."""

    def __init__(self) -> None:
        self._handlers: dict[type[Control], _Handler[Any]] = {}

    def add(self, control: type[_Control], handler: _Handler[_Control]) -> None:
        """Let a handler answer a control; it gets the interaction, the server's id and what was used."""
        self._handlers[control] = handler

    async def on_interaction(self, interaction: Interaction) -> None:
        """Handle the use of one of our controls; whatever goes wrong becomes a private sentence."""
        ours = {discord.InteractionType.component, discord.InteractionType.modal_submit}
        if interaction.type not in ours or interaction.data is None:
            return
        custom_id = str(interaction.data.get("custom_id", ""))
        if not custom_id.startswith(PREFIX):
            return
        try:
            await self._dispatch(interaction, custom_id)
        except Exception as error:  # noqa: BLE001 - the guard decides what each error means
            await answer_error(interaction, error)

    async def _dispatch(self, interaction: Interaction, custom_id: str) -> None:
        control = decode(custom_id)
        if interaction.guild_id is None or control is None or control.kind is not _kind(interaction):
            raise UnknownButton
        await self._handlers[type(control)](interaction, interaction.guild_id, control)


def _kind(interaction: Interaction) -> Kind | None:
    if interaction.type is discord.InteractionType.modal_submit:
        return Kind.FORM
    data: Any = interaction.data
    try:
        return Kind(data.get("component_type"))
    except ValueError:
        return None
