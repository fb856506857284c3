"""Buttons that control a round, for its host and the moderators."""

from discord import ui

from bot.domain.round import RoundId
from bot.services.steering import Person, SteeringService
from bot.text import steering as words
from bot.ui.cards import steering as cards
from bot.ui.custom_ids import SteerButton, Step
from bot.ui.guard import Interaction, show, take_time, tell
from bot.ui.moderators import has_right, is_fresh, is_on_own_card


class SteerControl:
    """Takes the step that a button names, and shows where the round then stands."""

    def __init__(self, steering: SteeringService) -> None:
        self._steering = steering

    async def press(self, interaction: Interaction, server_id: int, button: SteerButton) -> None:
        """Control a round; the service decides whether this person may."""
        in_private = is_on_own_card(interaction, SteerButton)
        is_moderator = has_right(interaction) or (in_private and is_fresh(interaction))
        person = Person(interaction.user.id, is_moderator)
        round_id = RoundId(server_id, button.round_number)
        # A forged id must not replace a public card with a moderators' one.
        await take_time(interaction, in_place=in_private)
        if button.step is Step.START:
            await self._steering.start_now(round_id, person)
            await tell(interaction, words.started_now())
            return
        await show(interaction, await self._take(button.step, round_id, person))

    async def _take(self, step: Step, round_id: RoundId, person: Person) -> ui.LayoutView:
        note: str | None = None
        match step:
            case Step.STOP_FOR_GOOD:
                await self._steering.stop(round_id, person)
                return cards.stopped()
            case Step.STOP:
                return cards.confirm_stop(self._steering.status(round_id, person).round)
            case Step.PAUSE:
                await self._steering.pause(round_id, person)
            case Step.RESUME:
                await self._steering.resume(round_id, person)
            case Step.SKIP:
                note = cards.skipped(await self._steering.skip(round_id, person))
            case _:
                pass
        return cards.status(self._steering.status(round_id, person), note)
