"""What every kind of task has in common: how it is shown, read, graded and counted.

A task is a frozen value with four pure methods. Only this folder and the drawers in `bot.ui.questions` may
know which kind a task is of; everybody else works with what these methods give.
"""

import random
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any, ClassVar, Self

#: A response in its canonical form: the same text for the same meaning, such as an option's id.
Response = str

NOTHING = Fraction(0)
EVERYTHING = Fraction(1)


class Outcome(StrEnum):
    """What a response was worth."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Grade:
    """The verdict on one response."""

    share: Fraction  #: of the question's points, from 0 to 1
    outcome: Outcome

    @classmethod
    def of(cls, share: Fraction) -> Self:
        """Return the grade for a share of the points."""
        if share == EVERYTHING:
            return cls(share, Outcome.RIGHT)
        return cls(share, Outcome.PARTLY if share > 0 else Outcome.WRONG)


@dataclass(frozen=True, slots=True)
class Presentation:
    """What was shown, and in which order: ids of options."""

    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A submission by pressing or choosing: places in the order shown, counted from 0."""

    slots: tuple[int, ...]


Submission = Choice


class Unreadable(Exception):
    """A submission cannot be taken as a response; no honest client sends that."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What players answered together."""

    players: int = 0
    counts: Mapping[str, int] = field(default_factory=dict[str, int])  #: by response

    def count(self, key: str) -> int:
        """Return how many players answered with this."""
        return self.counts.get(key, 0)


class Task(ABC):
    """What a question asks for. Kinds differ in what they show and in how they grade."""

    __slots__ = ()

    kind: ClassVar[str]  #: its name in quiz files and in the database; never changes

    @abstractmethod
    def present(self, rng: random.Random) -> Presentation:
        """Return what is shown, in which order.

        It depends on sizes, on what is pinned and on `rng`, never on the key.
        """

    @abstractmethod
    def read(self, submission: Submission, shown: Presentation) -> Response:
        """Return what a player has submitted in canonical form.

        Raises:
            Unreadable: it is no response.
        """

    @abstractmethod
    def grade(self, response: Response) -> Grade:
        """Return what a response earns. Total: a response that cannot be, earns nothing."""

    def tally(self, responses: Iterable[Response]) -> Tally:
        """Count the responses that players gave, one a player."""
        counts = Counter(responses)
        return Tally(counts.total(), dict(counts))

    @abstractmethod
    def to_document(self) -> dict[str, Any]:
        """Return the task as plain JSON values, without its kind."""

    @classmethod
    @abstractmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Rebuild a task from `to_document`'s values; `KeyError` or `TypeError` if they are not."""
