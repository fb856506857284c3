"""The log: a record a line, whatever somebody has put into a name."""

import logging
import sys

import pytest

from bot.characters import printable
from bot.logs import LineFormatter

HOSTILE = "quiz\n2026-01-01 INFO bot: all is well\x1b[2J\u202e\u2028.yaml"


def written(message: str, *arguments: object, failed: bool = False) -> str:
    info = sys.exc_info() if failed else None
    record = logging.LogRecord("bot.x", logging.WARNING, "x.py", 1, message, arguments, info)
    return LineFormatter("%(levelname)s %(name)s: %(message)s").format(record)


def test_a_name_cannot_forge_a_line_of_the_log_or_act_on_the_terminal() -> None:
    line = written("cannot read %s", HOSTILE)
    assert line.startswith("WARNING bot.x: cannot read quiz\N{REPLACEMENT CHARACTER}2026")
    assert len(line.splitlines()) == 1
    assert line.isprintable()


def test_the_lines_of_a_traceback_cannot_be_taken_for_others() -> None:
    lines = list[str]()
    try:
        int(HOSTILE)
    except ValueError:
        lines = written("it failed", failed=True).split("\n")
    first, *rest = lines
    assert first == "WARNING bot.x: it failed"
    assert len(rest) > 2
    assert all(line.startswith("  ") and line.isprintable() for line in rest)


@pytest.mark.parametrize("text", ["/srv/quizzes/größe.yaml", "👩‍👩‍👧", "می‌خواهم", "日本", ""])
def test_what_people_see_stays_as_it_is(text: str) -> None:
    assert printable(text) == text
