"""A problem as its author sees it: where, what, and a caret that stands right."""

from pathlib import Path

import pytest
from quiz_texts import good_but, problems_of

from bot.content.problems import Problem, QuizFileError, describe_loc


def render(source_line: str, column: int) -> tuple[str, str]:
    """Return the source line and the caret line as shown."""
    problem = Problem(Path("a.yaml"), 3, column, "title", "is wrong; mend it", source_line)
    headline, line, caret = problem.render().split("\n")
    assert headline == "a.yaml:3:" + f"{column} title: is wrong; mend it"
    return line, caret


def test_a_problem_is_shown_with_its_line_and_a_caret() -> None:
    (problem,) = problems_of(good_but("key: B", "key: Oslow"))
    assert problem.render() == (
        'capitals.yaml:16:10 question 2, key: "Oslow" is not one of the options; did you mean "Oslo"?\n'
        "      key: Oslow\n"
        "           ^"
    )


def test_tabs_do_not_displace_the_caret() -> None:
    line, caret = render("a:\t\t[x]\tb", 6)
    assert "\t" not in line
    assert line.index("x") == caret.index("^") + 0
    line, caret = render("\t\tx", 3)
    assert line[caret.index("^")] == "x"


def test_wide_characters_take_two_cells_and_accents_none() -> None:
    assert render("日本: x", 5) == ("  日本: x", "  " + " " * 6 + "^")
    assert render("e\u0301: x", 5) == ("  e\u0301: x", "  " + " " * 3 + "^")


@pytest.mark.parametrize("column", [1, 50, 99, 100, 101, 5000, 99_999, 100_000])
def test_a_long_line_is_cut_around_the_caret(column: int) -> None:
    source = "".join(chr(ord("a") + number % 26) for number in range(100_000))
    line, caret = render(source, column)
    assert len(line) <= 140
    assert line[caret.index("^")] == source[column - 1]


def test_a_caret_may_stand_behind_the_end_of_its_line() -> None:
    assert render("title", 6) == ("  title", "       ^")


def test_control_characters_do_not_act_on_the_readers_screen() -> None:
    line, _ = render("a: \x1b[31m\u202e\u200b", 4)
    assert line == "  a: �[31m��"


def test_a_problem_without_a_line_is_one_line() -> None:
    assert "\n" not in Problem(Path("a.yaml"), 1, 1, "file", "is empty").render()


def test_an_error_reads_as_all_of_its_problems() -> None:
    problems = tuple(Problem(Path("a.yaml"), line, 1, "title", "is wrong", "x") for line in (1, 2))
    assert str(QuizFileError(problems)) == "\n".join(problem.render() for problem in problems)


@pytest.mark.parametrize(
    ("loc", "words"),
    [
        ((), "file"),
        (("title",), "title"),
        (("questions", 0, "options", 2), "question 1, option 3"),
        (("tiers", 1, "from_percent"), "tier 2, from_percent"),
        (("tags", 0), "tag 1"),
        ((0,), "item 1"),
        (("x" * 99,), "x" * 39 + "…"),
        (("a\nb\x1b",), "a�b�"),
    ],
)
def test_places_are_named_as_people_count(loc: tuple[str | int, ...], words: str) -> None:
    assert describe_loc(loc) == words
