"""Which servers the bot is on: passes what Discord says to the service."""

import logging
from collections.abc import Callable
from typing import Any

import discord

from bot.services.servers import ServerService
from bot.ui.gateway import is_known_discordpy

log = logging.getLogger(__name__)


def take_losses(client: discord.Client) -> None:
    """Let a new session's list of servers count.

    discord.py keeps servers that are no longer on it. Here they are removed as if Discord had said that the
    bot was removed.
    """
    if not is_known_discordpy():
        log.warning(
            "discord.py %s is new to us: lost servers are noted at the next start", discord.__version__
        )
        return
    state: Any = client._connection  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - see bot.ui.presses
    parse: Callable[[Any], None] = state.parsers["READY"]

    def parse_ready(payload: Any) -> None:  # noqa: ANN401 - JSON
        listed = {int(one["id"]) for one in payload["guilds"]}
        for guild in client.guilds:
            if guild.id not in listed and guild.shard_id == payload["shard"][0]:
                state.parsers["GUILD_DELETE"]({"id": str(guild.id)})
        parse(payload)

    state.parsers["READY"] = parse_ready


class Membership:
    """Listens for the bot being added and removed."""

    def __init__(self, client: discord.Client, servers: ServerService) -> None:
        self._client, self._servers = client, servers

    async def compare(self) -> None:
        """Look for servers that were lost, or came back, while nobody was listening."""
        try:
            await self._servers.be_on({guild.id for guild in self._client.guilds})
        except Exception:  # all else that begins with the connection must not depend on it
            log.exception("could not note lost servers; trying again at the next connection")

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """A server has added the bot."""
        await self._servers.join(guild.id)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """A server has removed the bot, or was deleted. One that is only out of reach stays."""
        await self._servers.leave(guild.id)
