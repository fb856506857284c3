"""The simulated server: the real bot, a channel, you, and three colleagues."""

import logging
import random
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import discord
import simcord
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot.clock import SystemClock
from bot.config import Config
from bot.content.watcher import QuizWatcher
from bot.demo.clock import SimulatedClock
from bot.demo.colleagues import COLLEAGUES, YOU, Colleague
from bot.demo.crowd import Crowd
from bot.demo.simulation import QuickEnv
from bot.wiring import build

BOT, SERVER = "Quizhost", "Acme ML"
CHANNEL, TOPIC = "quiz", "A short quiz round every now and then"
#: Shorter than the bot's usual ten seconds: somebody trying a demo is waiting for it.
LEAD_SECONDS = 5
#: How long one operation may take on a busy machine; it ends as soon as the bot only waits.
SETTLE_SECONDS = 30


class DemoConfig(Config):
    """Settings that nothing outside can change: neither the environment nor an .env file."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic-settings' signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what the code says and nothing else."""
        return (init_settings,)


@dataclass(frozen=True, slots=True)
class DemoWorld:
    """The world that both demos use."""

    env: simcord.Env
    channel: simcord.ChannelHandle
    you: simcord.MemberActor
    colleagues: Sequence[simcord.MemberActor]
    crowd: Crowd
    quizzes: QuizWatcher


@asynccontextmanager
async def open_world(
    quiz_paths: Sequence[Path] = (), *, playing: Sequence[Colleague] = COLLEAGUES, seed: int | None = None
) -> AsyncGenerator[DemoWorld]:
    """Build the bot on a fresh database, let it log in, and fill the server.

    Args:
        quiz_paths: quiz files and folders; the shipped quizzes unless given.
        playing: who answers automatically; colleagues, and you if you want.
        seed: makes shuffling and colleagues repeatable; without one they are not.
    """
    logging.getLogger("discord").setLevel(logging.ERROR)  # it warns that voice is not supported
    clock = SimulatedClock()
    rng = random.Random(seed)  # noqa: S311 - a game
    with tempfile.TemporaryDirectory(prefix="quizhost-demo-", ignore_cleanup_errors=True) as folder:
        config = DemoConfig(QUIZHOST_DATA=Path(folder), QUIZHOST_LEAD_SECONDS=LEAD_SECONDS)  # pyright: ignore[reportCallIssue] - aliases
        async with build(config, quiz_paths=quiz_paths, clock=clock, rng=rng) as app:
            env = QuickEnv(app.bot, shard_count=1, settle_timeout=SETTLE_SECONDS)
            clock.env = env
            await env.start()
            try:
                await _move_to_today(env)
                await _name_bot(app.bot)
                server = env.create_guild(SERVER)
                channel = server.create_text_channel(CHANNEL, topic=TOPIC)
                hosts = server.create_role("Hosts", permissions=discord.Permissions(manage_events=True))
                people = {
                    who: server.add_member(
                        env.create_user(who.username, global_name=who.name),
                        roles=[hosts] if who is YOU else [],
                    )
                    for who in (YOU, *COLLEAGUES)
                }
                crowd = Crowd({who: people[who] for who in playing}, app.rounds, rng.randrange(2**32))
                yield DemoWorld(
                    env, channel, people[YOU], [people[who] for who in COLLEAGUES], crowd, app.quizzes
                )
            finally:
                await env.shutdown()


async def _move_to_today(env: simcord.Env) -> None:
    """Let the simulation, whose time starts with the year 2026, begin at a full second of today."""
    today = SystemClock().now().replace(microsecond=0)
    await env.advance_time(max(0.0, (today - env.now()).total_seconds()))


async def _name_bot(bot: discord.Client) -> None:
    assert bot.user is not None  # noqa: S101 - it has logged in
    await bot.user.edit(username=BOT)
