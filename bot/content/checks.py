"""How the values of a quiz file must fit together: what no schema can say.

Works on the plain tree and not on the models, so that a key without its option is reported together
with a missing explanation. Values of the wrong kind are skipped here; the models report them.
"""

import difflib
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, TypeVar, cast

from bot.characters import seen
from bot.content.models import MAX_QUESTIONS, MAX_TAGS, MAX_TIERS
from bot.content.problems import Loc, quoted
from bot.content.tree import Unclear, as_text
from bot.domain.tasks.options import LETTERS, MAX_OPTIONS, MIN_OPTIONS

_T = TypeVar("_T", str, int)

#: With more options than this, which one the key means is not the first thing to fix.
_TOO_MANY = 100

#: Comparing longer texts letter by letter would take longer than the author's second look.
_COMPARABLE = 100

#: A place and what is wrong there.
Finding = tuple[Loc, str]


def find_misfits(document: dict[str, Any]) -> Iterator[Finding]:
    """Yield everything in a quiz document that does not fit together, as far as one can tell."""
    yield from _check_category(document.get("category"))
    yield from _check_tags(("tags",), document.get("tags"))
    yield from _check_tiers(document.get("tiers"))
    questions = _list(document.get("questions"))
    if questions is None:
        return
    yield from _check_length(("questions",), questions, 1, MAX_QUESTIONS, "so split a longer quiz")
    ids = [_text(_field(question, "id")) for question in questions]
    yield from _check_repeats(
        ("questions",), ids, str.strip, "the id of question", "give each its own", key="id"
    )
    stems = [_text(_field(question, "stem")) for question in questions]
    nameless = [None if ids[index] else stem for index, stem in enumerate(stems)]
    hint = "give each its own wording, or an id"
    yield from _check_repeats(("questions",), nameless, _folded, "the stem of question", hint, key="stem")
    for index, question in enumerate(questions):
        if isinstance(question, dict):
            yield from _check_question(("questions", index), cast("dict[str, Any]", question))


def find_key(options: list[str], key: str | int) -> int | str:
    """Return the index of the option that a key means, or the sentence that says why there is none."""
    if isinstance(key, int):
        return _find_by_number(options, key)
    texts = [_normal(option) for option in options]
    if _normal(key) in texts:
        return texts.index(_normal(key))
    if len(key) == 1 and key in LETTERS:
        index = LETTERS.index(key)
        last = LETTERS[min(len(options), MAX_OPTIONS) - 1]
        return index if index < len(options) else f"{key} is not an option here; the last one is {last}"
    near = _nearest(key, options)
    if near is not None:
        return f"{quoted(key)} is not one of the options; did you mean {quoted(near)}?"
    listed = ", ".join(quoted(option) for option in options[:MAX_OPTIONS])
    return f"{quoted(key)} is not one of the options; write the text of one of them: {listed}"


def _nearest(key: str, options: list[str]) -> str | None:
    short = {_folded(option): option for option in options if len(option) <= _COMPARABLE}
    near = difflib.get_close_matches(_folded(key), short, n=1) if len(key) <= _COMPARABLE else []
    return short[near[0]] if near else None


def _find_by_number(options: list[str], number: int) -> int | str:
    by_text = options.index(str(number)) if str(number) in options else None
    fits = 1 <= number <= len(options)
    if by_text is not None and fits and by_text != number - 1:
        hint = f'write "{number}" in quotes for the text'
        letter = f", or {LETTERS[number - 1]} for the option" if number <= MAX_OPTIONS else ""
        meanings = f"the text of option {by_text + 1}, or option {number}"
        return f"{number} could mean {meanings}; {hint}{letter}"
    if by_text is not None or fits:
        return number - 1 if by_text is None else by_text
    return (
        f"is {number}, but the options are numbered from 1 to {len(options)}; write the option's text instead"
    )


