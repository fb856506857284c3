"""What authors get wrong in good YAML: each told in its place and in plain English, and all at once."""

import pytest
from quiz_texts import GOOD, Told, good_but, problems_of, told

from bot.content.loader import MAX_PROBLEMS
from bot.content.models import OptionEntry, QuestionEntry, QuizFile, TierEntry
from bot.content.wording import WANTED


@pytest.mark.parametrize(
    ("written", "meaning"),
    [
        ("yes", "true or false"),
        ("No", "true or false"),
        ("on", "true or false"),
        ("true", "true or false"),
        ("FALSE", "true or false"),
        ("null", "nothing"),
        ("~", "nothing"),
    ],
)
def test_a_text_that_yaml_takes_for_something_else_must_be_quoted(written: str, meaning: str) -> None:
    message = f'{written} is {meaning} to YAML, not text; write it in quotes: "{written}"'
    assert told(good_but("- Rome", f"- {written}")) == [(7, 9, "question 1, option 1", message)]
    assert told(good_but("title: Capitals", f"title: {written}")) == [(1, 8, "title", message)]


@pytest.mark.parametrize("key", ["yes", "off", "null", "~"])
def test_a_key_that_yaml_takes_for_something_else_must_be_quoted(key: str) -> None:
    ((line, column, where, message),) = told(good_but("key: Paris", f"key: {key}"))
    assert (line, column, where) == (10, 10, "question 1, key")
    assert message.endswith(f'write it in quotes: "{key}"')


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("title: Capitals\n", "", (1, 1, "title", "is missing; say what the quiz is called")),
        (
            "    explanation: It was called Kristiania once.\n",
            "",
            (12, 5, "question 2, explanation", "is missing; tell players why the key is right"),
        ),
        ("    key: B\n", "", (12, 5, "question 2, key", "is missing; write the text of the right option")),
        (
            "- Rome",
            "- {pinned: true}",
            (7, 9, "question 1, option 1, text", "is missing; write what players choose"),
        ),
        ("title: Capitals", "title:", (1, 1, "title", "is empty; say what the quiz is called")),
        ("title: Capitals", 'title: " "', (1, 8, "title", "is empty; say what the quiz is called")),
        ("title: Capitals", 'title: "\\u200b"', (1, 8, "title", "is empty; say what the quiz is called")),
        ("- Rome", '- ""', (7, 9, "question 1, option 1", "is empty; write what players choose")),
        ("key: B", "key:", (16, 5, "question 2, key", "is empty; write the text of the right option")),
        (
            "key: B",
            "key: B\n    image:",
            (17, 5, "question 2, image", "is empty; give it a value, or remove it"),
        ),
        (
            "title: Capitals",
            "title: Capitals\ntags:",
            (2, 1, "tags", "is empty; give it a value, or remove it"),
        ),
        ("title: Capitals", "title: " + "x" * 101, (1, 8, "title", "is 101 characters long; 100 fit")),
        ("title: Capitals", 'title: "a\\nb"', (1, 8, "title", "has several lines; write it in one")),
        ("- Rome", f"- {'x' * 501}", (7, 9, "question 1, option 1", "is 501 characters long; 500 fit")),
        (
            "title: Capitals",
            "title: [Capitals]",
            (1, 1, "title", "is a list; write text, in quotes if it contains brackets or colons"),
        ),
    ],
)
def test_texts_that_are_missing_empty_or_too_long(old: str, new: str, expected: Told) -> None:
    assert told(good_but(old, new)) == [expected]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("title:", "titel:", (1, 1, "titel", "is not a key of a quiz; did you mean title?")),
        ("title:", "Title:", (1, 1, "Title", "is not a key of a quiz; did you mean title?")),
        (
            "key: B",
            "answer: B",
            (16, 5, "question 2, answer", "is not a key of a question; did you mean key?"),
        ),
        (
            "stem: The capital of F",
            "question: The capital of F",
            (5, 5, "question 1, question", "is not a key of a question; did you mean stem?"),
        ),
        (
            "stem: The capital of F",
            "prompt: The capital of F",
            (5, 5, "question 1, prompt", "is not a key of a question; did you mean stem?"),
        ),
        (
            "stem: The capital of F",
            "text: The capital of F",
            (5, 5, "question 1, text", "is not a key of a question; did you mean stem?"),
        ),
        (
            "- Rome",
            "- {text: Rome, pined: true}",
            (7, 22, "question 1, option 1, pined", "is not a key of an option; did you mean pinned?"),
        ),
        (
            "- Rome",
            "- {text: Rome, yes: 1}",
            (7, 22, "question 1, option 1, yes", "is not a key of an option; it has text and pinned"),
        ),
        (
            "title: Capitals",
            "title: Capitals\nzzz: 1",
            (
                2,
                1,
                "zzz",
                "is not a key of a quiz; it has title, category, introduction, author, source, tags, "
                "penalty, first_answer_locks, tiers and questions",
            ),
        ),
        (
            "title: Capitals",
            "title: Capitals\ntiers: [{name: Low, from_percent: 0, message: Well, go on}]",
            (
                2,
                53,
                "tier 1, go on",
                "is not a key of a tier; it has name, from_percent and message; if this is the rest of a "
                "text, put the whole text in quotes",
            ),
        ),
    ],
)
def test_unknown_keys_are_refused_with_the_key_that_was_meant(old: str, new: str, expected: Told) -> None:
    assert told(good_but(old, new)) == [expected]


