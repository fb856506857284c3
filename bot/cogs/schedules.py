"""`/schedule`: moderators let rounds start by themselves."""

import re
from asyncio import to_thread
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.completion import MAX_CHOICES, complete_source, server_of, shorten
from bot.cogs.rounds import Channel, Seconds
from bot.cogs.schedule_choices import repeat_choices, until_choices, when_choices
from bot.domain.round import Scoring
from bot.domain.schedule import DEFAULT_ANNOUNCE_MINUTES, MAX_ANNOUNCE_MINUTES, RoundOptions, Schedule
from bot.domain.walltime import wall_of
from bot.services.library import Library
from bot.services.recurrence import Recurrence
from bot.services.rule_text import MAX_TIMES
from bot.services.schedules import AddRequest, ScheduleService
from bot.services.settings import SettingsService
from bot.services.zones import knows_zone, zone_of
from bot.text import dates
from bot.text import schedules as words
from bot.ui.cards import schedules as cards
from bot.ui.cards.schedule_panel import options
from bot.ui.escape import escape_quiz_text, plain_text
from bot.ui.guard import Interaction, take_time, tell
from bot.ui.schedule_panel import SchedulePanel
from bot.ui.start_words import read_start
from bot.ui.when import read_date

Minutes = app_commands.Range[int, 0, MAX_ANNOUNCE_MINUTES]


