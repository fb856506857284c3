"""Draws boards with typst: plain data in, a PNG out, off the event loop.

How a board looks is in `board.typ` next to this file. The fonts come as Python packages, never from the
machine, so that a picture is the same everywhere.
"""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bot.charts.legible import make_legible
from bot.services.boards import Board, BoardRow

if TYPE_CHECKING:
    from typst import Compiler

_TEMPLATE = Path(__file__).with_name("board.typ")

#: Noto Sans for most scripts and Noto Emoji; Noto Sans CJK. Typst itself brings a few more.
FONT_PACKAGES = ("manimgx_fonts", "noto_cjk_sans_otc")

#: 400 pt become 576 pixels: two for each one a phone has for it. Filling and compressing pixels is most of
#: the work; at 1000 across, drawing takes twice as long.
_PIXELS_PER_INCH = 103.68

_NAMELESS = "—"


class TypstCharts:
    """The `Charts` port on typst.

    One thread of our own draws everything, one picture after another: nobody else uses typst's compiler at
    the same time, and a burst of boards does not fill the pool in which asyncio looks up host names.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="charts")
        self._compiler: Compiler | None = None  # made in that thread, with the first picture

    async def render_board(self, board: Board) -> bytes:
        """Return the board as a PNG, as high as its rows."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._draw, board)

    async def warm_up(self) -> None:
        """Load typst and the fonts now, so that the first board waits for neither."""
        await self.render_board(Board((BoardRow(1, "Añעعकก文カ한🙂", "1", "", 1.0),)))

    def _draw(self, board: Board) -> bytes:
        if self._compiler is None:
            self._compiler = _make_compiler()
        data = json.dumps(_describe_board(board))
        png = self._compiler.compile(format="png", ppi=_PIXELS_PER_INCH, sys_inputs={"data": data})
        return cast("bytes", png)  # one page and no output file: neither a list nor None


def _make_compiler() -> "Compiler":
    import typst  # noqa: PLC0415 - 80 MB, loaded in the thread that draws

    folders = [str(resources.files(package)) for package in FONT_PACKAGES]
    fonts = typst.Fonts(include_system_fonts=False, font_paths=folders)
    return typst.Compiler(_TEMPLATE, root=_TEMPLATE.parent, font_paths=fonts, ignore_system_fonts=True)


def _describe_board(board: Board) -> dict[str, object]:
    """Return what the template reads; text travels as data and is never parsed as markup."""
    return {
        "rows": [
            {
                "rank": row.rank,
                "name": make_legible(row.name) or _NAMELESS,
                "score": make_legible(row.score),
                "detail": make_legible(row.detail),
                "share": min(1.0, max(0.0, row.share)),  # in this order, what is not a number is none
            }
            for row in board.rows
        ],
    }
