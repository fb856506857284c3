"""What the database promises: on a real SQLite file, with what SQLite itself says about it."""

import asyncio
import json
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import event
from sqlalchemy.exc import DatabaseError

from bot.domain import transitions
from bot.domain.responses import counting
from bot.domain.round import Round, RoundId, RoundRules, Scoring, plan_questions
from bot.domain.standings import compute_standings
from bot.services.errors import NotRecorded, RoundAlreadyOpen
from bot.services.ports import AnswerEntry, ConcurrentChange, NewRound
from bot.storage import answers as answers_module
from bot.storage import revisions
from bot.storage.answers import SqlAnswerLog
from bot.storage.database import Database
from bot.storage.leaderboards import SqlLeaderboardStore
from bot.storage.revisions import UnknownRevision, migrate
from bot.storage.rounds import SqlRoundStore
from bot.storage.settings import SqlSettingsStore
from bot.storage.tables import metadata
from tests.builders import NOW, make_answer, make_quiz


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "quizhost.sqlite3"


@pytest.fixture
async def database(path: Path) -> AsyncGenerator[Database]:
    async with Database.open(path) as opened:
        yield opened


@pytest.fixture
def store(database: Database) -> SqlRoundStore:
    return SqlRoundStore(database)


@pytest.fixture
async def answers(database: Database) -> AsyncGenerator[SqlAnswerLog]:
    async with SqlAnswerLog.open(database) as opened:
        yield opened


def new_round(**overrides: Any) -> NewRound:
    quiz = make_quiz()
    fields: dict[str, Any] = {
        "server_id": 1,
        "channel_id": 10,
        "in_thread": False,
        "host_id": 20,
        "quiz": quiz,
        "rules": RoundRules(),
        "asked": plan_questions(quiz, count=None, seconds=20, rng=random.Random(1)),
        "created_at": NOW,
        "starts_at": NOW + timedelta(seconds=10),
    }
    return NewRound(**(fields | overrides))


def response(
    played: Round, player_id: int, option: str, interaction_id: int, **overrides: Any
) -> AnswerEntry:
    answer = make_answer(player_id, 1, option, interaction_id=interaction_id)
    fields: dict[str, Any] = {"player_name": f"player {player_id}", "at": NOW}
    return AnswerEntry(played.id, answer, **(fields | overrides))


def rows(path: Path, query: str) -> list[Any]:
    with sqlite3.connect(path) as connection:
        found = connection.execute(query).fetchall()
    connection.close()
    return found


async def finish(store: SqlRoundStore, played: Round, at: Any = NOW) -> Round:
    for _ in played.asked:
        played = await store.change(played, transitions.ask_next(played))
        played = await store.change(played, transitions.reveal(played, at))
    return await store.change(played, transitions.finish(played, at))


# --- the file -------------------------------------------------------------------------------------


def test_the_migrations_build_exactly_the_tables_that_the_code_uses(path: Path) -> None:
    path.parent.mkdir()
    migrate(path)
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_a_process_that_dies_while_it_migrates_leaves_the_file_as_it_was(path: Path) -> None:
    path.parent.mkdir()
    code = f"""
import functools, os, signal, sqlite3
from pathlib import Path
from bot.storage.revisions import migrate
class Dying(sqlite3.Connection):
    def commit(self):
        os.kill(os.getpid(), signal.SIGKILL)
sqlite3.dbapi2.connect = functools.partial(sqlite3.connect, factory=Dying)
migrate(Path({str(path)!r}))
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -signal.SIGKILL
    assert rows(path, "SELECT * FROM sqlite_master") == []
    migrate(path)
    assert rows(path, "SELECT count(*) FROM rounds") == [(0,)]


def test_a_database_of_a_newer_version_is_refused_and_not_touched(path: Path) -> None:
    path.parent.mkdir()
    migrate(path)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(UnknownRevision, match="9999"):
        migrate(path)
    assert rows(path, "SELECT version_num FROM alembic_version") == [("9999",)]


async def test_every_commit_is_durable_and_every_reference_is_checked(database: Database) -> None:
    for connecting in (database.writing(), database.reading()):
        async with connecting as connection:
            for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
                assert (await connection.exec_driver_sql(f"PRAGMA {pragma}")).scalar_one() == value


async def test_opening_a_database_again_keeps_what_is_in_it(path: Path) -> None:
    async with Database.open(path) as database:
        played = await SqlRoundStore(database).create(new_round())
    async with Database.open(path) as database:
        assert await SqlRoundStore(database).fetch(played.id) == played


async def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("not a database, whatever its name says" * 100)
    with pytest.raises(DatabaseError):
        async with Database.open(path):
            pass


def migrate_to(path: Path, revision: str) -> None:
    """Bring a new file to an older revision, as an earlier version did."""
    config = Config()
    config.set_main_option("script_location", str(Path(revisions.__file__).with_name("migrations")))
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


OLD_ROUND = """
INSERT INTO quiz_versions VALUES (1, 'h', 'capitals', '{"questions": []}');
INSERT INTO rounds (server_id, number, channel_id, in_thread, host_id, quiz_id, content_hash, seconds,
    scoring, pause_seconds, state, revision, position, created_at)
    VALUES (1, 1, 10, 0, 20, 'capitals', 'h', 20, 'speed', 8, 'asking', 3, 1, 0);
