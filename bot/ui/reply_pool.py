"""A few connections to Discord that stay open, for requests that cannot wait: plain HTTP/1.1.

It knows nothing about replies or discord.py. What it promises: one request at a time on a connection, waiting
requests are first come, first served, every request is settled by its deadline, and a request whose
connection turns out dead is tried once more.
"""

import asyncio
import ssl
from collections import deque
from dataclasses import dataclass
from typing import NamedTuple, cast
from urllib.parse import urlsplit

import httptools

from bot import tasks

#: More TLS handshakes at once finish no sooner, and the first of them later.
MAX_OPENING = 16
CONNECT_SECONDS = 2.5
SWEEP_SECONDS = 0.25
#: Longer than a typical question is open, so that the pause between two clicks costs no handshake.
IDLE_SECONDS = 90.0
MAX_SENDS = 2


class Unsent(Exception):
    """A request did not get a conclusive answer; the message says why, without any secret."""


class Reply(NamedTuple):
    """What came back."""

    status: int
    body: bytes


class Overloaded(Unsent):
    """A request waited for its turn until it was useless; more connections would not have helped."""


@dataclass(slots=True)
class _Call:
    request: bytes
    answer: asyncio.Future[Reply]
    deadline: float
    latest: float
    sends: int = 0

    def settle(self, outcome: Reply | Unsent) -> None:
        if self.answer.done():  # whoever waited has been cancelled
            return
        if isinstance(outcome, Unsent):
            self.answer.set_exception(outcome)
        else:
            self.answer.set_result(outcome)


