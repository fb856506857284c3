"""The Discord client: it asks Discord for what it needs, and nothing else."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot import tasks
from bot.clock import Clock
from bot.ui.acknowledge import Acknowledger
from bot.ui.gateway import take_turns
from bot.ui.guard import Interaction, answer_error
from bot.ui.membership import take_losses
from bot.ui.once import take_once
from bot.ui.pacer import Pacer
from bot.ui.presses import take_presses
from bot.ui.publishing import publish_until_done

#: discord.py opens any number of connections by default; 2,000 clicks at once then spend their three
#: seconds on TLS handshakes.
MAX_CONNECTIONS = 512


class _Tree(app_commands.CommandTree[commands.AutoShardedBot]):
    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        await answer_error(interaction, cause)


class QuizBot(commands.AutoShardedBot):
    """discord.py's bot without privileged intents, member cache or message cache.

    It is built inside a running event loop, because its connections belong to one.
    """

    def __init__(self, clock: Clock) -> None:
        self.pacer = Pacer(clock)  #: gives everything sent as the bot its turn
        super().__init__(
            command_prefix=commands.when_mentioned,
            tree_cls=_Tree,
            help_command=None,
            intents=discord.Intents(guilds=True),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
            connector=aiohttp.TCPConnector(limit=MAX_CONNECTIONS),
            http_trace=self.pacer.traced(),
        )
        take_turns(self)
        take_presses(self)
        take_once(self)
        take_losses(self)
        self.acknowledger = Acknowledger(self)  #: sends private replies
        self._clock = clock
        self.command_ids: dict[str, int] = {}  #: Discord's ids of our commands, by name, once they are known
        self._publishing: asyncio.Task[None] | None = None
        self._cogs_to_add: list[commands.Cog] = []
        self._before_connecting: list[Callable[[], Awaitable[Any]]] = []
        self._each_ready: list[Callable[[], Awaitable[None]]] = []
        self._once_ready: list[Callable[[], None]] = []
        self._before_closing: list[Callable[[], Awaitable[Any]]] = []

    def include(self, *cogs: commands.Cog) -> None:
        """Add these cogs when the bot starts."""
        self._cogs_to_add.extend(cogs)

    def before_connecting(self, act: Callable[[], Awaitable[Any]]) -> None:
        """Call this once, when Discord's REST API can be used and before any click can arrive."""
        self._before_connecting.append(act)

    def each_ready(self, act: Callable[[], Awaitable[None]]) -> None:
        """Call this whenever the bot has a new list of servers, and before what waits for the first one."""
        self._each_ready.append(act)

    def once_ready(self, act: Callable[[], None]) -> None:
        """Call this when the bot knows its servers and channels, after the first connection."""
        self._once_ready.append(act)

    def before_closing(self, act: Callable[[], Awaitable[Any]]) -> None:
        """Call this while Discord can still be reached, whoever closes the bot; it may be called twice."""
        self._before_closing.append(act)

    async def on_ready(self) -> None:
        """Begin what needs servers and channels; discord.py calls this after reconnects, too."""
        for compare in self._each_ready:
            await compare()
        waiting, self._once_ready = self._once_ready, []
        for act in waiting:
            act()

    async def setup_hook(self) -> None:
        """Add the cogs, go on with what was open, and publish; discord.py calls this once after login."""
        for cog in self._cogs_to_add:
            await self.add_cog(cog)
        for act in self._before_connecting:
            await act()
        # In the background: rounds continue, and players can answer, whatever Discord thinks of our commands.
        self._publishing = tasks.spawn(self._publish(), name="publish commands")

    async def _publish(self) -> None:
        self.command_ids = await publish_until_done(self.tree, self._clock)

    async def close(self) -> None:
        """End what posts by itself, let replies under way arrive, then disconnect."""
        try:
            if self._publishing is not None:
                await tasks.cancel(self._publishing)
            for act in self._before_closing:
                await act()
            await self.acknowledger.close()
        finally:
            await super().close()
