"""Bot processes: started facing a stand-in, killed, and their processor time."""

import asyncio
import contextlib
import functools
import os
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from signal import SIGTERM
from typing import Protocol

from tests.bench.standin.client import StandIn

ROOT = Path(__file__).parents[2]
STOP_SECONDS = 20.0


class Handle(Protocol):
    """A process of ours, as `asyncio.subprocess.Process` has it."""

    @property
    def pid(self) -> int:
        """The process id."""
        ...

    @property
    def returncode(self) -> int | None:
        """The exit code, once it has ended; of a signal its negative number."""
        ...

    def send_signal(self, signal: int) -> None:
        """Send it a signal; `ProcessLookupError` if it has ended."""
        ...

    def kill(self) -> None:
        """Send it SIGKILL; `ProcessLookupError` if it has ended."""
        ...

    async def wait(self) -> int:
        """Wait for its end and return its exit code."""
        ...


#: Starts a bot with this environment, which writes to this file.
Spawn = Callable[[Mapping[str, str], Path], Awaitable[Handle]]


class BotProcess:
    """A bot as a process of its own."""

    def __init__(self, process: Handle, log: Path) -> None:
        self._process, self.log = process, log

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """The exit code, once it has ended."""
        return self._process.returncode

    def cpu_seconds(self) -> float:
        """Return the processor time of all threads so far."""
        total = 0
        for task in Path(f"/proc/{self.pid}/task").iterdir():
            with contextlib.suppress(OSError):
                total += int((task / "schedstat").read_text().split()[0])
        return total / 1e9

    def memory_mb(self) -> tuple[float, float]:
        """Return the resident memory now and at most: MB."""
        lines = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines()
        fields = dict(line.split(":", 1) for line in lines)
        now, most = (int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))
        return now, most

    async def kill(self) -> None:
        """End it as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()

    def send_signal(self, signal: int) -> None:
        """Send it a signal, if it still runs."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal)

    async def stop(self) -> int:
        """Ask it to end, as a service manager does; return its exit code."""
        self.send_signal(SIGTERM)
        async with asyncio.timeout(STOP_SECONDS):
            return await self._process.wait()

    async def wait(self, seconds: float = STOP_SECONDS) -> int:
        """Wait until it ends by itself; return its exit code."""
        async with asyncio.timeout(seconds):
            return await self._process.wait()


@asynccontextmanager
async def bot_process(
    standin: StandIn,
    token: str,
    data: Path,
    *,
    module: str = "tests.bench.bots.launch",
    spawn: Spawn | None = None,
    core: int | None = None,
    options: str = "",
    settings: Mapping[str, str] | None = None,
) -> AsyncGenerator[BotProcess]:
    """Start a bot that faces the stand-in; kill it at the end if it still runs.

    Args:
        standin: what it takes for Discord.
        token: which of the stand-in's worlds it sees.
        data: its data folder; its log is written beside it.
        module: the module to run.
        spawn: starts the process in another way; `module` does not count then.
        core: the processor core for it.
        options: what to change about it, see `tests.bench.bots.options`.
        settings: Quizhost's own settings, by their names in the environment.
    """
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("QUIZHOST_", "DISCORD_"))
    }
    environment = {
        **kept,
        "STANDIN_API": standin.api,
        "STANDIN_GATEWAY": standin.gateway,
        "DISCORD_TOKEN": token,
        "QUIZHOST_DATA": str(data),
        "BENCH_OPTIONS": options,
        **({"BENCH_CORE": str(core)} if core is not None else {}),
        **({"SSL_CERT_FILE": standin.authority} if standin.authority else {}),
        **(settings or {}),
    }
    data.mkdir(parents=True, exist_ok=True)
    log = data.with_name(f"{data.name}.log")
    process = await (spawn or functools.partial(_run_module, module))(environment, log)
    running = BotProcess(process, log)
    try:
        yield running
    finally:
        if process.returncode is None:
            await running.kill()


async def _run_module(module: str, environment: Mapping[str, str], log: Path) -> Handle:
    with log.open("ab") as file:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, env=environment, cwd=ROOT, stdout=file, stderr=file
        )
