"""The goals that need no Discord: storage, leaderboards, quiz files, pictures, start-up."""

import asyncio
import os
import resource
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
import yaml

from bot.content.library import load_folder
from bot.domain.round import Answer, RoundId
from bot.services.ports import AnswerEntry
from bot.storage.answers import SqlAnswerLog
from bot.storage.database import Database
from bot.storage.leaderboards import SqlLeaderboardStore
from tests.bench import goals
from tests.bench.bots import naive_bot
from tests.bench.goals import Reading
from tests.bench.pictures import picture

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
ROUND = RoundId(1, 1)
AT_ONCE = 2000
PLAYERS, ROUNDS, QUESTIONS = 4000, 25, 10  #: a big server: 1.0 million answers
QUIZZES = 1000


async def measure_all(folder: Path, *, quick: bool) -> list[Reading]:
    """Measure every goal that needs no Discord."""
    return [
        await storage(folder / "storage", repetitions=3 if quick else 7),
        await top_ten(folder / "boards"),
        loading(folder / "quizzes"),
        await picture(repetitions=7 if quick else 21),
        imports(),
    ]


# --- storage --------------------------------------------------------------------------------------


async def storage(folder: Path, *, repetitions: int) -> Reading:
    """Compare the answer writer with an ORM commit a click, at two thousand at once."""
    folder.mkdir(parents=True)
    ours, theirs = [], []
    async with Database.open(folder / "ours.sqlite3") as database:
        await _insert_round(database)
        async with SqlAnswerLog.open(database) as answers:
            await _ours(answers, 0)
            ours = [await _ours(answers, one + 1) for one in range(repetitions)]
    engine, sessions = naive_bot.open_sessions(folder / "naive.sqlite3")
    async with engine.begin() as connection:
        await connection.run_sync(naive_bot.Base.metadata.create_all)

    async def one_click(number: int) -> None:
        async with sessions() as session:
            await naive_bot.record(session, 1, number, 0, number)

    for repetition in range(max(1, repetitions // 3)):
        begun = time.perf_counter()
        first = repetition * AT_ONCE
        await asyncio.gather(*(one_click(first + number) for number in range(AT_ONCE)))
        theirs.append(AT_ONCE / (time.perf_counter() - begun))
    await engine.dispose()
    fast, slow = statistics.median(ours), statistics.median(theirs)
    return Reading(goals.STORAGE, fast / slow, f"{fast:,.0f}/s and {slow:,.0f}/s")


async def _ours(answers: SqlAnswerLog, repetition: int) -> float:
    first = repetition * AT_ONCE
    begun = time.perf_counter()
    await asyncio.gather(*(answers.record(_response(first + number)) for number in range(1, AT_ONCE + 1)))
    return AT_ONCE / (time.perf_counter() - begun)


def _response(number: int) -> AnswerEntry:
    answer = Answer(1, number, "1", 1000, number)
    return AnswerEntry(ROUND, answer, f"Member {number}", NOW)


async def _insert_round(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(
            sa.text("INSERT INTO quiz_versions VALUES (:server, 'hash', 'bench', '{}')"), {"server": ROUND[0]}
        )
    await _insert_rounds(database, [ROUND.number])


async def _insert_rounds(database: Database, numbers: Iterable[int]) -> None:
    rows = [{"number": number} for number in numbers]
    async with database.writing() as connection:
        await connection.execute(_PLAY, rows)
        await connection.execute(_ROUND, rows)


_PLAY = sa.text(
    "INSERT INTO plays (server_id, number, kind, quiz_id, content_hash)"
    " VALUES (1, :number, 'round', 'bench', 'hash')"
)
_ROUND = sa.text(
    "INSERT INTO rounds (server_id, number, channel_id, in_thread, host_id, rules, state, revision, position,"
    " created_at, ended_at) VALUES (1, :number, 1, 0, 1, '{}', 'finished', 1, 1, 0, :number)"
)


# --- leaderboards ---------------------------------------------------------------------------------


async def top_ten(folder: Path) -> Reading:
    """Compare our leaderboard with GROUP BY over every answer, on a covering index."""
    folder.mkdir(parents=True)
    path = folder / "boards.sqlite3"
    async with Database.open(path) as database:
        await _insert_round(database)
        await _insert_rounds(database, range(2, ROUNDS + 1))
        async with database.writing() as connection:
            for number in range(1, ROUNDS + 1):
                rows = [
                    {"n": number, "p": player, "points": (player * number) % 11, "ms": player % 977}
                    for player in range(PLAYERS)
                ]
                await connection.execute(_STANDING, rows)
        _insert_answers(path)
        store = SqlLeaderboardStore(database)
        ours = [
            await _timed(lambda: store.fetch_leaderboard(1, since=None, quiz_id=None, limit=10))
            for _ in range(15)
        ]
        found = await store.fetch_leaderboard(1, since=None, quiz_id=None, limit=10)
        if len(found) != 10:
            raise AssertionError(f"the top ten are {len(found)}")
    theirs = _group_by(path)
    mine = statistics.median(ours)
    return Reading(goals.TOP_TEN, theirs / mine, f"{mine * 1000:.1f} ms and {theirs * 1000:.1f} ms")


_STANDING = sa.text(
    "INSERT INTO standings (server_id, play_number, player_id, rank, score, points, max_points, correct,"
    " answered, answer_ms, tier) VALUES (1, :n, :p, 1, 100 * :points, 100 * :points, 1000,"
    " :points, 10, :ms, 0)"
)


def _insert_answers(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE answers (server INT, player INT, points INT, ms INT)")
    rows = (
        (1, player, question % 2, player % 977)
        for question in range(ROUNDS * QUESTIONS)
        for player in range(PLAYERS)
    )
    connection.executemany("INSERT INTO answers VALUES (?, ?, ?, ?)", rows)
    connection.execute("CREATE INDEX covering ON answers (server, player, points, ms)")
    connection.commit()
    connection.close()


def _group_by(path: Path) -> float:
    connection = sqlite3.connect(path)
    query = (
        "SELECT player, sum(points) AS total, sum(ms) AS taken FROM answers WHERE server = 1"
        " GROUP BY player ORDER BY total DESC, taken LIMIT 10"
    )
    times: list[float] = []
    for _ in range(5):
        begun = time.perf_counter()
        connection.execute(query).fetchall()
        times.append(time.perf_counter() - begun)
    connection.close()
    return statistics.median(times)


async def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    await act()  # type: ignore[misc]
    return time.perf_counter() - begun


# --- quiz files, start-up ------------------------------------------------------------------------


def loading(folder: Path) -> Reading:
    """Compare loading and checking quizzes with what PyYAML alone needs for the same files."""
    folder.mkdir(parents=True)
    shipped = next((Path(__file__).parents[2] / "quizzes").glob("**/*.yaml")).read_text(encoding="utf-8")
    title = next(line for line in shipped.splitlines() if line.startswith("title:"))
    for number in range(QUIZZES):
        text = shipped.replace(title, f"title: Quiz {number}")
        (folder / f"quiz-{number}.yaml").write_text(text, encoding="utf-8")
    theirs = _cpu(lambda: [yaml.load(one.read_bytes(), yaml.CSafeLoader) for one in folder.iterdir()])
    loaded: list[object] = []
    ours = _cpu(lambda: loaded.extend(load_folder(folder)[0]))
    if len(loaded) != QUIZZES:
        raise AssertionError(f"{len(loaded)} of {QUIZZES} quizzes were loaded")
    note = f"{ours:.1f} s and {theirs:.1f} s for {len(loaded)}"
    return Reading(goals.LOADING, ours / theirs, note)


def imports() -> Reading:
    """Compare the processor time of our imports with those we cannot do without."""
    ours = _import_seconds("import bot.wiring, bot.runner, bot.cli")
    theirs = _import_seconds("import discord, discord.ext.commands, sqlalchemy.ext.asyncio, aiosqlite")
    note = f"{ours * 1000:.0f} ms and {theirs * 1000:.0f} ms"
    return Reading(goals.IMPORTS, ours / theirs, note)


def _import_seconds(code: str) -> float:
    times: list[float] = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(times)


def _cpu(act: Callable[[], object]) -> float:
    before = os.times()
    act()
    after = os.times()
    return after.user + after.system - before.user - before.system
