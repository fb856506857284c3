"""The demo without a browser: colleagues, the round that plays itself, and the page's process."""

import os
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from bot.config import shipped_quizzes
from bot.demo import autoplay
from bot.demo.colleagues import COLLEAGUES, LEAST_SECONDS, YOU, Colleague, OpenQuestion, decide
from bot.demo.crowd import read_question
from bot.demo.terminal import describe_moment, render, text_of
from bot.demo.world import open_world
from bot.wiring import load_quizzes
from tests.builders import key_text
from tests.world import QUIZ, World, letter_of

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
EVERYBODY = (YOU, *COLLEAGUES)
#: How long a process may take to start or end on a busy machine.
PATIENCE_SECONDS = 60
(SHIPPED,) = (one.quiz for one in load_quizzes(shipped_quizzes())[0])
DEMO = [sys.executable, "-m", "bot", "demo"]


def ask(number: int = 1, seconds: float = 20) -> OpenQuestion:
    return OpenQuestion(f"Question {number} is ______.", "ABCD", "C", seconds)


# --- what colleagues decide -----------------------------------------------------------------------


@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who.username)
def test_a_colleague_decides_the_same_for_the_same_seed(who: Colleague) -> None:
    assert decide(who, ask(), 7) == decide(who, ask(), 7)
    assert len({decide(who, ask(), seed) for seed in range(20)}) > 1


@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who.username)
def test_a_colleague_is_right_as_often_as_their_skill_says(who: Colleague) -> None:
    last = [decide(who, ask(number), 1)[-1].letter for number in range(2000)]
    assert last.count("C") / len(last) == pytest.approx(who.skill, abs=0.04)


@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who.username)
def test_a_colleague_changes_their_mind_as_often_as_they_doubt(who: Colleague) -> None:
    decisions = [decide(who, ask(number), 1) for number in range(2000)]
    changed = [presses for presses in decisions if len(presses) == 2]
    assert len(changed) / len(decisions) == pytest.approx(who.doubt, abs=0.04)
    assert all(first.letter != last.letter for first, last in changed)
    assert all(first.after_seconds < last.after_seconds for first, last in changed)


@pytest.mark.parametrize("seconds", [5, 20, 300])
def test_colleagues_take_their_time_and_are_in_time(seconds: float) -> None:
    presses = [
        press
        for who in EVERYBODY
        for number in range(200)
        for press in decide(who, ask(number, seconds), number)
    ]
    assert min(press.after_seconds for press in presses) >= LEAST_SECONDS
    assert max(press.after_seconds for press in presses) < seconds


# --- what they see --------------------------------------------------------------------------------


async def test_a_colleague_reads_letters_key_and_time_from_the_message(world: World) -> None:
    question = await world.start_and_open(seconds=30)
    read = read_question(question, world.app.rounds, world.env.now())
    assert read is not None
    shown = world.app.library.get("capitals").questions
    right = next(one for one in shown if one.stem == read.stem)
    assert read.key == letter_of(question, key_text(right))
    assert list(read.letters) == ["A", "B", "C", "D"]
    assert read.seconds == pytest.approx(30, abs=1.1)


async def test_a_colleague_sees_no_question_in_other_messages(world: World) -> None:
    await world.start_and_open()
    announcement, *_ = world.messages
    await world.close_question()
    revealed = world.question
    await world.moderator.send(world.channel, "The capital of France is ______.")
    for message in (announcement, revealed, world.messages[-1]):
        assert read_question(message, world.app.rounds, world.env.now()) is None


# --- what a terminal shows ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (20, "in 20 seconds"),
        (1, "in 1 second"),
        (0, "now"),
        (-3, "3 seconds ago"),
        (60, "in 1 minute"),
        (-7300, "2 hours ago"),
        (3 * 86400, "in 3 days"),
    ],
)
def test_a_moment_is_told_as_discord_tells_it(seconds: int, said: str) -> None:
    assert describe_moment(NOW + timedelta(seconds=seconds), NOW) == said


async def test_a_card_keeps_its_words_and_loses_its_markdown(world: World) -> None:
    await world.start_and_open()
    console = Console(width=100, no_color=True)
    with console.capture() as shown:
        for message in world.channel.history(viewer=world.moderator):
            console.print(render(message, world.env.now()))
    assert "only you see this: Capitals starts in #quiz. Use /round status" in shown.get()
    assert "The capital of" in shown.get()
    assert "______." in shown.get()
    assert "[ A ]  [ B ]  [ C ]  [ D ]" in shown.get()
    assert not re.search(r"\*\*|<t:|<#|-# |\\_|`", shown.get())


async def test_a_message_of_a_person_is_shown_with_its_name(world: World) -> None:
    message = await world.moderator.send(world.channel, "See **this** and `that`")
    console = Console(width=100, no_color=True)
    with console.capture() as shown:
        console.print(render(message, NOW))
    assert shown.get() == "Mo  See this and that\n"
    assert text_of(message) == "See **this** and `that`"


# --- the round that plays itself ------------------------------------------------------------------


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    """A whole round, played by the command in a folder of its own."""
    folder = tmp_path_factory.mktemp("autoplay")
    environment = {**os.environ, "COLUMNS": "100"}
    command = [*DEMO, "--autoplay"]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    return done, folder


