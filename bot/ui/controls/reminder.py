"""*Remind me* on the card of a scheduled round."""

from datetime import UTC, datetime

from bot.domain.schedule import ScheduleId
from bot.services.schedules import ScheduleService
from bot.text.schedules import reminder_noted
from bot.ui.custom_ids import ReminderButton
from bot.ui.guard import Interaction, take_time, tell


class ReminderControl:
    """Notes who wants to be reminded."""

    def __init__(self, schedules: ScheduleService) -> None:
        self._schedules = schedules

    async def press(self, interaction: Interaction, server_id: int, button: ReminderButton) -> None:
        """Note a reminder, or undo it if there is one."""
        await take_time(interaction)
        schedule_id = ScheduleId(server_id, button.schedule_number)
        due_at = datetime.fromtimestamp(button.due, UTC)
        wanted = await self._schedules.toggle_reminder(schedule_id, due_at, interaction.user.id)
        await tell(interaction, reminder_noted(due_at, wanted=wanted))
