"""On which servers the bot is: what Discord tells of it reaches the service."""

import logging
from collections.abc import Callable
from typing import Any

import discord

from bot.services.servers import ServerService
from bot.ui.gateway import is_known_discordpy

log = logging.getLogger(__name__)


def take_losses(client: discord.Client) -> None:
    """Let a new session's list of servers count.

    discord.py keeps the servers that are not on it any more. Here they are removed as Discord's own word
    that the bot is out would remove them.
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
    """Listens where the bot comes and goes."""

    def __init__(self, client: discord.Client, servers: ServerService) -> None:
        self._client, self._servers = client, servers

    async def compare(self) -> None:
        """Look for servers that were lost, or came back, while nobody listened."""
        try:
            await self._servers.be_on({guild.id for guild in self._client.guilds})
        except Exception:  # all else that begins with the connection must not depend on it
            log.exception("lost servers could not be noted; they are at the next connection")

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """A server has added the bot."""
        await self._servers.join(guild.id)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """A server has removed the bot, or is no more. One that is only out of reach stays."""
        await self._servers.leave(guild.id)
