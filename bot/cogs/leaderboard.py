"""`/leaderboard`: the best players on a server, and your own rank."""

import io
from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.completion import complete_quiz, server_of
from bot.services.boards import Charts
from bot.services.library import Library
from bot.services.results import Period, ResultService
from bot.ui.cards import library as cards
from bot.ui.cards.results import BOARD_FILE
from bot.ui.guard import Interaction, take_time


class LeaderboardCog(commands.Cog):
    """Shows boards, privately, because your own rank is below them."""

    def __init__(self, results: ResultService, library: Library, charts: Charts) -> None:
        self._results, self._library, self._charts = results, library, charts

    @app_commands.command(name="leaderboard")
    @app_commands.guild_only()
    @app_commands.describe(period="Which period to count", quiz="Only rounds of this quiz")
    async def leaderboard(
        self,
        interaction: Interaction,
        period: Literal["week", "month", "all time"] = "week",
        quiz: str | None = None,
    ) -> None:
        """Show the best players on this server, and where you stand"""
        await take_time(interaction)
        board = await self._results.leaderboard(
            server_of(interaction), interaction.user.id, Period(period), quiz
        )
        drawn = cards.leaderboard_board(board)
        view = cards.leaderboard(board, drawn)
        if drawn is None:
            await interaction.followup.send(view=view, ephemeral=True)
            return
        file = discord.File(io.BytesIO(await self._charts.render_board(drawn)), BOARD_FILE)
        await interaction.followup.send(view=view, file=file, ephemeral=True)

    @leaderboard.autocomplete("quiz")
    async def _quiz(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return complete_quiz(self._library, current)
