"""Whatever a file holds, its author gets a quiz or a list of problems: never anything else, and soon."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from quiz_texts import GOOD, PATH

from bot.content.loader import MAX_PROBLEMS, parse_quiz
from bot.content.problems import QuizFileError
from bot.ui.preflight import oversized
from tests.builders import key_text

SIGNS = list(":-?*&!|>%@`#'\"[]{},\n\t\\ ~=<\r\x00\x85\u2028\u202e\ufeff\U0001f600\u0301")
GRAMMAR = [
    ": ",
    "- ",
    "? ",
    "<<: ",
    "---\n",
    "...\n",
    "&a ",
    "*a",
    "!!str ",
    "!x ",
    "%YAML 3.0\n",
    "|\n",
    ">-\n",
]
ESCAPES = [
    '"\\times"',
    '"\\d"',
    '"\\ud83d\\ude00"',
    '"\\',
    '"\\\n',
    "quiz:\n ",
    "metadata: {title: x}\n",
    "choices: ",
    "\u3164",
]
SCALARS = ["yes", "null", "010", "1:30", "2026-01-01", "9" * 30, "''", '"\\x', '"\\ud83d"', "```"]
QUIZ = ["stem: ", "key: ", "options: ", "tiers:\n- ", "image: a.png", "questions: [", "[" * 25, "{a: " * 25]
SNIPPETS = st.sampled_from(SIGNS + GRAMMAR + ESCAPES + SCALARS + QUIZ)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
CHANGES = st.lists(
    st.tuples(st.integers(0, len(GOOD)), st.integers(0, 12), SNIPPETS | TEXTS), min_size=1, max_size=6
)


def judge(data: bytes) -> None:
    """Parse the bytes; whatever is wrong with them must come with a place in them."""
    try:
        loaded = parse_quiz(PATH, data, judge=oversized)
    except QuizFileError as error:
        problems = error.problems
    else:
        assert all(key_text(question) for question in loaded.quiz.questions)
        return
    assert 0 < len(problems) <= MAX_PROBLEMS + 1
    lines = data.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    places = [(problem.line, problem.column) for problem in problems]
    assert places == sorted(places)
    for problem in problems:
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
        assert problem.key
        assert problem.message
        assert problem.render().startswith(problem.headline)
        assert "\n" not in problem.headline


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=200))
@example(b"\xff\xfe")
@example(b"\xef\xbb\xbf\xef\xbb\xbf")
def test_random_bytes_are_judged(data: bytes) -> None:
    judge(data)


@settings(deadline=None, max_examples=300)
@given(st.lists(SNIPPETS | TEXTS, max_size=25))
def test_random_pieces_of_yaml_are_judged(pieces: list[str]) -> None:
    judge("".join(pieces).encode())


@settings(deadline=None, max_examples=500)
@given(CHANGES)
def test_a_good_quiz_with_random_changes_is_judged(changes: list[tuple[int, int, str]]) -> None:
    text = GOOD
    for start, length, new in changes:
        text = text[:start] + new + text[start + length :]
    judge(text.encode())


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(GOOD.splitlines(keepends=True)), max_size=30))
def test_a_good_quiz_in_disorder_is_judged(lines: list[str]) -> None:
    judge("".join(lines).encode())


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            f"{GOOD}  - {{options: [{'ab' * 30_000}, x], key: {'aab' * 20_000}}}\n", id="a long key"
        ),
        pytest.param(
            GOOD + f"  - {{options: [{'a' * 90}, {'a' * 91}], key: {'a' * 89}bc}}\n" * 800, id="near misses"
        ),
        pytest.param("".join(f"k{number}: x\n" for number in range(24_000)), id="unknown keys"),
        pytest.param("title: a\n" * 24_000, id="repeated keys"),
        pytest.param(f"a: [{'&a ,' * 20_000}]" + "\n" * 150_000, id="anchors before nothing"),
        pytest.param(f"{GOOD}  - {{key: a, options: [{'a,' * 45_000}]}}\n", id="one option, many times"),
        pytest.param('title: "' + "\u202e" * 80_000 + '"', id="invisible characters"),
        pytest.param("questions: |\n" + " \n" * 120_000, id="blank lines"),
        pytest.param('title: "' + "\\d" * 100_000 + '"', id="backslashes"),
        pytest.param("title: [" + '"\\d",' * 40_000 + "]", id="texts with a backslash"),
        pytest.param('title: "' + "$`a" * 60_000 + "\\n" * 20_000 + '"', id="line breaks in a long line"),
        pytest.param("questions:\n" + "- {answer: x, choices: [{label: y}]}\n" * 6_000, id="other names"),
        pytest.param("".join(f"{'quiz: {a: ' * 15}x{'}' * 15}\n" for _ in range(1)), id="groups in groups"),
    ],
)
def test_a_file_made_to_be_slow_is_judged_all_the_same(text: str) -> None:
    judge(text.encode())
