"""`/settings`: what each server decides for itself."""

from discord import app_commands
from discord.ext import commands

from bot.cogs.completion import server_of
from bot.ui.controls.settings import SettingsPanel
from bot.ui.guard import Interaction


class SettingsCog(commands.Cog):
    """Opens the panel. Who may use it is the server's own decision."""

    def __init__(self, panel: SettingsPanel) -> None:
        self._panel = panel

    @app_commands.command(name="settings")
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_events=True)
    async def settings(self, interaction: Interaction) -> None:
        """Show and change the settings for rounds on this server"""
        await self._panel.open(interaction, server_of(interaction))
