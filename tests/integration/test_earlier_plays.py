"""Rounds that an earlier version has played are after the migration what they were before it.

`earlier_plays.sql` is a database of revision 0008, written by the version of that revision: rounds that are
announced, open, paused, finished and stopped, with answers that were changed, a picture, and schedules.
`earlier_plays.json` is what people saw of them then, as that version showed it: everything but our own words.
"""

import hashlib
import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from discord import ui

from bot.domain.round import Round, RoundId, RoundState
from bot.domain.standings import Standings
from bot.services.errors import NoResult
from bot.services.library import Library
from bot.services.ports import AnnouncementCard, QuestionCard, ResultCard
from bot.services.replay import replay
from bot.services.result_reader import ResultReader
from bot.services.results import Period, ResultService
from bot.storage import revisions
from bot.storage.attendance import SqlAttendanceStore
from bot.storage.database import Database
from bot.storage.history import SqlPlayHistory
from bot.storage.leaderboards import SqlLeaderboardStore
from bot.storage.results import SqlResultStore
from bot.storage.rounds import SqlRoundStore
from bot.storage.schedules import SqlScheduleStore
from bot.storage.tables import metadata
from bot.text.phrases import score
from bot.ui.cards import library, results, rounds
from tests.fakes import VirtualClock

HERE = Path(__file__).parent
SERVER, PLAYERS, ROUNDS = 1, (101, 102, 103, 104), range(1, 7)
AT = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
#: A letter with its option, the number of a question, a verdict, a name, a time.
SHOWN = r"\*\*[A-J]\*\* \w[\w ]*|\*\*\d+\.\*\*|[✅❌➖]|\u2068[^\u2069]+|<t:\d+:\w>"


async def seen(database: Database) -> dict[str, Any]:
    """Return everything that people can see of what has been played, and what the bot needs to go on."""
    store, boards = SqlRoundStore(database), SqlLeaderboardStore(database)
    service = ResultService(
        reader=ResultReader(store, SqlResultStore(database)),
        leaderboards=boards,
        library=Library([]),
        clock=VirtualClock(),
    )
    shown: dict[str, Any] = {}
    for number in ROUNDS:
        played = await store.fetch(RoundId(SERVER, number))
        assert played is not None
        shown[f"round {number}"] = await seen_of_round(store, played)
        shown[f"reports of round {number}"] = await reports(service, played)
    for period in Period:
        board = await service.leaderboard(SERVER, PLAYERS[0], period, None)
        drawn = library.leaderboard_board(board)
        rows = (
            [[row.rank, row.name, *numbers(row.score), *numbers(row.detail)] for row in drawn.rows]
            if drawn
            else []
        )
        shown[f"leaderboard of {period.value}"] = [rows, marks(library.leaderboard(board, drawn))]
    schedules = SqlScheduleStore(database)
    shown["schedules"] = [
        [
            *(str(one.id), str(one.source), one.zone, one.rule, str(one.next_at), one.ping_role_id),
            *(one.options.seconds, one.options.questions, one.options.scoring, one.options.thread),
        ]
        for one in await schedules.fetch_kept(SERVER)
    ]
    shown["left out"] = str(await schedules.fetch_skipped(SERVER))
    shown["coming"] = str(await SqlAttendanceStore(database).fetch_attendance(RoundId(SERVER, 6)))
    last_played = await SqlPlayHistory(database).fetch_last_played(SERVER)
    shown["last played"] = {quiz: str(at) for quiz, at in last_played.items()}
    return shown


async def seen_of_round(store: SqlRoundStore, played: Round) -> dict[str, Any]:
    replayed = await replay(store, played.id.number, SERVER)
    kept = Standings(replayed.kept, replayed.rebuilt.max_points, replayed.rebuilt.questions)
    result = ResultCard(played, kept, replayed.names)
    scoring = played.rules.scoring.value
    facts: dict[str, Any] = {
        "state": [str(played.state), str(played.paused_from), played.position, str(played.due_at)],
        "times": [str(played.created_at), str(played.ended_at), str(played.settled_at), played.left_ms],
        "place": [played.channel_id, played.thread_id, played.in_thread, played.host_id, played.revision],
        "messages": [played.announcement_id, played.result_id, *(one.message_id for one in played.asked)],
        "asked": [[one.index, one.seconds, str(one.opened_at), one.skipped] for one in played.asked],
        "rules": [
            *(played.rules.seconds, played.rules.scoring.value, played.rules.pause_seconds),
            *(played.rules.board_every, played.rules.tells_players),
        ],
        "quiz": [marks(library.quiz_info(played.quiz)), played.quiz.first_answer_locks],
        "pictures": [
            one.image and [one.image.name, hashlib.sha256(one.image.data).hexdigest()]
            for one in played.quiz.questions
        ],
        "announcement": marks(rounds.announcement(AnnouncementCard(played))),
        "result": marks(results.result(result, results.result_board(result))),
        "answers": replayed.answers,
        "board": [
            [
                *(
                    row.rank,
                    replayed.names[row.player_id],
                    *numbers(score(row.score, kept.max_points, scoring)),
                ),
                *(row.correct, row.answered, row.answer_ms, row.tier),
            ]
            for row in replayed.rebuilt.rows
        ],
        "differs": list(replayed.differing) if played.settled_at else None,
    }
    if played.position:
        facts["question"] = marks(rounds.question(QuestionCard(played, 3, AT)))
        counts = await store.fetch_answers(played, played.position)
        facts["answered"] = sorted([one.player_id, one.elapsed_ms, one.interaction_id] for one in counts)
    return facts


