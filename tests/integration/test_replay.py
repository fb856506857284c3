"""`quizhost replay`: a round's board, rebuilt from its answers, against the one that was kept."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.world import PAUSE, World


def replay(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "replay", *arguments],
        env={**os.environ, "QUIZHOST_DATA": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
async def played(world: World) -> World:
    """A finished round of one question: Ana changed her mind, Bo did not."""
    question = await world.start_and_open(questions=1)
    for name, letter in (("Ana", "A"), ("Ana", "B"), ("Bo", "A")):
        await world.members[name].click(question, label=letter)
    await world.close_question()
    await world.advance(PAUSE + 1)
    return world


def tamper(world: World, statement: str) -> None:
    with closing(sqlite3.connect(world.database)) as connection, connection:
        connection.execute(statement)


async def test_a_finished_rounds_board_can_be_rebuilt_from_its_answers(played: World) -> None:
    told = replay(played.database.parent, "1")
    assert told.returncode == 0, told.stderr
    assert "Round 1: Capitals (finished), 3 answers in the log" in told.stdout
    assert "Ana" in told.stdout
    assert "The stored board is the same." in told.stdout


async def test_a_board_that_does_not_follow_from_the_answers_is_found(played: World) -> None:
    tamper(played, "UPDATE standings SET points = points + 1")
    told = replay(played.database.parent, "1")
    assert told.returncode == 1
    assert "The stored board differs for 2 players" in told.stderr


async def test_an_answer_that_is_missing_from_the_log_is_found(played: World) -> None:
    tamper(played, f"DELETE FROM responses WHERE player_id = {played.members['Bo'].id}")
    told = replay(played.database.parent, "1")
    assert told.returncode == 1
    assert "The stored board differs for" in told.stderr
    assert str(played.members["Bo"].id) in told.stderr


async def test_a_round_that_still_goes_on_has_nothing_to_compare_with(world: World) -> None:
    await world.start_and_open()
    told = replay(world.database.parent, "1")
    assert told.returncode == 0
    assert "has not ended" in told.stdout


async def test_a_round_that_does_not_exist_is_said_so(played: World) -> None:
    told = replay(played.database.parent, "7")
    assert (told.returncode, told.stderr) == (1, "There is no round 7.\n")


async def test_where_several_servers_have_the_round_one_must_be_named(played: World) -> None:
    tamper(played, "INSERT INTO quiz_versions SELECT 99, content_hash, quiz_id, document FROM quiz_versions")
    columns = [row[1] for row in played.rows("PRAGMA table_info(rounds)") if row[1] != "server_id"]
    names = ", ".join(columns)
    tamper(played, f"INSERT INTO rounds (server_id, {names}) SELECT 99, {names} FROM rounds")
    told = replay(played.database.parent, "1")
    assert told.returncode == 1
    assert "--server 99" in told.stderr
    assert replay(played.database.parent, "1", "--server", str(played.server.id)).returncode == 0


def test_without_a_database_it_says_where_it_looked(tmp_path: Path) -> None:
    told = replay(tmp_path, "1")
    assert told.returncode == 1
    assert f"There is no database at {tmp_path}" in told.stderr
