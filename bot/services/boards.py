"""What a drawn leaderboard shows, and the port for drawing it."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One player's line. Players who tie share a rank."""

    rank: int
    name: str
    score: str  #: as it is shown: "9 of 10", "8 340"
    detail: str  #: small print below the name: "answered in 41.2 s"
    share: float  #: 0.0 to 1.0, the length of the bar


@dataclass(frozen=True, slots=True)
class Board:
    """A leaderboard as plain data: the same facts go into the picture and into its alt text."""

    rows: tuple[BoardRow, ...]


class Charts(Protocol):
    """Draws pictures."""

    async def render_board(self, board: Board) -> bytes:
        """Return the board as a PNG."""
        ...
