"""What a question can ask for: the kinds of tasks, and how each is written down."""

from collections.abc import Mapping
from typing import Any

from bot.domain.tasks.base import (
    Choice,
    Grade,
    Outcome,
    Presentation,
    Response,
    Submission,
    Tally,
    Task,
    Unreadable,
)
from bot.domain.tasks.choice import SingleChoice

__all__ = [
    "TASKS",
    "Choice",
    "Grade",
    "Outcome",
    "Presentation",
    "Response",
    "SingleChoice",
    "Submission",
    "Tally",
    "Task",
    "Unreadable",
    "task_from_document",
    "task_to_document",
]

TASKS: Mapping[str, type[Task]] = {SingleChoice.kind: SingleChoice}


def task_to_document(task: Task) -> dict[str, Any]:
    """Return a task as plain JSON values that name its kind."""
    return {"kind": task.kind, **task.to_document()}


def task_from_document(document: Mapping[str, Any]) -> Task:
    """Rebuild a task from `task_to_document`'s values; `KeyError` or `TypeError` if they are not."""
    return TASKS[document["kind"]].from_document(document)
