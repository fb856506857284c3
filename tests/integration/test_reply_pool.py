"""The connections below the private replies, on servers written byte by byte; and the gateway's turns."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from bot.ui import reply_pool
from bot.ui.gateway import MESSAGES_IN_A_ROW, take_turns
from bot.ui.reply_pool import Overloaded, Reply, ReplyPool, Unsent

DONE = b"HTTP/1.1 204 No Content\r\n\r\n"


@asynccontextmanager
async def pool_to(answers: Sequence[bytes | None]) -> AsyncGenerator[tuple[ReplyPool, list[int]]]:
    """Serve these answers, one a request whichever connection it is on; None closes the connection."""
    left, connections = list(answers), [0]

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections[0] += 1
        try:
            while left:
                await reader.readuntil(b"\r\n\r\n{}")
                answer = left.pop(0)
                if answer is None:
                    break
                writer.write(answer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        pool = ReplyPool(f"http://{host}:{port}/api", "agent", 4)
        yield pool, connections
        await pool.close()
        await until(lambda: not pool._open)


async def until(true: Callable[[], object], seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.01)


async def post(pool: ReplyPool, seconds: float = 2.0, patience: float = 0.5) -> Reply:
    now = asyncio.get_running_loop().time()
    return await pool.send("/x", b"{}", deadline=now + seconds, latest=now + seconds + patience)


@pytest.mark.parametrize(
    "answers",
    [
        [b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + DONE],
        [b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"],
        [b"this is not HTTP\r\n\r\n", DONE],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"],
        [None, DONE],
    ],
)
async def test_an_unusual_answer_is_understood_or_asked_for_again(answers: list[bytes | None]) -> None:
    async with pool_to([*answers, DONE]) as (pool, _):
        for _ in range(2):
            assert (await post(pool)).status in {200, 204}


async def test_a_request_is_sent_twice_at_most() -> None:
    async with pool_to([None, None, DONE]) as (pool, connections):
        with pytest.raises(Unsent, match="connection lost"):
            await post(pool)
        assert connections == [2]
        assert (await post(pool)).status == 204


async def test_connections_that_died_while_idle_are_not_used() -> None:
    async with pool_to([DONE, DONE]) as (pool, connections):
        await post(pool)
        for connection in list(pool._idle):
            connection.abort()
        assert (await post(pool)).status == 204
        assert connections == [2]


async def test_idle_connections_are_closed_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reply_pool, "IDLE_SECONDS", 0.0)
    async with pool_to([DONE, DONE]) as (pool, connections):
        await post(pool)
        await until(lambda: not pool._open)
        await until(lambda: pool._sweeper is None)
        assert connections == [1]


async def test_who_waits_too_long_for_a_turn_is_told_that_there_are_too_many() -> None:
    async with pool_to([DONE, DONE]) as (pool, connections):
        pool._limit = 1
        await post(pool)
        (held,) = pool._open
        pool._idle.clear()  # as if somebody else's request were under way for ever
        with pytest.raises(Overloaded):
            await post(pool, seconds=0.1, patience=0.1)
        pool.free(held)
        assert (await post(pool)).status == 204
        assert connections == [1]


async def test_an_answer_that_does_not_come_is_given_up_with_its_connection() -> None:
    async with pool_to([b"", DONE]) as (pool, connections):
        with pytest.raises(Unsent, match="no answer in time"):
            await post(pool, seconds=0.1)
        assert (await post(pool)).status == 204
        assert connections == [2]


async def test_who_stops_waiting_gets_in_nobodys_way() -> None:
    async with pool_to([DONE, DONE, DONE]) as (pool, _):
        impatient = [asyncio.create_task(post(pool)) for _ in range(10)]
        await asyncio.sleep(0)
        for one in impatient:
            one.cancel()
        assert (await post(pool)).status == 204
        await asyncio.wait(impatient)


# --- the gateway ----------------------------------------------------------------------------------


async def test_others_have_their_turn_however_many_messages_are_waiting() -> None:
    async def receive(timeout: float | None = None) -> str:  # noqa: ASYNC109 - aiohttp's signature
        return "message"

    async def connect(url: str, *, compress: int = 0) -> Any:
        return SimpleNamespace(receive=receive)

    client: Any = SimpleNamespace(http=SimpleNamespace(ws_connect=connect))
    take_turns(client)
    socket = await client.http.ws_connect("wss://gateway")
    other = asyncio.create_task(asyncio.sleep(0))
    for _ in range(MESSAGES_IN_A_ROW * 2):
        assert await socket.receive(timeout=1) == "message"
    assert other.done()
