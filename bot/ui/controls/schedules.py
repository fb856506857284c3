"""The menu and buttons of the moderators' private list of schedules."""

from datetime import UTC, datetime
from typing import Any, assert_never

import discord
from discord import ui

from bot.services.errors import ListExpired, UnknownButton
from bot.services.schedules import ScheduleService
from bot.text import schedules as said
from bot.ui.cards import schedule_panel as cards
from bot.ui.custom_ids import ScheduleButton, ScheduleMenu, ScheduleStep
from bot.ui.escape import escape_quiz_text
from bot.ui.guard import Interaction, take_time
from bot.ui.moderators import check_card
from bot.ui.schedule_panel import SchedulePanel


class ScheduleControl:
    """Takes the step that a button names, and shows the resulting schedule."""

    def __init__(self, schedules: ScheduleService, panel: SchedulePanel) -> None:
        self._schedules, self._panel = schedules, panel

    async def choose(self, interaction: Interaction, server_id: int, _: ScheduleMenu) -> None:
        """Show the schedule that was chosen."""
        check_card(interaction, ScheduleMenu, ListExpired())
        data: Any = interaction.data
        chosen: list[str] = data.get("values") or []
        if not chosen:
            raise UnknownButton
        await take_time(interaction, in_place=True)
        planned = await self._schedules.show(server_id, chosen[0])
        view = self._panel.show(planned, interaction.created_at)
        await interaction.edit_original_response(view=view, attachments=[])

    async def press(self, interaction: Interaction, server_id: int, button: ScheduleButton) -> None:
        """Take a step, or show the list again."""
        check_card(interaction, ScheduleButton, ListExpired())
        await take_time(interaction, in_place=True)
        files: list[discord.File] = []
        if button.step is ScheduleStep.LIST:
            view, files = await self._panel.list_all(server_id, interaction.created_at)
        else:
            view = await self._take(server_id, button, interaction.created_at)
        await interaction.edit_original_response(view=view, attachments=files)

    async def _take(self, server_id: int, button: ScheduleButton, now: datetime) -> ui.LayoutView:
        number, due_at = str(button.schedule_number), datetime.fromtimestamp(button.due, UTC)
        match button.step:
            case ScheduleStep.SKIP:
                planned = await self._schedules.skip_next(server_id, number, due_at=due_at)
                return self._panel.show(planned, now, said.schedule_skipped(due_at, planned.dates))
            case ScheduleStep.UNSKIP:
                planned = await self._schedules.unskip(server_id, number, due_at)
                return self._panel.show(planned, now, said.schedule_unskipped(due_at))
            case ScheduleStep.PAUSE:
                await self._schedules.pause(server_id, number)
            case ScheduleStep.RESUME:
                await self._schedules.resume(server_id, number)
            case ScheduleStep.REMOVE:
                return self._panel.confirm_removal((await self._schedules.show(server_id, number)).schedule)
            case ScheduleStep.REMOVE_FOR_GOOD:
                removed = await self._schedules.remove(server_id, number)
                title = escape_quiz_text(self._panel.title(removed))
                return cards.removed(removed, said.schedule_removed(removed.id.number, title))
            case ScheduleStep.SHOW:
                pass
            case ScheduleStep.LIST:
                raise UnknownButton
            case _:
                assert_never(button.step)
        return self._panel.show(await self._schedules.show(server_id, number), now)
