"""The whole bot in this process, facing the stand-in for Discord over real sockets."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import discord.gateway
import discord.http
import pytest
import yarl

from bot.config import Config
from bot.wiring import App, build
from tests.bench.standin.client import Bot, StandIn
from tests.world import QUIZ

TOKEN = "secret-bot-token"


def write_quizzes(folder: Path) -> Path:
    """Write the one quiz that there is, and return its folder."""
    (folder / "quizzes").mkdir()
    (folder / "quizzes" / "capitals.yaml").write_text(QUIZ, encoding="utf-8")
    return folder / "quizzes"


@asynccontextmanager
async def open_app(folder: Path, **settings: Any) -> AsyncGenerator[tuple[App, Bot, Config]]:
    """Start the stand-in and the bot; its commands are published and its server is known."""
    quizzes = write_quizzes(folder)
    config = Config(QUIZHOST_DATA=folder, QUIZHOST_QUIZZES=quizzes, _env_file=None, **settings)  # type: ignore[call-arg]
    with pytest.MonkeyPatch.context() as patch:
        async with StandIn.start() as standin, build(config) as app:
            patch.setattr(discord.http.Route, "BASE", standin.api)
            patch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(standin.gateway))
            running = asyncio.create_task(app.bot.start(TOKEN))
            bot = standin.bot(TOKEN)
            try:
                await bot.wait_until("commands")
                await bot.wait_until("connected")
                yield app, bot, config
            finally:
                await app.rounds.close()
                await app.bot.close()
                await running
