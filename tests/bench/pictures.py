"""A leaderboard's picture beside matplotlib's, of the same rows, as large and in the same fonts."""

import io
import statistics
import struct
import time
import warnings
from collections.abc import Callable
from importlib import import_module, resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bot.charts.renderer import FONT_PACKAGES, TypstCharts
from bot.services.boards import Board, BoardRow
from tests.bench import goals
from tests.bench.goals import Reading

#: Ten names in ten scripts: Latin, Han, Japanese, Korean, Cyrillic, Arabic, Hebrew, Devanagari, Thai, Greek.
NAMES = (
    "Añá Müller",
    "陳大文",
    "さくら",
    "김민준",
    "Дмитрий",
    "محمد علي",
    "דוד כהן",
    "अनीता शर्मा",
    "สมชาย",
    "Γιώργος 🙂",
)
#: In the order in which matplotlib should look for a letter.
_SCRIPTS = ("", " Arabic", " Hebrew", " Devanagari", " Thai", " CJK SC", " CJK JP", " CJK KR")
_FAMILIES = [*(f"Noto Sans{script}" for script in _SCRIPTS), "Noto Emoji"]
_INK, _MUTED, _CARD, _GROOVE, _BAR = "#f2f3f5", "#a3a8b1", "#1e1f22", "#2f3136", "#5865f2"


async def picture(*, repetitions: int) -> Reading:
    """Draw both in turn, every time with other names, and compare the processor time."""
    if find_spec("matplotlib") is None:
        return Reading(goals.PICTURE, None, 'matplotlib is not installed: pip install -e ".[bench]"')
    charts = TypstCharts()
    width, height = _size(await charts.render_board(_board(0)))
    draw = _matplotlib(width, height)
    draw(_board(0))
    ours: list[float] = []
    theirs: list[float] = []
    for repetition in range(1, repetitions + 1):
        board = _board(repetition)
        begun = time.process_time()
        await charts.render_board(board)
        ours.append(time.process_time() - begun)
        begun = time.process_time()
        draw(board)
        theirs.append(time.process_time() - begun)
    mine, other = statistics.median(ours), statistics.median(theirs)
    note = f"{mine * 1000:.0f} ms and {other * 1000:.0f} ms for {width} x {height} pixels"
    return Reading(goals.PICTURE, other / mine, note)


def _board(repetition: int) -> Board:
    rows = (
        BoardRow(
            rank=rank,
            name=f"{name} {repetition}",
            score=f"{10 - rank} of 10",
            detail=f"{20 + rank * 3.1 + repetition:.1f} s",
            share=(10 - rank) / 10,
        )
        for rank, name in enumerate(NAMES, start=1)
    )
    return Board(tuple(rows))


def _size(png: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def _matplotlib(width: int, height: int) -> Callable[[Board], bytes]:
    """Return what draws a board of ours with matplotlib, without its global state."""
    # By name, so that the types can be checked where matplotlib is not installed; the extra `bench` has it.
    font_manager: Any = import_module("matplotlib.font_manager")
    canvas: Any = import_module("matplotlib.backends.backend_agg").FigureCanvasAgg
    figure_of: Any = import_module("matplotlib.figure").Figure

    warnings.simplefilter("ignore", UserWarning)  # of letters that it has to do without
    for package in FONT_PACKAGES:
        for font in sorted(Path(str(resources.files(package))).rglob("*.[ot]t[fc]")):
            font_manager.fontManager.addfont(font)

    def draw(board: Board) -> bytes:
        figure = figure_of(figsize=(width / 100, height / 100), dpi=100, facecolor=_CARD)
        canvas(figure)
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 1), ylim=(len(board.rows), 0))
        axes.set_axis_off()
        places = [place + 0.85 for place in range(len(board.rows))]
        axes.barh(places, [0.8] * len(places), left=0.15, height=0.06, color=_GROOVE)
        axes.barh(places, [0.8 * row.share for row in board.rows], left=0.15, height=0.06, color=_BAR)
        for place, row in enumerate(board.rows):
            axes.text(0.05, place + 0.55, str(row.rank), color=_INK, family=_FAMILIES, fontsize=18)
            axes.text(0.15, place + 0.4, row.name, color=_INK, family=_FAMILIES, fontsize=22)
            axes.text(0.95, place + 0.4, row.score, color=_INK, family=_FAMILIES, fontsize=19, ha="right")
            axes.text(0.15, place + 0.7, row.detail, color=_MUTED, family=_FAMILIES, fontsize=18)
        drawn = io.BytesIO()
        figure.savefig(drawn, format="png", facecolor=_CARD)
        return drawn.getvalue()

    return draw
