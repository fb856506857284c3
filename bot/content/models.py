"""What each value of a quiz file may be, and what it means: the source of the JSON Schema.

How values must fit together (a key among its options, tiers that rise) is checked in `checks`, because
that must happen even where a model finds something else to fix.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, PlainValidator
from pydantic.annotated_handlers import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from bot.characters import seen
from bot.content.source import FORBIDDEN, describe_character
from bot.content.tree import as_text
from bot.domain.tasks.options import MAX_OPTIONS, MIN_OPTIONS

MAX_QUESTIONS = 50
MAX_TIERS = 10
MAX_TAGS = 10
IMAGE_SUFFIXES = ("png", "jpg", "jpeg", "gif", "webp")

_FORBIDDEN = re.compile(f"[{FORBIDDEN}]")
#: Whitespace and formatting characters alone make a text that nobody sees.
_UNSEEN = frozenset({"Zs", "Cf", "Cc", "Zl", "Zp"})


def _checked_text(check: Callable[[str], str]) -> CoreSchema:
    """A text, or a number that can only be meant as one, that has to pass a check."""
    text = core_schema.no_info_before_validator_function(as_text, core_schema.str_schema(strict=True))
    return core_schema.no_info_after_validator_function(check, text)


@dataclass(frozen=True, slots=True)
class Text:
    """A text that a player reads: stripped, not blank, of limited length, without hidden characters."""

    max_length: int
    one_line: bool = False

    def check(self, text: str) -> str:
        """Return the text without the space around it; complains about everything at once."""
        complaints = list[str]()
        hidden = _FORBIDDEN.search(text)
        if hidden:
            complaints.append(
                f"contains the invisible character {describe_character(hidden.group())}; delete it"
            )
        text = text.strip()
        if all(unicodedata.category(character) in _UNSEEN for character in seen(text)):
            raise PydanticCustomError("blank", "Text should not be blank")
        if len(text) > self.max_length:
            complaints.append(f"is {len(text):,} characters long; {self.max_length:,} fit")
        if self.one_line and "\n" in text:
            complaints.append("has several lines; write it in one")
        if text.count("```") % 2:
            complaints.append("opens a code block that is not closed; end it with ``` on a line of its own")
        if complaints:
            raise _problem(", and it ".join(complaints))
        return text

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return _checked_text(self.check)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        pattern = rf"^(?=[\s\S]*\S)[^{FORBIDDEN}]*$"
        if self.one_line:
            pattern = rf"^(?=.*\S)[^\n{FORBIDDEN}]*\n?$"
        return {
            "type": ["string", "number"],  # taken as it is written
            "minLength": 1,
            "maxLength": self.max_length,
            "pattern": pattern,
            "patternErrorMessage": self._pattern_sentence(),  # what VS Code and its kin show instead
        }

    def _pattern_sentence(self) -> str:
        lines = "in one line, " if self.one_line else ""
        return f"Write a text, {lines}without invisible characters."


@dataclass(frozen=True, slots=True)
class Form:
    """A word of a fixed form, such as a tag or a file name."""

    pattern: str
    sentence: str

    def fits(self, text: str) -> bool:
        """Tell whether a text has the form."""
        return re.fullmatch(self.pattern, text) is not None

    def check(self, text: str) -> str:
        """Return the word as it is."""
        if not self.fits(text):
            raise _problem(self.sentence)
        return text

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return _checked_text(self.check)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {
            **({"type": ["string", "integer"], "minimum": 0} if self.fits("0") else {"type": "string"}),
            "pattern": f"^{self.pattern}$",
            "patternErrorMessage": f"This {self.sentence}.",
        }


TAG = Form(
    "[a-z0-9][a-z0-9-]{0,39}",
    "is not a tag; write up to 40 small letters, digits and hyphens, as in machine-learning",
)
QUESTION_ID = Form(
    "[a-z0-9][a-z0-9-]{0,63}",
    "is not an id; write up to 64 small letters, digits and hyphens, as in regex-digit",
)
IMAGE_NAME = Form(
    rf"[A-Za-z0-9][A-Za-z0-9 ._-]{{0,63}}\.({'|'.join(IMAGE_SUFFIXES)})",
    "is not a plain picture file name; write one like diagram.png (or .jpg, .jpeg, .gif, .webp)",
)
Tag = Annotated[str, TAG]
QuestionId = Annotated[str, QUESTION_ID]
ImageName = Annotated[str, IMAGE_NAME]


def _option_from_text(value: object) -> object:
    """An option may be written as its text alone."""
    return cast("object", value) if isinstance(value, dict | list) else {"text": value}


def _check_key(value: object) -> str | int:
    """A key is text or a number; which option it means is for `checks` to find."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = as_text(value)
    if isinstance(text, str):
        return Text(500).check(text)
    raise PydanticCustomError("string_type", "Input should be a valid string")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class OptionEntry(_Entry):
    """An option with more than just its text."""

    model_config = ConfigDict(title="Option")

    text: Annotated[str, Text(500), Field(description="What players choose. Up to 500 characters.")]
    pinned: bool = Field(
        default=False,
        description='True keeps the option last when options are shuffled, for ones like "All of the above".',
    )


