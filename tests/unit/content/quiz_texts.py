"""A small quiz that is right, ways to spoil it, and what the loader then says."""

from pathlib import Path

import pytest

from bot.content.loader import LoadedQuiz, parse_quiz
from bot.content.problems import Problem, QuizFileError

PATH = Path("capitals.yaml")

GOOD = """\
title: Capitals
category: Geography / Europe
introduction: Two questions about capitals.
questions:
  - stem: The capital of France is ______.
    options:
      - Rome
      - Paris
      - Oslo
    key: Paris
    explanation: The kings settled there. The republics stayed.
  - stem: The capital of Norway is ______.
    options:
      - Bergen
      - Oslo
    key: B
    explanation: It was called Kristiania once.
"""

#: What a test says about a problem: line, column, key, message.
Told = tuple[int, int, str, str]


def good_but(old: str, new: str) -> str:
    """Return the good quiz with one thing changed."""
    assert GOOD.count(old) == 1, f"{old!r} is not there exactly once"
    return GOOD.replace(old, new)


def parse(text: str | bytes, *, image_folder: Path | None = None) -> LoadedQuiz:
    data = text.encode() if isinstance(text, str) else text
    return parse_quiz(PATH, data, image_folder=image_folder)


def problems_of(text: str | bytes) -> tuple[Problem, ...]:
    with pytest.raises(QuizFileError) as raised:
        parse(text)
    return raised.value.problems


def told(text: str | bytes) -> list[Told]:
    """Return everything the loader says about a text."""
    return [(problem.line, problem.column, problem.key, problem.message) for problem in problems_of(text)]
