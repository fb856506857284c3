"""What pydantic found, in plain English: what is wrong, and what would be right."""

from collections.abc import Sequence
from typing import Any, cast

from pydantic_core import ErrorDetails

from bot.content.keys import WHAT, Model, guess_key, listed, model_at, unknown_key
from bot.content.models import OptionEntry, QuestionEntry, QuizFile, TierEntry
from bot.content.problems import Loc, Problem, quoted, shorten
from bot.content.tree import Tree, Unclear

#: What to write where a required key is missing.
WANTED: dict[tuple[Model, str], str] = {
    (QuizFile, "title"): "say what the quiz is called",
    (QuizFile, "category"): 'say where the quiz belongs, as in "Engineering / Reliability"',
    (QuizFile, "introduction"): "tell players in a sentence or two what the quiz is about",
    (QuizFile, "questions"): "list at least one question",
    (QuestionEntry, "stem"): "write the question",
    (QuestionEntry, "options"): "list 2 to 10 things to choose from",
    (QuestionEntry, "key"): "write the text of the right option",
    (QuestionEntry, "explanation"): "tell players why the key is right",
    (OptionEntry, "text"): "write what players choose",
    (TierEntry, "name"): "say what players in this tier are called",
    (TierEntry, "from_percent"): "say at what percentage of points the tier starts; the first starts at 0",
}

_NUMBERS = {
    "penalty": "0 to 100",
    "points": "0 to 100",
    "seconds": "5 to 300",
    "from_percent": "0 to 100",
}


def describe_errors(errors: Sequence[ErrorDetails], tree: Tree) -> list[Problem]:
    """Return a problem for each error of the models, less those that another one explains."""
    problems: list[Problem] = []
    for error in errors:
        loc = error["loc"]
        if tree.is_refused(loc):
            continue
        split = _split_by_colon(loc, tree)
        if error["type"] == "missing":
            if split is None:
                wanted = WANTED[model_at(loc[:-1]), str(loc[-1])]
                problems.append(tree.problem(loc, f"is missing; {wanted}"))
        elif error["type"] == "extra_forbidden":
            problems.append(_unknown_key(loc, tree, split))
        else:
            problems.append(tree.problem(tree.nearest(loc), _sentence(error, tree)))
    return problems


def _sentence(error: ErrorDetails, tree: Tree) -> str:
    kind, value, loc = error["type"], error["input"], error["loc"]
    if kind == "sentence":
        return str(error.get("ctx", {})["sentence"])
    if kind == "blank" or _is_empty(value):
        wanted = WANTED.get((model_at(loc[:-1]), str(loc[-1])), "give it a value, or remove it")
        return f"is empty; {wanted}"
    if kind == "string_type":
        return _not_text(value, loc, tree)
    return f"is {_shown(value, loc, tree)}; {_right_kind(kind, loc)}"


def _right_kind(kind: str, loc: Loc) -> str:
    if kind == "bool_type":
        return "write true or false, without quotes"
    if kind == "list_type":
        return 'write a list, each entry on a line of its own after "- "'
    if kind == "model_type":
        model = model_at(loc)
        return f"{WHAT[model]} is written as keys and values: {listed(model)}"
    # What is left are the numbers: of another type, too small or too large.
    return f"write a whole number from {_NUMBERS[str(loc[-1])]}, without quotes"


def _not_text(value: object, loc: Loc, tree: Tree) -> str:
    if isinstance(value, dict | list):
        shown = _shown(cast("object", value), loc, tree)
        return f"is {shown}; write text, in quotes if it contains brackets or colons"
    written = _shown(value, loc, tree)
    meaning = value.meaning if isinstance(value, Unclear) else "a number"
    if isinstance(value, bool):
        meaning = "true or false"
    return f'{written} is {meaning} to YAML, not text; write it in quotes: "{written}"'


def _shown(value: object, loc: Loc, tree: Tree) -> str:
    """Return a value as its author wrote it, as far as a message has room for it."""
    if isinstance(value, Unclear):
        return shorten(value.written)
    if isinstance(value, bool):
        line, column = tree.locate(loc)
        return tree.source.lines[line - 1][column - 1 :][: len(str(value))]
    if isinstance(value, str):
        return f"the text {quoted(value)}"
    if isinstance(value, dict):
        return "a group of keys and values"
    return "a list" if isinstance(value, list) else str(value)


def _unknown_key(loc: Loc, tree: Tree, split: str | None) -> Problem:
    if split is not None:
        return tree.problem(loc[:-1], f'the colon makes it a key and a value; write it in quotes: "{split}"')
    model = model_at(loc[:-1])
    message = unknown_key(model, loc[-1])
    if guess_key(model, loc[-1]) is None and _is_empty(_value_at(tree.value, loc)):
        message += "; if this is the rest of a text, put the whole text in quotes"
    return tree.problem(loc, message, at_key=True)


def _split_by_colon(loc: Loc, tree: Tree) -> str | None:
    """Return the text of an option such as `- Paris: the capital`, which YAML reads as a mapping."""
    if len(loc) != 5 or loc[2] != "options":
        return None
    option = _value_at(tree.value, loc[:4])
    if not isinstance(option, dict) or len(cast("dict[str, Any]", option)) != 1:
        return None
    ((key, value),) = cast("dict[str, Any]", option).items()
    usual = OptionEntry.model_fields.keys()
    if key in usual or guess_key(OptionEntry, key) or not isinstance(value, str | int | Unclear):
        return None
    written = value if isinstance(value, str) else _shown(value, (*loc[:4], key), tree)
    return f"{key}: {written}".strip() if "\n" not in written and len(written) <= 200 else None


def _value_at(value: Any, loc: Loc) -> object:  # noqa: ANN401 - walks whatever a file holds
    for part in loc:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _is_empty(value: object) -> bool:
    return isinstance(value, Unclear) and not value.written
