"""Options to choose from, and how their order is drawn and chosen slots are read."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.domain.tasks.base import Presentation

#: Options are labelled in the order they are shown; ten letters are two rows of buttons.
LETTERS = "ABCDEFGHIJ"
MIN_OPTIONS = 2
MAX_OPTIONS = len(LETTERS)


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose. Its id is stable; its letter depends on where it is shown."""

    id: str
    text: str
    pinned: bool = False  #: stays last when options are shuffled ("all of the above")


def options_to_document(options: Iterable[Option]) -> list[dict[str, Any]]:
    """Return options as plain JSON values."""
    return [asdict(option) for option in options]


def options_from_document(entries: Iterable[Mapping[str, Any]]) -> tuple[Option, ...]:
    """Rebuild options from `options_to_document`'s values."""
    return tuple(Option(**entry) for entry in entries)


def shuffle(options: Sequence[Option], rng: random.Random) -> Presentation:
    """Return the options in a random order, pinned ones last in the file's order."""
    free = [option.id for option in options if not option.pinned]
    rng.shuffle(free)
    return Presentation((*free, *(option.id for option in options if option.pinned)))
