"""Backslashes in double quotes: what YAML makes of them is told where it is not what their author meant."""

import pytest
from quiz_texts import good_but, parse, told

from tests.builders import choice

HINT = "use single quotes, or write the backslash twice"
TAB, BREAK = "a tab", "a line break"
UNKNOWN = "nothing that YAML knows"


def option_with(text: str) -> str:
    return good_but("- Rome", f'- "{text}"')


def read(text: str) -> str:
    return choice(parse(option_with(text)).quiz.questions[0]).options[0].text


@pytest.mark.parametrize(
    ("text", "escape", "reading"),
    [
        (r"2 \times 3", r"\t", TAB),
        (r"$\theta$", r"\t", TAB),
        (r"\text{x}", r"\t", None),
        (r"a\tb", r"\t", TAB),
        (r"$\nu = 6$", r"\n", BREAK),
        (r"$x \ne y$", r"\n", BREAK),
        (r"\nabla f", r"\n", BREAK),
        (r"x \neq y", r"\n", BREAK),
        (r"C:\new", r"\n", BREAK),
        (r"copy C:\temp\new", r"\t", TAB),
        (r"..\new", r"\n", BREAK),
        (r"c:\\data\new", r"\n", BREAK),
        (r"D:\xab", r"\xab", "the character U+00AB"),
        (r"snake\_case", r"\_", "a space"),
        (r"$a\ b$", "\\ ", "a space"),
        (r"What does `print('a\nb')` print?", r"\n", BREAK),
        (r"`\t` or `\s`", r"\t", TAB),
        (r"$\frac{1}{2}$", r"\f", "the invisible character U+000C"),
        (r"\beta", r"\b", "the invisible character U+0008"),
        (r"\alpha", r"\a", "the invisible character U+0007"),
        (r"\varphi", r"\v", "the invisible character U+000B"),
        (r"\rho", r"\r", "the invisible character U+000D"),
        (r"\epsilon", r"\e", "the invisible character U+001B"),
        (r"\Leftarrow", r"\L", "the invisible character U+2028"),
        (r"\Phi", r"\P", "the invisible character U+2029"),
        (r"\Nabla", r"\N", "the invisible character U+0085"),
        (r"ends in \0", r"\0", "the invisible character U+0000"),
        (r"\d+", r"\d", UNKNOWN),
        (r"\sqrt{2}", r"\s", UNKNOWN),
        (r"C:\Users", r"\U", UNKNOWN),
        (r"\upsilon", r"\u", UNKNOWN),
        (r"\x4", r"\x", UNKNOWN),
        (r"\*not bold\*", r"\*", UNKNOWN),
        (r"\U00110000", r"\U", UNKNOWN),
    ],
)
def test_a_backslash_that_is_not_understood_is_pointed_at(
    text: str, escape: str, reading: str | None
) -> None:
    if reading is None:  # a tab at the beginning of a line is an indentation
        assert read(text) == "ext{x}"
        return
    message = f"contains {escape}, which in double quotes is {reading}; {HINT}"
    column = len('      - "') + text.index(escape) + 1
    assert told(option_with(text)) == [(7, column, "question 1, option 1", message)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (r"\u202E", "contains the invisible character U+202E; delete it"),
        (r"\uFEFF", "contains the invisible character U+FEFF; delete it"),
        (r"\x7F", "contains the invisible character U+007F; delete it"),
        (r"\ufffe", "contains the invisible character U+FFFE; delete it"),
        (r"\ud83d", r"contains \ud83d, which is half a character; write the character itself"),
        (r"\uDE00\uD83D", r"contains \uDE00, which is half a character; write the character itself"),
        (r"it\'s", r"contains \', which YAML does not know; in double quotes, write ' alone"),
        (r"a\r\nb", r"contains \r\n; write \n alone for a line break"),
    ],
)
def test_an_escape_with_a_hint_of_its_own(text: str, message: str) -> None:
    assert told(option_with(text)) == [(7, 10 + text.index("\\"), "question 1, option 1", message)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"First line\nSecond line", "First line\nSecond line"),
        (r"uno\ne due", "uno\ne due"),
        (r"Q:\nWhat?", "Q:\nWhat?"),
        (r"costs $5\nless than 6", "costs $5\nless than 6"),
        (r"some\nnatural way", "some\nnatural way"),
        (r"```\nif x:\n\treturn\n\t\tyes\n```", "```\nif x:\n\treturn\n\t\tyes\n```"),
        (r"a\t1", "a\t1"),
        (r"say \"hi\"", 'say "hi"'),
        (r"C:\\temp\\new", r"C:\temp\new"),
        (r"2 \\times 3", r"2 \times 3"),
        (r"\\d and \\ud83d\\ude00", r"\d and \ud83d\ude00"),
        (r"caf\u00e9 \x41 \U0001F600", "café A 😀"),
        (r"\ud83d\ude00\uD83D\uDE00", "😀😀"),
        (r"a\/b", "a/b"),
        (r"10\_000", "10\u00a0000"),
    ],
)
def test_an_escape_that_is_understood_stays_one(text: str, shown: str) -> None:
    assert read(text) == shown


def test_a_text_over_several_lines_is_pointed_at_in_its_line() -> None:
    text = good_but(
        "stem: The capital of France is ______.", 'stem: "The capital \\\n      of $\\theta$ is\n\n      so"'
    )
    ((line, column, key, _),) = told(text)
    assert (line, column, key) == (6, 11, "question 1, stem")


@pytest.mark.parametrize(
    "text",
    [r"'\d \ud83d\ude00 \times'", r"\d \ud83d\ude00 \times", "|-\n        \\d \\ud83d\\ude00 \\times"],
    ids=["single quotes", "no quotes", "a block"],
)
def test_without_double_quotes_a_backslash_is_a_backslash(text: str) -> None:
    quiz = parse(good_but("- Rome", f"- {text}")).quiz
    assert choice(quiz.questions[0]).options[0].text == r"\d \ud83d\ude00 \times"


def test_all_backslashes_are_told_with_everything_else() -> None:
    text = good_but("- Rome", r'- "\d+"').replace("- Bergen", r'- "$\alpha$"').replace("key: B", "key: Z")
    assert [(line, key) for line, _, key, _ in told(text)] == [
        (7, "question 1, option 1"),
        (14, "question 2, option 1"),
        (16, "question 2, key"),
    ]


def test_a_key_is_compared_with_what_the_options_are_meant_to_be() -> None:
    text = good_but("- Paris", r'- "$\nu$"').replace("key: Paris", r"key: '$\nu$'")
    assert [key for _, _, key, _ in told(text)] == ["question 1, option 2"]
