"""Quiz files that change while the bot runs: the library follows, and rounds keep what they began with."""

import asyncio
import errno
import fcntl
import logging
import os
import pty
import signal
import sys
import termios
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn

import pytest

from bot.content.library import QuizFiles
from bot.content.watcher import QuizWatcher
from bot.services.library import Library
from bot.ui.preflight import oversized
from tests.bench.processes import bot_process
from tests.bench.standin.client import StandIn
from tests.bench.standin.pause import pause
from tests.fakes import VirtualClock
from tests.integration.test_quiz_commands import write
from tests.world import QUIZ, World, quiz_file, texts

#: How long a process may take on a machine that does much else.
START_SECONDS = 60
PNG = b"\x89PNG\r\n\x1a\n"


class Shelf:
    """A folder of quizzes, and a library that follows it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.library, self.clock = folder, Library(), VirtualClock()
        self.watcher = QuizWatcher(QuizFiles(folder, judge=oversized), self.library, self.clock)
        self.watcher.load()

    def write(self, name: str, text: str) -> Path:
        return write(self.folder / name, text)

    async def settle(self) -> None:
        """Let two looks pass: the first sees a change, the second that nobody writes any more."""
        await self.watcher.look()
        await self.watcher.look()

    def titles(self) -> list[str]:
        return [quiz.title for quiz in self.library.search("")]


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.INFO, logger="bot"):
        yield caplog


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    write(tmp_path / "a.yaml", quiz_file(title="A"))
    write(tmp_path / "b.yaml", quiz_file(title="B"))
    return Shelf(tmp_path)


async def test_new_changed_and_deleted_files_reach_the_library(
    shelf: Shelf, log: pytest.LogCaptureFixture
) -> None:
    shelf.write("a.yaml", quiz_file(title="A2"))
    shelf.write("deep/c.yaml", quiz_file(title="C"))
    (shelf.folder / "b.yaml").unlink()
    await shelf.settle()
    assert shelf.titles() == ["A2", "C"]
    assert log.messages == ["read the quizzes again; new: c; changed: a; gone: b"]


async def test_a_file_that_is_still_written_waits_for_the_next_look(shelf: Shelf) -> None:
    shelf.write("a.yaml", quiz_file(title="A2"))
    await shelf.watcher.look()
    assert shelf.titles() == ["A", "B"]
    shelf.write("a.yaml", quiz_file(title="A3"))
    await shelf.watcher.look()
    assert shelf.titles() == ["A", "B"]
    await shelf.watcher.look()
    assert shelf.titles() == ["A3", "B"]


async def test_a_file_with_a_problem_keeps_its_last_good_version_and_is_named_once(
    shelf: Shelf, log: pytest.LogCaptureFixture
) -> None:
    path = shelf.write("a.yaml", quiz_file(title="A2", questions=[]))
    await shelf.settle()
    assert shelf.titles() == ["A", "B"]
    assert f"kept the last good version: {path}:1:" in "\n".join(log.messages)
    log.clear()
    shelf.write("b.yaml", quiz_file(title="B2"))
    await shelf.settle()
    assert shelf.titles() == ["A", "B2"]
    assert log.messages == ["read the quizzes again; changed: b"]
    shelf.write("a.yaml", quiz_file(title="A3"))
    await shelf.settle()
    assert shelf.titles() == ["A3", "B2"]


async def test_a_quiz_that_does_not_fit_discord_keeps_its_last_good_version(shelf: Shelf) -> None:
    long = "*" * 1000
    shelf.write(
        "a.yaml", quiz_file({"stem": long, "options": [f"{n}{'x' * 498}" for n in range(8)], "key": 1})
    )
    await shelf.settle()
    assert shelf.titles() == ["A", "B"]


async def test_a_folder_out_of_reach_keeps_all_of_its_quizzes(
    shelf: Shelf, log: pytest.LogCaptureFixture
) -> None:
    shelf.folder.rename(shelf.folder.with_name("elsewhere"))
    await shelf.settle()
    assert shelf.titles() == ["A", "B"]
    assert f"kept the last good version: {shelf.folder}:1:1 file: does not exist" in log.messages[0]


async def test_a_picture_that_changes_reaches_the_library(shelf: Shelf) -> None:
    (shelf.folder / "p.png").write_bytes(PNG)
    shelf.write("a.yaml", quiz_file({"image": "p.png"}))
    await shelf.settle()
    (shelf.folder / "p.png").write_bytes(PNG + b"new")
    await shelf.settle()
    image = shelf.library.get("a").questions[0].image
    assert image is not None
    assert image.data == PNG + b"new"


async def test_files_that_a_platform_swaps_by_a_link_reach_the_library(tmp_path: Path) -> None:
    for version in ("1", "2"):
        write(tmp_path / f"..{version}" / "a.yaml", quiz_file(title=f"A{version}"))
    (tmp_path / "..data").symlink_to("..1")
    (tmp_path / "a.yaml").symlink_to("..data/a.yaml")
    shelf = Shelf(tmp_path)
    assert shelf.titles() == ["A1"]
    (tmp_path / "..new").symlink_to("..2")
    (tmp_path / "..new").replace(tmp_path / "..data")
    await shelf.settle()
    assert shelf.titles() == ["A2"]


async def test_who_asks_does_not_wait_for_the_next_look(shelf: Shelf, log: pytest.LogCaptureFixture) -> None:
    shelf.write("a.yaml", quiz_file(title="A2"))
    await shelf.watcher.look(at_once=True)
    assert shelf.titles() == ["A2", "B"]
    await shelf.watcher.look(at_once=True)
    assert log.messages[-1] == "read the quizzes again; nothing has changed"


async def test_a_look_that_fails_is_not_the_last_one(
    shelf: Shelf, log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: QuizFiles) -> NoReturn:
        raise OSError(errno.ESTALE, "Stale file handle", "/share/quizzes")

    running = asyncio.create_task(shelf.watcher.run())
    with monkeypatch.context() as patched:
        patched.setattr(QuizFiles, "stamps", fail)
        await shelf.clock.advance(2, lambda: shelf.clock.sleeping == 1)
    shelf.write("a.yaml", quiz_file(title="A2"))
    await shelf.clock.advance(60, lambda: shelf.clock.sleeping == 1)
    running.cancel()
    assert shelf.titles() == ["A2", "B"]
    assert log.messages[0].endswith("trying again: [Errno 116] Stale file handle: '/share/quizzes'")


async def test_a_running_round_keeps_its_version_and_the_next_one_has_the_new(world: World) -> None:
    await world.start_and_open()
    write(world.config.quizzes / "capitals.yaml", QUIZ.replace("It has been for centuries.", "Since 987."))
    await world.app.quizzes.look(at_once=True)
    for _ in range(3):
        await world.close_question()
        await world.next_question()
    shown = "\n".join(texts(message) for message in world.messages)
    assert "It has been for centuries." in shown
    assert "Since 987." not in shown
    await world.start_and_open()
    for _ in range(3):
        await world.close_question()
        await world.next_question()
    assert "Since 987." in "\n".join(texts(message) for message in world.messages)


async def test_sighup_reads_changed_quizzes_in_the_running_process(tmp_path: Path) -> None:
    quizzes, data = tmp_path / "quizzes", tmp_path / "data"
    write(quizzes / "mine.yaml", quiz_file(title="Mine"))
    async with StandIn.start() as discord:
        bot = discord.bot("not-a-real-token")
        settings = {"QUIZHOST_LEAD_SECONDS": "0", "QUIZHOST_QUIZZES": str(quizzes)}
        async with bot_process(discord, "not-a-real-token", data, settings=settings) as process:
            await bot.wait_until("commands")
            await bot.wait_until("connected")
            write(quizzes / "new.yaml", quiz_file({"stem": "Brand new?"}))
            process.send_signal(signal.SIGHUP)
            async with asyncio.timeout(START_SECONDS):
                while "new: new" not in process.log.read_text(encoding="utf-8"):
                    await pause(0.1)
            await bot.slash("round start", quiz="new")
            await bot.wait_for_message("Brand new?")
            assert await process.stop() == 0


async def test_a_terminal_that_is_closed_stops_the_bot_and_reads_no_quizzes(tmp_path: Path) -> None:
    terminal, inner = pty.openpty()

    async def in_terminal(environment: Mapping[str, str], _: Path) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.bench.bots.launch",
            env=environment,
            stdin=inner,
            stdout=inner,
            stderr=inner,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(inner, termios.TIOCSCTTY, 0),
        )

    async with StandIn.start() as discord:
        bot = discord.bot("not-a-real-token")
        async with bot_process(discord, "not-a-real-token", tmp_path / "data", spawn=in_terminal) as process:
            os.close(inner)
            await bot.wait_until("connected")
            os.close(terminal)
            assert await process.wait(START_SECONDS) == 0
