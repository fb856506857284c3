"""`/quiz` and `/help`: what there is to play, and how."""

from functools import partial

from discord import app_commands
from discord.ext import commands

from bot.cogs.completion import complete_category, complete_quiz
from bot.services.library import Library
from bot.ui.cards import library as cards
from bot.ui.guard import Interaction, mention_command
from bot.ui.moderators import has_right


@app_commands.guild_only()
class QuizCog(commands.GroupCog, group_name="quiz", group_description="The quizzes you can play"):
    """Shows the library."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @app_commands.command(name="list")
    @app_commands.describe(category="Only quizzes in this category")
    async def list_(self, interaction: Interaction, category: str = "") -> None:
        """List the quizzes on this server"""
        view = cards.quiz_list(self._library.by_category(category))
        await interaction.response.send_message(view=view, ephemeral=True)

    @list_.autocomplete("category")
    async def _category(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return complete_category(self._library, current)

    @app_commands.command(name="info")
    @app_commands.describe(quiz="Which quiz: type part of its title, category or tags")
    async def info(self, interaction: Interaction, quiz: str) -> None:
        """Show what a quiz is about"""
        view = cards.quiz_info(self._library.get(quiz))
        await interaction.response.send_message(view=view, ephemeral=True)

    @info.autocomplete("quiz")
    async def _quiz(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return complete_quiz(self._library, current)


class HelpCog(commands.Cog):
    """Explains the bot."""

    @app_commands.command(name="help")
    async def help_(self, interaction: Interaction) -> None:
        """How a round works, and what commands there are"""
        view = cards.help_card(partial(mention_command, interaction), for_moderators=has_right(interaction))
        await interaction.response.send_message(view=view, ephemeral=True)
