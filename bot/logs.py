"""How the log is written: to stderr, one record per line, whatever the names in it contain."""

import logging
import sys
from types import TracebackType
from typing import TypeAlias

from bot.characters import printable

_ExcInfo: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


def set_up(level: str) -> None:
    """Log ours at the chosen level and libraries' warnings (discord.py's DEBUG shows bodies)."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LineFormatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("bot").setLevel(level)


class LineFormatter(logging.Formatter):
    """Keeps a message on its line; a traceback, which needs several, is indented so that none looks new."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """Return the line, with nothing in it that controls a terminal."""
        record.message = printable(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - logging's name
        """Return the traceback."""
        return "\n".join(f"  {printable(line)}" for line in super().formatException(ei).split("\n"))
