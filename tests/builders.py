"""Values with defaults, so that a test names only what it is about."""

import random
from datetime import UTC, datetime
from typing import Any

from bot.domain.quiz import Option, Question, Quiz
from bot.domain.round import Answer, Round, RoundId, RoundRules, RoundState, plan_questions

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


def make_question(**overrides: Any) -> Question:
    fields: dict[str, Any] = {
        "stem": "The capital of France is ______.",
        "options": tuple(Option(str(n), text) for n, text in enumerate(("Paris", "Lyon", "Nice"), start=1)),
        "key": "1",
        "explanation": "It has been for centuries.",
    }
    return Question(**(fields | overrides))


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


def make_answer(player_id: int, question_number: int, option_id: str = "1", **overrides: Any) -> Answer:
    fields: dict[str, Any] = {
        "question_number": question_number,
        "player_id": player_id,
        "option_id": option_id,
        "elapsed_ms": 5000,
        "interaction_id": 1000 * player_id + question_number,
    }
    return Answer(**(fields | overrides))
