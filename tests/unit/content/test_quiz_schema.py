"""The JSON Schema that editors use says what the loader says, wherever a schema can say it."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError
from quiz_texts import GOOD

from bot.content.checks import find_misfits
from bot.content.models import QuizFile
from bot.content.schema import quiz_schema, quiz_schema_text

SHIPPED = Path(__file__).parents[3] / "quizzes" / "quiz.schema.json"
SCHEMA = Draft202012Validator(quiz_schema())
DOCUMENT: dict[str, Any] = {
    **yaml.safe_load(GOOD),
    "author": "Ada",
    "source": "A book",
    "tags": ["maps"],
    "penalty": 1,
    "first_answer_locks": True,
    "tiers": [
        {"name": "Low", "from_percent": 0},
        {"name": "High", "from_percent": 50, "message": "Well done"},
    ],
}
DOCUMENT["questions"][0] |= {"points": 2, "seconds": 30, "tags": ["france"], "image": "paris.png"}
DOCUMENT["questions"][1]["options"][0] = {"text": "Bergen", "pinned": True}

#: Where something may be changed: every value of the document, and a key it does not have.
PATHS: list[tuple[str | int, ...]] = []


def collect_paths(value: object, path: tuple[str | int, ...]) -> None:
    PATHS.append(path)
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, child in children:
        collect_paths(child, (*path, key))


collect_paths(DOCUMENT, ())


def changed(path: tuple[str | int, ...], value: object) -> Any:
    """Return the document with one value replaced."""
    if not path:
        return value
    document = copy.deepcopy(DOCUMENT)
    parent: Any = document
    for part in path[:-1]:
        parent = parent[part]
    parent[path[-1]] = value
    return document


def without(path: tuple[str | int, ...]) -> Any:
    document = copy.deepcopy(DOCUMENT)
    parent: Any = document
    for part in path[:-1]:
        parent = parent[part]
    del parent[path[-1]]
    return document


def schema_accepts(document: Any) -> bool:
    return SCHEMA.is_valid(document)


def models_accept(document: object) -> bool:
    try:
        QuizFile.model_validate(document)
    except ValidationError:
        return False
    return True


def fits_together(document: object) -> bool:
    return isinstance(document, dict) and not list(find_misfits(document))


def test_the_shipped_schema_is_the_generated_one() -> None:
    assert SHIPPED.read_text(encoding="utf-8") == quiz_schema_text(), (
        "models changed: python -m bot.content.schema > quizzes/quiz.schema.json"
    )


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(quiz_schema())
    assert quiz_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_every_key_is_described() -> None:
    schema = json.loads(quiz_schema_text())
    entries = [schema, *schema["$defs"].values()]
    assert all(entry["title"] and entry["description"] for entry in entries)
    missing = [
        name for entry in entries for name, key in entry["properties"].items() if not key.get("description")
    ]
    assert missing == []


def test_every_example_in_the_schema_is_good() -> None:
    schema = quiz_schema()
    for entry in [schema, *schema["$defs"].values()]:
        for name, key in entry["properties"].items():
            for example in key.get("examples", []):
                errors = list(SCHEMA.evolve(schema={**key, "$defs": schema["$defs"]}).iter_errors(example))
                assert errors == [], name


def test_the_document_with_everything_in_it_is_accepted_by_both() -> None:
    assert schema_accepts(DOCUMENT)
    assert models_accept(DOCUMENT)
    assert fits_together(DOCUMENT)


Q = ("questions", 0)


@pytest.mark.parametrize(
    "document",
    [
        changed(("title",), "x" * 100),
        changed(("title",), "日本語 📚"),
        changed(("introduction",), "two\nlines\twith a tab"),
        changed(("questions",), [{**DOCUMENT["questions"][0], "stem": f"Stem {n}"} for n in range(50)]),
        changed((*Q, "options"), [f"option {number}" for number in range(9)] + ["Paris"]),
        changed((*Q, "key"), 3),
        changed((*Q, "key"), "C"),
        changed(("title",), 1984),
        changed((*Q, "options", 0), 5),
        changed((*Q, "options", 0), 1.5),
        changed(("tags",), [2026]),
        changed((*Q, "points"), 0),
        changed((*Q, "seconds"), 300),
        changed((*Q, "tags"), []),
        changed((*Q, "image"), "A b-c_d.1.webp"),
        changed(("tiers",), [{"name": "All", "from_percent": 0}]),
        without(("tiers",)),
        without(("author",)),
        without((*Q, "seconds")),
        without((*Q, "image")),
    ],
)
def test_both_accept_what_is_good(document: Any) -> None:
    assert [error.message for error in SCHEMA.iter_errors(document)] == []
    assert models_accept(document)
    assert fits_together(document)


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        "text",
        {},
        changed(("title",), "x" * 101),
        changed(("title",), ""),
        changed(("title",), "  \t"),
        changed(("title",), "two\nlines"),
        changed(("title",), None),
        changed(("title",), True),
        changed(("title",), ["x"]),
        changed(("introduction",), "bell \x07"),
        changed(("introduction",), "\u202e drawkcab"),
        changed(("introduction",), "line\u2028separator"),
        changed(("author",), None),
        changed(("author",), ""),
        changed(("penalty",), -1),
        changed(("penalty",), 101),
        changed(("penalty",), 0.5),
        changed(("penalty",), "1"),
        changed(("penalty",), True),
        changed(("first_answer_locks",), 1),
        changed(("first_answer_locks",), "true"),
        changed(("unknown",), "x"),
        changed(("tags",), None),
        changed(("tags",), "maps"),
        changed(("tags",), ["Maps"]),
        changed(("tags",), [1.5]),
        changed(("tags",), [-1]),
        changed(("tags",), ["a", "a"]),
        changed(("tags",), list("abcdefghijk")),
        changed(("tiers",), []),
        changed(("tiers",), [{"name": str(number), "from_percent": number} for number in range(11)]),
        changed(("tiers", 0, "from_percent"), 1),
        changed(("tiers", 1, "from_percent"), 101),
        changed(("tiers", 1, "name"), "x" * 41),
        changed(("tiers", 1, "message"), "x" * 301),
        changed(("tiers", 1, "extra"), 1),
        changed(("questions",), []),
        changed(("questions",), DOCUMENT["questions"] * 26),
        changed(("questions",), {"0": DOCUMENT["questions"][0]}),
        changed(Q, "What?"),
        changed((*Q, "question"), "What?"),
        changed((*Q, "stem"), "x" * 1001),
        changed((*Q, "options"), ["Paris"]),
        changed((*Q, "options"), ["Paris", *"bcdefghijk"]),
        changed((*Q, "options", 0), None),
        changed((*Q, "options", 0), []),
        changed((*Q, "options", 0), {"pinned": True}),
        changed((*Q, "options", 0), {"text": "x", "pinned": "yes"}),
        changed((*Q, "options", 0), {"text": "x", "weight": 1}),
        changed((*Q, "options", 0), "x" * 501),
        changed((*Q, "key"), True),
        changed((*Q, "key"), None),
        changed((*Q, "key"), ""),
        changed((*Q, "key"), ["Paris"]),
        changed((*Q, "points"), 101),
        changed((*Q, "seconds"), 4),
        changed((*Q, "seconds"), 301),
        changed((*Q, "seconds"), None),
        changed((*Q, "image"), "../a.png"),
        changed((*Q, "image"), "a.svg"),
        changed((*Q, "image"), ""),
        *(
            without(path)
            for path in [("title",), ("questions",), (*Q, "stem"), (*Q, "key"), (*Q, "explanation")]
        ),
    ],
)
def test_both_refuse_what_is_bad(document: object) -> None:
    assert not schema_accepts(document)
    assert not (models_accept(document) and fits_together(document))


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 400),
    st.just(0.5),  # 1.0 is a whole number to a schema, and a text to us
    st.text(st.characters(exclude_categories=["Cs", "Cf", "Zs"]), max_size=6),
    st.sampled_from(
        ["Paris", "A", "maps", "a.png", "x" * 39, "x" * 101, "x" * 1501, "\n", "a\nb", "\x07", "\u2066"]
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["text", "pinned", "x"]), inner)
    ),
    max_leaves=4,
)


@settings(deadline=None, max_examples=300)
@given(path=st.sampled_from(PATHS), extra=st.sampled_from(["", "zzz", "seconds", "message"]), value=VALUES)
def test_a_random_change_is_judged_alike(path: tuple[str | int, ...], extra: str, value: object) -> None:
    target: Any = DOCUMENT
    for part in path:
        target = target[part]
    document = changed((*path, extra) if extra and isinstance(target, dict) else path, value)
    if schema_accepts(document) and fits_together(document):
        assert models_accept(document)
    if not schema_accepts(document) and isinstance(document, dict):
        assert not (models_accept(document) and fits_together(document))
