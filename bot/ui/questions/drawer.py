"""What a kind of task looks like: one drawer for each, found by `bot.ui.questions.drawer_of`."""

from abc import ABC, abstractmethod
from typing import Generic, NamedTuple, TypeVar

from bot.domain.tasks import Presentation, Response, Tally, Task
from bot.ui.cards import parts

TaskT = TypeVar("TaskT", bound=Task)


class Place(NamedTuple):
    """Which question a control belongs to."""

    round_number: int
    question_number: int


class Extremes(NamedTuple):
    """What makes a card largest: for the check that every card fits Discord."""

    tally: Tally
    response: Response  #: a wrong one


class Drawer(ABC, Generic[TaskT]):
    """Shows a kind of task. Nothing that is shown before the reveal may depend on the key."""

    @abstractmethod
    def lines(self, task: TaskT, shown: Presentation) -> list[str]:
        """Return what stands below the stem while the question is open."""

    @abstractmethod
    def controls(self, task: TaskT, shown: Presentation, place: Place, *, disabled: bool) -> list[parts.Item]:
        """Return what players answer with."""

    @abstractmethod
    def reveal(self, task: TaskT, shown: Presentation, tally: Tally) -> list[str]:
        """Return what stands below the stem at the reveal: the key, and what players answered."""

    @abstractmethod
    def describe(self, task: TaskT, shown: Presentation, response: Response) -> str:
        """Return a response as a part of one line: for receipts."""

    @abstractmethod
    def name(self, task: TaskT, shown: Presentation, response: Response) -> str:
        """Return a response in as few signs as tell it apart: for refusals."""

    @abstractmethod
    def report(self, task: TaskT, shown: Presentation, response: Response) -> str:
        """Return a response in full, for a player's report."""

    @abstractmethod
    def key(self, task: TaskT, shown: Presentation) -> str:
        """Return what would have been right, in full."""

    @abstractmethod
    def extremes(self, task: TaskT, many: int) -> Extremes:
        """Return what makes the cards largest, with `many` players at everything."""