Option = Annotated[
    OptionEntry,
    BeforeValidator(_option_from_text, json_schema_input_type=Annotated[str, Text(500)] | OptionEntry),
]
Key = Annotated[
    str | int,
    PlainValidator(
        _check_key,
        json_schema_input_type=Annotated[str, Text(500)],
    ),
]


class QuestionEntry(_Entry):
    """A stem, its options, the key, and why the key is right."""

    model_config = ConfigDict(title="Question")

    stem: Annotated[str, Text(1000)] = Field(
        description="What is asked. Write a blank as six underscores. Up to 1,000 characters.",
        examples=["Blue-green and canary releases serve to ______."],
    )
    options: list[Option] = Field(
        description=f"{MIN_OPTIONS} to {MAX_OPTIONS} different options, each a text, or text and pinned.",
        json_schema_extra={"minItems": MIN_OPTIONS, "maxItems": MAX_OPTIONS},
        examples=[["Paris", "Rome", {"text": "None of these", "pinned": True}]],
    )
    key: Key = Field(
        description="The right option: its text, or its letter (A is the first in this file), or its number "
        "(1 is the first). If a letter is also the text of an option, the text counts.",
        examples=["Paris", "A", 1],
    )
    explanation: Annotated[str, Text(1500)] = Field(
        description="Why the key is right, shown once the question has closed. Up to 1,500 characters.",
    )
    points: int = Field(default=1, ge=0, le=100, description="What a correct answer earns.")
    seconds: int = Field(
        default_factory=int,  # 0: not given
        ge=5,
        le=300,
        description="How many seconds this question stays open, instead of the round's own time.",
        examples=[30],
    )
    tags: list[Tag] = Field(
        default_factory=list,
        description="What this question is about, in a few words.",
        json_schema_extra={"maxItems": MAX_TAGS, "uniqueItems": True},
        examples=[["deployment"]],
    )
    id: QuestionId = Field(
        default_factory=str,  # "": not given
        description="What history knows this question by, so that its stem may be corrected later. Only "
        "questions with the same stem need one.",
        examples=["regex-digit"],
    )
    image: ImageName = Field(
        default_factory=str,  # "": not given
        description="A picture next to the quiz file: PNG, JPEG, GIF or WebP, up to 2 MiB.",
        examples=["diagram.png"],
    )


class TierEntry(_Entry):
    """A named band of results, from a percentage of points up to the start of the next tier."""

    model_config = ConfigDict(title="Tier")

    name: Annotated[str, Text(40, one_line=True)] = Field(
        description="What players in this tier are called.", examples=["Starter"]
    )
    from_percent: int = Field(ge=0, le=100, description="The percentage of points at which the tier starts.")
    message: Annotated[str, Text(300)] = Field(
        default_factory=str, description="What players who reach this tier are told. Up to 300 characters."
    )


#: The one from 0 percent; that it comes first is for `checks` to tell.
_LOWEST_TIER: dict[str, Any] = {"properties": {"from_percent": {"const": 0}}, "required": ["from_percent"]}


class QuizFile(_Entry):
    """A quiz for Quizhost. The file's name is the quiz's id: small letters, digits, hyphens, underscores."""

    model_config = ConfigDict(title="Quiz")

    title: Annotated[str, Text(100, one_line=True)] = Field(
        description="What the quiz is called. Up to 100 characters.",
        examples=["MLOps Basics: From Notebook to Production"],
    )
    category: Annotated[str, Text(100, one_line=True)] = Field(
        description="Where the quiz belongs. Write a path with a slash between spaces.",
        examples=["Engineering / Reliability"],
    )
    introduction: Annotated[str, Text(600)] = Field(
        description="What the quiz is about, shown before it starts. Up to 600 characters."
    )
    author: Annotated[str, Text(200, one_line=True)] = Field(
        default_factory=str, description="Who wrote the quiz."
    )
    source: Annotated[str, Text(200, one_line=True)] = Field(
        default_factory=str, description="What the quiz is based on: a book, a page, a course."
    )
    tags: list[Tag] = Field(
        default_factory=list,
        description="What the quiz is about, in a few words; quizzes that share tags are shown as related.",
        json_schema_extra={"maxItems": MAX_TAGS, "uniqueItems": True},
        examples=[["mlops", "deployment"]],
    )
    penalty: int = Field(default=0, ge=0, le=100, description="How many points a wrong answer costs.")
    first_answer_locks: bool = Field(
        default=False,
        description="True makes a player's first answer count; otherwise the last one before the close does.",
    )
    tiers: list[TierEntry] = Field(
        default_factory=list[TierEntry],
        description="Lowest first, the first from 0 percent, each starting higher than the one before. "
        "Without tiers, there are Starter, Solid (from 50 percent) and Expert (from 80 percent).",
        json_schema_extra={"minItems": 1, "maxItems": MAX_TIERS, "contains": _LOWEST_TIER},
    )
    questions: list[QuestionEntry] = Field(
        description=f"1 to {MAX_QUESTIONS} questions, in the order in which they are asked.",
        json_schema_extra={"minItems": 1, "maxItems": MAX_QUESTIONS},
    )


def _problem(sentence: str) -> PydanticCustomError:
    """A complaint whose text is ready to be shown; braces in it are literal."""
    return PydanticCustomError("sentence", "{sentence}", {"sentence": sentence})
