"""The real bot on the simulated Discord, with a server, a channel, a moderator and members."""

import itertools
import json
import random
import re
import sqlite3
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import discord
import simcord
from discord import ui
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.config import Config
from bot.demo.clock import SimulatedClock
from bot.demo.simulation import QuickEnv
from bot.text import steering
from bot.ui.guard import describe
from bot.wiring import App, build

#: How long a step may take on a busy machine; it returns as soon as the bot only waits.
SETTLE_SECONDS = 30
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


def quiz_file(*questions: Mapping[str, Any], **fields: Any) -> str:
    """Return the text of a quiz file (JSON is YAML); what a test does not name has a default."""
    usual: dict[str, Any] = {
        "stem": "The capital of France is ______.",
        "options": ["Paris", "Lyon", "Nice", "Lille"],
        "key": "Paris",
        "explanation": "It has been for centuries.",
    }
    stems = ({"stem": usual["stem"] + (f" ({n})" if n else "")} for n in itertools.count())
    asked = zip(stems, questions or ({},), strict=False)
    written = [usual | stem | dict(question) for stem, question in asked]
    quiz = {"title": "Flash", "category": "Geography", "introduction": "Quick.", "questions": written}
    return json.dumps(quiz | fields, ensure_ascii=False)


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
    config: Config
    _running: AsyncExitStack = field(repr=False)

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.config.database_path

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return what the database file says, read past the bot."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            return connection.execute(query, values).fetchall()

    async def start(self, quiz: str = "capitals", **options: Any) -> simcord.InteractionResult:
        """Run `/round start` as the moderator."""
        return await self.moderator.slash(self.channel, "round start", quiz=quiz, **options)

    def deny(self, *permissions: str, channel: simcord.ChannelHandle | None = None) -> None:
        """Take these permissions from the bot in a channel, and give it all others back."""
        overwrite = Overwrite(
            target_id=self.env.backend.bot_user.id,
            type=OverwriteType.MEMBER,
            allow=0,
            deny=discord.Permissions(**dict.fromkeys(permissions, True)).value,
        )
        self.env.backend.set_overwrite((channel or self.channel).id, overwrite)

    async def stop(self, channel: simcord.ChannelHandle | None = None) -> simcord.InteractionResult:
        """Run `/round stop` as the moderator, who means it."""
        asked = await self.moderator.slash(channel or self.channel, "round stop")
        assert asked.response is not None
        return await self.moderator.click(asked.response, label=steering.stop_for_good_button())

    async def advance(self, seconds: float) -> None:
        """Let virtual time pass."""
        await self.env.advance_time(seconds)

    async def start_and_open(self, quiz: str = "capitals", **options: Any) -> discord.Message:
        """Start a round and wait for its first question."""
        await self.start(quiz, **options)
        await self.advance(LEAD + 0.5)
        return self.question

    async def restart(self, prepare: Callable[[App], None] | None = None) -> None:
        """Stop the bot cleanly and start it again on the same Discord and the same database.

        Args:
            prepare: what to do with the new bot before it logs in.
        """
        await self._running.aclose()
        self.app = await self._running.enter_async_context(_build(self.config, self.clock))
        if prepare is not None:
            prepare(self.app)
        await self.env.restart_bot(self.app.bot)

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

    def private(self, name: str) -> list[discord.Message]:
        """Return what only this member sees in the channel, oldest first."""
        return [one for one in self.channel.history(viewer=self.members[name]) if one.flags.ephemeral]

    async def answer(
        self, name: str, option: str, message: discord.Message | None = None
    ) -> simcord.InteractionResult:
        """Let a member press the button of the option with this text."""
        message = message or self.question
        return await self.members[name].click(message, label=letter_of(message, option))


def texts(message: discord.Message) -> str:
    """Return all text of a message, whichever components it stands in, without the isolates around names."""
    return without_isolates("\n".join(_texts(discord.ui.LayoutView.from_message(message))))


def without_isolates(shown: str) -> str:
    """Return a text as people read it: they do not see what keeps names from reordering a line."""
    return shown.translate({0x2068: None, 0x2069: None})


def _texts(view: ui.LayoutView) -> Iterator[str]:
    for item in view.walk_children():
        if isinstance(item, ui.TextDisplay):
            yield item.content


def letter_of(message: discord.Message, option: str) -> str:
    """Return the letter under which a question shows an option."""
    found = re.search(rf"^\*\*([A-J])\*\*  {re.escape(option)}", texts(message), re.MULTILINE)
    assert found, f"{option!r} is not an option of:\n{texts(message)}"
    return found[1]


def chosen(letter: str, option: str) -> str:
    """Return how a receipt names an option."""
    return f"**{letter}** · {option}"


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
    files: Mapping[str, str | bytes] | None = None,
    check_errors: bool = True,
) -> AsyncGenerator[World]:
    """Build the bot with the quiz `capitals`, the shipped ones and more files, and let it log in."""
    quizzes = folder / "quizzes"
    quizzes.mkdir(exist_ok=True)
    for shipped in Path(__file__).parent.parent.glob("quizzes/**/*.yaml"):
        (quizzes / shipped.name).write_bytes(shipped.read_bytes())
    for name, content in {"capitals.yaml": quiz, **(files or {})}.items():
        (quizzes / name).write_bytes(content.encode() if isinstance(content, str) else content)
    config = Config(QUIZHOST_DATA=folder / "data", QUIZHOST_QUIZZES=quizzes, _env_file=None)  # type: ignore[call-arg]
    clock = SimulatedClock()
    async with AsyncExitStack() as running:
        app = await running.enter_async_context(_build(config, clock))
        # Not `simcord.run`: its context variables cannot be left in another task than they were entered
        # in, and pytest ends fixtures in one of their own.
        env = QuickEnv(app.bot, shard_count=1, settle_timeout=SETTLE_SECONDS)
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
                config=config,
                _running=running,
            )
        finally:
            await env.shutdown()
        if check_errors:
            unexpected = [
                one for one in env.errors_since(0) if describe(getattr(one, "original", one)) is None
            ]
            if unexpected:
                raise BaseExceptionGroup("errors of the bot", unexpected)


def _build(config: Config, clock: SimulatedClock) -> AbstractAsyncContextManager[App]:
    return build(config, clock=clock, rng=random.Random(7))
