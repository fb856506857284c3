"""One run of the benchmark: which bots, in which order, and what their figures mean for the goals."""

import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench import crowds, goals, offline
from tests.bench.goals import Reading
from tests.bench.measure import Burst, Series, burst, in_turns, paced, quartiles, ratios, table
from tests.bench.players import DEFAULTS, FLOOR, NAIVE, OURS, OURS_AGAIN, PATH_FLOOR, Kind, Player, players
from tests.bench.standin.client import StandIn
from tests.bench.standin.pause import pause

CLICKS = 2000
BOT_CORE, STANDIN_CORE = 0, 1
DELAY_MS = 100
#: Naive bots need many seconds for a crowd; nobody needs them for the large bursts.
LARGE = (5_000, 10_000)
COMPARED = ("cpu", "rate", "first", "p99")

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured."""

    repetitions: int
    tls_repetitions: int
    large_bursts: bool
    offline: bool
    extra: tuple[Kind, ...] = ()

    @property
    def kinds(self) -> list[Kind]:
        """The bots of the comparison."""
        return [FLOOR, OURS, OURS_AGAIN, PATH_FLOOR, NAIVE, *self.extra]


QUICK = Plan(repetitions=3, tls_repetitions=2, large_bursts=False, offline=False)
FULL = Plan(repetitions=9, tls_repetitions=5, large_bursts=True, offline=True)


async def run(plan: Plan, folder: Path, say: Say) -> list[Reading]:
    """Measure everything that the plan asks for."""
    readings = await _plain(plan, folder / "plain", say)
    readings += await _tls(plan, folder / "tls", say)
    say("\ncrowds beside the answer buttons ...")
    readings += await crowds.measure_all(folder / "crowds", say, core=BOT_CORE, standin_core=STANDIN_CORE)
    if plan.offline:
        say("\nwithout Discord ...")
        readings += await offline.measure_all(folder / "offline", quick=plan.repetitions < FULL.repetitions)
    return readings


async def _plain(plan: Plan, folder: Path, say: Say) -> list[Reading]:
    """Processor time, rates, and the crowd of the plan."""
    async with (
        StandIn.start(core=STANDIN_CORE) as standin,
        players(standin, plan.kinds, folder, core=BOT_CORE) as running,
    ):
        say(f"plain: {CLICKS:,} clicks at once, {plan.repetitions} times, every bot in turn")
        series = await in_turns(running, CLICKS, plan.repetitions)
        _say_table(series, say)
        _write_json(folder / "plain.json", series)
        _say_ratios(series, say)
        by_name = {player.kind.name: player for player in running}
        ours = by_name[OURS.name]
        crowd = await paced(ours, CLICKS, 1000)
        naive_crowd = await paced(by_name[NAIVE.name], CLICKS, 1000)
        say(f"\n{CLICKS:,} members in 2 s   ours: {_say_burst(crowd)}")
        say(f"{'':21} naive: {_say_burst(naive_crowd)}")
        _say_memory(running, say)
        missing = await _missing_rows([one for one in running if _stores(one.kind)])
        await change_of_mind(ours, say)
        return [
            *_ratio_goals(series),
            Reading(goals.PACED, crowd.p99 / naive_crowd.p99),
            Reading(goals.CROWD_P99, crowd.p99),
            Reading(goals.CROWD_MISSED, crowd.clicks - crowd.acked),
            _lag_reading([crowd, *series[OURS.name].bursts]),
            Reading(goals.ROWS, missing),
        ]


async def change_of_mind(player: Player, say: Say) -> None:
    """Let a crowd answer and then change its mind: every click a row, and the old receipts go."""
    rows = player.rows()
    first = player.members(500)
    await player.freshen()
    for shift in (0, 1):
        result = await player.bot.burst(player.question, 500, first_member=first, shift=shift)
        player.acked += int(result["acked"])
        say(f"500 members {'change their mind' if shift else 'answer'}: {result['acked']} acknowledged")
    await pause(2)
    if player.rows() - rows != 1000:
        raise AssertionError(f"1000 clicks and {player.rows() - rows} rows")


async def _tls(plan: Plan, folder: Path, say: Say) -> list[Reading]:
    """Deadlines, over TLS and with answers that take as long as they do from afar."""
    kinds = [FLOOR, OURS, *plan.extra, *([DEFAULTS] if plan.large_bursts else [])]
    folder.mkdir(parents=True)
    async with (
        StandIn.start(core=STANDIN_CORE, delay_ms=DELAY_MS, tls=folder / "authority.pem") as standin,
        players(standin, kinds, folder, core=BOT_CORE) as running,
    ):
        say(f"\nTLS, answers after {DELAY_MS} ms: {CLICKS:,} clicks at once, {plan.tls_repetitions} times")
        series = await in_turns(running, CLICKS, plan.tls_repetitions)
        _say_table(series, say)
        _write_json(folder / "tls.json", series)
        ours = next(player for player in running if player.kind is OURS)
        none_late = 0 if sum(series[OURS.name].of("late")) else CLICKS
        for clicks in LARGE if plan.large_bursts else ():
            one = await burst(ours, clicks, wait_seconds=30)
            say(f"{clicks:,} clicks at once  ours: {_say_burst(one)}")
            if one.late == 0 and none_late:
                none_late = clicks
        note = "" if plan.large_bursts else "larger bursts only in the full mode"
        _say_memory(running, say)
        missing = await _missing_rows([ours])
        return [Reading(goals.TLS_BURST, none_late, note), Reading(goals.ROWS, missing, "over TLS")]


def _ratio_goals(series: dict[str, Series]) -> list[Reading]:
    ours, floor, naive, path = (series[kind.name] for kind in (OURS, FLOOR, NAIVE, PATH_FLOOR))

    def reading(goal: goals.Goal, other: Series, figure: str) -> Reading:
        middle, low, high = quartiles(ratios(ours, other, figure))
        return Reading(goal, middle, f"quartiles {low:.2f} and {high:.2f}")

    return [
        reading(goals.DURABLE, path, "per_cpu"),
        reading(goals.CPU, floor, "cpu"),
        reading(goals.NAIVE_RATE, naive, "per_cpu"),
        reading(goals.FIRST, floor, "first"),
    ]


def _lag_reading(bursts: Sequence[Burst]) -> Reading:
    lag, busy = max(one.lag for one in bursts), max(one.busy for one in bursts)
    return Reading(goals.LAG, lag, f"in bursts and in 2 s; computing {busy:.0f} ms of it")


async def _missing_rows(running: Sequence[Player]) -> int:
    """Return how many acknowledged clicks are not in the databases; more rows than clicks count, too."""
    await pause(1)
    return sum(abs(player.acked - player.rows()) for player in running)


def _stores(kind: Kind) -> bool:
    return kind.is_ours and "without-storage" not in kind.options


def _say_memory(running: Sequence[Player], say: Say) -> None:
    say("\nresident memory: now, at most")
    for player in running:
        now, most = player.process.memory_mb()
        say(f"{player.kind.name:36} {now:6.0f} MB {most:6.0f} MB")


def _say_table(series: dict[str, Series], say: Say) -> None:
    for line in table(list(series.values())):
        say(line)


def _say_ratios(series: dict[str, Series], say: Say) -> None:
    """Say every bot's ratios to the floor, and how far two equal bots are apart."""
    floor = series[FLOOR.name]
    say("\nratio to the floor, repetition by repetition: median [quartiles]")
    for one in series.values():
        if one is floor:
            continue
        parts = [f"{figure} {_say_ratio(ratios(one, floor, figure))}" for figure in COMPARED]
        say(f"{one.name:36} {'  '.join(parts)}")
    again = [
        f"{figure} {_say_ratio(ratios(series[OURS_AGAIN.name], series[OURS.name], figure))}"
        for figure in COMPARED
    ]
    say(f"{'A/A: ours again to ours':36} {'  '.join(again)}")


def _say_ratio(values: Sequence[float]) -> str:
    middle, low, high = quartiles(values)
    return f"{middle:.2f} [{low:.2f}, {high:.2f}]"


def _say_burst(one: Burst) -> str:
    return (
        f"{one.acked:,} of {one.clicks:,} acknowledged, {one.late} late, p50 {one.p50:.0f} p99 {one.p99:.0f}"
        f" max {one.longest:.0f} ms, {one.cpu:.0f} µs a click, loop still for {one.lag:.0f} ms at most"
    )


def _write_json(path: Path, series: dict[str, Series]) -> None:
    data = {name: [asdict(one) for one in entry.bursts] for name, entry in series.items()}
    medians = {name: statistics.median(entry.of("cpu")) for name, entry in series.items()}
    path.write_text(json.dumps({"bursts": data, "cpu_medians": medians}, indent=1), encoding="utf-8")
