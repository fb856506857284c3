"""YAML that is broken, hostile, or cleverer than a quiz file needs."""

from itertools import pairwise

import pytest
from quiz_texts import GOOD, Told, good_but, parse, told

from tests.builders import choice

WRITE_OUT = "write the value out or, if the {} belongs to a text, put it in quotes: {}"
ALIAS = "is a YAML alias, which quiz files do not use; " + WRITE_OUT
ANCHOR = "has a YAML anchor, which quiz files do not use; " + WRITE_OUT
TAG = "has a YAML tag, which quiz files do not use; " + WRITE_OUT
TAB = "is indented with a tab; YAML wants spaces, two for each level"
COLON = (
    'has a colon in the wrong place; put text with ": " in it in quotes, and check that keys are indented '
    "alike, with a space after each colon"
)
QUOTE = "opens a quote that is never closed; add the closing quote"
MISFIT = "does not fit here; check the indentation, and that quotes inside quoted text are doubled or escaped"


def starts_with(sign: str) -> str:
    return f"has text that starts with {sign}, which has a special meaning in YAML; put the text in quotes"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("- Rome", "- *Rome", (7, 9, "question 1, option 1", ALIAS.format("*", '"*Rome"'))),
        ("- Rome", "- &Rome Rome", (7, 9, "question 1, option 1", ANCHOR.format("&", '"&Rome"'))),
        ("- Rome", "- !Rome", (7, 9, "question 1, option 1", TAG.format("!", '"!Rome"'))),
        ("- Rome", "- !!str yes", (7, 9, "question 1, option 1", TAG.format("!", '"!str"'))),
        ("title: Capitals", "title: ! Capitals", (1, 8, "title", TAG.format("!", '"!"'))),
        (
            "title: Capitals",
            "title: !!python/object/apply:os.system [id]",
            (1, 8, "title", TAG.format("!", '"!python/object/apply:os.system"')),
        ),
        ("title:", "&t title:", (1, 1, "title", ANCHOR.format("&", '"&t"'))),
        (
            "title:",
            "? [title]\n:",
            (1, 3, "file", "has a key that is not a word; write keys as in title: text"),
        ),
    ],
)
def test_anchors_aliases_tags_and_odd_keys_are_refused(old: str, new: str, expected: Told) -> None:
    assert expected in told(good_but(old, new))


def test_a_refused_value_is_not_complained_about_twice() -> None:
    assert len(told(good_but("- Rome", "- *Rome"))) == 1


def test_a_bomb_of_aliases_ends_where_it_begins() -> None:
    bomb = "a: &a [lol, lol]\n" + "".join(
        f"{name}: &{name} [*{before}, *{before}, *{before}, *{before}, *{before}, *{before}]\n"
        for before, name in pairwise("abcdefghijklmnopq")
    )
    said = told(GOOD + bomb)
    assert (18, 4, "a", ANCHOR.format("&", '"&a"')) in said
    assert (19, 8, "b 1", ALIAS.format("*", '"*a"')) in said


@pytest.mark.parametrize(
    "text",
    ["questions: " + "[" * 2000, "questions: " + "[" * 200_000, "a: " + "{a: " * 50_000, "- " * 100_000],
    ids=["2,000 lists", "200,000 lists", "50,000 mappings", "100,000 dashes"],
)
def test_deep_nesting_is_refused_at_once(text: str) -> None:
    ((line, _, key, message),) = told(text)
    assert (line, key, message) == (1, "file", "is nested more than 20 levels deep; a quiz needs five")


def test_twenty_levels_are_read_and_the_twenty_first_is_not() -> None:
    assert "levels deep" not in told("a: " + "[" * 19 + "]" * 19)[0][3]
    assert told("a: " + "[" * 20 + "]" * 20) == [
        (1, 23, "file", "is nested more than 20 levels deep; a quiz needs five")
    ]


def test_a_file_of_too_many_values_is_refused() -> None:
    said = told("tags: [" + "a," * 60_000 + "]")
    assert said == [(1, 100_002, "file", "contains more than 50,000 values; no quiz needs that many")]


def test_a_key_given_twice_is_shown_at_the_second_with_the_line_of_the_first() -> None:
    text = good_but("    key: Paris\n", "    key: Paris\n    stem: Again?\n")
    assert told(text) == [(11, 5, "question 1, stem", "is given twice (first on line 5); keep one of them")]


def test_keys_given_twice_are_told_with_the_rest() -> None:
    text = GOOD.replace("key: Paris", "key: Lyon") + "title: Capitals\ntitle: Again\n"
    assert [(line, key) for line, _, key, _ in told(text)] == [
        (10, "question 1, key"),
        (18, "title"),
        (19, "title"),
    ]


