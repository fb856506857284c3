"""*I'm in* on an announcement."""

from bot.domain.round import RoundId
from bot.services.rounds import RoundService
from bot.text import rounds as words
from bot.ui.custom_ids import JoinButton
from bot.ui.guard import Interaction, take_time, tell


class JoinControl:
    """Notes who will play."""

    def __init__(self, rounds: RoundService) -> None:
        self._rounds = rounds

    async def press(self, interaction: Interaction, server_id: int, button: JoinButton) -> None:
        """Note that somebody will play, or undo that."""
        await take_time(interaction)
        who = interaction.user
        round_id = RoundId(server_id, button.round_number)
        is_in, count = await self._rounds.join(round_id, who.id, who.display_name)
        await tell(interaction, words.joined(count) if is_in else words.left())
