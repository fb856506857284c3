"""The bots of one run: all alive at once, each with a question whose buttons can be pressed."""

import sqlite3
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.processes import BotProcess, bot_process
from tests.bench.standin.client import Bot, StandIn
from tests.bench.standin.pause import pause
from tests.bench.standin.world import Json

QUESTIONS, SECONDS = 50, 300
#: A question older than this gives way to the next one before anything is measured on it.
FRESH_SECONDS = 200
#: discord.py calls a client ready two seconds after its last server came.
READY_SECONDS = 3.0
LAUNCH = "tests.bench.bots.launch"


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of bot that can be measured."""

    name: str
    module: str = LAUNCH
    options: str = ""
    settings: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def is_ours(self) -> bool:
        """Whether it is Quizhost, however changed."""
        return self.module == LAUNCH


OURS = Kind("ours")
OURS_AGAIN = Kind("ours again (A/A)")
PATH_FLOOR = Kind("ours, no storage", options="without-storage")
FLOOR = Kind("floor: View + defer", module="tests.bench.bots.floor_bot")
NAIVE = Kind("naive: View + ORM + defer", module="tests.bench.bots.naive_bot")
DEFAULTS = Kind("View + defer, discord.py's defaults", FLOOR.module, settings={"PEER_LIMIT": "0"})


@dataclass(slots=True)
class Player:
    """A running bot with its open question."""

    kind: Kind
    bot: Bot
    process: BotProcess
    data: Path
    lag_file: Path
    question: Json = field(default_factory=dict[str, "object"])
    opened_at: float = 0.0
    next_member: int = 1
    acked: int = 0  #: answers it has acknowledged

    async def connected(self) -> None:
        """Wait until its commands can be used."""
        await self.bot.wait_until("commands", 60.0)
        await self.bot.wait_until("connected", 60.0)
        await pause(READY_SECONDS)

    async def open_question(self) -> None:
        """Get a question, or a newer one."""
        if not self.kind.is_ours:
            self.question = await self.bot.wait_for_message(enabled=True)
            return
        after = int(self.question.get("id", 0))
        if after:
            await self.bot.slash("round skip")
        else:
            await self.bot.slash("round start", quiz="bench", seconds=SECONDS, questions=QUESTIONS)
        self.question = await self.bot.wait_for_message(f" of {QUESTIONS}", after=after, enabled=True)
        self.opened_at = time.monotonic()
        await pause(0.5)

    async def freshen(self) -> None:
        """Make sure that the question stays open for long enough."""
        if self.kind.is_ours and time.monotonic() - self.opened_at > FRESH_SECONDS:
            await self.open_question()

    def members(self, count: int) -> int:
        """Return the first of that many members who have not answered yet."""
        first = self.next_member
        self.next_member += count
        return first

    def lag_between(self, begin: float, end: float) -> tuple[float, float]:
        """Return how long the event loop stood still at most, and computed: milliseconds, 0 means below 5."""
        if not self.kind.is_ours:
            return 0.0, 0.0
        lines = [[float(one) for one in line.split()] for line in self.lag_file.read_text().splitlines()]
        found = [(lag, busy) for at, lag, busy in lines if begin <= at <= end + 1]
        return max((lag for lag, _ in found), default=0.0), max((busy for _, busy in found), default=0.0)

    def rows(self) -> int:
        """Return how many clicks are in the database's log."""
        with sqlite3.connect(self.data / "quizhost.sqlite3") as connection:
            (count,) = connection.execute("SELECT count(*) FROM responses").fetchone()
        connection.close()
        return int(count)


def write_quiz(folder: Path) -> None:
    """Write the quiz that our bot asks."""
    lines = ["title: Bench", "category: Bench", "introduction: Fifty times the same.", "questions:"]
    for number in range(1, QUESTIONS + 1):
        options = ", ".join(f"This is option number {n} of {number}" for n in range(1, 5))
        lines += [
            f"  - stem: Which of these is number {number}?",
            f"    options: [{options}]",
            f"    key: This is option number 1 of {number}",
            "    explanation: It says so itself. The others say something else.",
        ]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bench.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


@asynccontextmanager
async def start_player(
    standin: StandIn, kind: Kind, folder: Path, *, number: int, core: int | None, settings: Mapping[str, str]
) -> AsyncGenerator[Player]:
    """Start a bot, whose data and log are kept under its number."""
    data, lag_file = folder / f"{number}", folder / f"{number}.lag"
    token = f"token-{number}"
    options = ",".join(filter(None, [kind.options, f"lag={lag_file}" if kind.is_ours else ""]))
    async with bot_process(
        standin,
        token,
        data,
        module=kind.module,
        core=core,
        options=options,
        settings={**settings, **kind.settings},
    ) as process:
        yield Player(kind, standin.bot(token), process, data, lag_file)


@asynccontextmanager
async def players(
    standin: StandIn, kinds: Sequence[Kind], folder: Path, *, core: int | None
) -> AsyncGenerator[list[Player]]:
    """Start these bots, and wait until each has an open question."""
    write_quiz(folder / "quizzes")
    settings = {
        "QUIZHOST_QUIZZES": str(folder / "quizzes"),
        "QUIZHOST_LEAD_SECONDS": "0",
        "QUIZHOST_PAUSE_SECONDS": "0",
        "LOG_LEVEL": "WARNING",
    }
    async with AsyncExitStack() as stack:
        running = [
            await stack.enter_async_context(
                start_player(standin, kind, folder, number=number, core=core, settings=settings)
            )
            for number, kind in enumerate(kinds, start=1)
        ]
        for player in running:
            await player.bot.wait_until("connected", 60.0)
        await pause(READY_SECONDS)
        for player in running:
            await player.open_question()
        yield running
