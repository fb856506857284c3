"""What every post has in common: a nonce that makes it repeatable, and how it may fail."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import aiohttp
import discord

from bot.services.ports import StageUnavailable
from bot.ui.places import Sight
from bot.ui.verdicts import judge

#: How long a call may take, with discord.py's own retries (1 + 3 + 5 + 7 + 9 seconds) in it.
CALL_SECONDS = 60

#: discord.py hands the client's setting on with new messages, but not with an edit that has no content.
NO_MENTIONS = discord.AllowedMentions.none()

MAX_NONCE = 25


def make_nonce(*parts: int | str) -> str:
    """Return what makes a post the same one if it is repeated: its last 25 characters count."""
    return ".".join(_base36(part) if isinstance(part, int) else part for part in parts)[-MAX_NONCE:]


def _base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    result = ""
    while number:
        number, digit = divmod(number, 36)
        result = digits[digit] + result
    return result or "0"


@asynccontextmanager
async def faults(see: Callable[[], Sight], *, editing: bool = False) -> AsyncGenerator[None]:
    """Turn what Discord says, or does not say, into what it means for a round.

    Args:
        see: what the gateway says of the place by now; asked when Discord refuses something.
        editing: whether a message is edited.
    """
    try:
        async with asyncio.timeout(CALL_SECONDS):
            yield
    except discord.HTTPException as error:
        raise judge(error, see(), editing=editing) from error
    except (aiohttp.ClientError, TimeoutError, OSError, discord.RateLimited) as error:
        raise StageUnavailable from error