def _check_question(loc: Loc, question: dict[str, Any]) -> Iterator[Finding]:
    yield from _check_tags((*loc, "tags"), question.get("tags"))
    options = _list(question.get("options"))
    if options is None:
        return
    hint = "and each needs its own letter"
    yield from _check_length((*loc, "options"), options, MIN_OPTIONS, MAX_OPTIONS, hint)
    texts = [_option_text(option) for option in options]
    yield from _check_repeats((*loc, "options"), texts, _folded, "option", "give each its own wording")
    known = [text.strip() for text in texts if text is not None]
    key = question.get("key")
    key = as_text(key) if isinstance(key, Unclear) else key
    if isinstance(key, bool) or not isinstance(key, str | int) or not known or len(known) > _TOO_MANY:
        return
    if isinstance(key, str) and not key.strip():
        return
    found = find_key(known, key.strip() if isinstance(key, str) else key)
    if isinstance(found, str) and len(known) == len(texts):  # else the key may be the unreadable one
        yield (*loc, "key"), found


def _check_tiers(value: object) -> Iterator[Finding]:
    tiers = _list(value)
    if tiers is None:
        return
    yield from _check_length(("tiers",), tiers, 1, MAX_TIERS, "or leave tiers out to use the usual three")
    starts = [_number(_field(tier, "from_percent")) for tier in tiers]
    names = [_text(_field(tier, "name")) for tier in tiers]
    yield from _check_repeats(("tiers",), names, _folded, "tier", "give each its own name")
    before: int | None = None
    for index, start in enumerate(starts):
        if start is None:
            before = None
        elif index == 0 and start != 0:
            yield (
                ("tiers", 0, "from_percent"),
                f"is {start}; the first tier starts at 0, so that nobody is left out",
            )
        elif before is not None and start <= before:
            message = f"is {start}, not above the {before} of the tier before; list tiers lowest first"
            yield ("tiers", index, "from_percent"), message
        before = start


def _check_category(value: object) -> Iterator[Finding]:
    value = as_text(value)
    if isinstance(value, str) and value.strip() and not all(part.strip() for part in value.split("/")):
        yield ("category",), 'has an empty part; write a path as in "Engineering / Reliability"'


def _check_tags(loc: Loc, value: object) -> Iterator[Finding]:
    tags = _list(value)
    if tags is not None:
        yield from _check_length(loc, tags, 0, MAX_TAGS, "so keep the most telling ones")
        texts = [_text(tag) for tag in tags]
        yield from _check_repeats(loc, texts, str.strip, "tag", "keep one of them")


def _check_length(loc: Loc, items: list[Any], least: int, most: int, hint: str) -> Iterator[Finding]:
    if not least <= len(items) <= most:
        number = f"{len(items)} entries" if len(items) > 1 else ("one entry" if items else "no entries")
        yield loc, f"has {number}; {least} to {most} are allowed, {hint}"


def _check_repeats(
    loc: Loc, texts: list[str | None], same: Callable[[str], str], what: str, hint: str, *, key: str = ""
) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for index, text in enumerate(texts):
        if text is None or not text.strip():
            continue
        earlier = first.setdefault(same(text), index)
        if earlier != index:
            place = (*loc, index, key) if key else (*loc, index)
            yield place, f"{quoted(text.strip())} repeats {what} {earlier + 1}; {hint}"


def _option_text(option: object) -> str | None:
    """Return an option's text, even if it still needs quotes, because the key may be that option."""
    text = _field(cast("object", option), "text") if isinstance(option, dict) else option
    if isinstance(text, bool):
        return str(text).lower()
    return text.written or None if isinstance(text, Unclear) else _text(text)


def _field(entry: object, name: str) -> object:
    return cast("dict[str, Any]", entry).get(name) if isinstance(entry, dict) else None


def _text(value: object) -> str | None:
    text = as_text(value)
    return text if isinstance(text, str) else None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _list(value: object) -> list[Any] | None:
    return cast("list[Any]", value) if isinstance(value, list) else None


def _normal(text: str) -> str:
    """One spelling for texts that look the same: é may be one character or two, and some are invisible."""
    return unicodedata.normalize("NFC", seen(text)).strip()


def _folded(text: str) -> str:
    """One spelling for texts that a player would take for the same."""
    return " ".join(_normal(text).casefold().split())
