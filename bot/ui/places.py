"""What the bot may do in a channel, from the cache; only for an archived thread is Discord asked first.

Discord tells a bot about active threads, and a post in any other one opens it again.
"""

import asyncio
import logging
from enum import Enum, auto

import discord

from bot.services.errors import (
    DiscordUnavailable,
    InTimeOut,
    MissingPermissions,
    NotANoticeChannel,
    NotARoundChannel,
    NoticesNotAllowed,
)
from bot.ui.guard import LINE_ERRORS

log = logging.getLogger(__name__)

#: How long Discord may take to describe a thread: a command may ask twice, and Discord waits three seconds.
LOOK_UP_SECONDS = 1.0

#: Codes by which Discord says that a channel is gone or hidden (docs.discord.com, opcodes and status codes).
UNKNOWN_CHANNEL, MISSING_ACCESS = 10003, 50001
NOT_TO_BE_SEEN = {UNKNOWN_CHANNEL, MISSING_ACCESS}

_NEEDED = ("view_channel", "send_messages", "attach_files", "read_message_history")
_NEEDED_IN_THREAD = ("view_channel", "send_messages_in_threads", "attach_files", "read_message_history")
#: The chat of a voice or stage channel is for those who may join it.
_NEEDED_IN_VOICE = ("connect",)
_NEEDED_FOR_THREAD = ("create_public_threads", "send_messages_in_threads")
_NEEDED_IN_LOCKED_THREAD = ("manage_threads",)
_NEEDED_FOR_NOTICES = ("view_channel", "send_messages")
_NEEDED_FOR_NOTICES_IN_THREAD = ("view_channel", "send_messages_in_threads")

Sendable = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread


class Sight(Enum):
    """What the gateway says about a place. It may be behind: it can refute a verdict, not give one."""

    UNTOLD = auto()  #: nothing yet: the first connection is being made
    UNAVAILABLE = auto()  #: the server is out of Discord's own reach
    NO_SERVER = auto()  #: the bot is not on the server
    NO_CHANNEL = auto()  #: the server has no such channel and no such thread that is active
    CLOSED = auto()  #: the bot may not do there what a round needs
    OPEN = auto()


def look_at_server(client: discord.Client, server_id: int) -> tuple[Sight, discord.Guild | None]:
    """Return what the gateway says about a server, and the server itself if it can be used."""
    guild = client.get_guild(server_id)
    if guild is None:
        return (Sight.NO_SERVER if client.is_ready() else Sight.UNTOLD), None
    return (Sight.UNAVAILABLE, None) if guild.unavailable else (Sight.OPEN, guild)


def look(client: discord.Client, server_id: int, channel_id: int, *, thread: bool = False) -> Sight:
    """Return what the gateway says about a place, for a round that opens a thread there or does not."""
    sight, guild = look_at_server(client, server_id)
    if guild is None:
        return sight
    channel = _known_channel(guild, channel_id)
    if channel is None:
        return Sight.NO_CHANNEL
    return Sight.CLOSED if isinstance(channel, Sendable) and _missing(channel, thread=thread) else Sight.OPEN


def visible_name(guild: discord.Guild, channel_id: int) -> str:
    """Return a channel's name, or nothing: for channels hidden from it, a bot gets a made-up one."""
    channel = _known_channel(guild, channel_id)
    visible = channel is not None and channel.permissions_for(guild.me).view_channel
    return channel.name if channel is not None and visible else ""


def _known_channel(guild: discord.Guild, channel_id: int) -> discord.abc.GuildChannel | discord.Thread | None:
    """Return a channel or thread; None if a thread's own channel is unknown, which has the permissions."""
    channel = guild.get_channel_or_thread(channel_id)
    return None if isinstance(channel, discord.Thread) and channel.parent is None else channel


class DiscordPlaces:
    """Implements `bot.services.ports.Places`."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._looked_up: dict[int, discord.Thread] = {}  #: threads that were archived when they were needed
        self._unanswered: set[int] = set()  #: channels that Discord neither confirmed nor denied

    async def look_up(self, server_id: int, channel_id: int) -> None:
        """Ask Discord for a thread that is not in the cache, and keep what it says for the checks."""
        self._looked_up.pop(channel_id, None)
        self._unanswered.discard(channel_id)
        guild = self._client.get_guild(server_id)
        if guild is None or guild.get_channel_or_thread(channel_id) is not None:
            return
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                found = await guild.fetch_channel(channel_id)
        except LINE_ERRORS as error:
            log.info("server %s: channel %s could not be looked up: %r", server_id, channel_id, error)
            if not (isinstance(error, discord.HTTPException) and error.code in NOT_TO_BE_SEEN):
                self._unanswered.add(channel_id)
            return
        if isinstance(found, discord.Thread):
            self._looked_up[channel_id] = found

    def check(self, server_id: int, channel_id: int, *, thread: bool) -> None:
        """Raise if a round cannot be played there."""
        channel = self._find(server_id, channel_id)
        if channel is None or (thread and not isinstance(channel, discord.TextChannel)):
            raise NotARoundChannel(channel_id)
        if missing := _missing(channel, thread=thread):
            raise MissingPermissions(channel_id, missing)

    def check_notices(self, server_id: int, channel_id: int) -> None:
        """Raise if no notice can be posted there."""
        channel = self._find(server_id, channel_id)
        if channel is None:
            raise NotANoticeChannel(channel_id)
        if missing := _missing_for_notices(channel):
            raise NoticesNotAllowed(channel_id, missing)

    def _find(self, server_id: int, channel_id: int) -> Sendable | None:
        """Return a channel; raise if the bot cannot post anywhere on its server, or it is unknown."""
        guild = self._client.get_guild(server_id)
        if guild is None:
            return None
        if guild.unavailable:
            raise DiscordUnavailable
        if (until := guild.me.timed_out_until) is not None and guild.me.is_timed_out():
            raise InTimeOut(until)
        channel = _known_channel(guild, channel_id) or self._looked_up.get(channel_id)
        if channel is None and channel_id in self._unanswered:
            raise DiscordUnavailable
        return channel if isinstance(channel, Sendable) and channel.guild == guild else None


def _missing(channel: Sendable, *, thread: bool) -> tuple[str, ...]:
    """Return which of the permissions that a round needs the bot does not have."""
    in_thread = isinstance(channel, discord.Thread)
    needed = _NEEDED_IN_THREAD if in_thread else _NEEDED
    return _not_granted(channel, needed + (_NEEDED_FOR_THREAD if thread else ()))


def _missing_for_notices(channel: Sendable) -> tuple[str, ...]:
    in_thread = isinstance(channel, discord.Thread)
    return _not_granted(channel, _NEEDED_FOR_NOTICES_IN_THREAD if in_thread else _NEEDED_FOR_NOTICES)


def _not_granted(channel: Sendable, needed: tuple[str, ...]) -> tuple[str, ...]:
    granted = channel.permissions_for(channel.guild.me)
    if isinstance(channel, discord.VoiceChannel | discord.StageChannel):
        needed += _NEEDED_IN_VOICE
    if isinstance(channel, discord.Thread) and channel.archived and channel.locked:
        needed += _NEEDED_IN_LOCKED_THREAD  # nobody else opens it again
    return tuple(name for name in needed if not getattr(granted, name))