def test_a_second_document_is_refused_and_the_first_is_still_checked() -> None:
    assert told(good_but("title: Capitals\n", "") + "---\ntitle: More\n") == [
        (1, 1, "title", "is missing; say what the quiz is called"),
        (17, 1, "file", "starts a second document; keep one quiz per file, without --- lines"),
    ]


def test_a_quiz_may_begin_and_end_as_a_document() -> None:
    assert parse(f"%YAML 1.1\n---\n{GOOD}...\n").quiz == parse(GOOD).quiz


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("\ttitle: x", 1, 1),
        ("title: x\n\tcategory: y", 2, 1),
        ("questions:\n\t- stem: x", 2, 1),
        ("questions:\n  \t- stem: x", 2, 3),
        ("introduction: >\n\tfoo", 2, 1),
        ("introduction: |\n  x\n\ty\n", 3, 1),
    ],
)
def test_a_tab_is_named_and_shown(text: str, line: int, column: int) -> None:
    assert told(text) == [(line, column, "this line", TAB)]


def test_tabs_between_brackets_are_as_good_as_spaces() -> None:
    text = '{\n\t"title": "Tabs",\n\t"category": "JSON",\n\t"introduction": "So.",\n\t"questions": [\n\t\t{\n'
    text += '\t\t\t"stem": "One\\ntwo \\ud83d\\ude00",\n\t\t\t"options": ["a\\/b", "c"],\n\t\t\t"key": "c",\n'
    text += '\t\t\t"explanation": "x"\n\t\t}\n\t]\n}\n'
    (question,) = parse(text).quiz.questions
    assert (question.stem, choice(question).options[0].text) == ("One\ntwo 😀", "a/b")
    ((line, column, _, message),) = told(text.replace('"c",\n\t\t\t"exp', '@c,\n\t\t\t"exp'))
    assert (line, column, message) == (9, 11, starts_with("@"))


def test_a_tab_inside_a_code_block_is_text() -> None:
    text = good_but(
        "explanation: The kings settled there. The republics stayed.",
        "explanation: |\n      ```go\n      func main() {\n      \tprintln()\n      }\n      ```",
    )
    assert "\tprintln()" in parse(text).quiz.questions[0].explanation


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ('title: "x\ncategory: y\n', 1, 8, QUOTE),
        ("title: 'x\n", 1, 8, QUOTE),
        ('title: He said: "no"', 1, 15, COLON),
        ("title: x\n category: y", 2, 10, COLON),
        ('title: "He said "hi""', 1, 18, MISFIT),
        ("title: 'it's'", 1, 12, MISFIT),
        ("tags:\n  - a\n - b", 3, 2, MISFIT),
        (
            "title: x\ncategory:y\n",
            2,
            1,
            "has no colon; write a key as in title: text, with a space after the colon",
        ),
        ("- a\nb: c", 2, 1, "does not belong to the list above; check its indentation and its quotes"),
        ("title: **bold**", 1, 8, starts_with("*")),
        ("title: & more", 1, 8, starts_with("&")),
        ("title: !a!b c", 1, 8, starts_with("!")),
        ("title: @home", 1, 8, starts_with("@")),
        ("title: `ls`", 1, 8, starts_with("`")),
        ("title: %PATH%", 1, 8, starts_with("%")),
        ("%PATH% is what?", 1, 1, starts_with("%")),
        (
            "tags: [a, b\n",
            1,
            7,
            "opens a list with [ that is not closed; add the comma or the ] that is missing",
        ),
        ("a: {b: c\n", 1, 4, "opens a { that is not closed; add the comma or the } that is missing"),
        ("tags: [", 1, 8, "ends too early; close what was opened with [ or {"),
        ("title: x\ntags: [\n\n", 2, 8, "ends too early; close what was opened with [ or {"),
        ("title: ] x", 1, 8, "has a bracket or a comma where a value should be; put the text in quotes"),
        ("title: |x", 1, 9, "has text right after | or >; start the text on the next line, indented"),
        (
            "title: - x",
            1,
            8,
            "has a - in the middle; start a list on a line of its own, and put a text in quotes",
        ),
        ("%YAML 2.0\n---\ntitle: x", 1, 1, "asks for another version of YAML; delete this line"),
    ],
)
def test_broken_yaml_is_explained_where_the_author_should_look(
    text: str, line: int, column: int, message: str
) -> None:
    assert told(text) == [(line, column, "this line", message)]


@pytest.mark.parametrize(
    ("text", "found"), [("- a\n- b\n", "a list"), ("just words", "a single value"), ("42", "a single value")]
)
def test_a_file_that_is_no_mapping_is_told_so(text: str, found: str) -> None:
    message = f"contains {found}; a quiz is written as keys and values, as in title: text"
    assert told(text) == [(1, 1, "file", message)]