class _Connection(asyncio.Protocol):
    """One connection with at most one request under way."""

    def __init__(self, pool: "ReplyPool") -> None:
        self._pool = pool
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._body: list[bytes] = []
        self.call: _Call | None = None
        self.idle_since = 0.0

    @property
    def alive(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def send(self, call: _Call) -> None:
        self.call = call
        call.sends += 1
        if self._transport is not None:
            self._transport.write(call.request)

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    # --- asyncio and httptools call these ---------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self._transport = None
        self._pool.lost(self)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self.abort()

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        if status < 200:  # an interim answer; the real one follows
            return
        reply, self._body = Reply(status, b"".join(self._body)), []
        call, self.call = self.call, None
        if call is None or not self._parser.should_keep_alive():
            self.abort()
        else:
            self._pool.free(self)
        if call is not None:
            call.settle(reply)


class ReplyPool:
    """Connections to one host, opened as needed; requests are served first come, first served."""

    def __init__(self, base: str, user_agent: str, limit: int) -> None:
        parts = urlsplit(base)
        self._tls, self._host = parts.scheme == "https", parts.hostname or ""
        self._port = parts.port or (443 if self._tls else 80)
        self._path = parts.path
        self._head = f"Host: {parts.netloc}\r\nUser-Agent: {user_agent}\r\n"
        self._context: asyncio.Task[ssl.SSLContext] | None = None
        self._limit = limit
        self._open: set[_Connection] = set()
        self._idle: deque[_Connection] = deque()
        self._opening: set[asyncio.Task[None]] = set()
        self._ahead = 0  #: how many are still to be opened before they are needed
        self._waiting: deque[_Call] = deque()
        self._sweeper: asyncio.TimerHandle | None = None
        self._closed = False
        self.peak = 0  #: how many requests were under way or waiting at once

    @property
    def under_way(self) -> int:
        """How many requests are under way or waiting."""
        return len(self._open) - len(self._idle) + len(self._waiting)

    async def send(
        self, path: str, body: bytes, *, deadline: float, latest: float, method: str = "POST"
    ) -> Reply:
        """Send a request as soon as a connection is free, and again if its connection turns out dead.

        Args:
            path: below the address that all requests share.
            body: JSON.
            deadline: when the answer must be there.
            latest: when to give up a request that is still waiting for its turn.
            method: what to do there.

        Raises:
            Unsent: nobody answered in time.
        """
        if self._closed:
            raise Unsent("stopping")
        head = f"{method} {self._path}{path} HTTP/1.1\r\n{self._head}Content-Type: application/json\r\n"
        request = f"{head}Content-Length: {len(body)}\r\n\r\n".encode("ascii") + body
        call = _Call(request, asyncio.get_running_loop().create_future(), deadline, latest)
        while self._idle:
            connection = self._idle.pop()
            if connection.alive:
                connection.send(call)
                break
        else:
            self._waiting.append(call)
            self._open_more()
        self.peak = max(self.peak, self.under_way)
        self._watch()
        return await call.answer

    def warm(self, connections: int) -> None:
        """Open connections before they are needed, so that there are that many."""
        self._ahead = max(0, connections - len(self._open) - len(self._opening))
        self._open_more()

    async def close(self) -> None:
        """Let requests under way finish in their time, and close every connection."""
        self._closed = True
        calls = [*self._waiting, *(one.call for one in self._open if one.call is not None)]
        try:
            if calls:
                await asyncio.wait({call.answer for call in calls})
        finally:
            for call in self._waiting:
                call.settle(Unsent("stopping"))
            for task in self._opening:
                task.cancel()
            for connection in self._open:
                connection.abort()
            if self._sweeper is not None:
                self._sweeper.cancel()

    def free(self, connection: _Connection) -> None:
        """Give a connection the next request, or keep it."""
        while self._waiting:
            call = self._waiting.popleft()
            if not call.answer.done():
                connection.send(call)
                return
        connection.idle_since = asyncio.get_running_loop().time()
        self._idle.append(connection)

    def lost(self, connection: _Connection) -> None:
        """Forget a connection. Its request is sent once more: Discord accepts each reply only once.

        Not on another idle connection, which may have died with this one.
        """
        self._open.discard(connection)
        if connection in self._idle:
            self._idle.remove(connection)
        call, connection.call = connection.call, None
        if call is not None and call.sends < MAX_SENDS and not self._closed:
            self._waiting.appendleft(call)
        elif call is not None:
            call.settle(Unsent("connection lost"))
        self._open_more()

    def _open_more(self) -> None:
        while not self._closed and len(self._opening) < MAX_OPENING:
            full = len(self._open) + len(self._opening) >= self._limit
            needed = len(self._opening) < len(self._waiting) or self._ahead > 0
            if full or not needed:
                return
            self._ahead = max(0, self._ahead - 1)
            task = tasks.spawn(self._connect(), name="connect for replies")
            self._opening.add(task)

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        fault = ""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                _, connection = await loop.create_connection(
                    lambda: _Connection(self), self._host, self._port, ssl=await self._tls_context()
                )
            self._open.add(connection)
            if connection.alive:
                self.free(connection)
            else:
                self.lost(connection)
        except OSError as error:
            fault = type(error).__name__
        finally:
            self._opening.discard(cast("asyncio.Task[None]", asyncio.current_task()))
        if not fault:
            self._open_more()
        else:
            self._ahead = 0
            while self._waiting and not self._open and not self._opening:
                self._waiting.popleft().settle(Unsent(fault))
        self._watch()

    async def _tls_context(self) -> ssl.SSLContext | None:
        """Return the one context, made in a thread: reading every certificate authority takes 50 ms."""
        if not self._tls:
            return None
        if self._context is None:
            making = asyncio.to_thread(ssl.create_default_context)
            self._context = tasks.spawn(making, name="read the authorities")
        return await asyncio.shield(self._context)

    def _watch(self) -> None:
        if self._sweeper is None and (self._open or self._waiting) and not self._closed:
            self._sweeper = asyncio.get_running_loop().call_later(SWEEP_SECONDS, self._sweep)

    def _sweep(self) -> None:
        """Give up on what takes too long and close what nobody needs: one timer for everything."""
        now = asyncio.get_running_loop().time()
        while self._waiting and self._waiting[0].latest <= now and self._open:
            self._waiting.popleft().settle(Overloaded("too many at once"))
        while self._waiting and self._waiting[0].deadline <= now and not self._open:
            self._waiting.popleft().settle(Unsent("no connection in time"))
        for connection in list(self._open):
            call = connection.call
            if call is not None and call.deadline <= now:
                connection.call = None
                call.settle(Unsent("no answer in time"))
                connection.abort()
            elif call is None and now - connection.idle_since > IDLE_SECONDS:
                connection.abort()
        self._sweeper = None
        self._watch()
