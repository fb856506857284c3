"""`quizhost demo --autoplay`: a whole round in the terminal, in a few seconds of virtual time."""

import asyncio
import math
import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import discord
from rich.console import Console
from rich.text import Text

from bot.characters import printable
from bot.demo.colleagues import COLLEAGUES, YOU
from bot.demo.crowd import answer_buttons
from bot.demo.terminal import buttons_of, render, text_of
from bot.demo.world import DemoWorld, open_world
from bot.domain.quiz import Quiz
from bot.ui.custom_ids import ReportButton, decode

SEED = 84
#: The demo gives up, and says so, if the machine has not played the round by then: ten questions, or fewer.
BUDGET_SECONDS = 30
#: How often the channel is looked at, in virtual time; and whenever somebody answers.
STEP = timedelta(seconds=1)
PICTURE = "quizhost-round.png"
INTRODUCTION = (
    f"The real bot plays a whole round on a simulated Discord, in virtual time. You are {YOU.name}."
)


async def play(quiz: Quiz, quiz_paths: Sequence[Path] = (), *, folder: Path | None = None) -> None:
    """Play a round and print what its channel shows; leave the final picture in the folder.

    Args:
        quiz: what to play.
        quiz_paths: where it and others are; the shipped quizzes unless given.
        folder: where to put the picture; the current folder unless given.

    Raises:
        SystemExit: the round did not finish in time.
    """
    console = Console(highlight=False)
    console.print(Text(f"{INTRODUCTION}\n", "dim"))
    budget = BUDGET_SECONDS * math.ceil(len(quiz.questions) / 10)
    try:
        async with (
            asyncio.timeout(budget),
            open_world(quiz_paths, playing=(YOU, *COLLEAGUES), seed=SEED) as world,
        ):
            final = await _Show(world, console).run(quiz.id)
            path = save_picture(await final.attachments[0].read(), folder or Path.cwd())
    except TimeoutError:
        console.print(f"The round did not finish within {budget} seconds. Is this machine very busy?")
        raise SystemExit(1) from None
    console.print(Text(f"The picture on the final card: {printable(path)}"), soft_wrap=True)
    console.print(Text("Now play it yourself: quizhost demo"))


class _Show:
    """Lets virtual time pass, and prints whatever is new in the channel."""

    def __init__(self, world: DemoWorld, console: Console) -> None:
        self._world, self._console = world, console
        self._known: dict[int, str] = {}  #: by message: what of it was printed last

    async def run(self, quiz_id: str) -> discord.Message:
        """Start a round, play it to its end, and return the final card's message."""
        self._look()
        self._console.print(Text.assemble((f"{YOU.name}  ", "bold"), ("/round start ", "cyan"), quiz_id))
        await self._world.you.slash(self._world.channel, "round start", quiz=quiz_id)
        while (final := self._look()) is None:
            await self._pass_time()
        return final

    def _look(self) -> discord.Message | None:
        """Let everybody see what is new; return the final card's message if it is there."""
        now = self._world.env.now()
        messages = self._world.channel.history(viewer=self._world.you)
        self._world.crowd.look(messages, now)
        for message in messages:
            self._print(message, now)
        return next((message for message in messages if _is_final(message)), None)

    async def _pass_time(self) -> None:
        """Move on to the next full second, or to the next press if that is earlier."""
        env, crowd = self._world.env, self._world.crowd
        target = env.now().replace(microsecond=0) + STEP
        if crowd.next_at is not None:
            target = min(target, crowd.next_at)
        await env.advance_time(max(0.0, (target - env.now()).total_seconds()))
        while crowd.is_due(env.now()):
            await crowd.press()

    def _print(self, message: discord.Message, now: datetime) -> None:
        before = self._known.get(message.id)
        is_open = bool(answer_buttons(message))
        footer = text_of(message).rpartition("\n")[2]
        known = footer if is_open else ""
        if known == before:
            return
        self._known[message.id] = known
        if before and is_open:
            self._console.print(_answered(footer))
        else:
            self._console.print(render(message, now))


def _is_final(message: discord.Message) -> bool:
    return any(isinstance(decode(button.custom_id or ""), ReportButton) for button in buttons_of(message))


def _answered(footer: str) -> Text:
    return Text(f"  {footer.rpartition(' · ')[2]}", "dim")


def save_picture(picture: bytes, folder: Path) -> Path:
    """Save the picture where the person can find it."""
    path = folder / PICTURE
    try:
        path.write_bytes(picture)
    except OSError:  # a folder that cannot be written to
        path = Path(tempfile.gettempdir()) / PICTURE
        path.write_bytes(picture)
    return path