async def reports(service: ResultService, played: Round) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if played.state in {RoundState.FINISHED, RoundState.STOPPED}:
        for player in PLAYERS:
            try:
                report = await service.report(played.id, player)
            except NoResult:
                continue
            found[str(player)] = [marks(page) for page in results.report_pages(report)]
    return found


def marks(card: ui.LayoutView) -> list[str]:
    """Return what a card shows of questions, options, verdicts, people and times, and what can be pressed."""
    shown: list[str] = []
    for item in card.walk_children():
        if isinstance(item, ui.TextDisplay):
            content = re.sub(r"(\*\*[A-J]\*\*)\W{1,4}(?=\w)", r"\1 ", item.content)
            shown += re.findall(SHOWN, content)
        elif isinstance(item, ui.Button):
            shown.append(f"{item.custom_id} {'disabled' if item.disabled else 'enabled'}")
    return shown


def numbers(text: str) -> list[str]:
    return re.findall(r"-?\d[\d.\u202f]*", text)


def migrate_to(path: Path, revision: str) -> None:
    """Bring a new file to an older revision, as an earlier version did."""
    config = Config()
    config.set_main_option("script_location", str(Path(revisions.__file__).with_name("migrations")))
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """A database as the version before has left it."""
    path = tmp_path / "quizhost.sqlite3"
    migrate_to(path, "0008")
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((HERE / "earlier_plays.sql").read_text(encoding="utf-8"))
    return path


def rows(path: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


async def test_rounds_boards_reports_and_replays_are_what_they_were(earlier: Path) -> None:
    expected = json.loads((HERE / "earlier_plays.json").read_text(encoding="utf-8"))
    async with Database.open(earlier) as database:
        found = json.loads(json.dumps(await seen(database)))
    assert found.keys() == expected.keys()
    for name, what in expected.items():
        assert found[name] == what, name


def test_the_tables_are_those_of_today_and_no_row_is_without_its_parent(earlier: Path) -> None:
    revisions.migrate(earlier)
    assert rows(earlier, "PRAGMA foreign_key_check") == []
    assert rows(earlier, "PRAGMA integrity_check") == [("ok",)]
    engine = sa.create_engine(f"sqlite:///{earlier}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_a_copy_has_everything_as_it_was(earlier: Path) -> None:
    tables = ("rounds", "asked_questions", "answer_events", "standings", "quiz_versions", "schedules")
    before = [rows(earlier, f"SELECT * FROM {table}") for table in tables]
    revisions.migrate(earlier)
    copy = earlier.with_name("quizhost.sqlite3.before-0008.bak")
    assert [rows(copy, f"SELECT * FROM {table}") for table in tables] == before


def test_every_answer_is_kept_and_a_picture_only_once(earlier: Path) -> None:
    same = "question_number, interaction_id, player_id, elapsed_ms, answered_at"
    log = f"SELECT {{}}, {same}, {{}} FROM {{}} ORDER BY 1, 3"
    before = rows(earlier, log.format("round_number", "option_id", "answer_events"))
    versions = rows(earlier, "SELECT count(*) FROM quiz_versions WHERE document LIKE '%\"data\"%'")
    revisions.migrate(earlier)
    assert rows(earlier, log.format("play_number", "response", "responses")) == before
    assert versions == [(2,)]
    assert rows(earlier, "SELECT count(*) FROM pictures") == [(1,)]
    assert rows(earlier, "SELECT count(*) FROM quiz_versions WHERE document LIKE '%\"data\"%'") == [(0,)]
