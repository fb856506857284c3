"""Values with defaults, so that a test names only what it is about."""

import random
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.domain.quiz import Question, Quiz, stable_id
from bot.domain.round import Answer, Round, RoundId, RoundRules, RoundState, plan_questions
from bot.domain.tasks import SingleChoice
from bot.domain.tasks.options import Option

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


OPTIONS = tuple(Option(str(n), text) for n, text in enumerate(("Paris", "Lyon", "Nice"), start=1))


def make_question(*, options: tuple[Option, ...] = OPTIONS, key: str = "1", **overrides: Any) -> Question:
    """Return a question; of single choice, unless a task is given."""
    fields: dict[str, Any] = {
        "stem": "The capital of France is ______.",
        "task": SingleChoice(options, key),
        "explanation": "It has been for centuries.",
    }
    fields |= overrides
    fields.setdefault("id", stable_id(fields["stem"]))
    return Question(**fields)


def choice(question: Question) -> SingleChoice:
    """Return the task of a question of single choice."""
    assert isinstance(question.task, SingleChoice)
    return question.task


def key_text(question: Question) -> str:
    """Return the text of the right option."""
    return choice(question).option(choice(question).key).text


def rekeyed(question: Question, key: str) -> Question:
    """Return the question with another key."""
    return replace(question, task=replace(choice(question), key=key))


def make_quiz(*questions: Question, **overrides: Any) -> Quiz:
    fields: dict[str, Any] = {
        "id": "capitals",
        "title": "Capitals",
        "category": "Geography",
        "introduction": "Where governments sit.",
        "questions": questions or (make_question(), make_question(), make_question()),
    }
    return Quiz(**(fields | overrides))


def make_round(quiz: Quiz | None = None, **overrides: Any) -> Round:
    quiz = quiz or make_quiz()
    fields: dict[str, Any] = {
        "id": RoundId(1, 1),
        "channel_id": 10,
        "thread_id": None,
        "in_thread": False,
        "host_id": 20,
        "quiz": quiz,
        "rules": RoundRules(),
        "asked": plan_questions(quiz, count=None, seconds=20, rng=random.Random(1)),
        "state": RoundState.ANNOUNCED,
        "position": 0,
        "due_at": NOW,
        "created_at": NOW,
    }
    return Round(**(fields | overrides))


def make_answer(player_id: int, question_number: int, response: str = "1", **overrides: Any) -> Answer:
    fields: dict[str, Any] = {
        "question_number": question_number,
        "player_id": player_id,
        "response": response,
        "elapsed_ms": 5000,
        "interaction_id": 1000 * player_id + question_number,
    }
    return Answer(**(fields | overrides))
