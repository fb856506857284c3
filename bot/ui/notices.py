"""Notices to those who run a server: in its moderators' log or, if that fails, to one person."""

import logging
from collections.abc import Awaitable, Callable

import discord

from bot.clock import Clock
from bot.services.ports import StageError, StageUnavailable
from bot.text.rounds import notice_in_log
from bot.ui.faults import faults
from bot.ui.guard import LINE_ERRORS
from bot.ui.places import Sight, look, look_at_server
from bot.ui.posting import MAX_NONCE

log = logging.getLogger(__name__)

#: How long to wait before sending again after a connection problem.
RETRY_SECONDS = (2, 8)


class Notices:
    """Tells moderators what happened out of their sight."""

    def __init__(
        self, client: discord.Client, log_channel: Callable[[int], Awaitable[int | None]], clock: Clock
    ) -> None:
        self._client, self._log_channel, self._clock = client, log_channel, clock

    async def tell(self, server_id: int, host_id: int, sentence: str, nonce: str) -> None:
        """Post a notice in the server's log, or send it to whoever it is about; never raises.

        Args:
            server_id: whose log it is.
            host_id: who asked for what the notice is about.
            sentence: the notice, as told to that person.
            nonce: the same for the same notice, so that it is posted once; its last 25 characters count.
        """
        if look_at_server(self._client, server_id)[0] is Sight.NO_SERVER:
            log.info("server %s has removed the bot, so nobody is told: %s", server_id, sentence)
            return
        nonce = nonce[-MAX_NONCE:]
        if await self._in_log(server_id, notice_in_log(host_id, sentence), nonce):
            return

        async def send_to_host() -> None:
            async with faults(lambda: Sight.OPEN):
                channel = await self._client.create_dm(discord.Object(host_id))
                await channel.send(sentence, nonce=nonce)

        try:
            await self._persist(send_to_host)
        except (StageError, *LINE_ERRORS) as error:
            log.warning("server %s: nobody could be told (%.300r): %s", server_id, _cause(error), sentence)

    async def _in_log(self, server_id: int, sentence: str, nonce: str) -> bool:
        try:
            channel_id = await self._log_channel(server_id)
            if channel_id is None:
                return False
            channel = self._client.get_partial_messageable(channel_id, guild_id=server_id)

            async def post() -> None:
                async with faults(lambda: look(self._client, server_id, channel_id)):
                    await channel.send(sentence, nonce=nonce)

            await self._persist(post)
        except Exception as error:  # noqa: BLE001 - the database's errors, too: the direct message is left
            log.warning("server %s: could not post in its log: %.300r", server_id, _cause(error))
            return False
        return True

    async def _persist(self, send: Callable[[], Awaitable[None]]) -> None:
        """Send something, a few times if only the connection fails."""
        for seconds in RETRY_SECONDS:
            try:
                return await send()
            except StageUnavailable:
                await self._clock.sleep(seconds)
        return await send()


def _cause(error: BaseException) -> BaseException:
    return error.__cause__ or error
