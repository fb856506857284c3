"""What does not fit together in a quiz: keys without options, repeats, too many of a kind, fallen tiers."""

import pytest
from quiz_texts import GOOD, Told, good_but, parse, told

from bot.content.checks import find_key
from tests.builders import choice, key_text

TIERS = "tiers:\n  - {{name: Low, from_percent: {}}}\n  - {{name: {}, from_percent: {}}}\n"


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("Pariss", '"Pariss" is not one of the options; did you mean "Paris"?'),
        ("paris", '"paris" is not one of the options; did you mean "Paris"?'),
        (
            "Lisbon",
            '"Lisbon" is not one of the options; write the text of one of them: "Rome", "Paris", "Oslo"',
        ),
        ("D", "D is not an option here; the last one is C"),
        ("b", '"b" is not one of the options; write the text of one of them: "Rome", "Paris", "Oslo"'),
        ("0", "is 0, but the options are numbered from 1 to 3; write the option's text instead"),
        ("4", "is 4, but the options are numbered from 1 to 3; write the option's text instead"),
    ],
)
def test_a_key_that_matches_no_option_is_told_the_options(key: str, message: str) -> None:
    assert told(good_but("key: Paris", f"key: {key}")) == [(10, 10, "question 1, key", message)]


@pytest.mark.parametrize(
    ("options", "key", "found"),
    [
        (["x", "y"], "x", 0),
        (["x", "y"], "B", 1),
        (["x", "y"], 1, 0),
        (["B", "A"], "B", 0),  # the text wins over the letter
        (["1", "2"], 2, 1),
        (["2", "1"], "2", 0),
        (["caf\u00e9", "tea"], "cafe\u0301", 0),  # one é looks like the other
    ],
)
def test_a_key_is_a_text_a_letter_or_a_number(options: list[str], key: str | int, found: int) -> None:
    assert find_key(options, key) == found


def test_a_number_that_may_be_a_text_is_asked_about() -> None:
    assert find_key(["3", "2", "1"], 1) == (
        "1 could mean the text of option 3, or option 1; "
        'write "1" in quotes for the text, or A for the option'
    )


def test_a_number_that_counts_no_option_is_a_text() -> None:
    assert find_key(["10", "20"], 20) == 1
    assert find_key(["10", "20"], 2) == 1
    assert find_key(["3", "2"], 3) == 0


@pytest.mark.parametrize(
    "written",
    ["2014", "-7", "1_000", "0x10", "010", "1.10", "1e3", ".inf", "12:30", "2026-01-01", "9" * 30, "-0"],
)
def test_a_number_or_a_date_is_a_text_as_it_is_written(written: str) -> None:
    quiz = parse(good_but("- Rome", f"- {written}").replace("key: Paris", f"key: {written}")).quiz
    assert choice(quiz.questions[0]).options[0].text == written
    assert key_text(quiz.questions[0]) == written
    assert parse(good_but("title: Capitals", f"title: {written}")).quiz.title == written


def test_tags_may_be_numbers() -> None:
    assert parse(f"tags: [2026, 007]\n{GOOD}").quiz.tags == ("2026", "007")
    assert told(f"tags: [1, 1.0]\n{GOOD}")[0][2] == "tag 2"


def test_options_that_players_cannot_tell_apart_are_refused() -> None:
    message = '"ROME" repeats option 1; give each its own wording'
    assert told(good_but("- Rome", "- Rome\n      - ' ROME '")) == [(8, 9, "question 1, option 2", message)]


@pytest.mark.parametrize(
    "hidden",
    [
        "\u200b",
        "\u00ad",
        "\u2060",
        "\u034f",
        "\u200d",
        "\u200c",
        "\u180e",
        "\u200e",
        "\ufe0f",
        "\U000e0041",
        "\u3164",
        "\u2800",
    ],
)
def test_a_sign_that_nobody_sees_makes_no_other_option(hidden: str) -> None:
    for text in (f"Ro{hidden}me", f"Rome{hidden}", f"{hidden}Rome"):
        if hidden in "\u3164\u2800" and text.startswith("Ro") and text != f"Rome{hidden}":
            continue  # these show as a space
        for written in (text, text.replace(hidden, f"\\U{ord(hidden):08x}")):
            ((line, _, key, message),) = told(good_but("- Oslo\n    key: P", f'- "{written}"\n    key: P'))
            assert (line, key) == (9, "question 1, option 3")
            assert message.endswith("repeats option 1; give each its own wording")


@pytest.mark.parametrize(
    "blank", ["\u3164", "\u034f", "\u115f\uffa0", "\u2800", "\u00ad \u200b", "\u180e\u17b5"]
)
def test_an_option_that_shows_nothing_is_empty(blank: str) -> None:
    escaped = "".join(f"\\u{ord(sign):04x}" for sign in blank)
    for written in (blank, escaped):
        assert told(good_but("- Rome", f'- "{written}"')) == [
            (7, 9, "question 1, option 1", "is empty; write what players choose")
        ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("می\u200cخواهم", "میخواهم"),
        ("👩\u200d👧", "👩👧"),
        ("❤️\u200d🔥", "❤️🔥"),
        ("क्\u200dष", "क्ष"),
        (
            "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
            "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        ),
    ],
    ids=["Persian", "a family", "a heart on fire", "Hindi", "flags"],
)
def test_a_joiner_that_changes_what_is_drawn_makes_another_option(one: str, other: str) -> None:
    assert len(choice(parse(good_but("- Rome", f"- {one}\n      - {other}")).quiz.questions[0]).options) == 4