@pytest.mark.parametrize(
    "written", ["Rome: the eternal city", "Answer 42: 7", "Really?:", "Score: yes", "Is it so: true"]
)
def test_an_option_with_a_colon_is_told_to_be_quoted(written: str) -> None:
    message = f'the colon makes it a key and a value; write it in quotes: "{written}"'
    said = told(good_but("- Rome", f"- {written}"))
    assert said == [(7, 9, "question 1, option 1", message)]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("points", "1000", "is 1000; write a whole number from 0 to 100, without quotes"),
        ("points", "-1", "is -1; write a whole number from 0 to 100, without quotes"),
        ("points", '"3"', 'is the text "3"; write a whole number from 0 to 100, without quotes'),
        ("points", "1.5", "is 1.5; write a whole number from 0 to 100, without quotes"),
        ("points", "true", "is true; write a whole number from 0 to 100, without quotes"),
        ("points", "three", 'is the text "three"; write a whole number from 0 to 100, without quotes'),
        ("seconds", "4", "is 4; write a whole number from 5 to 300, without quotes"),
        ("seconds", "301", "is 301; write a whole number from 5 to 300, without quotes"),
        ("seconds", "1:30", "is 1:30; write a whole number from 5 to 300, without quotes"),
        ("seconds", "0x1F", "is 0x1F; write a whole number from 5 to 300, without quotes"),
        (
            "seconds",
            "{a: b}",
            "is a group of keys and values; write a whole number from 5 to 300, without quotes",
        ),
        ("tags", "europe", 'is the text "europe"; write a list, each entry on a line of its own after "- "'),
        ("tags", "5", 'is 5; write a list, each entry on a line of its own after "- "'),
    ],
)
def test_numbers_and_lists_are_written_as_such(field: str, value: str, message: str) -> None:
    ((line, _, key, said),) = told(good_but("key: B", f"key: B\n    {field}: {value}"))
    assert (line, key, said) == (17, f"question 2, {field}", message)


@pytest.mark.parametrize(
    ("value", "shown"),
    [("yes", "yes"), ("off", "off"), ('"true"', 'the text "true"'), ("1", "1"), ("[a]", "a list")],
)
def test_true_and_false_are_the_only_two_of_their_kind(value: str, shown: str) -> None:
    ((_, _, key, message),) = told(f"first_answer_locks: {value}\n{GOOD}")
    assert (key, message) == ("first_answer_locks", f"is {shown}; write true or false, without quotes")


def test_a_question_that_is_a_sentence_is_told_what_a_question_has() -> None:
    assert told(GOOD + "  - What is this?\n") == [
        (
            18,
            5,
            "question 3",
            'is the text "What is this?"; a question is written as keys and values: stem, options, key, '
            "explanation, points, seconds, tags, id and image",
        )
    ]


@pytest.mark.parametrize(
    ("old", "key"),
    [
        ("stem: The capital of France is ______.", "question 1, stem"),
        ("explanation: The kings settled there. The republics stayed.", "question 1, explanation"),
    ],
)
def test_a_code_block_that_is_not_closed_would_swallow_the_rest(old: str, key: str) -> None:
    name = old.partition(":")[0]
    ((_, _, where, message),) = told(good_but(old, f"{name}: |\n      ```python\n      print()"))
    assert where == key
    assert message == "opens a code block that is not closed; end it with ``` on a line of its own"


