"""What the bot may do in a channel, from the cache; only for an archived thread Discord is asked first.

Discord tells a bot of the threads that are active, and a post in another one opens it again.
"""

import asyncio
import logging

import discord

from bot.services.errors import MissingPermissions, NotANoticeChannel, NotARoundChannel, NoticesNotAllowed
from bot.ui.guard import LINE_ERRORS

log = logging.getLogger(__name__)

#: How long Discord may take to tell of a thread: a command may ask twice, and Discord waits for us for three.
LOOK_UP_SECONDS = 1.0

_NEEDED = ("view_channel", "send_messages", "attach_files", "read_message_history")
_NEEDED_IN_THREAD = ("view_channel", "send_messages_in_threads", "attach_files", "read_message_history")
_NEEDED_FOR_THREAD = ("create_public_threads", "send_messages_in_threads")
_NEEDED_IN_LOCKED_THREAD = ("manage_threads",)
_NEEDED_FOR_NOTICES = ("view_channel", "send_messages")
_NEEDED_FOR_NOTICES_IN_THREAD = ("view_channel", "send_messages_in_threads")

Sendable = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread


class DiscordPlaces:
    """Implements `bot.services.ports.Places`."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._looked_up: dict[int, discord.Thread] = {}  #: threads that were archived when they were needed

    async def look_up(self, server_id: int, channel_id: int) -> None:
        """Ask Discord for a thread that is not in the cache, and keep what it says for the checks."""
        self._looked_up.pop(channel_id, None)
        guild = self._client.get_guild(server_id)
        if guild is None or guild.get_channel_or_thread(channel_id) is not None:
            return
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                found = await guild.fetch_channel(channel_id)
        except LINE_ERRORS as error:  # it is gone, hidden, or out of Discord's reach: the checks find nothing
            log.info("server %s: channel %s could not be looked up: %r", server_id, channel_id, error)
            return
        if isinstance(found, discord.Thread):
            self._looked_up[channel_id] = found

    def check(self, server_id: int, channel_id: int, *, thread: bool) -> None:
        """Raise if a round cannot be played there."""
        channel = self._find(server_id, channel_id)
        if channel is None or (thread and not isinstance(channel, discord.TextChannel)):
            raise NotARoundChannel(channel_id)
        needed = _NEEDED_IN_THREAD if isinstance(channel, discord.Thread) else _NEEDED
        if missing := _missing(channel, needed + (_NEEDED_FOR_THREAD if thread else ())):
            raise MissingPermissions(channel_id, missing)

    def check_notices(self, server_id: int, channel_id: int) -> None:
        """Raise if no notice can be posted there."""
        channel = self._find(server_id, channel_id)
        if channel is None:
            raise NotANoticeChannel(channel_id)
        in_thread = isinstance(channel, discord.Thread)
        needed = _NEEDED_FOR_NOTICES_IN_THREAD if in_thread else _NEEDED_FOR_NOTICES
        if missing := _missing(channel, needed):
            raise NoticesNotAllowed(channel_id, missing)

    def _find(self, server_id: int, channel_id: int) -> Sendable | None:
        guild = self._client.get_guild(server_id)
        if guild is None:
            return None
        channel = guild.get_channel_or_thread(channel_id) or self._looked_up.get(channel_id)
        return channel if isinstance(channel, Sendable) and channel.guild == guild else None


def _missing(channel: Sendable, needed: tuple[str, ...]) -> tuple[str, ...]:
    granted = channel.permissions_for(channel.guild.me)
    if isinstance(channel, discord.Thread) and channel.archived and channel.locked:
        needed += _NEEDED_IN_LOCKED_THREAD  # nobody else opens it again
    return tuple(name for name in needed if not getattr(granted, name))
