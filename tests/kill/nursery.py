"""Bots forked from a process that has imported everything: a restart costs a fraction of a fresh start.

Each is a process of its own all the same, with memory, files and an end of its own.
"""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.bench.processes import Handle
from tests.kill import launch

#: How often to look whether a process has ended: seconds.
LOOK_SECONDS = 0.02
#: What a bot that starts would import.
IMPORTED = ["tests.kill.launch", "bot.runner", "alembic.command", "alembic.context"]

_nursery = multiprocessing.get_context("forkserver")
_nursery.set_forkserver_preload(IMPORTED)


class ForkedBot:
    """Implements `tests.bench.processes.Handle`."""

    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """The process id."""
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """The exit code, once it has ended."""
        return self._process.exitcode

    def send_signal(self, signal: int) -> None:
        """Send a signal."""
        os.kill(self.pid, signal)

    def kill(self) -> None:
        """Send SIGKILL."""
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        """Wait for the end."""
        while (code := self.returncode) is None:
            await asyncio.sleep(LOOK_SECONDS)
        return code


async def fork_bot(environment: Mapping[str, str], log: Path) -> Handle:
    """Fork a bot with this environment, which writes to this file."""
    process = _nursery.Process(target=_run, args=(dict(environment), log))
    await asyncio.to_thread(process.start)  # the first one waits for the imports
    return ForkedBot(process)


def _run(environment: dict[str, str], log: Path) -> None:
    os.environ.clear()
    os.environ.update(environment)
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    launch.main()