def test_a_code_block_in_an_option_must_be_closed_too() -> None:
    ((line, column, key, _),) = told(good_but("- Rome", '- "```sh\\nls"'))
    assert (line, column, key) == (7, 9, "question 1, option 1")


@pytest.mark.parametrize(
    "character", ["\x07", "\x1b", "\x7f", "\x85", "\u202e", "\u2066", "\u2028", "\ufeff"]
)
def test_an_invisible_character_is_shown_where_it_stands(character: str) -> None:
    message = f"contains the invisible character U+{ord(character):04X}; delete it"
    assert told(good_but("Capitals", f"Cap{character}itals")) == [(1, 11, "file", message)]


def test_an_invisible_character_cannot_hide_in_a_comment() -> None:
    text = good_but("key: Paris", "key: Paris  # \u202eemoR si rewsna eht")
    message = "contains the invisible character U+202E; delete it"
    assert told(text) == [(10, 19, "file", message)]


def test_a_text_with_several_faults_is_told_all_of_them() -> None:
    ((_, _, _, message),) = told(good_but("title: Capitals", f'title: "{"x" * 60}\\n{"y" * 60}"'))
    assert message == "is 121 characters long; 100 fit, and it has several lines; write it in one"


def test_all_problems_of_a_file_are_told_at_once_in_its_order() -> None:
    text = """\
titel: Capitals
category: Geography / Europe
introduction: no
tags: [Europe, maps, maps]
questions:
  - stem: The capital of France is ______.
    options: [Rome, Paris, off, yes]
    key: Lyon
    explanation: &why The kings settled there.
    explanation: Again.
  - question: The capital of Norway is ______.
    options:
      - Oslo
      - oslo
    key: C
    points: many
  - stem: "The capital of Italy is\\x07"
    options: [Rome, {text: Milan, pinned: yes}]
    key: 3
    explanation: *why
"""
    assert [(line, column, key) for line, column, key, _ in told(text)] == [
        (1, 1, "titel"),
        (3, 15, "introduction"),
        (4, 8, "tag 1"),
        (4, 22, "tag 3"),
        (7, 28, "question 1, option 3"),
        (7, 33, "question 1, option 4"),
        (8, 10, "question 1, key"),
        (9, 18, "question 1, explanation"),
        (10, 5, "question 1, explanation"),
        (11, 5, "question 2, question"),
        (11, 5, "question 2, explanation"),
        (14, 9, "question 2, option 2"),
        (15, 10, "question 2, key"),
        (16, 13, "question 2, points"),
        (17, 35, "question 3, stem"),
        (18, 43, "question 3, option 2, pinned"),
        (19, 10, "question 3, key"),
        (20, 18, "question 3, explanation"),
    ]


def test_whoever_has_a_thousand_problems_is_told_the_first_hundred() -> None:
    problems = problems_of(GOOD + "".join(f"unknown{number}: 1\n" for number in range(1000)))
    assert len(problems) == MAX_PROBLEMS + 1
    assert [problem.line for problem in problems] == list(range(18, 18 + MAX_PROBLEMS + 1))
    assert problems[-1].message == "has more problems from here on; fix the others first"


def test_a_key_that_fits_no_option_is_told_together_with_options_that_need_quotes() -> None:
    text = good_but("      - Rome\n      - Paris\n", "      - yes\n      - true\n").replace(
        "key: Paris", "key: 2014"
    )
    assert [(line, key) for line, _, key, _ in told(text)] == [
        (7, "question 1, option 1"),
        (8, "question 1, option 2"),
        (10, "question 1, key"),
    ]


@pytest.mark.parametrize("model", [QuizFile, QuestionEntry, OptionEntry, TierEntry])
def test_every_required_key_has_a_sentence_for_when_it_is_missing(
    model: type[QuizFile] | type[QuestionEntry] | type[OptionEntry] | type[TierEntry],
) -> None:
    required = {name for name, field in model.model_fields.items() if field.is_required()}
    assert required == {name for owner, name in WANTED if owner is model}