def test_a_key_finds_its_option_whatever_is_hidden_in_either() -> None:
    quiz = parse(good_but("- Paris", '- "Pa\\u00adris"')).quiz
    assert choice(quiz.questions[0]).key == choice(quiz.questions[0]).options[1].id


def test_a_repeat_is_found_among_options_of_both_forms() -> None:
    ((line, _, key, _),) = told(good_but("- Rome", "- Rome\n      - {text: Rome, pinned: true}"))
    assert (line, key) == (8, "question 1, option 2")


@pytest.mark.parametrize(
    ("options", "number"),
    [("[]", "no entries"), ("[Paris]", "one entry"), (str(["Paris", *range(100, 129)]), "30 entries")],
)
def test_the_number_of_options_is_limited(options: str, number: str) -> None:
    quoted = options.replace(", 1", ", n1")
    text = good_but("options:\n      - Rome\n      - Paris\n      - Oslo\n", f"options: {quoted}\n")
    message = f"has {number}; 2 to 10 are allowed, and each needs its own letter"
    assert told(text) == [(6, 5, "question 1, options", message)]


def test_the_number_of_questions_is_limited_and_each_is_still_checked() -> None:
    question = "  - {{stem: x{}, options: [a, b], key: {}, explanation: e}}\n"
    text = GOOD + "".join(question.format(n, "z" if n == 49 else "a") for n in range(50))
    assert [(line, key) for line, _, key, _ in told(text)] == [(4, "questions"), (67, "question 52, key")]
    assert told(text)[0][3] == "has 52 entries; 1 to 50 are allowed, so split a longer quiz"


@pytest.mark.parametrize("stem", ["The capital of France is ______.", "the  capital of FRANCE is ______."])
def test_a_quiz_has_no_two_questions_of_one_stem(stem: str) -> None:
    question = f"  - {{stem: '{stem}', options: [a, b], key: a, explanation: e}}\n"
    expected = f'"{stem}" repeats the stem of question 1; give each its own wording, or an id'
    assert told(GOOD + question) == [(18, 12, "question 3, stem", expected)]


def test_questions_of_one_stem_are_told_apart_by_their_ids() -> None:
    question = "  - {{id: {}, stem: What is this?, options: [a, b], key: a, explanation: e}}\n"
    two = GOOD + question.format("first-picture") + question.format("second-picture")
    loaded = parse(two).quiz
    assert [one.id for one in loaded.questions[-2:]] == ["first-picture", "second-picture"]
    (problem,) = told(GOOD + question.format("same") + question.format("same"))
    assert problem[2:] == ("question 4, id", '"same" repeats the id of question 3; give each its own')


def test_a_quiz_without_questions_is_none() -> None:
    assert told("title: a\ncategory: b\nintroduction: c\nquestions: []\n") == [
        (4, 1, "questions", "has no entries; 1 to 50 are allowed, so split a longer quiz")
    ]


@pytest.mark.parametrize(
    ("tiers", "expected"),
    [
        (
            TIERS.format(10, "High", 50),
            (19, 31, "tier 1, from_percent", "is 10; the first tier starts at 0, so that nobody is left out"),
        ),
        (
            TIERS.format(0, "High", 0),
            (
                20,
                32,
                "tier 2, from_percent",
                "is 0, not above the 0 of the tier before; list tiers lowest first",
            ),
        ),
        (TIERS.format(0, "low", 50), (20, 5, "tier 2", '"low" repeats tier 1; give each its own name')),
        (
            TIERS.format(0, "High", 101),
            (20, 32, "tier 2, from_percent", "is 101; write a whole number from 0 to 100, without quotes"),
        ),
        (
            "tiers: []\n",
            (
                18,
                1,
                "tiers",
                "has no entries; 1 to 10 are allowed, or leave tiers out to use the usual three",
            ),
        ),
    ],
)
def test_tiers_rise_from_zero_under_different_names(tiers: str, expected: Told) -> None:
    assert told(GOOD + tiers) == [expected]


@pytest.mark.parametrize("category", ["Geography / / Europe", "/ Geography", "Geography /", "a//b"])
def test_a_category_path_has_no_empty_part(category: str) -> None:
    message = 'has an empty part; write a path as in "Engineering / Reliability"'
    assert told(good_but("Geography / Europe", category)) == [(2, 11, "category", message)]


@pytest.mark.parametrize("tag", ["Europe", "big data", "-x", "a_b", "x" * 41, "größe"])
def test_tags_are_small_words(tag: str) -> None:
    message = "is not a tag; write up to 40 small letters, digits and hyphens, as in machine-learning"
    assert told(f"tags: [maps, {tag}]\n{GOOD}") == [(1, 14, "tag 2", message)]


def test_tags_are_few_and_each_is_given_once() -> None:
    assert told(f"tags: [a, b, a]\n{GOOD}") == [(1, 14, "tag 3", '"a" repeats tag 1; keep one of them')]
    many = ", ".join("abcdefghijk")
    message = "has 11 entries; 0 to 10 are allowed, so keep the most telling ones"
    assert told(f"tags: [{many}]\n{GOOD}") == [(1, 1, "tags", message)]
