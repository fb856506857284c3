"""The goals of the benchmark: what must be reached, what would be better, and what was measured."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum


class Better(Enum):
    """Which way a figure should go."""

    HIGHER = ">="
    LOWER = "<="


@dataclass(frozen=True, slots=True)
class Goal:
    """One line of the list."""

    name: str
    better: Better
    must: float
    stretch: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured for a goal; None where it could not be, with the reason."""

    goal: Goal
    value: float | None
    note: str = ""

    @property
    def verdict(self) -> str:
        """Return "stretch", "must", "missed" or "not measured"."""
        if self.value is None:
            return "not measured"
        if self.goal.stretch is not None and _reaches(self.value, self.goal.stretch, self.goal.better):
            return "stretch"
        return "must" if _reaches(self.value, self.goal.must, self.goal.better) else "missed"


def _reaches(value: float, bound: float, better: Better) -> bool:
    return value >= bound if better is Better.HIGHER else value <= bound


HIGHER, LOWER = Better.HIGHER, Better.LOWER

DURABLE = Goal("durable clicks a CPU second, of the path without storage", HIGHER, 0.85, 0.93, "x")
CPU = Goal("CPU a click, of bare discord.py without storage", LOWER, 0.50, 0.33, "x")
NAIVE_RATE = Goal("clicks a CPU second, times the naive bot's", HIGHER, 8, 12, "x")
STORAGE = Goal("storage alone, times an ORM commit a click", HIGHER, 100, 200, "x")
FIRST = Goal("first acknowledgement, of bare discord.py's", LOWER, 0.25, 0.10, "x")
TLS_BURST = Goal("clicks in one burst over TLS at 100 ms, none late", HIGHER, 5_000, 10_000)
PACED = Goal("p99 at 1,000 clicks/s, of the naive bot's", LOWER, 0.01, 0.001, "x")
TOP_TEN = Goal("top ten, times GROUP BY on a covering index", HIGHER, 100, 1000, "x")
LOADING = Goal("loading 1,000 quizzes, of PyYAML's C loader alone", LOWER, 1.0, 0.25, "x")
PICTURE = Goal("a leaderboard's picture, times matplotlib's speed", HIGHER, 5, 15, "x")
IMPORTS = Goal("start-up CPU, of discord.py and SQLAlchemy alone", LOWER, 1.5, 1.2, "x")
#: From the plan: two thousand members press within two seconds.
CROWD_P99 = Goal("2,000 members in 2 s: p99 of the acknowledgements", LOWER, 1000, 100, "ms")
CROWD_MISSED = Goal("2,000 members in 2 s: clicks without an acknowledgement", LOWER, 0)
LAG = Goal("the event loop never stood still for longer than", LOWER, 100, 50, "ms")
ROWS = Goal("acknowledged answers that are not in the database", LOWER, 0)

#: From what strangers found: crowds on other buttons, and more rounds than Discord takes requests for.
RESULTS_LATE = Goal("1,000 press My result at once: not acknowledged in 3 s", LOWER, 0)
RESULTS_SHOWN = Goal("1,000 press My result at once: the last one has it after", LOWER, 10_000, 3000, "ms")
RESULTS_LAG = Goal("meanwhile, the event loop never stood still for longer than", LOWER, 25, 15, "ms")
RESULTS_OTHERS = Goal("meanwhile, p99 of answers on another server", LOWER, 50, 25, "ms")
ROUNDS_REFUSED = Goal("200 rounds under Discord's limit: requests refused", LOWER, 0)
ROUNDS_LATE = Goal("200 rounds under Discord's limit: p99 of reveals late by", LOWER, 250, 150, "ms")
STARTS_LATE = Goal("400 /round start at once: not acknowledged in 3 s", LOWER, 0)


def report(readings: Sequence[Reading]) -> Iterator[str]:
    """Yield a line for each goal."""
    yield f"{'goal':56} {'measured':>12} {'must':>10} {'stretch':>10}  verdict"
    for one in readings:
        goal = one.goal
        stretch = "" if goal.stretch is None else f"{goal.better.value} {goal.stretch:g}"
        value = "-" if one.value is None else f"{one.value:,.3g}{goal.unit}"
        if one.value is not None and abs(one.value) >= 1000:
            value = f"{one.value:,.0f}{goal.unit}"
        must = f"{goal.better.value} {goal.must:g}"
        note = f" ({one.note})" if one.note else ""
        yield f"{goal.name:56} {value:>12} {must:>10} {stretch:>10}  {one.verdict}{note}"
