"""The one dispatcher of our buttons, menus and forms: by custom id, whatever their age.

Nothing is registered per message, so each works after a restart as it did before.
"""

from datetime import UTC, datetime
from enum import Enum
from typing import Any

import discord

from bot.domain.round import RoundId
from bot.domain.schedule import ScheduleId
from bot.services.errors import UnknownButton
from bot.services.live_round import Click
from bot.services.results import ResultService
from bot.services.rounds import RoundService
from bot.services.schedules import ScheduleService
from bot.text import rounds as words
from bot.text.schedules import reminder_noted
from bot.ui.cards.results import report_pages
from bot.ui.custom_ids import (
    PREFIX,
    AnswerButton,
    ReminderButton,
    ReportButton,
    SettingForm,
    SettingsMenu,
    decode,
)
from bot.ui.guard import Interaction, answer_error, tell
from bot.ui.presses import press_of
from bot.ui.receipts import Receipts
from bot.ui.settings_panel import SettingsPanel


class _Kind(Enum):
    """What was used: an id that names a button is none of ours when a form says it."""

    BUTTON = discord.ComponentType.button.value
    MENU = discord.ComponentType.select.value
    FORM = "form"


class Router:
    """Answers clicks, choices and forms."""

    def __init__(
        self,
        *,
        rounds: RoundService,
        results: ResultService,
        schedules: ScheduleService,
        receipts: Receipts,
        settings: SettingsPanel,
    ) -> None:
        self._rounds, self._results, self._schedules = rounds, results, schedules
        self._receipts, self._settings = receipts, settings

    async def on_interaction(self, interaction: Interaction) -> None:
        """Handle what was done with one of our controls; whatever goes wrong becomes a private sentence."""
        ours = {discord.InteractionType.component, discord.InteractionType.modal_submit}
        if interaction.type not in ours or interaction.data is None:
            return
        custom_id = str(interaction.data.get("custom_id", ""))
        if not custom_id.startswith(PREFIX):
            return
        try:
            await self._dispatch(interaction, custom_id)
        except Exception as error:  # noqa: BLE001 - the guard decides what each error means
            await answer_error(interaction, error)

    async def _dispatch(self, interaction: Interaction, custom_id: str) -> None:
        if interaction.guild_id is None:
            raise UnknownButton
        server_id = interaction.guild_id
        match _kind(interaction), decode(custom_id):
            case _Kind.BUTTON, AnswerButton() as button:
                await self._answer(interaction, RoundId(server_id, button.round_number), button)
            case _Kind.BUTTON, ReportButton() as button:
                await self._report(interaction, RoundId(server_id, button.round_number), button)
            case _Kind.BUTTON, ReminderButton() as button:
                await self._remind(interaction, ScheduleId(server_id, button.schedule_number), button.due)
            case _Kind.MENU, SettingsMenu():
                await self._settings.choose(interaction, server_id)
            case _Kind.FORM, SettingForm() as form:
                await self._settings.submit(interaction, server_id, form.name)
            case _:
                raise UnknownButton

    async def _answer(self, interaction: Interaction, round_id: RoundId, button: AnswerButton) -> None:
        press = press_of(interaction)
        if press is None:
            raise UnknownButton
        click = Click(
            question_number=button.question_number,
            slot=button.slot,
            message_id=press.message_id,
            interaction_id=interaction.id,
            player_id=press.player_id,
            player_name=press.player_name,
            at=interaction.created_at,
        )
        receipt = await self._rounds.answer(round_id, click)
        sentence = words.receipt(receipt.letter, locked=receipt.locked)
        await self._receipts.send(interaction, press.player_id, round_id, button.question_number, sentence)

    async def _remind(self, interaction: Interaction, schedule_id: ScheduleId, due: int) -> None:
        due_at = datetime.fromtimestamp(due, UTC)
        wanted = await self._schedules.toggle_reminder(schedule_id, due_at, interaction.user.id)
        await tell(interaction, reminder_noted(due_at, wanted=wanted))

    async def _report(self, interaction: Interaction, round_id: RoundId, button: ReportButton) -> None:
        report = await self._results.report(round_id, interaction.user.id)
        pages = report_pages(report)
        page = pages[min(button.page, len(pages) - 1)]
        # Pages turn in private messages only: a forged id must not put a report in place of a public card.
        in_private = interaction.message is not None and interaction.message.flags.ephemeral
        if button.opens or not in_private:
            await interaction.response.send_message(view=page, ephemeral=True)
        else:
            await interaction.response.edit_message(view=page)


def _kind(interaction: Interaction) -> _Kind | None:
    if interaction.type is discord.InteractionType.modal_submit:
        return _Kind.FORM
    data: Any = interaction.data
    try:
        return _Kind(data.get("component_type"))
    except ValueError:
        return None
