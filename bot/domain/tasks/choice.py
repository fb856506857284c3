"""Tasks in which players choose from options."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from bot.domain.tasks.base import (
    EVERYTHING,
    NOTHING,
    Grade,
    Presentation,
    Response,
    Submission,
    Task,
    Unreadable,
)
from bot.domain.tasks.options import Option, options_from_document, options_to_document, shuffle


@dataclass(frozen=True, slots=True)
class SingleChoice(Task):
    """One option is right."""

    kind = "single_choice"

    options: tuple[Option, ...]
    key: str  #: the id of the right option

    def option(self, option_id: str) -> Option:
        """Return the option with this id; `KeyError` if there is none."""
        for option in self.options:
            if option.id == option_id:
                return option
        raise KeyError(option_id)

    def present(self, rng: random.Random) -> Presentation:
        """Return the options in a random order, pinned ones last."""
        return shuffle(self.options, rng)

    def read(self, submission: Submission, shown: Presentation) -> Response:
        """Return the id of the chosen option."""
        if len(submission.slots) != 1 or not 0 <= submission.slots[0] < len(shown.order):
            raise Unreadable
        return shown.order[submission.slots[0]]

    def grade(self, response: Response) -> Grade:
        """Give everything for the key."""
        return Grade.of(EVERYTHING if response == self.key else NOTHING)

    def to_document(self) -> dict[str, Any]:
        """Return the task as plain JSON values."""
        return {"options": options_to_document(self.options), "key": self.key}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Rebuild the task from its document."""
        return cls(options_from_document(document["options"]), document["key"])
