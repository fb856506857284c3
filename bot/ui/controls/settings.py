"""`/settings` at work: its panel, its forms, and who may use them."""

from typing import Any

from bot.domain.settings import SETTINGS, BadSetting, Place
from bot.services.errors import PanelExpired, QuizhostError, UnknownButton
from bot.services.settings import SettingsService
from bot.ui.cards import settings as cards
from bot.ui.custom_ids import SettingButton, SettingForm
from bot.ui.guard import Interaction, describe
from bot.ui.moderators import check_card


class SettingsPanel:
    """Answers whoever opens the panel, asks for a form, or sends one."""

    def __init__(self, settings: SettingsService, *, own_pause: int) -> None:
        self._settings, self._own_pause = settings, own_pause

    async def open(self, interaction: Interaction, server_id: int) -> None:
        """Show the panel to whoever ran the command."""
        view = cards.panel(await self._settings.of(server_id), own_pause=self._own_pause)
        await interaction.response.send_message(view=view, ephemeral=True)

    async def ask(self, interaction: Interaction, server_id: int, button: SettingButton) -> None:
        """Show the form of a setting."""
        check_card(interaction, SettingButton, PanelExpired())
        if button.name not in SETTINGS:
            raise UnknownButton
        settings = await self._settings.of(server_id)
        declared = SETTINGS[button.name]
        prefill = not isinstance(declared.kind, Place) or _exists(
            interaction, getattr(settings, declared.name)
        )
        await interaction.response.send_modal(cards.form(settings, declared, prefill=prefill))

    async def submit(self, interaction: Interaction, server_id: int, form: SettingForm) -> None:
        """Change a setting to what the form says; the panel shows that, or why it was refused."""
        check_card(interaction, SettingButton, PanelExpired())
        if form.name not in SETTINGS:
            raise UnknownButton
        given = _given(interaction)
        try:
            settings, refusal = await self._settings.change(server_id, form.name, given), None
        except (BadSetting, QuizhostError) as error:
            settings, refusal = await self._settings.of(server_id), describe(error)
        view = cards.panel(settings, own_pause=self._own_pause, submitted=form.name, refusal=refusal)
        await interaction.response.edit_message(view=view)


def _exists(interaction: Interaction, channel_id: int | None) -> bool:
    """Tell whether a channel still exists: Discord may refuse a form prefilled with one that is gone."""
    guild = interaction.guild
    return channel_id is not None and guild is not None and bool(guild.get_channel_or_thread(channel_id))


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
