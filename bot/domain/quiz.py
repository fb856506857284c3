"""What a quiz is: questions, options, keys and tiers, as frozen values.

Reading them from files is `bot.content`'s business; playing them is `bot.domain.round`'s.
"""

import base64
import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that belongs to a question, kept with the quiz so that history can show it."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Question:
    """A stem, its options, the key, and why the key is right."""

    stem: str
    options: tuple[Option, ...]
    key: str  #: the id of the right option
    explanation: str
    points: int = 1
    seconds: int | None = None  #: overrides the round's seconds
    tags: tuple[str, ...] = ()
    image: Image | None = None

    def option(self, option_id: str) -> Option:
        """Return the option with this id; `KeyError` if there is none."""
        for option in self.options:
            if option.id == option_id:
                return option
        raise KeyError(option_id)


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


def quiz_to_document(quiz: Quiz) -> dict[str, Any]:
    """Return the quiz as plain JSON values; image bytes become base64 text."""
    document = asdict(quiz)
    del document["content_hash"]
    for question in document["questions"]:
        if question["image"] is not None:
            question["image"]["data"] = base64.b64encode(question["image"]["data"]).decode("ascii")
    return document


def quiz_from_document(document: dict[str, Any]) -> Quiz:
    """Rebuild a quiz from `quiz_to_document`'s values; `KeyError` or `TypeError` if they are not."""
    fields = dict(document)
    fields["questions"] = tuple(_question_from_document(entry) for entry in document["questions"])
    fields["tiers"] = tuple(Tier(**entry) for entry in document["tiers"])
    fields["tags"] = tuple(document["tags"])
    return Quiz(**fields)


def _question_from_document(entry: dict[str, Any]) -> Question:
    fields = dict(entry)
    fields["options"] = tuple(Option(**option) for option in entry["options"])
    fields["tags"] = tuple(entry["tags"])
    if entry["image"] is not None:
        fields["image"] = Image(entry["image"]["name"], base64.b64decode(entry["image"]["data"]))
    return Question(**fields)


def _hash(quiz: Quiz) -> str:
    def plain(value: Any) -> Any:  # noqa: ANN401 - whatever json does not know
        if isinstance(value, bytes):
            return value.hex()
        return {name: getattr(value, name) for name in value.__slots__ if name != "content_hash"}

    text = json.dumps(plain(quiz), sort_keys=True, ensure_ascii=False, default=plain)
    return hashlib.sha256(text.encode()).hexdigest()
