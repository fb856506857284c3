"""The moderators' private list of schedules, and the card of each."""

import io
from asyncio import to_thread
from datetime import date, datetime

import discord
from discord import ui

from bot.domain.schedule import Schedule
from bot.services.calendar import to_calendar
from bot.services.library import Library
from bot.services.schedules import Planned, ScheduleService
from bot.text import schedules as words
from bot.text.dates import day
from bot.text.phrases import fewer_questions
from bot.ui.cards import schedule_panel as cards
from bot.ui.cards.parts import small
from bot.ui.cards.schedules import plain_title, repeats
from bot.ui.escape import escape_quiz_text, plain_text


class SchedulePanel:
    """Puts together what is shown about a server's schedules."""

    def __init__(self, schedules: ScheduleService, library: Library) -> None:
        self._schedules, self._library = schedules, library

    async def list_all(self, server_id: int, now: datetime) -> tuple[ui.LayoutView, list[discord.File]]:
        """Return the list and the calendar that goes with it."""
        listed = await self._schedules.list_kept(server_id)
        view = cards.schedule_list(listed.planned, self.title, now)
        if not listed.planned:
            return view, []
        calendar = await to_thread(  # for 50 schedules a tenth of a second
            to_calendar,
            [one.schedule for one in listed.planned],
            summary_of=lambda schedule: words.calendar_summary(self.title(schedule)),
            skipped=listed.skipped,
            now=now,
        )
        return view, [discord.File(io.BytesIO(calendar), cards.CALENDAR_FILE)]

    def show(self, planned: Planned, now: datetime, note: str | None = None) -> ui.LayoutView:
        """Return the card of one schedule."""
        return cards.one_schedule(planned, self.title(planned.schedule), now, note)

    def confirm_removal(self, schedule: Schedule) -> ui.LayoutView:
        """Return the confirmation for removing a schedule."""
        return cards.confirm_removal(schedule, self.title(schedule))

    def added(self, planned: Planned, typed: date) -> str:
        """Say that a schedule was stored, with every option, and if the typed day is not one of its dates."""
        schedule = planned.schedule
        title = escape_quiz_text(self.title(schedule))
        added = words.schedule_added(
            schedule.id.number, title, schedule.channel_id, repeats(schedule), planned.dates
        )
        first = schedule.next_wall
        if first is not None and first.date() != typed:
            added = f"{added} {words.other_first_day(day(typed), day(first))}"
        return self._with_options(added, schedule)

    def edited(self, planned: Planned) -> str:
        """Say what a schedule is now, with every option."""
        schedule = planned.schedule
        title = escape_quiz_text(self.title(schedule))
        edited = words.schedule_edited(
            schedule.id.number, title, schedule.channel_id, repeats(schedule), planned.dates
        )
        return self._with_options(edited, schedule)

    def _with_options(self, said: str, schedule: Schedule) -> str:
        """Add every option, and that the one quiz has fewer questions than were asked for, if so."""
        quiz, questions = self._library.find(schedule.source), schedule.options.questions
        if quiz is not None and questions is not None and questions > len(quiz.questions):
            said = f"{said} {fewer_questions(questions, len(quiz.questions))}"
        return f"{said}\n{small(cards.options(schedule))}"

    def title(self, schedule: Schedule) -> str:
        """Return what a schedule plays, as plain text."""
        return plain_title(schedule, self._library.find(schedule.source))

    def line(self, schedule: Schedule, *more: str) -> str:
        """Return a schedule as one line of plain text, for a choice."""
        how_often = plain_text(repeats(schedule))
        return " · ".join((str(schedule.id.number), *more, self.title(schedule), how_often))
