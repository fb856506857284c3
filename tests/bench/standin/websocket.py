"""The server's half of the WebSocket protocol (RFC 6455), as far as a gateway needs it."""

import base64
import hashlib
import struct
from collections.abc import Iterator

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


def accept(key: bytes) -> bytes:
    """Return the response to a client's upgrade request with this key."""
    token = base64.b64encode(hashlib.sha1(key + _GUID).digest())
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + token + b"\r\n\r\n"
    )


def frame(opcode: int, payload: bytes) -> bytes:
    """Return one unmasked frame."""
    size = len(payload)
    if size < 126:
        return bytes((0x80 | opcode, size)) + payload
    if size < 1 << 16:
        return struct.pack("!BBH", 0x80 | opcode, 126, size) + payload
    return struct.pack("!BBQ", 0x80 | opcode, 127, size) + payload


class FrameReader:
    """Cuts a client's bytes into frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Take bytes and yield every frame that is complete: opcode and payload."""
        self._buffer += data
        while (size := self._header()) is not None:
            start, length = size
            end = start + length
            if len(self._buffer) < end:
                return
            mask = self._buffer[start - 4 : start]
            payload = bytes(byte ^ mask[at % 4] for at, byte in enumerate(self._buffer[start:end]))
            opcode = self._buffer[0] & 0x0F
            del self._buffer[:end]
            yield opcode, payload

    def _header(self) -> tuple[int, int] | None:
        """Return where the payload starts and how long it is, once that is known."""
        buffer = self._buffer
        if len(buffer) < 6:
            return None
        length = buffer[1] & 0x7F
        if length < 126:
            return 6, length
        if length == 126:
            return (8, int.from_bytes(buffer[2:4], "big")) if len(buffer) >= 8 else None
        return (14, int.from_bytes(buffer[2:10], "big")) if len(buffer) >= 14 else None
