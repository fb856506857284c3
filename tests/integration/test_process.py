"""`quizhost run` as a process of its own: how it starts, how it is stopped, and what it says."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.bench.processes import BotProcess, bot_process
from tests.bench.standin.client import Bot, StandIn
from tests.bench.standin.pause import pause

TOKEN = "not-a-real-token"
STOP_SECONDS = 10
#: How long a start may take on a machine that does much else.
START_SECONDS = 60
#: Where nobody listens.
NOWHERE = "127.0.0.1:1"
NO_GATEWAY = {
    "url": f"ws://{NOWHERE}",
    "shards": 1,
    "session_start_limit": {"total": 1, "remaining": 1, "reset_after": 0, "max_concurrency": 1},
}


async def why_it_ended(process: BotProcess) -> str:
    """Wait until the bot has given up by itself, and return what it said."""
    code = await process.wait(START_SECONDS)
    log = process.log.read_text(encoding="utf-8")
    assert code == 1, log
    assert "Traceback" not in log
    assert TOKEN not in log
    return log


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "Discord refused the token. Get a new one at https://discord.com/"),
        (503, "Discord ended the connection: 503 "),
    ],
    ids=["a wrong token", "Discord is down"],
)
async def test_what_discord_answers_to_the_login_is_told_in_a_sentence(
    status: int, said: str, tmp_path: Path
) -> None:
    async with StandIn.start() as discord:
        await discord.bot(TOKEN).rule("GET /users/@me", status=status)
        async with bot_process(discord, TOKEN, tmp_path / "data") as process:
            assert said in await why_it_ended(process)


async def test_a_discord_that_cannot_be_reached_is_told_in_a_sentence(tmp_path: Path) -> None:
    elsewhere = {"STANDIN_API": f"http://{NOWHERE}"}
    async with (
        StandIn.start() as discord,
        bot_process(discord, TOKEN, tmp_path / "data", settings=elsewhere) as process,
    ):
        said = await why_it_ended(process)
    assert f"Discord cannot be reached: Cannot connect to host {NOWHERE}" in said


async def stopped(process: BotProcess, data: Path) -> str:
    """Send SIGTERM, see that it ends well and in time, and return what was logged."""
    asked_at = time.monotonic()
    code = await process.stop()
    log = process.log.read_text(encoding="utf-8")
    assert code == 0, log
    assert time.monotonic() - asked_at < STOP_SECONDS
    assert "stopping; open rounds continue at the next start" in log
    with sqlite3.connect(data / "quizhost.sqlite3") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()
    return log


async def test_sigterm_ends_the_bot_in_the_middle_of_a_round(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with StandIn.start() as discord:
        bot = discord.bot(TOKEN)
        async with bot_process(discord, TOKEN, data, settings={"QUIZHOST_LEAD_SECONDS": "0"}) as process:
            await bot.wait_until("commands")
            await bot.wait_until("connected")
            await bot.slash("round start", quiz="mlops-basics")
            question = await bot.wait_for_message("question 1", enabled=True)
            await bot.click(question, member=1, label="A")
            assert "Traceback" not in await stopped(process, data)
            await bot.wait_until("disconnected")


@pytest.mark.parametrize(
    "rule", [{"status": 200, "body": NO_GATEWAY}, {"action": "hold"}], ids=["unreachable", "silent"]
)
async def test_sigterm_ends_the_bot_while_the_gateway_is_not_there(
    rule: dict[str, Any], tmp_path: Path
) -> None:
    data = tmp_path / "data"
    async with StandIn.start() as discord:
        await discord.bot(TOKEN).rule("GET /gateway/bot", times=None, **rule)
        async with bot_process(discord, TOKEN, data) as process:
            await discord.event(START_SECONDS)
            await pause(0.5)  # the bot is a process of its own: it finds out that nobody is there
            await stopped(process, data)


async def test_commands_are_published_where_discord_has_others_and_hold_nothing_up(tmp_path: Path) -> None:
    async with StandIn.start() as discord:
        bot = discord.bot(TOKEN)
        for expected in (["GET", "PUT"], ["GET"]):
            before = len(await bot.list_calls())
            async with bot_process(discord, TOKEN, tmp_path / "data") as process:
                await bot.wait_until("commands")
                await bot.wait_until("connected")
                await bot.slash("help")
                await stopped(process, tmp_path / "data")
            routes = [route for _, route, _ in (await bot.list_calls())[before:]]
            assert [route.split()[0] for route in routes if route.endswith("/commands")] == expected
        await bot.rule("GET /applications/*/commands", "hold")
        async with bot_process(discord, TOKEN, tmp_path / "data"):
            await bot.wait_until("connected")
            assert (await bot.slash("help"))["private"], "a member is served meanwhile"


@asynccontextmanager
async def in_a_question(data: Path) -> AsyncGenerator[tuple[StandIn, Bot, BotProcess]]:
    """Start the bot, and a round in it, and wait for the first question."""
    async with StandIn.start() as discord:
        bot = discord.bot(TOKEN)
        settings = {"QUIZHOST_LEAD_SECONDS": "0"}
        async with bot_process(discord, TOKEN, data, settings=settings) as process:
            await bot.wait_until("commands")
            await bot.wait_until("connected")
            await bot.slash("round start", quiz="mlops-basics")
            await bot.wait_for_message("question 1", enabled=True)
            yield discord, bot, process


@pytest.mark.parametrize("gateway", ["refused", "silent"])
async def test_sigterm_ends_the_bot_while_it_reconnects(gateway: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with in_a_question(data) as (discord, bot, process):
        await bot.do("gateway", state=gateway)
        await bot.do("disconnect")
        assert (await discord.event(START_SECONDS))["event"] == "gateway"
        await pause(0.2)
        await stopped(process, data)


async def test_a_second_signal_ends_the_bot_at_once(tmp_path: Path) -> None:
    async with in_a_question(tmp_path / "data") as (discord, bot, process):
        await bot.rule("POST /interactions/*", "hold")  # the bot waits for a reply to arrive
        clicking = asyncio.create_task(bot.slash("help"))
        await discord.event()
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(STOP_SECONDS):
            while "stopping" not in process.log.read_text(encoding="utf-8"):
                await pause(0.02)
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == -signal.SIGTERM
        clicking.cancel()


async def test_a_token_that_was_reset_is_told_and_leaves_the_round_as_it_is(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with in_a_question(data) as (_, bot, process):
        before = stored_round(data)
        await bot.do("disconnect", code=4004)
        assert "Discord refused the token. Get a new one at" in await why_it_ended(process)
        assert stored_round(data) == before == ("asking", 1, None)


def stored_round(data: Path) -> tuple[Any, ...]:
    """Return state, position and end of the one round."""
    with sqlite3.connect(data / "quizhost.sqlite3") as database:
        (row,) = database.execute("SELECT state, position, ended_at FROM rounds").fetchall()
    database.close()
    return tuple(row)


async def test_a_database_that_is_deleted_under_the_bot_ends_it_and_moderators_hear_why(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    async with in_a_question(data) as (_, bot, process):
        question = await bot.wait_for_message("question 1", enabled=True)
        assert "Your answer" in (await bot.click(question, member=1, label="A"))["texts"][0]
        (data / "quizhost.sqlite3").unlink()
        outcome = await bot.click(question, member=1, label="B")
        assert "not** recorded" in outcome["texts"][0]
        assert "deleted or replaced while Quizhost was running" in await why_it_ended(process)
        await bot.wait_for_message("my data file was deleted or replaced")


@pytest.mark.parametrize("told", [True, False], ids=["at once", "by the next session's list"])
async def test_a_server_that_removes_the_bot_hears_nothing_more_of_its_round(
    told: bool, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    async with in_a_question(data) as (_, bot, process):
        posts = [route for _, route, _ in await bot.list_calls() if route.startswith("POST /channels")]
        await bot.do("remove_server", server=await bot.server(), told=told)
        if not told:
            await bot.do("disconnect", resumable=False)
        async with asyncio.timeout(START_SECONDS):
            while stored_round(data)[0] != "stopped":
                await pause(0.05)
        await stopped(process, data)
        calls = [route for _, route, _ in await bot.list_calls()]
        assert [route for route in calls if route.startswith("POST /channels")] == posts
        assert "POST /users/@me/channels" not in calls


def test_a_process_that_does_not_end_by_itself_is_ended_in_time() -> None:
    code = "import time; from bot.runner import _end_within; _end_within(0.1); time.sleep(60)"
    ended = subprocess.run([sys.executable, "-c", code], timeout=START_SECONDS, check=False)
    assert ended.returncode == 0
