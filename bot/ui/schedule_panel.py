"""The moderators' private list of schedules, and the card of each."""

import io
from asyncio import to_thread
from datetime import datetime

import discord
from discord import ui

from bot.domain.schedule import Schedule
from bot.services.calendar import to_calendar
from bot.services.library import Library
from bot.services.schedules import Planned, ScheduleService
from bot.text.schedules import calendar_summary
from bot.ui.cards import schedule_panel as cards
from bot.ui.cards.schedules import plain_title


class SchedulePanel:
    """Puts together what is shown of a server's schedules."""

    def __init__(self, schedules: ScheduleService, library: Library) -> None:
        self._schedules, self._library = schedules, library

    async def list_all(self, server_id: int, now: datetime) -> tuple[ui.LayoutView, list[discord.File]]:
        """Return the list, and the calendar that goes with it."""
        listed = await self._schedules.list_kept(server_id)
        view = cards.schedule_list(listed.planned, self.title, now)
        if not listed.planned:
            return view, []
        calendar = await to_thread(  # for 50 schedules a tenth of a second
            to_calendar,
            [one.schedule for one in listed.planned],
            summary_of=lambda schedule: calendar_summary(self.title(schedule)),
            skipped=listed.skipped,
            now=now,
        )
        return view, [discord.File(io.BytesIO(calendar), cards.CALENDAR_FILE)]

    def show(self, planned: Planned, now: datetime, note: str | None = None) -> ui.LayoutView:
        """Return the card of one schedule."""
        return cards.one_schedule(planned, self.title(planned.schedule), now, note)

    def confirm_removal(self, schedule: Schedule) -> ui.LayoutView:
        """Return the question before a schedule is removed."""
        return cards.confirm_removal(schedule, self.title(schedule))

    def title(self, schedule: Schedule) -> str:
        """Return what a schedule plays, as plain text."""
        return plain_title(schedule, self._library.find(schedule.source))
