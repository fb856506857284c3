"""Files that hold no text to speak of: the author is told what to do, and nothing else escapes."""

from pathlib import Path

import pytest
from quiz_texts import GOOD, good_but, parse, told

from bot.content.loader import load_quiz
from bot.content.problems import QuizFileError

EMPTY = "is empty; a quiz has title, category, introduction and questions"
UTF16 = "is UTF-16 text; save it as UTF-8"
BINARY = "is not text but binary data; a quiz file is YAML, saved as UTF-8"


@pytest.mark.parametrize("text", ["", "\n\n", "   \n", "# only a comment\n", "\ufeff", "---", "---\n"])
def test_an_empty_file_is_told_what_a_quiz_has(text: str) -> None:
    assert told(text) == [(1, 1, "file", EMPTY)]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(GOOD.encode("utf-16"), UTF16, id="UTF-16 with its mark"),
        pytest.param(GOOD.encode("utf-16-le"), UTF16, id="UTF-16 without a mark"),
        pytest.param(GOOD.encode("utf-16-be"), UTF16, id="UTF-16, the other way round"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1", BINARY, id="a picture"),
        pytest.param(b"PK\3\4\x14\0\6\0\x08\0\0\0!\0", BINARY, id="a spreadsheet"),
        pytest.param(GOOD.encode() + b"\0", BINARY, id="a quiz that ends in a zero"),
    ],
)
def test_what_is_not_utf_8_text_is_named_for_what_it_is(data: bytes, message: str) -> None:
    assert told(data) == [(1, 1, "file", message)]


def test_a_byte_from_another_encoding_is_shown_where_it_stands() -> None:
    data = good_but("Capitals", "Städte").encode("latin-1")
    message = "contains the byte 0xE4, which is not UTF-8; save the file as UTF-8"
    assert told(data) == [(1, 10, "file", message)]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    windows = b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()
    assert parse(windows).quiz == parse(GOOD).quiz


def test_positions_hold_behind_windows_line_ends_and_a_byte_order_mark() -> None:
    data = b"\xef\xbb\xbf" + good_but("title: Capitals", "titel: Capitals").replace("\n", "\r\n").encode()
    assert told(data) == [(1, 1, "titel", "is not a key of a quiz; did you mean title?")]


def test_a_file_of_ten_megabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(10 * 1024 * 1024)
    with pytest.raises(QuizFileError) as raised:
        load_quiz(path)
    (problem,) = raised.value.problems
    assert problem.message == "is larger than 256 KiB; split it into several quizzes"
    assert problem.render() == f"{path}:1:1 file: {problem.message}"


def test_bytes_from_elsewhere_have_the_same_limit() -> None:
    assert told(b"#" * (256 * 1024 + 1))[0][3].startswith("is larger than 256 KiB")


@pytest.mark.parametrize("name", ["missing.yaml", ".", "a\0b.yaml", "x" * 5000])
def test_a_path_that_leads_to_no_file_is_a_problem_and_not_a_crash(tmp_path: Path, name: str) -> None:
    with pytest.raises(QuizFileError) as raised:
        load_quiz(tmp_path / name)
    (problem,) = raised.value.problems
    assert problem.key == "file"
    assert problem.message.startswith(("is not a file; ", "cannot be read "))


@pytest.mark.parametrize(
    "name", ["My Quiz.yaml", "Quiz.yaml", "-quiz.yaml", "a.b.yaml", "x" * 65 + ".yaml", "ü.yaml"]
)
def test_a_file_name_that_is_no_id_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(GOOD, encoding="utf-8")
    with pytest.raises(QuizFileError) as raised:
        load_quiz(path)
    (problem,) = raised.value.problems
    assert (problem.line, problem.column, problem.key) == (1, 1, "file")
    assert problem.message.startswith("the file's name is the quiz's id; use up to 64 small letters")


def test_a_wrong_file_name_is_told_together_with_what_is_wrong_inside(tmp_path: Path) -> None:
    path = tmp_path / "My Quiz.yaml"
    path.write_text(good_but("title: Capitals\n", ""), encoding="utf-8")
    with pytest.raises(QuizFileError) as raised:
        load_quiz(path)
    assert [problem.key for problem in raised.value.problems] == ["file", "title"]
