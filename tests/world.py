"""The real bot on the simulated Discord, with a server, a channel, a moderator and members."""

import random
import re
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import simcord
from discord import ui

from bot.config import Config
from bot.demo.clock import SimulatedClock
from bot.wiring import App, build

#: Longer than any work of the bot takes, shorter than any wait of a round: a step returns when the
#: round sleeps, and virtual time moves only by `advance`.
SETTLE_SECONDS = 0.9
LEAD, PAUSE, GRACE = 10, 8, 2

QUIZ = """\
title: Capitals
category: Geography
introduction: Three cities.
questions:
  - stem: The capital of France is ______.
    options: [Paris, Lyon, Nice, Lille]
    key: Paris
    explanation: It has been for centuries. The others are large cities, too.
  - stem: The capital of Australia is ______.
    options: [Sydney, Canberra, Perth, Hobart]
    key: Canberra
    explanation: It was built between Sydney and Melbourne. Both wanted to be it.
  - stem: The capital of Turkey is ______.
    options: [Istanbul, Izmir, Ankara, Bursa]
    key: Ankara
    explanation: It has been since 1923. Istanbul is larger.
"""


@dataclass
class World:
    """What a test acts in."""

    app: App
    env: simcord.Env
    clock: SimulatedClock
    server: simcord.GuildHandle
    channel: simcord.ChannelHandle
    moderator: simcord.MemberActor
    members: dict[str, simcord.MemberActor]
    database: Path

    async def start(self, quiz: str = "capitals", **options: Any) -> simcord.InteractionResult:
        """Run `/round start` as the moderator."""
        return await self.moderator.slash(self.channel, "round start", quiz=quiz, **options)

    async def advance(self, seconds: float) -> None:
        """Let virtual time pass."""
        await self.env.advance_time(seconds)

    async def start_and_open(self, quiz: str = "capitals", **options: Any) -> discord.Message:
        """Start a round and wait for its first question."""
        await self.start(quiz, **options)
        await self.advance(LEAD + 0.5)
        return self.question

    async def close_question(self, seconds: float = 20) -> None:
        """Wait until the open question is revealed."""
        await self.advance(seconds + GRACE)

    async def next_question(self) -> discord.Message:
        """Wait out the pause after a reveal."""
        await self.advance(PAUSE)
        return self.question

    @property
    def messages(self) -> list[discord.Message]:
        """What everybody sees in the channel, oldest first."""
        return [message for message in self.channel.history() if not message.flags.ephemeral]

    @property
    def question(self) -> discord.Message:
        """The newest message, which is the open question while one is open."""
        return self.messages[-1]

    async def answer(
        self, name: str, option: str, message: discord.Message | None = None
    ) -> simcord.InteractionResult:
        """Let a member press the button of the option with this text."""
        message = message or self.question
        return await self.members[name].click(message, label=letter_of(message, option))


def texts(message: discord.Message) -> str:
    """Return all text of a message, whichever components it stands in."""
    return "\n".join(_texts(discord.ui.LayoutView.from_message(message)))


def _texts(view: ui.LayoutView) -> Iterator[str]:
    for item in view.walk_children():
        if isinstance(item, ui.TextDisplay):
            yield item.content


def letter_of(message: discord.Message, option: str) -> str:
    """Return the letter under which a question shows an option."""
    found = re.search(rf"^\*\*([A-J])\*\*  {re.escape(option)}", texts(message), re.MULTILINE)
    assert found, f"{option!r} is not an option of:\n{texts(message)}"
    return found[1]


def buttons(message: discord.Message) -> list[discord.ui.Button[Any]]:
    """Return all buttons of a message."""
    view = discord.ui.LayoutView.from_message(message)
    return [item for item in view.walk_children() if isinstance(item, ui.Button)]


@asynccontextmanager
async def open_world(
    folder: Path,
    *,
    members: tuple[str, ...] = ("Ana", "Bo", "Cem", "Dana"),
    quiz: str = QUIZ,
    check_errors: bool = True,
) -> AsyncGenerator[World]:
    """Build the bot with the quiz `capitals` and the shipped ones, and let it log in."""
    quizzes = folder / "quizzes"
    quizzes.mkdir(exist_ok=True)
    (quizzes / "capitals.yaml").write_text(quiz, encoding="utf-8")
    for shipped in Path(__file__).parent.parent.glob("quizzes/**/*.yaml"):
        (quizzes / shipped.name).write_bytes(shipped.read_bytes())
    config = Config(QUIZHOST_DATA=folder / "data", QUIZHOST_QUIZZES=quizzes, _env_file=None)  # type: ignore[call-arg]
    clock = SimulatedClock()
    async with build(config, clock=clock, rng=random.Random(7)) as app:
        # Not `simcord.run`: its context variables cannot be left in another task than they were entered
        # in, and pytest ends fixtures in one of their own.
        env = simcord.Env(app.bot, shard_count=1, settle_timeout=SETTLE_SECONDS)
        clock.env = env
        await env.start()
        server = env.create_guild()
        role = server.create_role("Moderators", permissions=discord.Permissions(manage_events=True))
        try:
            yield World(
                app=app,
                env=env,
                clock=clock,
                server=server,
                channel=server.create_text_channel("quiz"),
                moderator=server.add_member(env.create_user("mo", global_name="Mo"), roles=[role]),
                members={
                    name: server.add_member(env.create_user(name.lower(), global_name=name))
                    for name in members
                },
                database=config.database_path,
            )
        finally:
            await env.shutdown()
        if check_errors:
            env.raise_errors()
