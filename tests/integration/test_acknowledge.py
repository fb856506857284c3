"""Private replies over real sockets: what goes out, and what becomes of them when the line is bad.

The bot runs in this process and faces the stand-in for Discord. `test_reply_pool.py` has what is below.
"""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord.http
import pytest
import pytest_asyncio
import yarl

from bot.ui import acknowledge
from bot.ui.acknowledge import FEW, Acknowledger
from bot.ui.reply_pool import ReplyPool
from bot.wiring import App
from tests.bench.processes import bot_process
from tests.bench.standin.client import Bot, StandIn
from tests.bench.standin.world import Json
from tests.facing import TOKEN, open_app, write_quizzes

pytestmark = pytest.mark.asyncio(loop_scope="module")

CALLBACKS = "POST /interactions/*"
SETTINGS = {"QUIZHOST_LEAD_SECONDS": 0, "QUIZHOST_PAUSE_SECONDS": 0}


@dataclass
class Desk:
    """A running bot with an open question."""

    app: App
    bot: Bot
    database: Path
    question: Json
    members: int = 0

    @property
    def acknowledger(self) -> Acknowledger:
        return self.app.bot.acknowledger

    def member(self, count: int = 1) -> int:
        """Return a member who has not clicked yet, or the first of so many."""
        self.members += count
        return self.members - count + 1

    def renew(self, **options: Any) -> Acknowledger:
        """Give the bot an acknowledger that has no connections and has counted nothing."""
        self.app.bot.acknowledger = Acknowledger(self.app.bot, **options)
        return self.acknowledger

    async def click(self, seconds: float = 10.0, label: str = "B") -> Json:
        return await self.bot.click(self.question, member=self.member(), label=label, seconds=seconds)

    async def callbacks(self, *, after: int = 0) -> list[int]:
        """Return the statuses of the callbacks since a call."""
        calls = await self.bot.list_calls()
        return [status for number, route, status in calls if number > after and "callback" in route]

    async def calls(self) -> int:
        return int((await self.bot.state())["calls"])

    def rows(self) -> int:
        with sqlite3.connect(self.database) as connection:
            (count,) = connection.execute("SELECT count(*) FROM responses").fetchone()
        connection.close()
        return int(count)


async def open_question(bot: Bot) -> Json:
    await bot.wait_until("commands")
    await bot.wait_until("connected")
    await bot.slash("round start", quiz="capitals", seconds=300)
    return await bot.wait_for_message("question 1", enabled=True)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Desk]:
    folder = tmp_path_factory.mktemp("acknowledge")
    async with open_app(folder, **SETTINGS) as (app, bot, config):
        yield Desk(app, bot, config.database_path, await open_question(bot))


@pytest_asyncio.fixture(loop_scope="module")
async def desk(opened: Desk) -> AsyncGenerator[Desk]:
    opened.renew()
    yield opened
    await opened.bot.do("clear_rules")
    await opened.bot.release()
    await opened.acknowledger.close()


async def until(true: Callable[[], object], seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.01)


# --- what goes out --------------------------------------------------------------------------------


