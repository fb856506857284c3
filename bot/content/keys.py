"""Keys that a quiz does not have: what they probably mean, and reading them as that.

What has another name, or is in a group of its own, is reported once and then put where it belongs. So
an author hears about everything that is wrong with it at once.
"""

import difflib
from typing import Any, TypeAlias, cast

from bot.content.models import OptionEntry, QuestionEntry, QuizFile, TierEntry
from bot.content.problems import Loc, Problem, quoted
from bot.content.tree import Tree

Model: TypeAlias = type[QuizFile] | type[QuestionEntry] | type[OptionEntry] | type[TierEntry]
_Group: TypeAlias = dict[str, Any]

#: Words that other quiz programs and other people use for the same thing.
_SYNONYMS = {
    "stem": "question prompt text body ask q",
    "options": "answers choices alternatives responses distractors",
    "key": "answer correct correct_answer solution right right_answer a",
    "explanation": "info feedback why reason rationale hint comment note",
    "title": "name heading headline quiz",
    "category": "topic folder path subject section",
    "introduction": "description intro summary about preface",
    "questions": "items cards tasks",
    "seconds": "time time_limit timeout duration timer delay",
    "points": "score value weight marks",
    "tiers": "levels ranks grades bands",
    "from_percent": "from percent min_percent min minimum threshold start",
    "pinned": "fixed last keep_last",
    "text": "label option value answer choice",
    "tags": "tag keywords labels",
    "image": "picture img photo file figure",
    "message": "text comment feedback description",
    "name": "title label tier",
    "penalty": "negative negative_points minus wrong malus",
    "first_answer_locks": "lock locks lock_first first_locks",
    "author": "authors by creator written_by",
    "source": "url link origin reference credit",
}

#: What a group of keys is called.
WHAT: dict[Model, str] = {
    QuizFile: "a quiz",
    QuestionEntry: "a question",
    OptionEntry: "an option",
    TierEntry: "a tier",
}

#: Whose entries are described by which model.
_LISTS: dict[Model, dict[str, Model]] = {
    QuizFile: {"questions": QuestionEntry, "tiers": TierEntry},
    QuestionEntry: {"options": OptionEntry},
    OptionEntry: {},
    TierEntry: {},
}


def model_at(loc: Loc) -> Model:
    """Return which model describes the mapping at a place."""
    if len(loc) >= 4 and loc[2] == "options":
        return OptionEntry
    if loc and loc[0] == "tiers":
        return TierEntry
    return QuestionEntry if loc else QuizFile


def guess_key(model: Model, key: str | int) -> str | None:
    """Return the key that an unknown one is probably meant to be."""
    word = str(key)[:40].strip().lower().replace("-", "_").replace(" ", "_")
    near = difflib.get_close_matches(word, list(model.model_fields), n=1, cutoff=0.7)
    return _same_key(model, word) or next(iter(near), None)


def _same_key(model: Model, word: str) -> str | None:
    """Return the key that a word is another name of."""
    if word in model.model_fields:
        return word
    return next((name for name in model.model_fields if word in _SYNONYMS.get(name, "").split()), None)


def unknown_key(model: Model, key: str | int) -> str:
    """Return the sentence about a key that does not exist."""
    guess = guess_key(model, key)
    return (
        f"is not a key of {WHAT[model]}; {f'did you mean {guess}?' if guess else f'it has {listed(model)}'}"
    )


def listed(model: Model) -> str:
    """Return the keys that there are."""
    *most, last = model.model_fields
    return f"{', '.join(most)} and {last}"


def settle_keys(tree: Tree) -> list[Problem]:
    """Move what is under a wrong key to the right one; return the problems that this shows."""
    problems: list[Problem] = []
    if isinstance(tree.value, dict):
        document = cast("_Group", tree.value)
        _unwrap(tree, document, problems)
        _rename(tree, (), QuizFile, document, problems)
    return problems


def _unwrap(tree: Tree, document: _Group, problems: list[Problem]) -> None:
    """Take the keys of a quiz out of groups such as `quiz:` or `metadata:`."""
    wrappers: list[tuple[Loc, _Group]] = [((), document)]
    for around, group in wrappers:
        for key, value in list(group.items()):
            loc = (*around, key)
            if (
                key not in QuizFile.model_fields
                and isinstance(value, dict)
                and _is_part(cast("_Group", value))
            ):
                name = quoted(key)[1:-1]
                message = f"is not a key of a quiz; move what is below {name}: to the left"
                problems.append(tree.problem(loc, message, at_key=True))
                del group[key]
                wrappers.append((loc, cast("_Group", value)))
            elif around and key not in document:
                document[key] = value
                tree.moved[key,] = loc


def _is_part(group: _Group) -> bool:
    """Tell whether a group holds keys of a quiz, in itself or in another group."""
    return any(
        _same_key(QuizFile, key) or (isinstance(value, dict) and _is_part(cast("_Group", value)))
        for key, value in group.items()
    )


def _rename(tree: Tree, loc: Loc, model: Model, group: _Group, problems: list[Problem]) -> None:
    for key in [key for key in group if key not in model.model_fields]:
        guess = guess_key(model, key)
        if guess is None or guess in group:
            continue
        problems.append(tree.problem((*loc, key), unknown_key(model, key), at_key=True))
        group[guess] = group.pop(key)
        tree.moved[*loc, guess] = tree.moved.pop((*loc, key), (*loc, key))
    for name, inner in _LISTS[model].items():
        entries = group.get(name)
        for index, entry in enumerate(cast("list[object]", entries) if isinstance(entries, list) else []):
            if isinstance(entry, dict):
                _rename(tree, (*loc, name, index), inner, cast("_Group", entry), problems)
