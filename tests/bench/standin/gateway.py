"""The gateway: one session a bot, with the compression that the bot asks for."""

import json
import zlib
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Protocol

import orjson
import zstandard

from tests.bench.standin import websocket
from tests.bench.standin.world import Json, World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT = 0, 1, 2, 6, 7
INVALID_SESSION, HELLO, HEARTBEAT_ACK = 9, 10, 11
HEARTBEAT_INTERVAL_MS = 41_250
#: Events that a resumed session can still get; Discord keeps minutes of them.
KEPT_EVENTS = 5000


class Wire(Protocol):
    """The connection below a session."""

    def write(self, data: bytes) -> None:
        """Send bytes."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


class Stream:
    """Compresses one connection's messages."""

    def __init__(self, kind: str) -> None:
        self._zlib = zlib.compressobj(6) if kind == "zlib-stream" else None
        self._zstd = zstandard.ZstdCompressor(level=3).compressobj() if kind == "zstd-stream" else None

    def frame(self, text: bytes) -> bytes:
        """Return the frame of one message."""
        if self._zstd is not None:
            payload = self._zstd.compress(text) + self._zstd.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
            return websocket.frame(websocket.BINARY, payload)
        if self._zlib is not None:
            payload = self._zlib.compress(text) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
            return websocket.frame(websocket.BINARY, payload)
        return websocket.frame(websocket.TEXT, text)


class Session:
    """What a bot's gateway connection is in, and what it missed while it was gone."""

    def __init__(self, world: World, gateway_url: str) -> None:
        self.world = world
        self.identified = 0  #: how often the bot began a new session
        self.resumed = 0
        self.heartbeats = 0
        self._url = gateway_url
        self._id = ""
        self._sequence = 0
        self._kept: deque[tuple[int, bytes]] = deque(maxlen=KEPT_EVENTS)
        self._connection: Connection | None = None

    @property
    def connected(self) -> bool:
        """Whether the bot is there and identified."""
        return self._connection is not None

    def dispatch(self, event: str, data: Any) -> None:
        """Send an event, or keep it until the session is resumed."""
        self.dispatch_raw([event_head(event) + orjson.dumps(data)], keep=True)

    def dispatch_raw(self, events: Iterable[bytes], *, keep: bool) -> None:
        """Send events whose text is complete but for their number, in one write."""
        frames: list[bytes] = []
        for body in events:
            self._sequence += 1
            text = body + b',"s":%d}' % self._sequence
            if keep:
                self._kept.append((self._sequence, text))
            if self._connection is not None:
                frames.append(self._connection.stream.frame(text))
        if self._connection is not None and frames:
            self._connection.write(b"".join(frames))

    def identify(self, connection: "Connection", shard: list[int]) -> None:
        """Begin a new session: READY, then every server."""
        self.identified += 1
        self._id = f"{self.world.application_id:x}.{self.identified}"
        self._connection = connection
        self._sequence = 0
        self._kept.clear()
        self.dispatch("READY", self._ready(shard))
        for server in self.world.servers.values():
            self.dispatch("GUILD_CREATE", self.world.guild_create(server))

    def resume(self, connection: "Connection", session_id: str, sequence: int) -> bool:
        """Go on with a session: what was missed, then RESUMED. False if it is not this one."""
        if session_id != self._id:
            return False
        self.resumed += 1
        self._connection = connection
        missed = [text for number, text in self._kept if number > sequence]
        connection.write(b"".join(connection.stream.frame(text) for text in missed))
        self.dispatch("RESUMED", {})
        return True

    def left(self, connection: "Connection") -> None:
        """Note that a connection is gone."""
        if self._connection is connection:
            self._connection = None

    def disconnect(self, close_code: int | None = None) -> None:
        """Break the bot's connection: with a close code, with RECONNECT (0), or without a word (None)."""
        connection = self._connection
        if connection is None:
            return
        if close_code == 0:
            connection.send({"op": RECONNECT, "d": None})
        elif close_code is not None:
            connection.write(websocket.frame(websocket.CLOSE, close_code.to_bytes(2, "big")))
        if close_code != 0:
            connection.close()

    def forget(self) -> None:
        """Make the session impossible to resume."""
        self._id = "forgotten"

    def _ready(self, shard: list[int]) -> Json:
        world = self.world
        return {
            "v": 10,
            "user": {**world.user, "verified": True, "mfa_enabled": True, "email": None, "flags": 0},
            "guilds": [{"id": str(one), "unavailable": True} for one in world.servers],
            "session_id": self._id,
            "session_type": "normal",
            "resume_gateway_url": self._url,
            "shard": shard,
            "application": {"id": str(world.application_id), "flags": 0},
            "private_channels": [],
            "relationships": [],
        }


class Connection:
    """One WebSocket connection."""

    def __init__(self, wire: Wire, compression: str, find_session: Callable[[str], Session | None]) -> None:
        self._wire, self._find_session = wire, find_session
        self._frames = websocket.FrameReader()
        self._session: Session | None = None
        self.stream = Stream(compression)
        self.send({"op": HELLO, "d": {"heartbeat_interval": HEARTBEAT_INTERVAL_MS}})

    def feed(self, data: bytes) -> None:
        """Take bytes from the bot."""
        for opcode, payload in self._frames.feed(data):
            if opcode == websocket.TEXT:
                self._receive(json.loads(payload))
            elif opcode == websocket.PING:
                self.write(websocket.frame(websocket.PONG, payload))
            elif opcode == websocket.CLOSE:
                self.write(websocket.frame(websocket.CLOSE, payload[:2]))
                self.close()

    def send(self, message: Json) -> None:
        """Send one message that is not an event."""
        self.write(self.stream.frame(orjson.dumps({"t": None, "s": None, **message})))

    def write(self, data: bytes) -> None:
        """Send frames."""
        self._wire.write(data)

    def close(self) -> None:
        """Close the connection."""
        self.lost()
        self._wire.close()

    def lost(self) -> None:
        """Note that the connection is gone."""
        if self._session is not None:
            self._session.left(self)

    def _receive(self, message: Json) -> None:
        operation, data = message["op"], message["d"]
        if operation == HEARTBEAT:
            if self._session is not None:
                self._session.heartbeats += 1
            self.send({"op": HEARTBEAT_ACK})
        elif operation == IDENTIFY:
            if self._join(data["token"]) and self._session is not None:
                self._session.identify(self, data.get("shard") or [0, 1])
        elif operation == RESUME:
            joined = self._join(data["token"])
            session = self._session if joined else None
            if session is not None and not session.resume(self, data["session_id"], data["seq"]):
                self._session = None
                self.send({"op": INVALID_SESSION, "d": False})

    def _join(self, token: str) -> bool:
        self._session = self._find_session(token)
        if self._session is None:
            self.write(websocket.frame(websocket.CLOSE, (4004).to_bytes(2, "big")))
            self.close()
        return self._session is not None


def event_head(event: str) -> bytes:
    """Return the beginning of an event's text; its data and its number follow."""
    return b'{"t":"%s","op":0,"d":' % event.encode()
