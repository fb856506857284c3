"""A quiz as plain JSON values, as it is kept with every round that played it.

Documents carry the number of their format. What an older Quizhost has written is brought up to date step by
step when it is read; the stored document stays as it was.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bot.domain.pictures import Image
from bot.domain.quiz import Question, Quiz, Tier, stable_id
from bot.domain.tasks import task_from_document, task_to_document

Document = dict[str, Any]


def quiz_to_document(quiz: Quiz) -> Document:
    """Return the quiz as plain JSON values; of pictures only the hash, their bytes are kept apart."""
    return {
        "format": FORMAT,
        "id": quiz.id,
        "title": quiz.title,
        "category": quiz.category,
        "introduction": quiz.introduction,
        "questions": [_question_to_document(question) for question in quiz.questions],
        "tiers": [asdict(tier) for tier in quiz.tiers],
        "tags": list(quiz.tags),
        "author": quiz.author,
        "source": quiz.source,
        "penalty": quiz.penalty,
        "first_answer_locks": quiz.first_answer_locks,
    }


def _question_to_document(question: Question) -> Document:
    image = question.image
    return {
        "id": question.id,
        "stem": question.stem,
        "task": task_to_document(question.task),
        "explanation": question.explanation,
        "points": question.points,
        "seconds": question.seconds,
        "tags": list(question.tags),
        "image": image and {"name": image.name, "hash": image.hash},
    }


def quiz_from_document(document: Document, pictures: Mapping[str, bytes]) -> Quiz:
    """Rebuild a quiz from a document of any format.

    Args:
        document: what `quiz_to_document` gave, in this version or an earlier one.
        pictures: the bytes of its pictures, by hash.

    Raises:
        KeyError, TypeError: it is no such document, or a picture is missing.
    """
    fields = dict(upgraded(document))
    fields["questions"] = tuple(_question_from_document(entry, pictures) for entry in fields["questions"])
    fields["tiers"] = tuple(Tier(**entry) for entry in fields["tiers"])
    fields["tags"] = tuple(fields["tags"])
    del fields["format"]
    return Quiz(**fields)


def _question_from_document(entry: Document, pictures: Mapping[str, bytes]) -> Question:
    fields = dict(entry)
    fields["task"] = task_from_document(entry["task"])
    fields["tags"] = tuple(entry["tags"])
    if entry["image"] is not None:
        fields["image"] = Image(data=pictures[entry["image"]["hash"]], **entry["image"])
    return Question(**fields)


def picture_hashes(document: Document) -> list[str]:
    """Return the hashes of the pictures that a document of any format needs."""
    images = [question["image"] for question in document["questions"]]
    return [image["hash"] for image in images if image is not None]


# --- earlier formats ------------------------------------------------------------------------------


def upgraded(document: Document) -> Document:
    """Return a document in today's format."""
    for step in _STEPS[document.get("format", 1) - 1 :]:
        document = step(document)
    return document


def _name_tasks(document: Document) -> Document:
    """From 1 to 2: a question has an id, and a task beside its stem; what there was, was single choice."""
    return document | {"format": 2, "questions": [_name_task(entry) for entry in document["questions"]]}


def _name_task(entry: Document) -> Document:
    rest = {name: value for name, value in entry.items() if name not in {"options", "key"}}
    task = {"kind": "single_choice", "options": entry["options"], "key": entry["key"]}
    return rest | {"id": stable_id(entry["stem"]), "task": task}


#: The n-th step makes format n + 1 of format n.
_STEPS: Sequence[Callable[[Document], Document]] = (_name_tasks,)
FORMAT = len(_STEPS) + 1
