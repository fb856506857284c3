"""Measure Quizhost beside bare discord.py and a naive bot: `python -m tests.bench --help`."""

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from tests.bench.goals import report
from tests.bench.players import Kind
from tests.bench.run import FULL, QUICK, Plan, run

LIMIT_SECONDS = {"quick": 600, "full": 3600}


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few repetitions, in about two minutes")
    parser.add_argument("--repetitions", type=int, help="how often every bot is measured")
    parser.add_argument("--keep", type=Path, help="keep data, logs and figures (JSON) in this folder")
    parser.add_argument(
        "--extra",
        action="append",
        default=[],
        metavar="OPTIONS",
        help="measure Quizhost with these options of tests.bench.bots.options too, such as discordpy",
    )
    parser.add_argument(
        "--gate", action="store_true", help="exit 1 if a goal's must is missed or was not measured"
    )
    return parser.parse_args()


def make_plan(options: argparse.Namespace) -> Plan:
    """Return what the command line asks for."""
    plan = QUICK if options.quick else FULL
    extra = tuple(Kind(f"ours with {one}", options=one) for one in options.extra)
    return replace(plan, repetitions=options.repetitions or plan.repetitions, extra=extra)


def main() -> int:
    """Measure, print the tables, and say which goals are reached."""
    options = arguments()
    plan = make_plan(options)
    folder = options.keep or Path(tempfile.mkdtemp(prefix="quizhost-bench-"))
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}", flush=True
    )

    async def bounded() -> list[str]:
        async with asyncio.timeout(LIMIT_SECONDS["quick" if options.quick else "full"]):
            readings = await run(plan, folder, lambda line: print(line, flush=True))
        missed.extend(one.goal.name for one in readings if one.verdict in {"missed", "not measured"})
        return list(report(readings))

    missed: list[str] = []
    try:
        lines = asyncio.run(bounded())
    finally:
        if options.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    print("", *lines, sep="\n")
    return 1 if missed and options.gate else 0


if __name__ == "__main__":
    sys.exit(main())
