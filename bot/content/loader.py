"""One quiz file in, one `Quiz` out, or all of its problems at once."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias, cast

from pydantic import ValidationError

from bot.content.checks import find_key, find_misfits
from bot.content.images import ImageShelf
from bot.content.keys import settle_keys
from bot.content.models import IMAGE_NAME, MAX_QUESTIONS, MAX_TIERS, QuestionEntry, QuizFile
from bot.content.problems import Loc, Problem, QuizFileError
from bot.content.reader import read_tree
from bot.content.source import decode, read_bytes
from bot.content.tree import Tree, Unclear
from bot.content.wording import describe_errors
from bot.domain.pictures import Image
from bot.domain.quiz import DEFAULT_TIERS, Question, Quiz, Tier, stable_id
from bot.domain.tasks import SingleChoice
from bot.domain.tasks.options import MAX_OPTIONS, MIN_OPTIONS, Option

#: Nobody with a hundred things to fix wants more than these.
MAX_PROBLEMS = 100

_QUIZ_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


#: Says what does not fit in a quiz, and where, if a file alone cannot show it.
Judge: TypeAlias = Callable[[Quiz], Iterable[tuple[Loc, str]]]


def no_judge(_: Quiz) -> Iterable[tuple[Loc, str]]:
    """Find nothing."""
    return ()


@dataclass(frozen=True, slots=True)
class LoadedQuiz:
    """A quiz and where each of its values is in its file, for later checks."""

    path: Path
    quiz: Quiz
    _tree: Tree = field(repr=False, compare=False)

    def locate(self, loc: Loc) -> tuple[int, int]:
        """Return line and column of a value, as ("questions", 0, "stem"), or of what is around it."""
        return self._tree.locate(loc)

    def problem(self, loc: Loc, message: str) -> Problem:
        """Return a problem with a value of this file: what is wrong, and what would be right."""
        return self._tree.problem(loc, message)


def load_quiz(path: Path, *, judge: Judge = no_judge) -> LoadedQuiz:
    """Load a quiz from its file; its pictures are in the same folder.

    Raises:
        QuizFileError: with every problem of the file, first line first.
    """
    return parse_quiz(path, read_bytes(path), image_folder=path.parent, judge=judge)


def parse_quiz(
    path: Path, data: bytes, *, image_folder: Path | None = None, judge: Judge = no_judge
) -> LoadedQuiz:
    """Make a quiz of a file's bytes, which may come from elsewhere; the path gives its name and id.

    Args:
        path: the file; it need not exist.
        data: what is in it.
        image_folder: where its pictures are; None if it came without any.
        judge: what else the quiz has to satisfy.

    Raises:
        QuizFileError: with every problem of the file, first line first.
    """
    source, problems = decode(path, data)
    tree = read_tree(source)
    problems += tree.problems
    if not _QUIZ_ID.fullmatch(path.stem):
        message = (
            "the file's name is the quiz's id; use up to 64 small letters, digits, - and _, as in my-quiz"
        )
        problems.append(Problem(path, 1, 1, "file", f"{message}.yaml"))
    entry, images = None, dict[int, Image]()
    if tree.complete:
        problems += settle_keys(tree)
        entry = _check_document(tree, problems)
        images = _load_images(tree, ImageShelf(image_folder), problems)
    loaded = None
    if entry is not None and _can_be_shown(entry):
        loaded = LoadedQuiz(path, _build_quiz(path.stem, entry, images), tree)
        problems += [loaded.problem(loc, reason) for loc, reason in judge(loaded.quiz)]
    if loaded is None or problems:
        raise QuizFileError(_in_order(problems))
    return loaded


def _can_be_shown(entry: QuizFile) -> bool:
    """Tell whether there is enough and not too much of everything; a wrong key, say, does not matter here."""
    shown = all(MIN_OPTIONS <= len(question.options) <= MAX_OPTIONS for question in entry.questions)
    return shown and 1 <= len(entry.questions) <= MAX_QUESTIONS and len(entry.tiers) <= MAX_TIERS


def _check_document(tree: Tree, problems: list[Problem]) -> QuizFile | None:
    """Return the document as a model; what keeps it from being one is added to the problems."""
    if not isinstance(tree.value, dict):
        if () not in tree.refused:
            problems.append(_no_mapping(tree))
        return None
    document = cast("dict[str, Any]", tree.value)
    misfits = islice(find_misfits(document), MAX_PROBLEMS + 1)
    problems += [tree.problem(loc, message) for loc, message in misfits if not tree.is_refused(loc)]
    try:
        return QuizFile.model_validate(document)
    except ValidationError as error:
        found = error.errors(include_url=False)
        found.sort(key=lambda details: tree.locate(details["loc"], at_key=True))
        problems += describe_errors(found[: MAX_PROBLEMS + 1], tree)
        return None


def _no_mapping(tree: Tree) -> Problem:
    if tree.value is None or (isinstance(tree.value, Unclear) and not tree.value.written):
        return tree.source.problem(
            1, 1, "file", "is empty; a quiz has title, category, introduction and questions"
        )
    found = "a list" if isinstance(tree.value, list) else "a single value"
    return tree.problem((), f"contains {found}; a quiz is written as keys and values, as in title: text")


def _load_images(tree: Tree, shelf: ImageShelf, problems: list[Problem]) -> dict[int, Image]:
    """Return the pictures by question; read from the tree, to be reported together with the rest."""
    images: dict[int, Image] = {}
    document: Mapping[str, Any] = cast("dict[str, Any]", tree.value) if isinstance(tree.value, dict) else {}
    questions: Any = document.get("questions")
    for index, question in enumerate(cast("list[Any]", questions) if isinstance(questions, list) else []):
        name: Any = cast("dict[str, Any]", question).get("image") if isinstance(question, dict) else None
        if not isinstance(name, str) or not IMAGE_NAME.fits(name):
            continue
        image = shelf.find(name)
        if isinstance(image, str):
            problems.append(tree.problem(("questions", index, "image"), image))
        else:
            images[index] = image
    return images


def _build_quiz(quiz_id: str, entry: QuizFile, images: Mapping[int, Image]) -> Quiz:
    tiers = tuple(Tier(tier.name, tier.from_percent, tier.message) for tier in entry.tiers)
    return Quiz(
        id=quiz_id,
        title=entry.title,
        category=entry.category,
        introduction=entry.introduction,
        questions=tuple(
            _build_question(question, images.get(index)) for index, question in enumerate(entry.questions)
        ),
        tiers=tiers or DEFAULT_TIERS,
        tags=tuple(entry.tags),
        author=entry.author or None,
        source=entry.source or None,
        penalty=entry.penalty,
        first_answer_locks=entry.first_answer_locks,
    )


def _build_question(entry: QuestionEntry, image: Image | None) -> Question:
    key = find_key([option.text for option in entry.options], entry.key)
    right = 0 if isinstance(key, str) else key  # a sentence: the checks have told it, and nobody plays this
    options = tuple(Option(stable_id(option.text), option.text, option.pinned) for option in entry.options)
    return Question(
        id=entry.id or stable_id(entry.stem),
        stem=entry.stem,
        task=SingleChoice(options, options[right].id),
        explanation=entry.explanation,
        points=entry.points,
        seconds=entry.seconds or None,
        tags=tuple(entry.tags),
        image=image,
    )


def _in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    """Return the problems in the order of the file, each once, and no more than anybody would read."""
    ordered = sorted(dict.fromkeys(problems), key=lambda problem: (problem.line, problem.column))
    if len(ordered) <= MAX_PROBLEMS:
        return tuple(ordered)
    last = ordered[MAX_PROBLEMS]
    more = Problem(
        last.path, last.line, last.column, "file", "has more problems from here on; fix the others first"
    )
    return (*ordered[:MAX_PROBLEMS], more)
