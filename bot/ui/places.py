"""What the bot may do in a channel, from the cache: no call here makes a request."""

import discord

from bot.services.errors import MissingPermissions, NotANoticeChannel, NotARoundChannel, NoticesNotAllowed

_NEEDED = ("view_channel", "send_messages", "attach_files", "read_message_history")
_NEEDED_IN_THREAD = ("view_channel", "send_messages_in_threads", "attach_files", "read_message_history")
_NEEDED_FOR_THREAD = ("create_public_threads", "send_messages_in_threads")
_NEEDED_FOR_NOTICES = ("view_channel", "send_messages")
_NEEDED_FOR_NOTICES_IN_THREAD = ("view_channel", "send_messages_in_threads")

Sendable = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread


class DiscordPlaces:
    """Implements `bot.services.ports.Places`."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

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
        channel = guild and guild.get_channel_or_thread(channel_id)
        return channel if isinstance(channel, Sendable) else None


def _missing(channel: Sendable, needed: tuple[str, ...]) -> tuple[str, ...]:
    granted = channel.permissions_for(channel.guild.me)
    return tuple(name for name in needed if not getattr(granted, name))
