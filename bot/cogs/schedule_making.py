"""`/schedule add` and `/schedule edit`: moderators say what is played, when and how."""

from asyncio import to_thread
from collections.abc import Awaitable, Callable
from typing import Literal
from zoneinfo import ZoneInfo

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.completion import complete_source, server_of
from bot.cogs.rounds import Channel, Seconds
from bot.cogs.schedule_choices import offer, repeat_choices, until_choices, when_choices
from bot.domain.round import Scoring
from bot.domain.schedule import DEFAULT_ANNOUNCE_MINUTES, MAX_ANNOUNCE_MINUTES, RoundOptions
from bot.services.errors import ScheduleClash
from bot.services.library import Library
from bot.services.recurrence import Recurrence
from bot.services.rule_text import MAX_TIMES
from bot.services.schedule_edits import Changes, Reset
from bot.services.schedule_requests import AddRequest
from bot.services.schedules import ScheduleService
from bot.services.settings import SettingsService
from bot.text import schedules as words
from bot.ui.controls.confirm import ConfirmControl
from bot.ui.guard import Interaction, describe, take_time, tell
from bot.ui.schedule_panel import SchedulePanel
from bot.ui.start_words import ONCE, read_start
from bot.ui.when import read_date

Minutes = app_commands.Range[int, 0, MAX_ANNOUNCE_MINUTES]
Times = app_commands.Range[int, 1, MAX_TIMES]
Questions = app_commands.Range[int, 1, 50]


