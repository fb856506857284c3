"""Prototype: acknowledge clicks through a plain aiohttp session, past discord.py's adapter."""

import aiohttp


class Pool:
    """The same face as the httptools prototype's pool."""

    def __init__(self, base: str, *, limit: int = 512) -> None:
        self._base = base
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=limit, keepalive_timeout=300),
            headers={"Content-Type": "application/json"},
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def request(self, method: str, path: str, body: bytes = b"") -> int:
        """Send a request and return the status."""
        async with self._session.request(method, self._base + path, data=body) as response:
            await response.read()
            return response.status
