"""What a bench may change about a bot process from outside: names in BENCH_OPTIONS, like `discordpy`.

`kill-at-commit` and `commits` serve tests that kill the bot; `discordpy` lets discord.py send every reply.
"""

import asyncio
import itertools
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

#: How often the event loop is asked whether it is still there.
PROBE_SECONDS = 0.005


def apply_from_environment() -> None:
    """Apply the options that are named, and pin the process if BENCH_CORE says so."""
    core = os.environ.get("BENCH_CORE")
    if core is not None:
        os.sched_setaffinity(0, {int(core)})
    for name in filter(None, os.environ.get("BENCH_OPTIONS", "").split(",")):
        known, _, argument = name.partition("=")
        _OPTIONS[known](argument)


def _watch_lag(path: str) -> None:
    """Append a line whenever the event loop was late by 5 ms or more: monotonic seconds, then milliseconds.

    Milliseconds come twice: late by the clock, and of them computing; the rest is other processes' time.
    """
    from bot import runner

    run_bot = runner.run_bot

    async def watched(*arguments: Any) -> None:
        watcher = asyncio.get_running_loop().create_task(_write_lag(path))
        try:
            await run_bot(*arguments)
        finally:
            watcher.cancel()

    _replace(runner, "run_bot", watched)


async def _write_lag(path: str) -> None:
    """Write down when the event loop did not come round in time."""
    loop = asyncio.get_running_loop()
    before, busy_before = loop.time(), time.thread_time()
    _append(path, f"{before:.6f} 0 0")  # whoever reads the file learns that somebody watches
    while True:
        await asyncio.sleep(PROBE_SECONDS)
        now, busy = loop.time(), time.thread_time() - busy_before
        late = now - before - PROBE_SECONDS
        if late >= PROBE_SECONDS:
            _append(path, f"{now:.6f} {late * 1000:.3f} {min(busy, late) * 1000:.3f}")
        before, busy_before = loop.time(), time.thread_time()


def _append(path: str, line: str) -> None:
    with Path(path).open("a", encoding="ascii") as file:
        file.write(line + "\n")


def _without_storage(_: str) -> None:
    """Take answers without writing them: the same path minus storage."""
    from bot.storage.answers import SqlAnswerLog

    async def forget(*_: Any) -> None:
        """Take an answer and forget it."""

    _replace(SqlAnswerLog, "record", forget)


def _kill_at_commit(argument: str) -> None:
    """Kill the process at its n-th commit: "3:before" or "3:after"."""
    wanted, _, when = argument.partition(":")
    numbers = itertools.count(1)  # commits come from two threads

    def counted(commit: Callable[[], None]) -> None:
        number = next(numbers)
        if number == int(wanted) and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        commit()
        if number == int(wanted):
            os.kill(os.getpid(), signal.SIGKILL)

    _around_commits(counted)


def _note_commits(path: str) -> None:
    """Append a line to a file after every commit, so that somebody can count them."""

    def noted(commit: Callable[[], None]) -> None:
        commit()
        _append(path, f"{time.monotonic():.6f}")

    _around_commits(noted)


def _around_commits(around: Callable[[Callable[[], None]], None]) -> None:
    """Hand every commit to a function, whether it goes through SQLAlchemy or not."""
    from sqlalchemy.engine import default

    from bot.storage import database

    for owner, name in ((default.DefaultDialect, "do_commit"), (database._DirectWriter, "_commit")):
        _replace(owner, name, _wrapped(getattr(owner, name), around))


def _wrapped(commit: Any, around: Callable[[Callable[[], None]], None]) -> Any:
    def wrapped(*arguments: Any) -> None:
        around(lambda: commit(*arguments))

    return wrapped


def _replace(owner: Any, name: str, by: Any) -> None:
    getattr(owner, name)  # what is not there would be replaced for nothing
    setattr(owner, name, by)


def _profile(path: str) -> None:
    """Write a cProfile of the whole run to a file when the bot is asked to stop."""
    import cProfile

    from bot import runner

    run_bot = runner.run_bot

    async def profiled(*arguments: Any) -> None:
        profile = cProfile.Profile()
        profile.enable()
        try:
            await run_bot(*arguments)
        finally:
            profile.disable()
            profile.dump_stats(path)

    _replace(runner, "run_bot", profiled)


def _reply_through_discordpy(_: str) -> None:
    from bot.ui import acknowledge

    _replace(acknowledge, "_KNOWN", False)


_OPTIONS: dict[str, Callable[[str], None]] = {
    "lag": _watch_lag,
    "without-storage": _without_storage,
    "kill-at-commit": _kill_at_commit,
    "commits": _note_commits,
    "profile": _profile,
    "discordpy": _reply_through_discordpy,
}
