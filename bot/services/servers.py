"""Servers that have removed the bot: rounds end, schedules rest, and in time their data is deleted.

A server that adds the bot again within that time finds everything as it was.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from bot.clock import Clock

log = logging.getLogger(__name__)


class ServerStore(Protocol):
    """Remembers which servers the bot has lost, and can delete all data about one."""

    async def fetch_known(self) -> set[int]:
        """Return every server about which anything is stored."""
        ...

    async def fetch_left(self) -> Mapping[int, datetime]:
        """Return the servers that the bot has lost, and since when."""
        ...

    async def note_left(self, server_id: int, at: datetime) -> bool:
        """Note that the bot has lost a server, so that its schedules rest; tell whether that is news."""
        ...

    async def note_back(self, server_id: int) -> bool:
        """Note that the bot is on a server (again); tell whether it was lost."""
        ...

    async def forget(self, server_id: int) -> None:
        """Delete everything stored about a server, so that none of it can be read in the file."""
        ...


class Rounds(Protocol):
    """Plays rounds, and can drop them."""

    async def leave(self, server_id: int) -> None:
        """End a server's rounds without showing anything; answers and standings stay."""
        ...


class ServerService:
    """Follows which servers have the bot and which no longer do, one change at a time."""

    def __init__(
        self,
        *,
        store: ServerStore,
        rounds: Rounds,
        clock: Clock,
        forget_after: timedelta,
        came_back: Callable[[], None],
        forgotten: Callable[[int], None],
    ) -> None:
        self._store, self._rounds, self._clock = store, rounds, clock
        self._forget_after = forget_after
        self._came_back = came_back  #: called when schedules that rested are back
        self._forgotten = forgotten  #: called with a server about which nothing is stored any more
        self._turn = asyncio.Lock()

    async def be_on(self, server_ids: Collection[int]) -> None:
        """Compare with the servers that have the bot: some may have removed it or added it again unseen."""
        for server_id in await self._store.fetch_known() - set(server_ids):
            await self.leave(server_id)
        for server_id in (await self._store.fetch_left()).keys() & set(server_ids):
            await self.join(server_id)

    async def leave(self, server_id: int) -> None:
        """Put everything of a server to rest, because it has removed the bot."""
        async with self._turn:
            if await self._store.note_left(server_id, self._clock.now()):
                log.info("server %s has removed the bot: its rounds end, its schedules rest", server_id)
            await self._rounds.leave(server_id)

    async def join(self, server_id: int) -> None:
        """Take everything up again, if the server had removed the bot."""
        async with self._turn:
            if not await self._store.note_back(server_id):
                return
        log.info("server %s has added the bot again: its schedules continue", server_id)
        self._came_back()

    async def forget_due(self) -> None:
        """Forget the servers that have been lost for long enough."""
        until = self._clock.now() - self._forget_after
        for server_id, at in (await self._store.fetch_left()).items():
            async with self._turn:
                if at <= until and server_id in await self._store.fetch_left():
                    await self._store.forget(server_id)
                    self._forgotten(server_id)
                    log.info(
                        "server %s: data deleted; it removed the bot on %s",
                        server_id,
                        at.date(),
                    )