class ScheduleMaking(commands.Cog):
    """The part of `/schedule` that makes and changes schedules; `bot.cogs.schedules` is the whole."""

    def __init__(
        self,
        schedules: ScheduleService,
        settings: SettingsService,
        library: Library,
        panel: SchedulePanel,
        confirm: ConfirmControl,
    ) -> None:
        self._schedules, self._settings = schedules, settings
        self._library, self._panel, self._confirm = library, panel, confirm

    @app_commands.command(name="add")
    @app_commands.describe(
        quiz="Which quiz; with a category or tag, the one played least recently is chosen each time",
        when='When the first round starts, such as "fri 16:00", "1 dec 4pm" or "every friday at 4pm"',
        repeat='How often, such as "every friday", "mon and wed" or "monthly"; if left out, once',
        until='The last day, such as "2026-12-31"',
        times="How many rounds in total",
        channel="Where to play; if left out, the server's default channel, or here",
        ping="The role to ping",
        announce="How many minutes before the start to post a reminder; if left out, 15; 0 for none",
        seconds="How many seconds each question stays open (5 to 300); if left out, the server's setting",
        questions="How many questions, least recently asked first; if left out, all of them",
        scoring="What counts: being right, or being right fast; if left out, the server's setting",
        thread="Play in a thread of its own; if left out, the server's setting",
        event="Keep a Discord event for the next round",
    )
    async def add(
        self,
        interaction: Interaction,
        quiz: str,
        when: str,
        repeat: str | None = None,
        until: str | None = None,
        times: Times | None = None,
        channel: Channel | None = None,
        ping: discord.Role | None = None,
        announce: Minutes = DEFAULT_ANNOUNCE_MINUTES,
        seconds: Seconds | None = None,
        questions: Questions | None = None,
        scoring: Literal["accuracy", "speed"] | None = None,
        thread: bool | None = None,
        event: bool = False,
    ) -> None:
        """Schedule a round, once or repeating, in the server's time zone"""
        await take_time(interaction)
        server_id = server_of(interaction)
        settings = await self._settings.of(server_id)
        zone, now = ZoneInfo(settings.time_zone), interaction.created_at
        first, how_often = await to_thread(read_start, when, repeat, zone=zone, now=now)
        last = None if until is None else await to_thread(read_date, until, zone=zone, now=now)
        here_id = interaction.channel_id or 0
        channel_id = channel.id if channel else await self._schedules.usual_channel(server_id, here_id)
        request = AddRequest(
            server_id=server_id,
            channel_id=channel_id,
            host_id=interaction.user.id,
            source=self._library.find_source(quiz),
            recurrence=Recurrence.read(first, how_often, until=last, times=times),
            zone=settings.time_zone,
            options=RoundOptions(seconds, questions, Scoring(scoring) if scoring else None, thread),
            ping_role_id=ping.id if ping else None,
            announce_minutes=announce,
            has_event=event,
            host_may_mention=_may_mention(interaction, channel_id),
        )

        async def do(confirmed: bool) -> str:
            planned = await self._schedules.add(request, confirmed=confirmed)
            return self._panel.added(planned, first.date())

        await self._do_or_ask(interaction, do)

    @app_commands.command(name="edit")
    @app_commands.describe(
        schedule="Which schedule, by its number",
        quiz="Another quiz, category or tag",
        when='When the next round starts, such as "fri 16:00" or "every friday at 4pm"',
        repeat='How often, such as "every friday", "mon and wed" or "monthly"',
        until='The last day, such as "2026-12-31"',
        times="How many rounds from now on",
        channel="Where to play",
        ping="The role to ping",
        announce="How many minutes before the start to post a reminder; 0 for none",
        seconds="How many seconds each question stays open (5 to 300)",
        questions="How many questions, least recently asked first",
        scoring="What counts: being right, or being right fast",
        thread="Play in a thread of its own",
        event="Keep a Discord event for the next round",
        reset="What to reset: to no end, nobody pinged, or what the quiz or the server has set",
    )
    async def edit(
        self,
        interaction: Interaction,
        schedule: str,
        quiz: str | None = None,
        when: str | None = None,
        repeat: str | None = None,
        until: str | None = None,
        times: Times | None = None,
        channel: Channel | None = None,
        ping: discord.Role | None = None,
        announce: Minutes | None = None,
        seconds: Seconds | None = None,
        questions: Questions | None = None,
        scoring: Literal["accuracy", "speed"] | None = None,
        thread: bool | None = None,
        event: bool | None = None,
        reset: Literal["end", "ping", "seconds", "questions", "scoring", "thread"] | None = None,
    ) -> None:
        """Change a schedule; whatever you leave out stays as it is"""
        await take_time(interaction)
        server_id, now = server_of(interaction), interaction.created_at
        zone = await self._zone(interaction)
        start = None if when is None else await to_thread(read_start, when, repeat, zone=zone, now=now)
        if start is not None and repeat is None and start.repeat != ONCE:
            repeat = start.repeat
        changes = Changes(
            zone=zone.key,
            options=RoundOptions(seconds, questions, Scoring(scoring) if scoring else None, thread),
            first=start and start.first,
            repeat=repeat,
            until=None if until is None else await to_thread(read_date, until, zone=zone, now=now),
            times=times,
            source=None if quiz is None else self._library.find_source(quiz),
            channel_id=channel and channel.id,
            ping_role_id=ping and ping.id,
            announce_minutes=announce,
            has_event=event,
            reset=Reset(reset) if reset else None,
        )
        before = (await self._schedules.show(server_id, schedule)).schedule
        may_mention = _may_mention(interaction, channel.id if channel else before.channel_id)

        async def do(confirmed: bool) -> str:
            return self._panel.edited(
                await self._schedules.edit(
                    server_id, schedule, changes, host_may_mention=may_mention, confirmed=confirmed
                )
            )

        await self._do_or_ask(interaction, do)

    async def _do_or_ask(self, interaction: Interaction, do: Callable[[bool], Awaitable[str]]) -> None:
        """Do it and say so; if another schedule plays at that time, only once that is confirmed."""
        try:
            said = await do(False)
        except ScheduleClash as clash:
            await self._confirm.ask(
                interaction,
                describe(clash) or "",
                yes=words.clash_yes(),
                no=words.clash_no(),
                do=lambda: do(True),
            )
        else:
            await tell(interaction, said)

    @add.autocomplete("quiz")
    @edit.autocomplete("quiz")
    async def _quiz(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return complete_source(self._library, current)

    @add.autocomplete("when")
    @edit.autocomplete("when")
    async def _when(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Show what is understood while it is typed."""
        return await to_thread(when_choices, current, await self._zone(interaction), interaction.created_at)

    @add.autocomplete("until")
    @edit.autocomplete("until")
    async def _until(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Show which day is understood."""
        return await to_thread(until_choices, current, await self._zone(interaction), interaction.created_at)

    @add.autocomplete("repeat")
    @edit.autocomplete("repeat")
    async def _repeat(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Show which repetition is understood, beginning with the day that was typed before."""
        when = interaction.namespace.when or ""
        zone = await self._zone(interaction)
        return await to_thread(repeat_choices, current, when, zone, interaction.created_at)

    async def _zone(self, interaction: Interaction) -> ZoneInfo:
        return ZoneInfo((await self._settings.of(server_of(interaction))).time_zone)

    @edit.autocomplete("schedule")
    async def _editable(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        kept = await self._schedules.fetch_kept(server_of(interaction))
        return offer([(self._panel.line(one), str(one.id.number)) for one in kept], current)


def _may_mention(interaction: Interaction, channel_id: int) -> bool:
    """Return whether whoever asks may mention every role in a channel, which need not be this one."""
    if channel_id == interaction.channel_id:
        return interaction.permissions.mention_everyone
    channel = interaction.guild and interaction.guild.get_channel_or_thread(channel_id)
    if channel is None or not isinstance(interaction.user, discord.Member):
        return False
    return channel.permissions_for(interaction.user).mention_everyone
