"""`/round`: moderators run a live round."""

from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.completion import complete_quiz, server_of
from bot.domain.round import MAX_SECONDS, MIN_SECONDS, Scoring
from bot.services.library import Library
from bot.services.rounds import Here, RoundService, StartRequest
from bot.services.steering import Person, SteeringService
from bot.text import steering as words
from bot.text.phrases import fewer_questions
from bot.ui.cards import steering as cards
from bot.ui.escape import escape_quiz_text
from bot.ui.guard import Interaction, take_time, tell

_Place = app_commands.AppCommandChannel | app_commands.AppCommandThread


class _PlaceOption(app_commands.Transformer):
    """Takes the channel as the command has it: discord.py's own option does not know archived threads."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        kinds = discord.ChannelType
        threads = [kinds.news_thread, kinds.public_thread, kinds.private_thread]
        return [kinds.text, kinds.news, kinds.voice, kinds.stage_voice, *threads]

    async def transform(self, interaction: Interaction, value: _Place, /) -> _Place:
        return value


Channel = app_commands.Transform[_Place, _PlaceOption]
Seconds = app_commands.Range[int, MIN_SECONDS, MAX_SECONDS]


@app_commands.guild_only()
@app_commands.default_permissions(manage_events=True)
class RoundCog(commands.GroupCog, group_name="round", group_description="Run a live quiz round"):
    """Parse, call the service, reply. Who may use `/round` is the server's own decision."""

    def __init__(self, rounds: RoundService, steering: SteeringService, library: Library) -> None:
        self._rounds, self._steering, self._library = rounds, steering, library

    @app_commands.command(name="start")
    @app_commands.describe(
        quiz="Which quiz: type part of its title, category or tags",
        channel="Where to play; if left out, the server's default channel, or here",
        seconds="How many seconds each question stays open (5 to 300); if left out, the server's setting",
        questions="How many questions; if left out, all of them",
        scoring="What counts: being right, or being right fast; if left out, the server's setting",
        thread="Play in a thread of its own; if left out, the server's setting",
    )
    async def start(
        self,
        interaction: Interaction,
        quiz: str,
        channel: Channel | None = None,
        seconds: Seconds | None = None,
        questions: app_commands.Range[int, 1, 50] | None = None,
        scoring: Literal["accuracy", "speed"] | None = None,
        thread: bool | None = None,
    ) -> None:
        """Start a round: announce a quiz and ask its questions one by one"""
        request = StartRequest(
            server_id=server_of(interaction),
            channel_id=channel.id if channel else None,
            here_id=interaction.channel_id,
            host_id=interaction.user.id,
            quiz=quiz,
            seconds=seconds,
            questions=questions,
            scoring=Scoring(scoring) if scoring else None,
            thread=thread,
        )
        await take_time(interaction)
        played = await self._rounds.start(request)
        told = words.round_started(escape_quiz_text(played.quiz.title), played.channel_id)
        there_are = len(played.asked)
        if questions is not None and questions > there_are:
            told = f"{told} {fewer_questions(questions, there_are)}"
        await tell(interaction, told)

    @start.autocomplete("quiz")
    async def _quiz(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return complete_quiz(self._library, current)

    @app_commands.command(name="status")
    async def status(self, interaction: Interaction) -> None:
        """Show how the round in this channel is going, with buttons to control it"""
        status = self._steering.status(_here(interaction), _person(interaction))
        await interaction.response.send_message(view=cards.status(status), ephemeral=True)

    @app_commands.command(name="pause")
    async def pause(self, interaction: Interaction) -> None:
        """Pause the round in this channel; an open question keeps the time it has left"""
        await take_time(interaction)
        await self._steering.pause(_here(interaction), _person(interaction))
        await tell(interaction, words.paused())

    @app_commands.command(name="resume")
    async def resume(self, interaction: Interaction) -> None:
        """Resume the paused round in this channel"""
        await take_time(interaction)
        await self._steering.resume(_here(interaction), _person(interaction))
        await tell(interaction, words.resumed())

    @app_commands.command(name="skip")
    async def skip(self, interaction: Interaction) -> None:
        """Move on now; a question skipped while it is open counts for nobody"""
        await take_time(interaction)
        before = await self._steering.skip(_here(interaction), _person(interaction))
        await tell(interaction, cards.skipped(before))

    @app_commands.command(name="stop")
    async def stop(self, interaction: Interaction) -> None:
        """End the round in this channel early; the answers so far are kept"""
        status = self._steering.status(_here(interaction), _person(interaction))
        await interaction.response.send_message(view=cards.confirm_stop(status.round), ephemeral=True)


def _here(interaction: Interaction) -> Here:
    return Here(server_of(interaction), interaction.channel_id or 0)


def _person(interaction: Interaction) -> Person:
    """Return who gave a command; that Discord let them is all a server's own rules ask for."""
    return Person(interaction.user.id, is_moderator=True)
