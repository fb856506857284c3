"""What the bots we compare with share: one question with buttons, and the way to run a bare client."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import discord
import uvloop
from discord import ui

from tests.bench.bots import options
from tests.bench.bots.launch import face_standin

Interaction = discord.Interaction[Any]
Answer = Callable[[Interaction, int], Awaitable[None]]

#: The text of our own bot's card for the bench's quiz, so that every bot parses the same message.
HEADER = "-# Bench · question 1 of 50\n### Which of these is number 1?"
OPTIONS = "\n".join(f"**{letter}**  This is option number {n} of 1" for n, letter in enumerate("ABCD", 1))
FOOTER = "-# closes <t:1795449701:R> · nobody has answered yet"


class _Button(ui.Button[ui.LayoutView]):
    def __init__(self, slot: int, answer: Answer) -> None:
        super().__init__(label="ABCD"[slot], custom_id=f"q:a:1:1:{slot}", style=discord.ButtonStyle.primary)
        self._slot, self._answer = slot, answer

    async def callback(self, interaction: Interaction) -> None:
        """Answer a click."""
        await self._answer(interaction, self._slot)


def question(answer: Answer) -> ui.LayoutView:
    """Return the question, its buttons answered by `answer`."""
    view = ui.LayoutView(timeout=None)
    row = ui.ActionRow[ui.LayoutView](*(_Button(slot, answer) for slot in range(4)))
    texts = [ui.TextDisplay[ui.LayoutView](one) for one in (HEADER, OPTIONS, FOOTER)]
    view.add_item(ui.Container[ui.LayoutView](*texts, row, accent_colour=discord.Colour(0x5865F2)))
    return view


class PeerBot(discord.Client):
    """A client that posts the question once it is ready."""

    def __init__(self, answer: Answer, limit: int) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            connector=aiohttp.TCPConnector(limit=limit),
        )
        self._answer = answer

    async def on_ready(self) -> None:
        """Post the question in the first channel."""
        await self.guilds[0].text_channels[0].send(view=question(self._answer))


def run(answer: Answer, set_up: Callable[[], Awaitable[Any]] | None = None) -> None:
    """Run a peer on uvloop until it is killed; PEER_LIMIT bounds its connections, 0 does not."""
    face_standin()
    options.apply_from_environment()

    async def main() -> None:
        if set_up is not None:
            await set_up()
        bot = PeerBot(answer, int(os.environ.get("PEER_LIMIT", "256")))
        async with bot:
            await bot.start(os.environ["DISCORD_TOKEN"])

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
