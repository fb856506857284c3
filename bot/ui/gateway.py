"""The gateway's messages, a few at a time.

discord.py's loop (`DiscordWebSocket.poll_event`) never gives way while aiohttp has messages buffered. When
two thousand members press at once, all their clicks would be parsed before the first is answered: half a
second for nothing (measured: first reply after 34 instead of 581 ms, the middle one after 398 instead
of 677).
"""

import asyncio
import logging

import aiohttp
import discord

log = logging.getLogger(__name__)

MESSAGES_IN_A_ROW = 16


def is_known_discordpy() -> bool:
    """Tell whether discord.py is the version that pyproject.toml asks for; others may differ inside."""
    return discord.version_info[:2] == (2, 7)


def take_turns(client: discord.Client) -> None:
    """Let everything else run after every few messages, on every connection that this client opens.

    `ws_connect` is where discord.py opens its connections, in the version that pyproject.toml asks for.
    """
    if not is_known_discordpy():
        log.warning("discord.py %s is new to us: bursts of clicks are answered later", discord.__version__)
        return
    connect = client.http.ws_connect

    async def connect_taking_turns(url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        socket = await connect(url, compress=compress)
        _take_turns(socket)
        return socket

    client.http.ws_connect = connect_taking_turns


def _take_turns(socket: aiohttp.ClientWebSocketResponse) -> None:
    receive = socket.receive
    received = 0

    async def receive_taking_turns(timeout: float | None = None) -> aiohttp.WSMessage:  # noqa: ASYNC109 - aiohttp's
        nonlocal received
        received += 1
        if received % MESSAGES_IN_A_ROW == 0:
            await asyncio.sleep(0)  # noqa: TID251 - gives way, does not wait
        return await receive(timeout)

    socket.receive = receive_taking_turns
