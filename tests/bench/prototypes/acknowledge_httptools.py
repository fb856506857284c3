"""Prototype: acknowledge clicks through a small HTTP/1.1 pool of our own.

One request in flight a connection, waiters first come first served, one TLS context, connections opened
as they are needed up to a limit. A connection that breaks gives its request back to be sent again.
"""

import asyncio
import logging
import ssl
from collections import deque
from typing import cast
from urllib.parse import urlsplit

import httptools

log = logging.getLogger(__name__)

MAX_CONNECTIONS = 512
#: More TLS handshakes at once finish no sooner, and the first of them later.
MAX_OPENING = 16
DEADLINE_SECONDS = 2.5
SWEEP_SECONDS = 0.25
MAX_SENDS = 2


class Unsent(Exception):
    """The request could not be sent, or nobody answered in time."""


class _Job:
    """One request and who waits for its status."""

    __slots__ = ("answer", "deadline", "request", "sends")

    def __init__(self, request: bytes, answer: "asyncio.Future[int]", deadline: float) -> None:
        self.request, self.answer, self.deadline = request, answer, deadline
        self.sends = 0


class _Connection(asyncio.Protocol):
    def __init__(self, pool: "Pool") -> None:
        self._pool = pool
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self.job: _Job | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._pool.lost(self)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.abort()

    def on_message_complete(self) -> None:
        """Hand the status over; the body is nothing that we need."""
        job, self.job = self.job, None
        if job is not None and not job.answer.done():
            job.answer.set_result(self._parser.get_status_code())
        if self._parser.should_keep_alive():
            self._pool.free(self)
        elif self._transport is not None:
            self._transport.close()

    def send(self, job: _Job) -> None:
        """Send a request."""
        self.job = job
        job.sends += 1
        if self._transport is not None:
            self._transport.write(job.request)

    @property
    def alive(self) -> bool:
        """Whether it can take a request."""
        return self._transport is not None and not self._transport.is_closing()

    def abort(self) -> None:
        """Give the connection up."""
        if self._transport is not None:
            self._transport.abort()


class Pool:
    """Keeps connections to one host."""

    def __init__(self, base: str, *, limit: int = MAX_CONNECTIONS, user_agent: str = "quizhost") -> None:
        parts = urlsplit(base)
        self._host, self._tls = parts.hostname or "", parts.scheme == "https"
        self._port = parts.port or (443 if self._tls else 80)
        self._prefix = parts.path
        self._head = (
            f"Host: {parts.netloc}\r\nUser-Agent: {user_agent}\r\nContent-Type: application/json\r\n"
        ).encode()
        self._context = ssl.create_default_context() if self._tls else None
        self._limit = limit
        self._idle: deque[_Connection] = deque()
        self._waiting: deque[_Job] = deque()
        self._open: set[_Connection] = set()
        self._opening = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._sweeper: asyncio.TimerHandle | None = None

    async def warm(self, connections: int) -> None:
        """Open connections before they are needed."""
        while len(self._open) + self._opening < connections:
            while self._opening < MAX_OPENING and len(self._open) + self._opening < connections:
                self._open_one()
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)

    def request(self, method: str, path: str, body: bytes = b"") -> "asyncio.Future[int]":
        """Send a request as soon as a connection is free; the future has the status."""
        loop = asyncio.get_running_loop()
        data = b"%s %s%s HTTP/1.1\r\n%sContent-Length: %d\r\n\r\n%s" % (
            method.encode(),
            self._prefix.encode(),
            path.encode(),
            self._head,
            len(body),
            body,
        )
        job = _Job(data, loop.create_future(), loop.time() + DEADLINE_SECONDS)
        self._take(job)
        if self._sweeper is None:
            self._sweeper = loop.call_later(SWEEP_SECONDS, self._sweep)
        return job.answer

    def free(self, connection: _Connection) -> None:
        """Take a connection back, or give it the next request."""
        while self._waiting:
            job = self._waiting.popleft()
            if not job.answer.done():
                connection.send(job)
                return
        self._idle.append(connection)

    def lost(self, connection: _Connection) -> None:
        """Forget a connection; its request is sent once more."""
        self._open.discard(connection)
        job, connection.job = connection.job, None
        if job is None or job.answer.done():
            return
        if job.sends < MAX_SENDS:
            self._take(job)
        else:
            job.answer.set_exception(Unsent())

    def close(self) -> None:
        """Close every connection."""
        if self._sweeper is not None:
            self._sweeper.cancel()
        for connection in list(self._open):
            connection.abort()

    def _take(self, job: _Job) -> None:
        while self._idle:
            connection = self._idle.popleft()
            if connection.alive:
                connection.send(job)
                return
        self._waiting.append(job)
        self._open_more()

    def _open_more(self) -> None:
        """Open another connection if somebody waits for one."""
        room = len(self._open) + self._opening < self._limit and self._opening < MAX_OPENING
        if room and self._opening < len(self._waiting):
            self._open_one()

    def _open_one(self) -> None:
        self._opening += 1
        task = asyncio.get_running_loop().create_task(self._connect())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self) -> None:
        try:
            _, connection = await asyncio.get_running_loop().create_connection(
                lambda: _Connection(self), self._host, self._port, ssl=self._context
            )
        except OSError as error:
            log.warning("no connection for acknowledgements: %r", error)
            return
        finally:
            self._opening -= 1
        self._open.add(connection)
        self.free(connection)
        self._open_more()

    def _sweep(self) -> None:
        """Give up what took too long; one timer for all requests."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        while self._waiting and self._waiting[0].deadline < now:
            self._give_up(self._waiting.popleft())
        for connection in list(self._open):
            if connection.job is not None and connection.job.deadline < now:
                job, connection.job = connection.job, None
                self._give_up(job)
                connection.abort()
        self._sweeper = loop.call_later(SWEEP_SECONDS, self._sweep)

    def _give_up(self, job: _Job) -> None:
        if not job.answer.done():
            job.answer.set_exception(Unsent())
