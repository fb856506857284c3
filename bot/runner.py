"""Running the bot as a process: start, signals, and a clean end."""

import asyncio
import logging
import signal

import discord

from bot import tasks
from bot.config import Config
from bot.wiring import App, DataFolderLocked, build

log = logging.getLogger(__name__)

INVITE = "https://discord.com/developers/applications"


class StartError(Exception):
    """The bot cannot start; the message says what to do."""


async def run_bot(config: Config) -> None:
    """Run until SIGTERM or SIGINT; open rounds go on at the next start.

    Raises:
        StartError: something that the person who starts the bot can mend.
    """
    if config.token is None:
        raise StartError(
            f"DISCORD_TOKEN is not set. Create a bot at {INVITE}, copy its token, and put it into .env:\n"
            "  DISCORD_TOKEN=your-token"
        )
    try:
        async with build(config) as app:
            await _run_until_signal(app, config.token.get_secret_value())
    except DataFolderLocked as error:
        raise StartError(
            f"Another Quizhost uses the data folder {error.folder}. Stop it, or set QUIZHOST_DATA to "
            "another folder."
        ) from None
    except discord.LoginFailure:
        raise StartError(
            f"Discord refused the token. Take a fresh one at {INVITE} (Bot, Reset Token), and check "
            "DISCORD_TOKEN for missing or extra characters."
        ) from None
    except PermissionError as error:
        raise StartError(f"Quizhost may not write to {error.filename}. Check the folder's owner.") from None
    except OSError as error:
        raise StartError(f"Discord cannot be reached: {error}. Check the network and try again.") from None


async def _run_until_signal(app: App, token: str) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    client = tasks.spawn(app.bot.start(token), name="discord client")
    stopping = tasks.spawn(stop.wait(), name="wait for a signal")
    await asyncio.wait({client, stopping}, return_when=asyncio.FIRST_COMPLETED)
    log.info("stopping; open rounds go on at the next start")
    await app.rounds.close()
    await app.bot.close()
    await tasks.cancel(stopping)
    await client
