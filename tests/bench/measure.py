"""One measurement after another: bursts and paced clicks, on every bot in turn."""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.bench.players import Player
from tests.bench.standin.pause import pause
from tests.bench.standin.world import Json

#: After the last acknowledgement a bot still reads replies; that belongs to its clicks.
SETTLE_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Burst:
    """What one burst on one bot gave. Times in milliseconds, processor time in microseconds a click."""

    clicks: int
    acked: int
    late: int
    rate: float
    cpu: float
    first: float
    p50: float
    p99: float
    longest: float
    lag: float  #: how long the event loop stood still at most
    busy: float  #: how long it computed at most without coming round
    new_connections: int

    @property
    def per_cpu(self) -> float:
        """Clicks per second of processor time: what a whole core could do."""
        return 1e6 / self.cpu


@dataclass(slots=True)
class Series:
    """All bursts of one bot, in the order of the repetitions."""

    name: str
    bursts: list[Burst] = field(default_factory=list[Burst])

    def of(self, figure: str) -> list[float]:
        """Return one figure of every burst."""
        return [float(getattr(one, figure)) for one in self.bursts]

    def middle(self, figure: str) -> float:
        """Return one figure's median."""
        return statistics.median(self.of(figure))


async def burst(player: Player, clicks: int, *, wait_seconds: float = 15.0) -> Burst:
    """Let that many new members press at once."""
    await player.freshen()
    first_member = player.members(clicks)
    before = player.process.cpu_seconds()
    result = await player.bot.burst(
        player.question, clicks, first_member=first_member, wait_seconds=wait_seconds
    )
    await pause(SETTLE_SECONDS)
    return _burst(player, clicks, result, player.process.cpu_seconds() - before)


async def paced(player: Player, clicks: int, per_second: float) -> Burst:
    """Let new members press evenly."""
    await player.freshen()
    first_member = player.members(clicks)
    before = player.process.cpu_seconds()
    result = await player.bot.paced(player.question, clicks, per_second, first_member=first_member)
    await pause(SETTLE_SECONDS)
    return _burst(player, clicks, result, player.process.cpu_seconds() - before)


async def in_turns(
    running: Sequence[Player], clicks: int, repetitions: int, *, rest_seconds: float = 0.0
) -> dict[str, Series]:
    """Measure every bot in every repetition, each in the reverse order of the one before.

    The first repetition opens connections and fills caches; it is not counted.
    """
    series = {player.kind.name: Series(player.kind.name) for player in running}
    for repetition in range(repetitions + 1):
        order = running if repetition % 2 else list(reversed(running))
        for player in order:
            one = await burst(player, clicks)
            if repetition:
                series[player.kind.name].bursts.append(one)
        await pause(rest_seconds)
    return series


def ratios(one: Series, other: Series, figure: str) -> list[float]:
    """Return a figure's ratio between two bots, repetition by repetition."""
    return [a / b for a, b in zip(one.of(figure), other.of(figure), strict=True) if b]


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """Return the median and the quartiles below and above it."""
    if len(values) < 2:
        only = values[0] if values else float("nan")
        return only, only, only
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return middle, low, high


def _burst(player: Player, clicks: int, result: Json, cpu_seconds: float) -> Burst:
    waits: list[float] = result["waits"]
    player.acked += int(result["acked"])
    begun = float(result["begun"])
    lag, busy = player.lag_between(begun, begun + float(result["seconds"]))
    return Burst(
        clicks=clicks,
        acked=int(result["acked"]),
        late=int(result["late"]),
        rate=result["acked"] / result["seconds"] if result["seconds"] else 0.0,
        cpu=cpu_seconds / clicks * 1e6,
        first=waits[0] if waits else float("inf"),
        p50=percentile(waits, 0.50),
        p99=percentile(waits, 0.99),
        longest=waits[-1] if waits else float("inf"),
        lag=lag,
        busy=busy,
        new_connections=int(result["new_connections"]),
    )


def percentile(waits: Sequence[float], share: float) -> float:
    """Return what that share of sorted waits stays under; endless where there are none."""
    return waits[min(int(len(waits) * share), len(waits) - 1)] if waits else float("inf")


def table(series: Sequence[Series]) -> Iterator[str]:
    """Yield the lines of a table: medians, and quartiles of the processor time."""
    yield (
        f"{'':36} {'per CPU s':>9} {'µs/click':>8} {'[quartiles]':>13} {'clicks/s':>8} {'first':>6}"
        f" {'p50':>6} {'p99':>6} {'max':>6} {'lag':>5} {'busy':>5} {'late':>5} {'conns':>5}"
    )
    for one in series:
        cpu, low, high = quartiles(one.of("cpu"))
        late, lag, busy = int(sum(one.of("late"))), max(one.of("lag")), max(one.of("busy"))
        yield (
            f"{one.name:36} {one.middle('per_cpu'):9,.0f} {cpu:8.0f} {f'[{low:.0f}, {high:.0f}]':>13}"
            f" {one.middle('rate'):8,.0f} {one.middle('first'):6.0f} {one.middle('p50'):6.0f}"
            f" {one.middle('p99'):6.0f} {max(one.of('longest')):6.0f} {lag:5.0f} {busy:5.0f}"
            f" {late:5d} {one.middle('new_connections'):5.0f}"
        )
