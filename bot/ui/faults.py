"""What faults mean for a post: a refusal is a verdict only if Discord's own code and the gateway agree on it.

Proxies and services between us and Discord answer with the same statuses (a 403 from Cloudflare has no code,
or 40333), and while a server is unavailable its channels are "unknown". Anything that is no verdict passes.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager

import aiohttp
import discord

from bot.services.ports import MessageGone, PlaceClosed, PlaceGone, StageError, StageRefused, StageUnavailable
from bot.ui.places import MISSING_ACCESS, UNKNOWN_CHANNEL, Sight

#: How long a call may take, with discord.py's own retries (1 + 3 + 5 + 7 + 9 seconds) in it.
CALL_SECONDS = 60

# What Discord calls an error code (docs.discord.com, opcodes and status codes).
UNKNOWN_GUILD, UNKNOWN_MESSAGE = 10004, 10008
MISSING_PERMISSIONS = 50013
THREAD_ARCHIVED, THREAD_LOCKED = 50083, 160005

_GONE = {Sight.NO_SERVER: PlaceGone, Sight.NO_CHANNEL: PlaceGone}
_CLOSED = {Sight.NO_SERVER: PlaceGone, Sight.NO_CHANNEL: PlaceClosed, Sight.CLOSED: PlaceClosed}
_ARCHIVED = {Sight.NO_CHANNEL: PlaceClosed, Sight.CLOSED: PlaceClosed}
#: What a code means for the place, by what the gateway says about it.
_VERDICTS: Mapping[int, Mapping[Sight, type[StageError]]] = {
    UNKNOWN_CHANNEL: _GONE,
    UNKNOWN_GUILD: _GONE,
    MISSING_ACCESS: _CLOSED,
    MISSING_PERMISSIONS: _CLOSED,
    THREAD_ARCHIVED: _ARCHIVED,
    THREAD_LOCKED: _ARCHIVED,
}
#: Codes for what Discord will not accept however often it is sent.
_REFUSED = {
    20009,  # explicit content
    30038,  # too many scheduled events
    40005,  # request too large
    50006,  # empty message
    50007,  # no direct messages to this person
    50278,  # the same: no server in common
    50008,  # no messages in this channel
    50024,  # not in this type of channel
    50035,  # invalid form body
    50045,  # file too large
    50046,  # invalid file
    50109,  # invalid JSON
    160006,  # too many active threads
    200000,  # blocked by the server's AutoMod
    200001,  # the same, for a title
    240000,  # blocked as a harmful link
}


@asynccontextmanager
async def faults(see: Callable[[], Sight], *, editing: bool = False) -> AsyncGenerator[None]:
    """Turn what Discord says, or fails to say, into what it means for a round.

    Args:
        see: what the gateway says about the place by now; asked when Discord refuses something.
        editing: whether a message is edited.
    """
    try:
        async with asyncio.timeout(CALL_SECONDS):
            yield
    except discord.HTTPException as error:
        raise _judge(error, see(), editing=editing) from error
    except (aiohttp.ClientError, TimeoutError, OSError, discord.RateLimited) as error:
        raise StageUnavailable from error


def _judge(error: discord.HTTPException, sight: Sight, *, editing: bool) -> type[StageError]:
    """Return what a refusal means for what was to be shown.

    A message in an archived thread cannot be edited, but a new one opens the thread again.

    Args:
        error: the refusal.
        sight: what the gateway says about the place.
        editing: whether a message was to be edited.
    """
    if error.code in _REFUSED:
        return StageRefused
    if error.code == UNKNOWN_MESSAGE:
        return StageUnavailable if sight is Sight.UNAVAILABLE else MessageGone
    verdict = _VERDICTS.get(error.code, {}).get(sight, StageUnavailable)
    archived = error.code in {THREAD_ARCHIVED, THREAD_LOCKED}
    return MessageGone if editing and archived and verdict is PlaceClosed else verdict