INSERT INTO answer_events VALUES (1, 1, 1, 90, 5, '2', 4000, 0), (1, 1, 1, 100, 5, '1', 5000, 0);
INSERT INTO answers VALUES (1, 1, 1, 5, '1', 5000, 100);
"""
SECOND_ROUND = """
INSERT INTO plays VALUES (1, 2, 'round', 'capitals', 'h');
INSERT INTO rounds (server_id, number, channel_id, in_thread, host_id, rules, state, revision, position,
    created_at) VALUES (1, 2, 10, 0, 20, '{}', 'asking', 3, 1, 0);
"""


def test_a_database_with_rounds_gets_the_settings_and_keeps_everything(path: Path) -> None:
    path.parent.mkdir()
    migrate_to(path, "0001")
    with sqlite3.connect(path) as connection:
        connection.executescript(OLD_ROUND)
    connection.close()
    kept = "SELECT server_id, number, channel_id, host_id, state, revision, position, created_at FROM rounds"
    before = rows(path, kept)
    migrate(path)
    ((rules,),) = rows(path, "SELECT rules FROM rounds")
    assert RoundRules(**json.loads(rules)) == RoundRules(20, Scoring.SPEED, 8, 0), "as it was played so far"
    assert rows(path, kept) == before
    assert rows(path, "SELECT number, quiz_id, content_hash FROM plays") == [(1, "capitals", "h")]
    assert rows(path, "SELECT interaction_id FROM responses") == [(90,), (100,)]
    assert rows(path, "SELECT name FROM sqlite_master WHERE name = 'answers'") == []
    assert rows(path, "SELECT * FROM server_settings") == []
    with sqlite3.connect(path) as connection, pytest.raises(sqlite3.IntegrityError, match="channel_id"):
        connection.executescript(SECOND_ROUND)
    connection.close()


# --- server settings ------------------------------------------------------------------------------


async def test_a_server_s_settings_are_its_own_and_can_be_replaced_and_forgotten(database: Database) -> None:
    settings = SqlSettingsStore(database)
    await settings.save_setting(1, "seconds", "45")
    await settings.save_setting(1, "thread", "yes")
    await settings.save_setting(2, "seconds", "30")
    await settings.save_setting(1, "seconds", "50")
    assert await settings.fetch_settings(1) == {"seconds": "50", "thread": "yes"}
    await settings.save_setting(1, "thread", None)
    await settings.save_setting(1, "colour", None)
    assert await settings.fetch_settings(1) == {"seconds": "50"}
    assert await settings.fetch_settings(3) == {}


# --- rounds ---------------------------------------------------------------------------------------


async def test_a_channel_has_one_open_round_and_the_database_says_so(store: SqlRoundStore) -> None:
    attempts = await asyncio.gather(*(store.create(new_round()) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(attempt, Round) for attempt in attempts) == 1
    assert sum(isinstance(attempt, RoundAlreadyOpen) for attempt in attempts) == 4


async def test_a_channel_is_free_again_once_its_round_has_ended(store: SqlRoundStore) -> None:
    first = await store.create(new_round())
    await store.change(first, transitions.stop(first, NOW))
    assert (await store.create(new_round())).id == RoundId(1, 2)


async def test_the_thread_of_an_open_round_has_no_second_one(store: SqlRoundStore) -> None:
    first = await store.create(new_round(in_thread=True))
    first = await store.change(first, transitions.note_thread(first, 77))
    with pytest.raises(RoundAlreadyOpen):
        await store.create(new_round(channel_id=77))
    await store.change(first, transitions.stop(first, NOW))
    assert (await store.create(new_round(channel_id=77))).id == RoundId(1, 2)


async def test_rounds_are_numbered_per_server(store: SqlRoundStore) -> None:
    ids = [
        (await store.create(new_round(server_id=s, channel_id=c))).id for s, c in ((1, 10), (1, 11), (2, 10))
    ]
    assert ids == [RoundId(1, 1), RoundId(1, 2), RoundId(2, 1)]


async def test_what_is_stored_comes_back_as_it_was_through_every_state(store: SqlRoundStore) -> None:
    rules = RoundRules(30, Scoring.SPEED, 0, board_every=3)
    played = await store.create(new_round(in_thread=True, rules=rules))
    steps: list[Callable[[Round], Round]] = [
        lambda r: transitions.note_announcement(r, 5),
        lambda r: transitions.note_thread(r, None),
        lambda r: transitions.note_thread(r, 5),
        transitions.ask_next,
        lambda r: transitions.open_question(r, 6, NOW),
        lambda r: transitions.pause(r, NOW),
        lambda r: transitions.resume(r, NOW + timedelta(seconds=60)),
        lambda r: transitions.skip(r, NOW),
        lambda r: transitions.stop(r, NOW),
        transitions.hold_result,
        lambda r: transitions.settle(r, 9, NOW),
    ]
    for step in steps:
        played = await store.change(played, step(played))
        assert await store.fetch(played.id) == played


async def test_of_two_changes_to_the_same_round_one_is_refused(store: SqlRoundStore) -> None:
    played = await store.create(new_round())
    await store.change(played, transitions.ask_next(played))
    with pytest.raises(ConcurrentChange):
        await store.change(played, transitions.stop(played, NOW))


async def test_rounds_that_still_need_something_are_found_after_a_restart(store: SqlRoundStore) -> None:
    open_, ended, settled = [await store.create(new_round(channel_id=n)) for n in (1, 2, 3)]
    ended = await store.change(ended, transitions.stop(ended, NOW))
    settled = await store.change(settled, transitions.stop(settled, NOW))
    await store.change(settled, transitions.settle(settled, None, NOW))
    assert [played.id for played in await store.fetch_unsettled()] == [open_.id, ended.id]


async def test_a_quiz_is_stored_once_a_version_and_a_round_keeps_the_one_it_was_played_with(
    store: SqlRoundStore, path: Path
) -> None:
    first = await store.create(new_round(channel_id=1))
    await store.create(new_round(channel_id=2))
    edited = make_quiz(title="Capitals, corrected")
    third = await store.create(new_round(channel_id=3, quiz=edited))
    assert rows(path, "SELECT count(*) FROM quiz_versions") == [(2,)]
    titles = [
        played.quiz.title for played in [await store.fetch(first.id), await store.fetch(third.id)] if played
    ]
    assert titles == ["Capitals", "Capitals, corrected"]


# --- answers --------------------------------------------------------------------------------------


async def test_the_last_answer_counts_by_discords_order_whatever_the_order_of_commits(
    store: SqlRoundStore, answers: SqlAnswerLog
) -> None:
    played = await store.create(new_round())
    await answers.record(response(played, 1, "2", interaction_id=200))
    await answers.record(response(played, 1, "1", interaction_id=100))
    assert [answer.response for answer in await store.fetch_answers(played)] == ["2"]


async def test_where_the_first_answer_counts_a_later_one_changes_nothing(
    store: SqlRoundStore, answers: SqlAnswerLog
) -> None:
    played = await store.create(new_round(quiz=make_quiz(first_answer_locks=True)))
    for option, interaction_id in (("2", 200), ("3", 300), ("1", 100)):
        await answers.record(response(played, 1, option, interaction_id))
    assert [answer.response for answer in await store.fetch_answers(played)] == ["1"]


@pytest.mark.parametrize("first_answer_locks", [False, True])
async def test_what_counts_is_what_the_log_says_in_every_question(
    store: SqlRoundStore, answers: SqlAnswerLog, *, first_answer_locks: bool
) -> None:
    played = await store.create(new_round(quiz=make_quiz(first_answer_locks=first_answer_locks)))
    dice = random.Random(5)
    given = [
        make_answer(dice.randint(1, 40), dice.randint(1, 3), str(dice.randint(1, 4)), interaction_id=number)
        for number in dice.sample(range(1, 10_000), 500)
    ]
    await asyncio.gather(*(answers.record(AnswerEntry(played.id, one, "somebody", NOW)) for one in given))
    expected = sorted(counting(given, first_counts=first_answer_locks))
    assert sorted(await store.fetch_answers(played)) == expected
    for number in (1, 2, 3):
        of_one = [one for one in expected if one.question_number == number]
        assert sorted(await store.fetch_answers(played, number)) == of_one


async def test_a_crowd_s_answers_are_read_without_comparing_each_with_each(
    store: SqlRoundStore, path: Path
) -> None:
    played = await store.create(new_round())
    statements: list[str] = []

    def note(*given: Any) -> None:
        statements.append(given[2])

    event.listen(sa.Engine, "before_cursor_execute", note)
    await store.fetch_answers(played, 1)
    event.remove(sa.Engine, "before_cursor_execute", note)
    (query,) = [one for one in statements if "responses" in one]
    plan = " ".join(row[3] for row in rows(path, f"EXPLAIN QUERY PLAN {query.replace('?', '1')}"))
    assert "question_number=?" in plan
    assert "AUTOMATIC" not in plan


async def test_every_click_is_in_the_log_once_even_if_it_is_delivered_twice(
    store: SqlRoundStore, answers: SqlAnswerLog, path: Path
) -> None:
    played = await store.create(new_round())
    clicks = [response(played, 1, "2", 200), response(played, 1, "2", 200), response(played, 1, "3", 300)]
    await asyncio.gather(*(answers.record(click) for click in clicks))
    assert rows(path, "SELECT interaction_id, response FROM responses") == [(200, "2"), (300, "3")]


async def test_answers_that_arrive_together_are_all_there_when_they_are_acknowledged(
    store: SqlRoundStore, answers: SqlAnswerLog, path: Path
) -> None:
    played = await store.create(new_round())
    await asyncio.gather(*(answers.record(response(played, n, "1", n)) for n in range(1, 5001)))
    assert rows(path, "SELECT count(*) FROM responses") == [(5000,)]


async def test_a_full_queue_makes_clicks_wait_and_drops_none(
    store: SqlRoundStore, answers: SqlAnswerLog, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers_module, "QUEUE_SIZE", 3)
    played = await store.create(new_round())
    await asyncio.gather(*(answers.record(response(played, n, "1", n)) for n in range(1, 101)))
    assert rows(path, "SELECT count(*) FROM responses") == [(100,)]


async def test_a_drain_waits_for_what_was_queued_before_it_and_not_for_other_rounds_clicks(
    store: SqlRoundStore, answers: SqlAnswerLog
) -> None:
    played = await store.create(new_round())
    stop = asyncio.Event()

    async def click_on() -> None:
        """Keep the queue from ever being empty."""
        clicks: list[asyncio.Future[None]] = []
        while not stop.is_set():
            number = len(clicks) + 2
            clicks.append(asyncio.ensure_future(answers.record(response(played, number, "1", number))))
            await asyncio.sleep(0)
        await asyncio.gather(*clicks)

    first = asyncio.ensure_future(answers.record(response(played, 1, "1", 1)))
    others = asyncio.create_task(click_on())
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        await answers.drain()
    assert first.done()
    stop.set()
    await others


@pytest.mark.parametrize("number", [1, 15, 16, 17, 127, 129, 300])
async def test_any_number_of_answers_is_written(
    store: SqlRoundStore, answers: SqlAnswerLog, path: Path, number: int
) -> None:
    played = await store.create(new_round())
    await asyncio.gather(*(answers.record(response(played, n, "1", n)) for n in range(1, number + 1)))
    assert rows(path, "SELECT player_id FROM responses ORDER BY 1") == [(n,) for n in range(1, number + 1)]
    names = rows(path, "SELECT player_id, display_name FROM players ORDER BY 1")
    assert names == [(n, f"player {n}") for n in range(1, number + 1)]


async def test_one_answer_that_cannot_be_written_does_not_take_others_with_it(
    store: SqlRoundStore, answers: SqlAnswerLog
) -> None:
    played = await store.create(new_round())
    foreign = response(played, 2, "1", 2)
    foreign = AnswerEntry(RoundId(1, 99), foreign.answer, "nobody", NOW)
    good = [response(played, n, "1", n) for n in (1, 3)]
    told = await asyncio.gather(*map(answers.record, [good[0], foreign, good[1]]), return_exceptions=True)
    assert [type(one) for one in told] == [type(None), NotRecorded, type(None)]
    assert [answer.player_id for answer in await store.fetch_answers(played)] == [1, 3]


async def test_a_players_last_seen_name_is_kept(store: SqlRoundStore, answers: SqlAnswerLog) -> None:
    played = await store.create(new_round())
    await answers.record(response(played, 1, "1", 1, player_name="Ana"))
    await answers.record(response(played, 1, "2", 2, player_name="Ana Maria"))
    assert await store.fetch_names(1, [1, 2]) == {1: "Ana Maria"}
    assert await store.fetch_names(2, [1]) == {}


# --- boards ---------------------------------------------------------------------------------------


async def test_a_leaderboard_sums_up_finished_rounds_and_leaves_stopped_ones_out(
    store: SqlRoundStore, answers: SqlAnswerLog, database: Database
) -> None:
    finished = await store.create(new_round(channel_id=1))
    await answers.record(response(finished, 1, "1", 1, player_name="Ana"))
    await answers.record(response(finished, 2, "2", 2, player_name="Bo"))
    finished = await finish(store, finished)
    await store.save_standings(finished, compute_standings(finished, await store.fetch_answers(finished)))
    stopped = await store.create(new_round(channel_id=2))
    await answers.record(response(stopped, 2, "1", 3, player_name="Bo"))
    stopped = await store.change(stopped, transitions.stop(stopped, NOW))
    await store.save_standings(stopped, compute_standings(stopped, await store.fetch_answers(stopped)))

    boards = SqlLeaderboardStore(database)
    board = await boards.fetch_leaderboard(1, since=None, quiz_id=None, limit=10)
    shown = [(row.rank, row.name, row.points, row.max_points, row.rounds) for row in board]
    assert shown == [(1, "Ana", 100, 300, 1)], "whoever has nothing is not named"
    assert await boards.fetch_leaderboard(1, since=NOW + timedelta(days=1), quiz_id=None, limit=10) == []
    assert await boards.fetch_leaderboard(1, since=None, quiz_id="other", limit=10) == []
    assert await boards.fetch_leaderboard(2, since=None, quiz_id=None, limit=10) == []
    own = await boards.fetch_rank(1, 2, since=None, quiz_id="capitals")
    assert own is not None
    assert own.rank == 2
    assert await boards.fetch_rank(1, 99, since=None, quiz_id=None) is None


async def test_standings_can_be_saved_again_without_counting_twice(
    store: SqlRoundStore, answers: SqlAnswerLog, path: Path
) -> None:
    played = await store.create(new_round())
    await answers.record(response(played, 1, "1", 1))
    played = await finish(store, played)
    table = compute_standings(played, await store.fetch_answers(played))
    await store.save_standings(played, table)
    await store.save_standings(played, table)
    assert rows(path, "SELECT player_id, score, rank FROM standings") == [(1, 100, 1)]
