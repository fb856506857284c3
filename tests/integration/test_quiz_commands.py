"""What authors do at the command line: check their quizzes, and play them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import Result

from tests.integration.test_cli import invoke
from tests.world import QUIZ, quiz_file

BROKEN = QUIZ.replace("key: Paris", "key: Rome")


def write(path: Path, text: str = QUIZ) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def validate_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.setenv("QUIZHOST_QUIZZES", str(folder))
    return invoke("validate")


# --- validate -------------------------------------------------------------------------------------


def test_validate_without_paths_checks_what_the_bot_would_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "mine.yaml", BROKEN)
    result = validate_in(tmp_path, monkeypatch)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{path}:7:10 question 1, key: ")


def test_validate_without_paths_says_if_the_folder_of_the_settings_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = validate_in(tmp_path / "nope", monkeypatch)
    assert result.exit_code == 1
    assert f"there is no folder {tmp_path / 'nope'}" in result.stderr


def test_validate_names_each_quiz_that_it_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = write(tmp_path / "a.yaml"), write(tmp_path / "b" / "one.yaml", quiz_file(title="One"))
    assert validate_in(tmp_path, monkeypatch).stdout.splitlines() == [
        f"{first}: Capitals, 3 questions",
        f"{second}: One, 1 question",
        "2 quizzes are valid.",
    ]


def test_a_quiz_that_is_named_twice_is_one_and_an_id_that_is_used_twice_is_told(tmp_path: Path) -> None:
    first, second = write(tmp_path / "a" / "one.yaml"), write(tmp_path / "b" / "one.yaml")
    assert invoke("validate", first.parent, first).stdout.endswith("\n1 quiz is valid.\n")
    result = invoke("validate", first.parent, second.parent)
    assert f"{second}:1:1 file: the id one is taken by {first}" in result.stderr


@pytest.mark.parametrize(
    "introduction",
    [
        "Ten short questions about cities.",
        "In 12 questions around the world.",
        "Twenty questions!",
        "A ten-question quiz.",
    ],
)
def test_an_introduction_that_counts_otherwise_is_a_warning_and_no_problem(
    introduction: str, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.yaml", QUIZ.replace("Three cities.", introduction))
    result = invoke("validate", path)
    assert result.exit_code == 0
    assert result.stderr.startswith(f"{path}:3:15 introduction: warning: says ")
    assert "question" in result.stderr.splitlines()[0]
    assert result.stderr.splitlines()[0].endswith(", but the quiz has 3 questions")
    assert result.stdout.endswith("1 quiz is valid.\n")


@pytest.mark.parametrize(
    "introduction",
    [
        "Three short questions about cities.",
        "3 questions.",
        "The first two questions are easy.",
        "One of the questions is hard.",
        "At least two questions are easy.",
        "One question about France, and two questions about others.",
        "Seven wonders of the world, and some questions.",
        "More than 1,000 questions would fit.",
    ],
)
def test_an_introduction_that_may_well_be_right_is_not_warned_of(introduction: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.yaml", QUIZ.replace("Three cities.", introduction))
    result = invoke("validate", path)
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_question_that_does_not_fit_discord_is_told_with_everything_else(tmp_path: Path) -> None:
    long = {"stem": "*" * 1000, "options": [f"{n}{'x' * 498}" for n in range(8)], "key": 1}
    path = write(tmp_path / "a.yaml", quiz_file(long, {"key": "Rome"}))
    result = invoke("validate", path)
    assert "question 1: its message would have" in result.stderr
    assert 'question 2, key: "Rome" is not one of the options' in result.stderr


def test_a_files_name_cannot_forge_lines_of_the_output(tmp_path: Path) -> None:
    name = "a\n1 quiz is valid.\x1b[2J\u202e.yaml"
    write(tmp_path / name)
    result = invoke("validate", tmp_path)
    assert result.exit_code == 1
    assert "\n1 quiz is valid." not in result.output
    assert all(line.isprintable() for line in result.output.splitlines())
    nowhere = invoke("validate", tmp_path / "x\n0 problems found.\x1b[0m")
    assert "\n0 problems found." not in nowhere.output
    assert "\x1b" not in nowhere.output


def test_a_key_in_a_file_cannot_forge_lines_of_the_output(tmp_path: Path) -> None:
    path = write(tmp_path / "a.yaml", QUIZ.replace("[Paris,", '[Paris, "a\\x1b\\nb": c,'))
    result = invoke("validate", path)
    assert result.exit_code == 1
    assert "\x1b" not in result.output


# --- demo -----------------------------------------------------------------------------------------


def demo(
    *arguments: str | Path, quizzes: Path | None = None, folder: Path
) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "COLUMNS": "100", **({"QUIZHOST_QUIZZES": str(quizzes)} if quizzes else {})}
    command = [sys.executable, "-m", "bot", "demo", *map(str, arguments)]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )


def test_an_author_plays_the_quiz_that_they_have_just_written(tmp_path: Path) -> None:
    path = write(tmp_path / "my-quiz.yaml")
    done = demo("--autoplay", path, folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "/round start my-quiz" in done.stdout
    assert "question 3 of 3" in done.stdout


def test_the_demo_plays_what_the_bot_would_load(tmp_path: Path) -> None:
    write(tmp_path / "quizzes" / "my-quiz.yaml", quiz_file())
    done = demo("--autoplay", quizzes=tmp_path / "quizzes", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "/round start my-quiz" in done.stdout


def test_a_demo_without_a_quiz_that_can_be_played_says_why(tmp_path: Path) -> None:
    path = write(tmp_path / "my-quiz.yaml", BROKEN)
    result = invoke("demo", "--autoplay", path)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{path}:7:10 question 1, key: ")
    assert result.stderr.endswith("\nNo quiz can be played.\n")
