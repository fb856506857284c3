"""Presses and commands that take work are acknowledged before it is done, over real sockets."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio

from bot.storage.database import Database
from bot.text import refusals
from bot.wiring import App
from tests.bench.standin.client import Bot
from tests.bench.standin.world import Json
from tests.facing import open_app

pytestmark = pytest.mark.asyncio(loop_scope="module")

#: Discord's name for "a private reply follows".
THINKING = 5
PLAYERS = 40
SETTINGS = {"QUIZHOST_LEAD_SECONDS": 0, "QUIZHOST_PAUSE_SECONDS": 0}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[tuple[App, Bot]]:
    async with open_app(tmp_path_factory.mktemp("crowds"), **SETTINGS) as (app, bot, _):
        yield app, bot


@pytest.fixture
def slow_disk(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Let nothing be read or begin to be written until the event is set."""
    ready = asyncio.Event()
    for name in ("reading", "writing"):
        monkeypatch.setattr(Database, name, _after(ready, getattr(Database, name)))
    return ready


def _after(ready: asyncio.Event, begin: Any) -> Any:
    @asynccontextmanager
    async def begin_later(database: Database) -> AsyncGenerator[Any]:
        await ready.wait()
        async with begin(database) as connection:
            yield connection

    return begin_later


async def texts_of(bot: Bot, interaction: int) -> list[str]:
    """Return what became of an interaction, once it is something."""
    async with asyncio.timeout(10):
        while True:
            for one in await bot.list_acks(raw=True):
                if one["interaction"] == interaction and any(one["texts"]):
                    return [text for text in one["texts"] if text]
            await asyncio.sleep(0.02)


async def play(bot: Bot) -> Json:
    """Play one question with everybody and return the final card."""
    await bot.slash("round start", quiz="capitals", seconds=5, questions=1)
    question = await bot.wait_for_message("question 1", enabled=True)
    await bot.burst(question, PLAYERS)
    return await bot.wait_for_message(after=int(question["id"]), enabled=True)


async def test_my_result_is_acknowledged_before_anything_is_read(
    opened: tuple[App, Bot], slow_disk: asyncio.Event
) -> None:
    _, bot = opened
    slow_disk.set()
    card = await play(bot)
    slow_disk.clear()
    burst = await bot.burst(card, PLAYERS)
    assert (burst["acked"], burst["late"]) == (PLAYERS, 0), "nobody waits for the disk"
    slow_disk.set()
    stranger = await bot.click(card, member=PLAYERS + 1)
    assert await texts_of(bot, stranger["interaction"]) == [refusals.no_result()]
    acks = [one for one in await bot.list_acks(raw=True) if one["type"] == THINKING]
    reports = [await texts_of(bot, one["interaction"]) for one in acks if one["body"]["data"]["flags"] == 64]
    assert sum(f"of {PLAYERS}" in text for (text,) in reports) == PLAYERS


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("round start", {"quiz": "capitals"}),
        ("round pause", {}),
        ("round resume", {}),
        ("round skip", {}),
        ("leaderboard", {}),
        ("schedule run-now", {"schedule": "1"}),
        ("schedule pause", {"schedule": "1"}),
        ("schedule resume", {"schedule": "1"}),
        ("schedule remove", {"schedule": "1"}),
    ],
)
async def test_a_command_is_acknowledged_before_its_work_is_done(
    opened: tuple[App, Bot], slow_disk: asyncio.Event, command: str, options: dict[str, Any]
) -> None:
    _, bot = opened
    known = len(await bot.list_acks())
    running = asyncio.create_task(bot.slash(command, **options))
    async with asyncio.timeout(10):
        while len(acks := await bot.list_acks(raw=True)) == known or acks[-1]["ms"] is None:
            await asyncio.sleep(0.02)
    assert (acks[-1]["type"], acks[-1]["body"]["data"]["flags"]) == (THINKING, 64)
    slow_disk.set()
    assert any((await running)["texts"])


async def test_a_refusal_after_that_is_still_one_private_sentence(opened: tuple[App, Bot]) -> None:
    _, bot = opened
    empty = int(next(iter((await bot.state())["servers"].values()))[1])
    outcome = await bot.slash("round pause", channel=empty)
    assert outcome["type"] == THINKING
    assert await texts_of(bot, outcome["interaction"]) == [refusals.no_round_here(empty)]
