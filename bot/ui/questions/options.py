"""How options look, whatever they are chosen for."""

from collections.abc import Iterable, Iterator

from bot.domain.tasks import Presentation
from bot.domain.tasks.options import LETTERS, Option
from bot.text import rounds as words
from bot.ui.escape import beside_others, escape_quiz_text, shorten

#: Each cell can be half full: a phone has room for six of them beside a short option.
BAR_CELLS = 6
NBSP = "\N{NO-BREAK SPACE}"


def lettered(options: Iterable[Option], shown: Presentation) -> Iterator[tuple[str, Option]]:
    """Yield the options in the order shown, with their letters."""
    by_id = {option.id: option for option in options}
    for letter, option_id in zip(LETTERS, shown.order, strict=False):
        yield letter, by_id[option_id]


def open_line(letter: str, option: Option) -> str:
    """Return an option as it stands on the card of an open question."""
    return f"**{letter}**  {escape_quiz_text(option.text)}"


def revealed_line(letter: str, option: Option, chosen: int, total: int, *, is_key: bool) -> str:
    """Return an option with how many chose it: in one line, unless it takes several by itself."""
    content = escape_quiz_text(option.text)
    emboldened = escape_quiz_text(option.text, within_bold=True)
    alone = "\n" in content or "```" in content
    if is_key and not alone and "**" not in emboldened:  # as code may have it
        shown = f"**{letter}  {beside_others(emboldened)}**"
    else:
        shown = f"**{letter}**  {content if alone else beside_others(content)}"
    share = [bar(chosen, total), words.share(chosen, total)] if total else []
    after = NBSP.join([*share, *([words.right_answer()] if is_key else [])])  # in one line
    return shown + ("\n" if alone else "  ") + after if after else shown


def mark(letter: str) -> str:
    """Return an option's letter alone."""
    return f"**{letter}**"


def short(letter: str, option: Option) -> str:
    """Return an option as a part of one line."""
    return f"**{letter}** · {shorten(option.text)}"


def full(letter: str, option: Option) -> str:
    """Return an option with its whole text."""
    return f"**{letter}** · {escape_quiz_text(option.text)}"


def longest(options: Iterable[Option]) -> Option:
    """Return the option whose text takes most room."""
    return max(options, key=lambda option: len(option.text.encode()))


def bar(number: int, total: int) -> str:
    """Return a share as a bar, to the nearest twelfth, on the ground that code has: "`██▌   `"."""
    halves = (4 * BAR_CELLS * number + total) // (2 * total)
    filled = "█" * (halves // 2) + "▌" * (halves % 2)
    return f"`{filled.ljust(BAR_CELLS, NBSP)}`"
