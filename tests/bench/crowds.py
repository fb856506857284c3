"""Crowds beside the answer buttons: everybody wants their result, and two hundred rounds play at once."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bench import goals
from tests.bench.goals import Reading
from tests.bench.measure import percentile
from tests.bench.players import OURS, Player, start_player, write_quiz
from tests.bench.standin.client import StandIn
from tests.bench.standin.pause import pause
from tests.bench.standin.world import Json

Say = Callable[[str], None]

MEMBERS, PRESSES = 2000, 1000
OTHERS_PER_SECOND, OTHERS_SECONDS = 100, 6
ROUNDS, STARTS = 200, 400
#: What Discord takes of a bot in a second.
DISCORD_TAKES = 50
SECONDS, GRACE, QUESTIONS = 20, 2, 3
#: How long the rounds may take, with their starts and pauses.
ROUNDS_SECONDS = 240
DEADLINE_MS = 3000


async def measure_all(folder: Path, say: Say, *, core: int | None, standin_core: int | None) -> list[Reading]:
    """Measure every crowd, each on a bot of its own."""
    readings: list[Reading] = []
    for name, servers, act in (
        ("results", 2, _results),
        ("rounds", ROUNDS, _rounds),
        ("starts", STARTS, _starts),
    ):
        async with _playing(folder / name, servers, core=core, standin_core=standin_core) as player:
            for reading in await act(player):
                say(f"{reading.goal.name}: {reading.value:,.0f}{reading.goal.unit} {reading.note}")
                readings.append(reading)
    return readings


@asynccontextmanager
async def _playing(
    folder: Path, servers: int, *, core: int | None, standin_core: int | None
) -> AsyncGenerator[Player]:
    write_quiz(folder / "quizzes")
    settings = {"QUIZHOST_QUIZZES": str(folder / "quizzes"), "LOG_LEVEL": "WARNING"}
    async with (
        StandIn.start(servers=servers, channels=1, core=standin_core) as standin,
        start_player(standin, OURS, folder, number=1, core=core, settings=settings) as player,
    ):
        await player.connected()
        yield player


async def _channels(player: Player) -> list[int]:
    servers = (await player.bot.state())["servers"]
    return [int(channels[0]) for channels in servers.values()]


# --- My result ------------------------------------------------------------------------------------


async def _results(player: Player) -> list[Reading]:
    """Let a crowd play, and half of it ask for its results at once while another server plays."""
    here, elsewhere = await _channels(player)
    card = await _play(player, here)
    await player.bot.slash("round start", channel=elsewhere, quiz="bench", seconds=300, questions=1)
    question = await player.bot.wait_for_message("question 1", channel=elsewhere, enabled=True)
    others = asyncio.create_task(
        player.bot.do(
            "paced",
            60.0,
            message=int(question["id"]),
            clicks=OTHERS_PER_SECOND * OTHERS_SECONDS,
            per_second=OTHERS_PER_SECOND,
            first_member=10 * MEMBERS,
            forget=False,
        )
    )
    await pause(0.5)
    begun = time.monotonic()
    presses = await player.bot.do(
        "burst", 30.0, message=int(card["id"]), clicks=PRESSES, first_member=1, forget=False
    )
    shown = await _shown(player, PRESSES)
    waits = (await others)["waits"]
    lag, busy = player.lag_between(begun, time.monotonic())
    return [
        Reading(goals.RESULTS_LATE, presses["late"], f"p99 {percentile(presses['waits'], 0.99):.0f} ms"),
        Reading(goals.RESULTS_SHOWN, max(shown), f"half of them after {percentile(shown, 0.5):.0f} ms"),
        Reading(goals.RESULTS_LAG, lag, f"computing {busy:.0f} ms of it"),
        Reading(
            goals.RESULTS_OTHERS, percentile(waits, 0.99), f"of {len(waits)}; longest {waits[-1]:.0f} ms"
        ),
    ]


async def _play(player: Player, channel: int) -> Json:
    """Play a round in which everybody answers everything, and return its final card."""
    await player.bot.slash("round start", channel=channel, quiz="bench", seconds=5, questions=QUESTIONS)
    after = 0
    for number in range(1, QUESTIONS + 1):
        question = await player.bot.wait_for_message(
            f"question {number}", channel=channel, after=after, enabled=True
        )
        after = int(question["id"])
        burst = await player.bot.burst(question, MEMBERS)
        if burst["acked"] != MEMBERS:
            raise AssertionError(f"{burst['acked']} of {MEMBERS} answers were taken")
    return await player.bot.wait_for_message(channel=channel, after=after, enabled=True)


async def _shown(player: Player, presses: int) -> list[float]:
    """Return how long each of the first members waited for the real reply; endless where there is none."""
    members = list(range(1, presses + 1))
    found: list[float | None] = []
    for _ in range(60):
        found = await player.bot.do("list_answered", members=members)
        if all(one is not None for one in found):
            break
        await pause(0.5)
    return sorted(float("inf") if one is None else one for one in found)


# --- many rounds ----------------------------------------------------------------------------------


async def _rounds(player: Player) -> list[Reading]:
    """Start rounds spread over a question's time; in each, somebody answers every two seconds."""
    channels = await _channels(player)
    await player.bot.do("global_limit", per_second=DISCORD_TAKES)
    options = {"quiz": "bench", "seconds": SECONDS, "questions": QUESTIONS}
    starting = asyncio.create_task(
        player.bot.do(
            "slash_each", 60.0, name="round start", channels=channels, options=options, over_seconds=SECONDS
        )
    )
    for member in range(1, ROUNDS_SECONDS // 2):
        await asyncio.gather(player.bot.do("press_open", member=member, over_seconds=1.8), pause(2))
        if len(await player.bot.do("list_closed")) == ROUNDS * QUESTIONS:
            break
    await starting
    state, closed = await player.bot.state(), await player.bot.do("list_closed")
    late = sorted((gone - posted - SECONDS - GRACE) * 1000 for posted, gone in closed)
    if len(late) != ROUNDS * QUESTIONS:
        raise AssertionError(f"{len(late)} of {ROUNDS * QUESTIONS} questions were revealed")
    edits = sum(state["edits"].values())
    note = f"{state['most_in_a_second']} in the busiest second, {edits} edits"
    longest = f"half of them {percentile(late, 0.5):.0f} ms, the last {late[-1]:.0f} ms"
    return [
        Reading(goals.ROUNDS_REFUSED, state["over_limit"], note),
        Reading(goals.ROUNDS_LATE, percentile(late, 0.99), longest),
    ]


# --- many starts ----------------------------------------------------------------------------------


async def _starts(player: Player) -> list[Reading]:
    """Let the moderators of four hundred servers start a round at once."""
    channels = await _channels(player)
    begun = time.monotonic()
    options = {"quiz": "bench", "seconds": 300}
    started = await player.bot.do("slash_each", 60.0, name="round start", channels=channels, options=options)
    await pause(SECONDS)
    lag, busy = player.lag_between(begun, time.monotonic())
    waits = started["waits"]
    late = STARTS - sum(wait <= DEADLINE_MS for wait in waits)
    note = f"p99 {percentile(waits, 0.99):.0f} ms; the loop still for {lag:.0f} ms, computing {busy:.0f}"
    return [Reading(goals.STARTS_LATE, late, note)]