async def test_a_reply_is_word_for_word_what_discordpy_sends(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = await desk.click()
    assert await desk.callbacks(after=await desk.calls() - 1) == [204], "ours does without Discord's echo"
    monkeypatch.setattr(acknowledge, "_KNOWN", False)
    theirs = await desk.click()
    assert await desk.callbacks(after=await desk.calls() - 1) == [200]
    assert ours["body"] == theirs["body"]
    assert ours["body"]["type"] == 4
    assert ours["body"]["data"]["flags"] == 64
    assert ours["body"]["data"]["allowed_mentions"] == {"parse": []}
    assert "**B**" in ours["body"]["data"]["content"]


async def test_a_refusal_goes_the_same_way_and_a_second_reply_becomes_a_follow_up(desk: Desk) -> None:
    outcome = await desk.bot.click(desk.question, member=desk.member(), custom_id="q:a:99:1:0")
    assert outcome["private"]
    assert desk.acknowledger._pool is not None
    assert desk.acknowledger._pool.peak == 1
    seen: list[discord.Interaction[Any]] = []

    async def listen(interaction: discord.Interaction[Any]) -> None:
        seen.append(interaction)

    desk.app.bot.add_listener(listen, "on_interaction")
    first = await desk.click()
    desk.app.bot.remove_listener(listen, "on_interaction")
    await until(seen[0].response.is_done)
    assert seen[0].response.type is discord.InteractionResponseType.channel_message
    assert await desk.acknowledger.send(seen[0], "and one more thing")
    (again,) = [
        one for one in await desk.bot.list_acks(raw=True) if one["interaction"] == first["interaction"]
    ]
    assert again["texts"][1:] == ["and one more thing"]


async def test_a_new_receipt_takes_the_old_one_away(desk: Desk) -> None:
    member = desk.member()
    first = await desk.bot.click(desk.question, member=member, label="A")
    await desk.bot.click(desk.question, member=member, label="B")

    async def shown() -> list[str]:
        acks = await desk.bot.list_acks(raw=True)
        return [text for one in acks if one["member"] == first["member"] for text in one["texts"]]

    async with asyncio.timeout(5):
        while len(texts := await shown()) != 1:
            await asyncio.sleep(0.01)
    assert "**B**" in texts[0]


# --- connections ----------------------------------------------------------------------------------


async def test_connections_are_opened_ahead_and_used_again(desk: Desk) -> None:
    before = (await desk.bot.state())["connections"]
    desk.acknowledger.warm()
    pool = desk.acknowledger._pool
    assert pool is not None
    await until(lambda: len(pool._idle) == FEW)
    for _ in range(3):
        await desk.click()
    assert (await desk.bot.state())["connections"] - before <= FEW
    pool.peak = 40
    desk.acknowledger.warm()
    await until(lambda: len(pool._idle) == 40)
    desk.acknowledger.warm()
    assert desk.acknowledger._expected == 20, "a large crowd is forgotten by and by"


async def test_more_clicks_than_connections_are_answered_in_their_order(desk: Desk) -> None:
    desk.renew(limit=2)
    before = await desk.calls()
    clicks = 200
    burst = await desk.bot.burst(desk.question, clicks, first_member=desk.member(clicks))
    assert (burst["acked"], burst["late"], burst["repeated"]) == (clicks, 0, 0)
    assert burst["new_connections"] == 2
    routes = [route for number, route, _ in await desk.bot.list_calls() if number > before]
    order = [int(route.split("/")[2]) for route in routes if "callback" in route]
    assert max(abs(at - sorted(order).index(one)) for at, one in enumerate(order)) <= 2


async def test_closing_lets_what_is_under_way_arrive_and_leaves_later_replies_to_discordpy(
    desk: Desk,
) -> None:
    ours, before = desk.acknowledger, await desk.calls()
    await desk.bot.rule(CALLBACKS, "delay", seconds=0.4, times=3)
    clicks = [asyncio.create_task(desk.click()) for _ in range(3)]
    await until(lambda: ours._pool is not None and ours._pool.peak == 3)
    await ours.close()
    await asyncio.gather(*clicks)
    assert await desk.callbacks(after=before) == [204, 204, 204]
    assert ours.fallbacks == 0
    assert ours._pool is not None
    await until(lambda: not ours._pool._open)  # type: ignore[union-attr]
    assert (await desk.click())["private"]
    assert ours.fallbacks == 1


# --- faults ---------------------------------------------------------------------------------------


async def test_a_connection_that_dies_under_a_reply_costs_nothing_but_another_one(desk: Desk) -> None:
    await desk.click()
    before = await desk.calls()
    await desk.bot.rule(CALLBACKS, "drop")
    await desk.click()
    assert await desk.callbacks(after=before) == [0, 204]
    assert desk.acknowledger.fallbacks == 0


async def test_a_reply_whose_answer_is_lost_is_sent_again_and_found_to_be_there(desk: Desk) -> None:
    before = await desk.calls()
    await desk.bot.rule(CALLBACKS, "drop", when="after")
    await desk.click()
    await until(lambda: desk.acknowledger.repeated == 1)
    assert await desk.callbacks(after=before) == [0, 400]
    assert (desk.acknowledger.late, desk.acknowledger.fallbacks) == (0, 0)


@pytest.mark.parametrize("status", [500, 503])
async def test_a_fault_of_discords_is_tried_again_at_once(desk: Desk, status: int) -> None:
    before = await desk.calls()
    await desk.bot.rule(CALLBACKS, status=status)
    assert (await desk.click())["ms"] < 900, "discord.py would wait for a second"
    assert await desk.callbacks(after=before) == [status, 204]
    assert desk.acknowledger.fallbacks == 0


@pytest.mark.parametrize(("status", "code", "counter"), [(404, 10062, "late"), (400, 40060, "repeated")])
async def test_a_reply_that_came_late_or_twice_is_counted_and_not_sent_again(
    desk: Desk, status: int, code: int, counter: str
) -> None:
    before, rows = await desk.calls(), desk.rows()
    await desk.bot.rule(CALLBACKS, status=status, body={"code": code})
    with pytest.raises(TimeoutError):
        await desk.click(seconds=0.5)
    assert await desk.callbacks(after=before) == [status]
    assert getattr(desk.acknowledger, counter) == 1
    assert (desk.acknowledger.late + desk.acknowledger.repeated, desk.acknowledger.fallbacks) == (1, 0)
    assert desk.rows() == rows + 1


@pytest.mark.parametrize("status", [400, 403, 404, 418])
async def test_any_other_refusal_is_left_to_discordpy(
    desk: Desk, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    before = await desk.calls()
    await desk.bot.rule(CALLBACKS, status=status)
    assert (await desk.click())["private"]
    await until(lambda: desk.acknowledger.fallbacks)
    assert await desk.callbacks(after=before) == [status, 200]
    assert desk.acknowledger.fallbacks == 1
    await desk.click()  # until it is answered, discord.py has read what Discord said of the first
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_where_discord_never_answers_a_reply_is_given_up_and_the_answer_stays(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    rows, loop = desk.rows(), asyncio.get_running_loop()
    await desk.bot.rule(CALLBACKS, "hold", times=None)
    clicks = [asyncio.create_task(desk.click(seconds=0.1)) for _ in range(20)]
    begun = loop.time()
    await until(lambda: sum(one for key, one in desk.acknowledger._troubles.items() if "not" in key) == 20)
    assert 2.5 < loop.time() - begun < 3.6
    await asyncio.gather(*clicks, return_exceptions=True)
    assert desk.rows() == rows + 20
    await desk.acknowledger.close()
    lines = [one.getMessage() for one in caplog.records if one.name == "bot.ui.acknowledge"]
    assert len(lines) <= 2, "a line a burst"
    assert "20 not delivered (TimeoutError)" in lines[-1]


async def test_where_nobody_listens_discordpy_has_to_try(
    desk: Desk, unused_tcp_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    ours = desk.acknowledger
    ours._pool = ReplyPool(f"http://127.0.0.1:{unused_tcp_port}/api/v10", "agent", 512)
    burst = await desk.bot.burst(desk.question, 100, first_member=desk.member(100))
    assert (burst["acked"], burst["late"]) == (100, 0)
    assert ours.fallbacks == 100
    await ours.close()
    lines = [one.getMessage() for one in caplog.records if one.name == "bot.ui.acknowledge"]
    assert lines == ["private replies: 100 left to discord.py (ConnectionRefusedError)"]


async def test_no_secret_is_logged_whatever_goes_wrong(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    caplog.set_level(logging.DEBUG, "asyncio")
    await desk.bot.rule(CALLBACKS, status=403, times=2)
    await desk.bot.rule(CALLBACKS, "drop", times=3)
    await desk.bot.rule("DELETE /webhooks/*", "drop", times=2)
    await desk.bot.rule(CALLBACKS, status=400, times=2)
    member = desk.member()
    for label in "ABCABCAB":
        with contextlib.suppress(TimeoutError):
            await desk.bot.click(desk.question, member=member, label=label, seconds=0.5)
    await desk.acknowledger.close()
    assert "not delivered" in caplog.text
    assert "xxxxxxxx" not in caplog.text, "the stand-in's tokens are full of these"
    assert TOKEN not in caplog.text


# --- other ways -----------------------------------------------------------------------------------


async def test_through_a_proxy_discordpy_sends_every_reply(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = yarl.URL(discord.http.Route.BASE)
    seen: list[bytes] = []

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one request on, as a proxy does, and its answer back."""
        request = await reader.readuntil(b"\r\n\r\n")
        size = int(next(one for one in request.split(b"\r\n") if one.lower().startswith(b"content-le"))[15:])
        seen.append(request)
        upstream, sending = await asyncio.open_connection(api.host, api.port)
        sending.write(request.replace(f"http://{api.authority}".encode(), b"", 1))
        sending.write(await reader.readexactly(size))
        writer.write(await upstream.readuntil(b"\r\n\r\n"))
        writer.write(await upstream.read(100_000))
        for one in (sending, writer):
            one.close()
            await one.wait_closed()

    proxy = await asyncio.start_server(relay, "127.0.0.1", 0)
    async with proxy:
        host, port = proxy.sockets[0].getsockname()
        monkeypatch.setattr(desk.app.bot.http, "proxy", f"http://{host}:{port}")
        assert (await desk.click())["private"]
        await until(lambda: seen)
    assert desk.acknowledger._pool is None
    assert desk.acknowledger.fallbacks == 0


async def test_replies_go_over_tls(tmp_path: Path) -> None:
    settings = {key: str(value) for key, value in SETTINGS.items()}
    settings |= {"QUIZHOST_QUIZZES": str(write_quizzes(tmp_path)), "LOG_LEVEL": "INFO"}
    async with StandIn.start(tls=tmp_path / "authority.pem") as standin:
        bot = standin.bot(TOKEN)
        async with bot_process(standin, TOKEN, tmp_path / "data", settings=settings) as process:
            question = await open_question(bot)
            burst = await bot.burst(question, 100)
            assert (burst["acked"], burst["late"], burst["repeated"]) == (100, 0, 0)
            statuses = [status for _, route, status in await bot.list_calls() if "callback" in route]
            assert set(statuses) == {204}
            assert await process.stop() == 0
            assert "private replies" not in process.log.read_text()
