"""Notices to those who run a server: in its moderators' log or, if that cannot be, to one person."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import discord

from bot.text.rounds import notice_in_log
from bot.ui.guard import LINE_ERRORS
from bot.ui.posting import CALL_SECONDS, MAX_NONCE

log = logging.getLogger(__name__)


class Notices:
    """Tells moderators what they did not see happen."""

    def __init__(self, client: discord.Client, log_channel: Callable[[int], Awaitable[int | None]]) -> None:
        self._client, self._log_channel = client, log_channel

    async def tell(self, server_id: int, host_id: int, sentence: str, nonce: str) -> None:
        """Post a notice in the server's log, or send it to whoever it is about; never raises.

        Args:
            server_id: whose log it is.
            host_id: who asked for what the notice is about.
            sentence: the notice, as it is said to that person.
            nonce: the same for the same notice, so that it is posted once; its last 25 characters count.
        """
        nonce = nonce[-MAX_NONCE:]
        if await self._in_log(server_id, notice_in_log(host_id, sentence), nonce):
            return
        try:
            async with asyncio.timeout(CALL_SECONDS):
                channel = await self._client.create_dm(discord.Object(host_id))
                await channel.send(sentence, nonce=nonce)
        except LINE_ERRORS as error:
            log.warning("server %s: nobody could be told (%r): %s", server_id, error, sentence)

    async def _in_log(self, server_id: int, sentence: str, nonce: str) -> bool:
        try:
            channel_id = await self._log_channel(server_id)
            if channel_id is None:
                return False
            channel = self._client.get_partial_messageable(channel_id, guild_id=server_id)
            async with asyncio.timeout(CALL_SECONDS):
                await channel.send(sentence, nonce=nonce)
        except Exception as error:  # noqa: BLE001 - the database's errors, too: the direct message is left
            log.warning("server %s: its log could not be written to: %r", server_id, error)
            return False
        return True
