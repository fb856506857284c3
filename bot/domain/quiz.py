"""What a quiz is: questions, each with a task and an explanation, and tiers, as frozen values.

Reading them from files is `bot.content`'s business, writing them down for history `bot.domain.documents`'.
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.domain.pictures import Image
from bot.domain.tasks import Task, task_to_document

#: How many signs of a digest make an id: enough for any number of questions that one team asks.
_ID_DIGITS = 10


def stable_id(text: str) -> str:
    """Return the id of what its author has given none: the same as long as its text stays the same.

    Case and spaces make no difference.
    """
    folded = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    return hashlib.sha256(folded.encode()).hexdigest()[:_ID_DIGITS]


@dataclass(frozen=True, slots=True)
class Question:
    """A stem, the task that it sets, and the reason why the key is right."""

    id: str  #: what history, statistics and rulings know it by
    stem: str
    task: Task
    explanation: str
    points: int = 1
    seconds: int | None = None  #: overrides the round's seconds
    tags: tuple[str, ...] = ()
    image: Image | None = None


@dataclass(frozen=True, slots=True)
class Tier:
    """A named band of the share of points reached, from `from_percent` up to the next tier."""

    name: str
    from_percent: int
    message: str = ""


#: What a quiz without tiers of its own uses.
DEFAULT_TIERS = (
    Tier("Starter", 0, "Every round makes the next one easier. The explanations are the short way up."),
    Tier("Solid", 50, "You know the essentials. The questions you missed show where to read on."),
    Tier("Expert", 80, "Outstanding: there was little here that you could not explain to others."),
)


@dataclass(frozen=True, slots=True)
class Quiz:
    """An ordered set of questions, written by one author or team, in one file."""

    id: str
    title: str
    category: str
    introduction: str
    questions: tuple[Question, ...]
    tiers: tuple[Tier, ...] = DEFAULT_TIERS  #: lowest first, the first from 0 percent
    tags: tuple[str, ...] = ()
    author: str | None = None
    source: str | None = None
    penalty: int = 0  #: points that a wrong answer costs
    first_answer_locks: bool = False  #: the first answer counts instead of the last
    content_hash: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "content_hash", _hash(self))

    def pictures(self) -> Iterator[Image]:
        """Yield every picture of the quiz."""
        for question in self.questions:
            if question.image is not None:
                yield question.image


def _hash(quiz: Quiz) -> str:
    """Return what tells two versions of a quiz apart; of a picture, its own hash stands for its bytes."""

    def plain(value: object) -> object:
        if isinstance(value, Task):
            return task_to_document(value)
        names: tuple[str, ...] = getattr(value, "__slots__", ())
        return {name: getattr(value, name) for name in names if name not in {"content_hash", "data"}}

    text = json.dumps(plain(quiz), sort_keys=True, ensure_ascii=False, default=plain)
    return hashlib.sha256(text.encode()).hexdigest()
