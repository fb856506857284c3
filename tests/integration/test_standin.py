"""The bot as a process of its own, over sockets, against the stand-in for Discord."""

import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bench.processes import BotProcess, bot_process
from tests.bench.standin.client import Bot, StandIn
from tests.bench.standin.messages import buttons, texts
from tests.world import QUIZ

TOKEN = "one-token"
MEMBERS = 50


@asynccontextmanager
async def running_bot(folder: Path) -> AsyncGenerator[tuple[StandIn, Bot, BotProcess]]:
    """Start the stand-in and Quizhost, and wait until its commands can be used."""
    quizzes = folder / "quizzes"
    quizzes.mkdir()
    (quizzes / "capitals.yaml").write_text(QUIZ, encoding="utf-8")
    settings = {
        "QUIZHOST_QUIZZES": str(quizzes),
        "QUIZHOST_LEAD_SECONDS": "0",
        "QUIZHOST_PAUSE_SECONDS": "0",
    }
    async with StandIn.start() as discord:
        bot = discord.bot(TOKEN)
        async with bot_process(discord, TOKEN, folder / "data", settings=settings) as process:
            await bot.wait_until("commands")
            await bot.wait_until("connected")
            yield discord, bot, process


def rows(folder: Path) -> int:
    """Return how many answers are in the database."""
    with sqlite3.connect(folder / "data" / "quizhost.sqlite3") as connection:
        (count,) = connection.execute(
            "SELECT count(*) FROM (SELECT DISTINCT question_number, player_id FROM responses)"
        ).fetchone()
    connection.close()
    return int(count)


async def test_a_round_is_played_over_sockets_and_every_acknowledged_answer_is_stored(tmp_path: Path) -> None:
    async with running_bot(tmp_path) as (_, bot, process):
        started = await bot.slash("round start", quiz="capitals", seconds=5, questions=1)
        assert "Capitals" in started["texts"][0]

        question = await bot.wait_for_message("question 1", enabled=True)
        outcome = await bot.click(question, member=1, label="B")
        assert outcome["type"] == 4
        assert outcome["private"]
        assert "**B**" in outcome["texts"][0]
        burst = await bot.burst(question, MEMBERS, first_member=2)
        assert (burst["acked"], burst["late"], burst["repeated"]) == (MEMBERS, 0, 0)

        result = await bot.wait_for_message(after=int(question["id"]), enabled=True)
        assert result["attachments"], "the final card shows the board as a picture"
        cards = await bot.list_messages()
        assert len(cards) == 3
        assert all(button["disabled"] for button in buttons(cards[1]))
        assert f"of {MEMBERS + 1} right" in texts(cards[1])
        assert rows(tmp_path) == MEMBERS + 1
        assert (await bot.state())["unknown_routes"] == []
        assert await process.stop() == 0


async def test_a_call_can_be_held_and_the_bot_killed_there(tmp_path: Path) -> None:
    async with running_bot(tmp_path) as (discord, bot, process):
        await bot.rule("POST /channels/*/messages", "hold", when="after")
        await bot.slash("round start", quiz="capitals", seconds=5, questions=1)
        event = await discord.event()
        assert (event["action"], event["when"]) == ("hold", "after")
        await process.kill()
        assert len(await bot.list_messages()) == 1


async def test_an_injected_fault_reaches_the_bot_and_the_round_goes_on(tmp_path: Path) -> None:
    async with running_bot(tmp_path) as (discord, bot, _):
        await bot.rule("POST /channels/*/messages", status=503)
        await bot.slash("round start", quiz="capitals", seconds=5, questions=1)
        event = await discord.event()
        assert (event["action"], event["route"].split()[0]) == ("reply", "POST")
        await bot.wait_for_message("question 1", enabled=True)
        statuses = [
            status for _, route, status in await bot.list_calls() if route.startswith("POST /channels/")
        ]
        assert statuses[0] == 503
        assert statuses.count(503) == 1