@app_commands.guild_only()
@app_commands.default_permissions(manage_events=True)
class ScheduleCog(
    commands.GroupCog, group_name="schedule", group_description="Let quiz rounds start by themselves"
):
    """Parse, call the service, reply. Who may use `/schedule` is the server's own setting."""

    def __init__(
        self, schedules: ScheduleService, settings: SettingsService, library: Library, panel: SchedulePanel
    ) -> None:
        self._schedules, self._settings = schedules, settings
        self._library, self._panel = library, panel

    @app_commands.command(name="add")
    @app_commands.describe(
        quiz="Which quiz, or a category or tag: then the one not played for longest is taken each time",
        when='When the first round starts, such as "fri 16:00", "1 dec 4pm" or "every friday at 4pm"',
        repeat='How often, such as "every friday", "mon and wed" or "monthly"; usually once',
        until='The last day, such as "2026-12-31"',
        times="How many rounds in all",
        channel="Where to play; if you name none, in the server's default channel or here",
        ping="The role to call",
        announce="How many minutes before the start a reminder card comes; usually 15, 0 for none",
        seconds="How long a question stays open (5 to 300); if you say nothing, as the server has it set",
        questions="How many questions, those not asked for longest; all of them, if you say nothing",
        scoring="What counts: being right, or being right fast; if you say nothing, as the server has it set",
        thread="Play in a thread of its own; if you say nothing, as the server has it set",
        event="Keep a Discord event for the next date",
    )
    async def add(
        self,
        interaction: Interaction,
        quiz: str,
        when: str,
        repeat: str | None = None,
        until: str | None = None,
        times: app_commands.Range[int, 1, MAX_TIMES] | None = None,
        channel: Channel | None = None,
        ping: discord.Role | None = None,
        announce: Minutes = DEFAULT_ANNOUNCE_MINUTES,
        seconds: Seconds | None = None,
        questions: app_commands.Range[int, 1, 50] | None = None,
        scoring: Literal["accuracy", "speed"] | None = None,
        thread: bool | None = None,
        event: bool = False,
    ) -> None:
        """Schedule rounds: once or again and again, at a time of your clock"""
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
        planned = await self._schedules.add(request)
        schedule = planned.schedule
        added = words.schedule_added(
            schedule.id.number,
            self._title(schedule),
            schedule.channel_id,
            cards.repeats(schedule),
            planned.dates,
        )
        await tell(interaction, f"{added}\n-# {options(schedule)}")

    @app_commands.command(name="list")
    async def list_(self, interaction: Interaction) -> None:
        """List what is scheduled, with the next three dates of each and a calendar file"""
        await take_time(interaction)
        view, files = await self._panel.list_all(server_of(interaction), interaction.created_at)
        await interaction.followup.send(view=view, files=files, ephemeral=True)

    @app_commands.command(name="remove")
    @app_commands.describe(schedule="Which one, by its number")
    async def remove(self, interaction: Interaction, schedule: str) -> None:
        """Remove a schedule; what it has played stays"""
        removed = await self._schedules.remove(server_of(interaction), schedule)
        await tell(interaction, words.schedule_removed(removed.id.number, self._title(removed)))

    @app_commands.command(name="pause")
    @app_commands.describe(schedule="Which one, by its number")
    async def pause(self, interaction: Interaction, schedule: str) -> None:
        """Let a schedule start nothing until it is resumed"""
        paused = await self._schedules.pause(server_of(interaction), schedule)
        await tell(interaction, words.schedule_paused(paused.id.number, self._title(paused)))

    @app_commands.command(name="resume")
    @app_commands.describe(schedule="Which one, by its number")
    async def resume(self, interaction: Interaction, schedule: str) -> None:
        """Let a paused schedule go on with its next date"""
        planned = await self._schedules.resume(server_of(interaction), schedule)
        resumed = planned.schedule
        await tell(
            interaction, words.schedule_resumed(resumed.id.number, self._title(resumed), planned.dates[0])
        )

    @app_commands.command(name="skip-next")
    @app_commands.describe(schedule="Which one, by its number")
    async def skip_next(self, interaction: Interaction, schedule: str) -> None:
        """Leave out a schedule's next date, unless you undo it"""
        number, due_at = _date_of(schedule)
        await take_time(interaction)
        planned = await self._schedules.skip_next(server_of(interaction), number, due_at=due_at)
        skipped = planned.left_out or interaction.created_at
        view = self._panel.show(
            planned, interaction.created_at, words.schedule_skipped(skipped, planned.dates)
        )
        await interaction.followup.send(view=view, ephemeral=True)

    @app_commands.command(name="run-now")
    @app_commands.describe(schedule="Which one, by its number")
    async def run_now(self, interaction: Interaction, schedule: str) -> None:
        """Start a round of a schedule at once, beside its dates and without calling anybody"""
        played = await self._schedules.run_now(server_of(interaction), schedule)
        await tell(
            interaction, words.round_started_now(escape_quiz_text(played.quiz.title), played.channel_id)
        )

    # --- completion -------------------------------------------------------------------------------

    @add.autocomplete("quiz")
    async def _quiz(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return complete_source(self._library, current)

    @add.autocomplete("when")
    async def _when(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Show what is understood while it is typed."""
        return await to_thread(when_choices, current, await self._zone(interaction), interaction.created_at)

    @add.autocomplete("until")
    async def _until(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Show which day is understood."""
        return await to_thread(until_choices, current, await self._zone(interaction), interaction.created_at)

    @add.autocomplete("repeat")
    async def _repeat(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Show which repetition is understood, beginning with the day that was typed before."""
        when = interaction.namespace.when or ""
        zone = await self._zone(interaction)
        return await to_thread(repeat_choices, current, when, zone, interaction.created_at)

    async def _zone(self, interaction: Interaction) -> ZoneInfo:
        return ZoneInfo((await self._settings.of(server_of(interaction))).time_zone)

    @remove.autocomplete("schedule")
    @pause.autocomplete("schedule")
    @resume.autocomplete("schedule")
    async def _kept(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Offer the server's schedules by number, title and repetition."""
        kept = await self._schedules.fetch_kept(server_of(interaction))
        return _offer([(self._line(one), str(one.id.number)) for one in kept], current)

    @run_now.autocomplete("schedule")
    async def _playable(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Offer those whose last date is over as well: what they have missed can be made up for."""
        server_id = server_of(interaction)
        kept = await self._schedules.fetch_kept(server_id)
        ended = await self._schedules.fetch_ended(server_id, MAX_CHOICES)
        return _offer([(self._line(one), str(one.id.number)) for one in (*kept, *ended)], current)

    @skip_next.autocomplete("schedule")
    async def _dates(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Offer the next date of each, and let the choice carry it: by then another one may be next."""
        kept = await self._schedules.fetch_kept(server_of(interaction))
        offered: list[tuple[str, str]] = []
        for one in kept:
            if one.runs and one.next_at is not None and knows_zone(one.zone):
                date = dates.day_and_time(wall_of(one.next_at, zone_of(one.zone)))
                choice = f"{one.id.number}@{int(one.next_at.timestamp())}"
                offered.append((self._line(one, date), choice))
        return _offer(offered, current)

    # --- names ------------------------------------------------------------------------------------

    def _title(self, schedule: Schedule) -> str:
        return escape_quiz_text(self._panel.title(schedule))

    def _line(self, schedule: Schedule, *more: str) -> str:
        parts = (
            str(schedule.id.number),
            *more,
            self._panel.title(schedule),
            plain_text(cards.repeats(schedule)),
        )
        return " · ".join(parts)


def _may_mention(interaction: Interaction, channel_id: int) -> bool:
    """Return whether whoever asks may mention every role in a channel, which need not be this one."""
    if channel_id == interaction.channel_id:
        return interaction.permissions.mention_everyone
    channel = interaction.guild and interaction.guild.get_channel_or_thread(channel_id)
    if channel is None or not isinstance(interaction.user, discord.Member):
        return False
    return channel.permissions_for(interaction.user).mention_everyone


def _date_of(choice: str) -> tuple[str, datetime | None]:
    """Return a schedule's number and the date that a choice of `skip-next` carries, if it was not typed."""
    carried = re.fullmatch(r"(\d{1,9})@(\d{1,10})", choice, re.ASCII)
    return (carried[1], datetime.fromtimestamp(int(carried[2]), UTC)) if carried else (choice, None)


def _offer(named: Iterable[tuple[str, str]], typed: str) -> list[app_commands.Choice[str]]:
    """Return the choices whose name contains what was typed."""
    wanted = typed.strip().casefold()
    found = [(name, value) for name, value in named if wanted in name.casefold()]
    return [app_commands.Choice(name=shorten(name), value=value) for name, value in found[:MAX_CHOICES]]
