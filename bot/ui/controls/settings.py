"""`/settings` at work: its panel, its forms, and who may use them."""

from datetime import timedelta
from typing import Any

import discord
from discord import ui

from bot.domain.settings import SETTINGS, Place
from bot.services.errors import PanelExpired, UnknownButton
from bot.services.settings import SettingsService
from bot.ui.cards import settings as cards
from bot.ui.custom_ids import SettingForm, SettingsMenu
from bot.ui.guard import Interaction

#: How long a panel serves somebody who cannot be seen to be a moderator.
TRUSTED_FOR = timedelta(minutes=15)


class SettingsPanel:
    """Answers whoever opens the panel, chooses in it, or sends a form."""

    def __init__(self, settings: SettingsService, *, own_pause: int) -> None:
        self._settings, self._own_pause = settings, own_pause

    async def open(self, interaction: Interaction, server_id: int) -> None:
        """Show the panel to whoever ran the command."""
        view = cards.panel(await self._settings.of(server_id), own_pause=self._own_pause)
        await interaction.response.send_message(view=view, ephemeral=True)

    async def choose(self, interaction: Interaction, server_id: int, _: SettingsMenu) -> None:
        """Show the form of the setting that was chosen, or the panel afresh where none was."""
        _authorise(interaction)
        settings = await self._settings.of(server_id)
        data: Any = interaction.data
        chosen: list[str] = data.get("values") or []
        if not chosen:
            view = cards.panel(settings, own_pause=self._own_pause)
            await interaction.response.edit_message(view=view)
            return
        if chosen[0] not in SETTINGS:
            raise UnknownButton
        declared = SETTINGS[chosen[0]]
        prefill = not isinstance(declared.kind, Place) or _exists(
            interaction, getattr(settings, declared.name)
        )
        await interaction.response.send_modal(cards.form(settings, declared, prefill=prefill))

    async def submit(self, interaction: Interaction, server_id: int, form: SettingForm) -> None:
        """Change a setting to what the form says, and show that in the panel."""
        _authorise(interaction)
        if form.name not in SETTINGS:
            raise UnknownButton
        settings = await self._settings.change(server_id, form.name, _given(interaction))
        view = cards.panel(settings, own_pause=self._own_pause, changed=form.name)
        await interaction.response.edit_message(view=view)


def _authorise(interaction: Interaction) -> None:
    """Raise unless the interaction comes out of a panel that Discord let this person open.

    Who may run `/settings` is the server's own decision: usually whoever has Manage Events, but *Server
    Settings → Integrations* can allow or deny it to anybody, and Discord tells an app nothing of that with a
    click. So the proof is the panel itself: Discord says which message a click was on, and only `/settings`,
    which Discord lets nobody else run, makes a private message with our menu. A custom id alone, sent on
    another message, proves nothing, not even with Manage Events: that moderator may have been denied the
    command. A private message of ours alone proves nothing either: every receipt is one.

    A panel outlives the right to open it. Somebody with Manage Events is still a moderator; of anybody else
    it is known only that they were allowed a while ago, so their panel serves for a while.
    """
    message = interaction.message
    if message is None or not message.flags.ephemeral or not _has_menu(message):
        raise UnknownButton
    opened = message.interaction_metadata
    if opened is None or opened.user.id != interaction.user.id:
        raise UnknownButton
    may = interaction.permissions
    if may.manage_events or may.administrator:
        return
    if interaction.created_at - message.created_at > TRUSTED_FOR:
        raise PanelExpired


def _exists(interaction: Interaction, channel_id: int | None) -> bool:
    """Tell whether a channel is still there: Discord may refuse a form that begins with one that is gone."""
    guild = interaction.guild
    return channel_id is not None and guild is not None and bool(guild.get_channel_or_thread(channel_id))


def _has_menu(message: discord.Message) -> bool:
    menu = SettingsMenu().custom_id
    items = ui.LayoutView.from_message(message, timeout=None).walk_children()
    return any(isinstance(item, ui.Select) and item.custom_id == menu for item in items)


def _given(interaction: Interaction) -> str:
    """Return what a form's control says, as if it had been typed; `UnknownButton` if there is none."""
    data: Any = interaction.data
    for label in data.get("components", ()):
        control: dict[str, Any] = label.get("component") or {}
        if control.get("custom_id") == cards.CONTROL:
            values: list[Any] = control.get("values", [control.get("value")])
            given = values[0] if values else None
            return given if isinstance(given, str) else ""
    raise UnknownButton
