"""The floor: bare discord.py that acknowledges a click and does nothing else."""

from tests.bench.bots import peer


async def acknowledge(interaction: peer.Interaction, _: int) -> None:
    """Say that the click has arrived."""
    await interaction.response.defer()


if __name__ == "__main__":
    peer.run(acknowledge)
