"""What is wrong with a quiz file and where: one `Problem` each, shown with its source line and a caret."""

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from bot.characters import JOINERS, printable

#: Where a value stands in a file: ("questions", 0, "options", 2) is the third option of the first question.
Loc = tuple[str | int, ...]

#: How wide a source line is shown; longer ones are cut around the caret so that it stays on a phone.
_SHOWN_WIDTH = 100
_TAB_WIDTH = 4
#: A line this long is no line anybody reads; what lies further from the caret is not even looked at.
_FAR = 400
_SINGULAR = {"questions": "question", "options": "option", "tiers": "tier", "tags": "tag"}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to fix in a quiz file; line and column count from one."""

    path: Path
    line: int
    column: int
    key: str  #: which value, as a person says it: "question 2, option 1"; "file" for the file itself
    message: str  #: what is wrong, and what would be right
    source_line: str = ""  #: empty where no line is to blame, as in a file that cannot be read

    @property
    def headline(self) -> str:
        """The problem in one line, in the form editors make clickable."""
        return printable(f"{self.path}:{self.line}:{self.column} {self.key}: {self.message}")

    def render(self) -> str:
        """Return the headline, and below it the source line with a caret under the place."""
        if not self.source_line.strip():
            return self.headline
        shown, caret_at = _excerpt(self.source_line, self.column - 1)
        return f"{self.headline}\n  {shown}\n  {' ' * caret_at}^"


class QuizFileError(Exception):
    """A quiz file cannot be used; carries all of its problems, first line first."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(problem.render() for problem in self.problems)


def describe_loc(loc: Loc) -> str:
    """Return a place in words, counting from one: "question 2, option 1, text"."""
    words: list[str] = []
    for part in loc:
        if isinstance(part, str):
            words.append(printable(shorten(part)))
        elif words:
            words[-1] = f"{_SINGULAR.get(words[-1], words[-1])} {part + 1}"
        else:
            words.append(f"item {part + 1}")
    return ", ".join(words) or "file"


def quoted(text: str) -> str:
    """Return a text as a message shows it: in quotes, on one line, not longer than needed to know it."""
    return f'"{printable(shorten(text))}"'


def shorten(text: str, width: int = 40) -> str:
    """Return at most `width` characters, the last one an ellipsis if some were cut."""
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"


def _excerpt(line: str, column: int) -> tuple[str, int]:
    """Return the line as shown, and how many cells are left of the caret.

    Tabs become spaces, and wide characters count twice, so that the caret is in the right place in a terminal
    and in a code block alike.
    """
    start = max(0, column - _FAR)
    before = printable(line[start:column].expandtabs(_TAB_WIDTH))
    after = printable(line[column : column + _FAR].expandtabs(_TAB_WIDTH)).rstrip()
    if start or _cells(before + after) > _SHOWN_WIDTH:
        if _cells(before) > _SHOWN_WIDTH * 2 // 3:
            before = "…" + before[-(_SHOWN_WIDTH // 3) :]
        after = shorten(after, max(_SHOWN_WIDTH - _cells(before), _SHOWN_WIDTH // 3))
    return before + after, _cells(before)


def _cells(text: str) -> int:
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.combining(character) or character in JOINERS:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
