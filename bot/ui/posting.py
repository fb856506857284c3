"""What every post has in common: a nonce that makes it repeatable, and what Discord's refusals mean."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import aiohttp
import discord

from bot.services.ports import MessageGone, PlaceClosed, PlaceGone, StageRefused, StageUnavailable

#: What Discord calls an error code (docs.discord.com, opcodes and status codes).
UNKNOWN_MESSAGE = 10008
THREAD_ARCHIVED = 50083

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
async def faults(*, editing: bool = False) -> AsyncGenerator[None]:
    """Turn what Discord says into what it means for a round.

    A message in an archived thread cannot be edited, but a new one opens the thread again.
    """
    try:
        async with asyncio.timeout(CALL_SECONDS):
            yield
    except discord.NotFound as error:
        raise (MessageGone if error.code == UNKNOWN_MESSAGE else PlaceGone) from error
    except discord.Forbidden as error:
        raise PlaceClosed from error
    except discord.HTTPException as error:
        if error.code == THREAD_ARCHIVED:
            raise (MessageGone if editing else PlaceClosed) from error
        passing = error.status >= 500 or error.status == 429
        raise (StageUnavailable if passing else StageRefused) from error
    except (aiohttp.ClientError, TimeoutError, OSError, discord.RateLimited) as error:
        raise StageUnavailable from error
