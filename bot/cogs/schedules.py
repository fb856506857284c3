"""`/schedule`: moderators have rounds start on their own."""

from discord import app_commands
from discord.ext import commands

from bot.cogs.completion import MAX_CHOICES, server_of
from bot.cogs.schedule_choices import date_of, offer
from bot.cogs.schedule_making import ScheduleMaking
from bot.domain.schedule import Schedule
from bot.domain.walltime import wall_of
from bot.services.zones import knows_zone, zone_of
from bot.text import dates
from bot.text import schedules as words
from bot.ui.escape import escape_quiz_text
from bot.ui.guard import Interaction, show, take_time, tell


@app_commands.guild_only()
@app_commands.default_permissions(manage_events=True)
class ScheduleCog(
    ScheduleMaking,
    commands.GroupCog,
    group_name="schedule",
    group_description="Have quiz rounds start on their own",
):
    """Parse, call the service, reply. Who may use `/schedule` is the server's own decision."""

    @app_commands.command(name="list")
    async def list_(self, interaction: Interaction) -> None:
        """List what is scheduled, with the next three dates of each and a calendar file"""
        await take_time(interaction)
        view, files = await self._panel.list_all(server_of(interaction), interaction.created_at)
        await interaction.followup.send(view=view, files=files, ephemeral=True)

    @app_commands.command(name="remove")
    @app_commands.describe(schedule="Which schedule, by its number")
    async def remove(self, interaction: Interaction, schedule: str) -> None:
        """Remove a schedule; rounds already played are kept"""
        await take_time(interaction)
        removed = await self._schedules.remove(server_of(interaction), schedule)
        await tell(interaction, words.schedule_removed(removed.id.number, self._title(removed)))

    @app_commands.command(name="pause")
    @app_commands.describe(schedule="Which schedule, by its number")
    async def pause(self, interaction: Interaction, schedule: str) -> None:
        """Pause a schedule until it is resumed"""
        await take_time(interaction)
        paused = await self._schedules.pause(server_of(interaction), schedule)
        await tell(interaction, words.schedule_paused(paused.id.number, self._title(paused)))

    @app_commands.command(name="resume")
    @app_commands.describe(schedule="Which schedule, by its number")
    async def resume(self, interaction: Interaction, schedule: str) -> None:
        """Resume a paused schedule from its next date"""
        await take_time(interaction)
        planned = await self._schedules.resume(server_of(interaction), schedule)
        resumed = planned.schedule
        await tell(
            interaction, words.schedule_resumed(resumed.id.number, self._title(resumed), planned.dates[0])
        )

    @app_commands.command(name="skip-next")
    @app_commands.describe(schedule="Which schedule, by its number")
    async def skip_next(self, interaction: Interaction, schedule: str) -> None:
        """Skip a schedule's next date; you can undo this"""
        number, due_at = date_of(schedule)
        await take_time(interaction)
        planned = await self._schedules.skip_next(server_of(interaction), number, due_at=due_at)
        skipped = planned.left_out or interaction.created_at
        view = self._panel.show(
            planned, interaction.created_at, words.schedule_skipped(skipped, planned.dates)
        )
        await show(interaction, view)

    @app_commands.command(name="run-now")
    @app_commands.describe(schedule="Which schedule, by its number")
    async def run_now(self, interaction: Interaction, schedule: str) -> None:
        """Start a round of a schedule now, besides its dates and without pinging anybody"""
        await take_time(interaction)
        played = await self._schedules.run_now(server_of(interaction), schedule)
        await tell(
            interaction, words.round_started_now(escape_quiz_text(played.quiz.title), played.channel_id)
        )

    # --- completion -------------------------------------------------------------------------------

    @remove.autocomplete("schedule")
    @pause.autocomplete("schedule")
    @resume.autocomplete("schedule")
    async def _kept(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Offer the server's schedules by number, title and repetition."""
        kept = await self._schedules.fetch_kept(server_of(interaction))
        return offer([(self._panel.line(one), str(one.id.number)) for one in kept], current)

    @run_now.autocomplete("schedule")
    async def _playable(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Also offer those whose last date has passed: what they missed can be made up for."""
        server_id = server_of(interaction)
        kept = await self._schedules.fetch_kept(server_id)
        ended = await self._schedules.fetch_ended(server_id, MAX_CHOICES)
        return offer([(self._panel.line(one), str(one.id.number)) for one in (*kept, *ended)], current)

    @skip_next.autocomplete("schedule")
    async def _dates(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Offer the next date of each, and carry it in the choice: by then another one may be next."""
        kept = await self._schedules.fetch_kept(server_of(interaction))
        offered: list[tuple[str, str]] = []
        for one in kept:
            if one.runs and one.next_at is not None and knows_zone(one.zone):
                date = dates.day_and_time(wall_of(one.next_at, zone_of(one.zone)))
                choice = f"{one.id.number}@{int(one.next_at.timestamp())}"
                offered.append((self._panel.line(one, date), choice))
        return offer(offered, current)

    # --- names ------------------------------------------------------------------------------------

    def _title(self, schedule: Schedule) -> str:
        return escape_quiz_text(self._panel.title(schedule))