def test_autoplay_plays_a_round_to_its_end(played: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    done, _ = played
    assert (done.returncode, done.stderr) == (0, "")
    moments = [
        "You are Robin.",
        "Robin  /round start mlops-basics",
        "First question in 5 seconds",
        "question 1 of 10",
        "closes in 20 seconds",
        "only you see this: Your answer:",
        "4 have answered",
        "████▌  75 % · 3 ✅".replace(" ", "\N{NO-BREAK SPACE}"),
        "Why:",
        "next question at ",
        "question 10 of 10",
        "that was the last question · the result follows",
        "Ana wins, 9 of 10",
        "4 players · 10 questions",
        "1. Ana: 9 of 10",
        "2. Robin: 8 of 10",
        "Expert! · 80 to 100 %",
        "Starter · 0 to 49 %",
        "[ My result ]",
        "quizhost-round.png",
    ]
    at = 0
    for moment in moments:
        assert moment in done.stdout[at:], f"{moment!r} does not come, or not in its place"
        at = done.stdout.index(moment, at)


def test_autoplay_shows_no_markdown(played: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    assert not re.search(r"\*\*|<t:|<#|-# |\\_|`", played[0].stdout)


def test_autoplay_leaves_the_final_picture_and_nothing_else(
    played: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    _, folder = played
    (picture,) = folder.iterdir()
    data = picture.read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert (picture.name, width) == (autoplay.PICTURE, 576)
    assert height > 300


async def test_autoplay_plays_the_same_round_every_time(
    played: tuple[subprocess.CompletedProcess[str], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    await autoplay.play(SHIPPED, folder=tmp_path)
    again, before = (
        capsys.readouterr().out.replace(str(tmp_path), ""),
        played[0].stdout.replace(str(played[1]), ""),
    )
    assert re.sub(r"\d\d:\d\d:\d\d", "", again) == re.sub(r"\d\d:\d\d:\d\d", "", before), "but for the hour"


@pytest.mark.parametrize("seconds", [0, 0.1, 0.3])
async def test_autoplay_gives_up_when_its_time_is_over(
    seconds: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(autoplay, "BUDGET_SECONDS", seconds)
    with pytest.raises(SystemExit) as ended:
        await autoplay.play(SHIPPED, folder=tmp_path)
    assert ended.value.code == 1
    assert f"did not finish within {seconds} seconds" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_the_budget_of_autoplay_is_half_a_minute() -> None:
    assert autoplay.BUDGET_SECONDS == 30


def test_a_picture_that_cannot_be_left_here_goes_to_the_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    saved = autoplay.save_picture(b"png", tmp_path / "missing")
    assert (saved.parent, saved.read_bytes()) == (tmp_path, b"png")


async def test_the_demo_heeds_no_settings_and_leaves_no_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("QUIZHOST_PAUSE_SECONDS=none\n")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/real.sqlite3")
    monkeypatch.setenv("QUIZHOST_QUIZZES", str(tmp_path))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    async with open_world(seed=1) as world:
        assert [path.name for path in temporary.glob("*/*.sqlite3")] == ["quizhost.sqlite3"]
        assert (await world.you.slash(world.channel, "round start", quiz="mlops-basics")).acknowledged
    assert list(temporary.iterdir()) == []
    assert {path.name for path in tmp_path.iterdir()} == {".env", "temporary"}


# --- the process that serves the page -------------------------------------------------------------


@contextmanager
def demo_page(folder: Path, port: int = 0, *paths: Path) -> Generator[tuple[subprocess.Popen[str], str]]:
    """A demo that is ready, and what it has said so far."""
    command = [*DEMO, "--no-browser", "--port", str(port), *map(str, paths)]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        watchdog = threading.Timer(PATIENCE_SECONDS, process.kill)
        watchdog.start()
        said = ""
        while "Ctrl+C" not in said and (line := process.stdout.readline()):
            said += line
        try:
            yield process, said
        finally:
            process.terminate()  # the watchdog sees to it that it ends
            process.wait()
            watchdog.cancel()


@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM])
def test_the_demo_ends_cleanly_and_soon(name: signal.Signals, tmp_path: Path) -> None:
    with demo_page(tmp_path) as (process, said):
        assert "/round start" in said
        before = time.monotonic()
        process.send_signal(name)
        rest, _ = process.communicate()
        assert process.returncode == 0
        assert "The demo has ended" in rest
        assert "Traceback" not in rest
        assert time.monotonic() - before < 10  # a second, usually
    assert list(tmp_path.iterdir()) == []


def test_the_demo_takes_another_port_when_its_own_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with demo_page(tmp_path, port) as (_, said):
            assert f"Port {port} is in use" in said
            found = re.search(r"http://127\.0\.0\.1:(\d+)/", said)
            assert found
            assert int(found[1]) != port


def test_the_demo_reads_a_quiz_again_that_its_author_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "my-quiz.yaml"
    path.write_text(QUIZ, encoding="utf-8")
    with demo_page(tmp_path, 0, path) as (process, said):
        assert "/round start, and my-quiz to find the quiz" in said
        path.write_text(QUIZ.replace("key: Paris", "key: Rome"), encoding="utf-8")
        assert process.stdout is not None
        told = next(line for line in process.stdout if str(path) in line)
        assert told.startswith(f"kept the last good version: {path}:7:10 question 1, key: ")
