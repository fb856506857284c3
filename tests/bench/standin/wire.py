"""HTTP/1.1 on a socket, turning into a WebSocket where the client asks for it."""

import asyncio
import time
from typing import cast

import httptools

from tests.bench.standin import websocket
from tests.bench.standin.gateway import Connection
from tests.bench.standin.rest import PREFIX, Request
from tests.bench.standin.server import Server

_PHRASES = {200: b"OK", 204: b"No Content", 400: b"Bad Request", 401: b"Unauthorized", 404: b"Not Found"}
#: What Discord's edge sends beside the body; about as long, so that parsing it costs the same.
_EDGE = (
    b"Connection: keep-alive\r\nSet-Cookie: __dcfduid=0123456789abcdef0123456789abcdef; HttpOnly; Path=/; "
    b"Secure\r\nStrict-Transport-Security: max-age=31536000; includeSubDomains; preload\r\n"
    b"x-ratelimit-bucket: 0123456789abcdef0123456789abcdef\r\nx-ratelimit-limit: 5\r\n"
    b"x-ratelimit-remaining: 4\r\nx-ratelimit-reset: 4102444800\r\nx-ratelimit-reset-after: 1.000\r\n"
    b'Via: 1.1 google\r\nAlt-Svc: h3=":443"; ma=86400\r\nCF-Cache-Status: DYNAMIC\r\n'
    b"X-Content-Type-Options: nosniff\r\nContent-Security-Policy: frame-ancestors 'none'; default-src 'none'"
    b"\r\nServer: cloudflare\r\nCF-RAY: 0123456789abcdef-FRA\r\n\r\n"
)


class Wire(asyncio.Protocol):
    """One connection of a bot."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._gateway: Connection | None = None
        self._url = b""
        self._headers: dict[bytes, bytes] = {}
        self._body: list[bytes] = []
        self._new = True

    # --- asyncio ----------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the session."""
        self._transport = None
        if self._gateway is not None:
            self._gateway.lost()

    def data_received(self, data: bytes) -> None:
        """Parse what came."""
        if self._gateway is not None:
            self._gateway.feed(data)
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._upgrade()
            if rest := data[upgrade.args[0] :]:
                self.data_received(rest)
        except httptools.HttpParserError:
            self.close()

    # --- what a Connection writes to ----------------------------------------------------------------

    def write(self, data: bytes) -> None:
        """Send bytes, if anybody is there."""
        if self._transport is not None:
            self._transport.write(data)

    def close(self) -> None:
        """Close the connection once everything is sent."""
        if self._transport is not None:
            self._transport.close()

    # --- httptools --------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        """Start a request."""
        self._url, self._headers, self._body = b"", {}, []

    def on_url(self, url: bytes) -> None:
        """Take a piece of the address."""
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        self._headers[name.lower()] = value

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """Handle the request."""
        if b"sec-websocket-key" in self._headers:
            return
        path, _, query = self._url.decode("ascii").partition("?")
        get = self._headers.get
        request = Request(
            method=self._parser.get_method().decode("ascii"),
            path=path.removeprefix(PREFIX),
            query=query,
            content_type=get(b"content-type", b"").decode("latin-1"),
            authorization=get(b"authorization", b"").decode("latin-1"),
            body=b"".join(self._body),
        )
        self._server.handle(request, self._answer, new_connection=self._new)
        self._new = False

    def _answer(self, reply: tuple[int, bytes] | None) -> None:
        if reply is None:
            if self._transport is not None:
                self._transport.abort()
            return
        status, body = reply
        described = b"Content-Type: application/json\r\nContent-Length: %d\r\n" % len(body) if body else b""
        self.write(
            b"HTTP/1.1 %d %s\r\nDate: %s\r\n%s"
            % (status, _PHRASES.get(status, b"Something"), _date(), described)
            + _EDGE
            + body
        )

    def _upgrade(self) -> None:
        if self._server.gateway != "open":
            self._server.tell({"event": "gateway", "gateway": self._server.gateway})
            if self._server.gateway == "refused":
                self._answer((503, b""))
            return
        self.write(websocket.accept(self._headers[b"sec-websocket-key"]))
        query = self._url.decode("ascii").partition("?")[2]
        compression = next((one[9:] for one in query.split("&") if one.startswith("compress=")), "")
        self._gateway = Connection(self, compression, self._server.session)


_date_cache: tuple[int, bytes] = (0, b"")


def _date() -> bytes:
    global _date_cache  # noqa: PLW0603 - one formatted second, shared by every connection
    now = int(time.time())
    if _date_cache[0] != now:
        _date_cache = now, time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(now)).encode()
    return _date_cache[1]
