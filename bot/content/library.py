"""Folders of quiz files: every quiz that can be used, and every problem with those that cannot."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from bot.content.loader import Judge, LoadedQuiz, load_quiz, no_judge
from bot.content.models import IMAGE_SUFFIXES
from bot.content.problems import Problem, QuizFileError

_SUFFIXES = {".yaml", ".yml"}

#: What changes when a file does: times, size and number of the file itself, wherever links lead.
_Stamp: TypeAlias = tuple[int, int, int, int]
#: The stamps of quiz files, each with those of the pictures beside it.
Stamps: TypeAlias = dict[Path, tuple[_Stamp, ...]]


def find_quiz_files(folder_or_file: Path) -> list[Path]:
    """Return the quiz files in a folder and all folders in it, sorted; hidden ones are skipped."""
    if folder_or_file.is_file():
        return [folder_or_file]
    return sorted(
        path for path in _walk(folder_or_file) if path.suffix.lower() in _SUFFIXES and path.is_file()
    )


def load_folder(*paths: Path, judge: Judge = no_judge) -> tuple[list[LoadedQuiz], list[Problem]]:
    """Load every quiz of some folders and files; of several with the same id, the first is kept."""
    return QuizFiles(*paths, judge=judge).load()


@dataclass(slots=True)
class _File:
    """What is known about a quiz file."""

    stamps: tuple[_Stamp, ...] = ()
    quiz: LoadedQuiz | None = None  #: its last usable version
    problems: list[Problem] = field(default_factory=list[Problem])


class QuizFiles:
    """The quiz files in some folders; only those that have changed are read again.

    A file that can no longer be used keeps its last good version, and so does one that is out of reach.
    """

    def __init__(self, *paths: Path, judge: Judge = no_judge) -> None:
        self._paths, self._judge = paths, judge
        self._known: dict[Path, _File] = {}

    def stamps(self) -> Stamps:
        """Return what would be different if a file had changed."""
        return self._look()[0]

    def load(self) -> tuple[list[LoadedQuiz], list[Problem]]:
        """Read what has changed; return every quiz that can be used, and every problem."""
        stamps, problems = self._look()
        self._known = {path: self._read(path, its) for path, its in stamps.items()}
        loaded: dict[str, LoadedQuiz] = {}
        for path, file in self._known.items():
            problems += file.problems
            if file.quiz is None:
                continue
            first = loaded.setdefault(file.quiz.quiz.id, file.quiz)
            if first is not file.quiz and _place(first.path) != _place(path):
                problems.append(Problem(path, 1, 1, "file", _same_id(file.quiz.quiz.id, first.path)))
        return list(loaded.values()), problems

    def _look(self) -> tuple[Stamps, list[Problem]]:
        """Return the stamps of all files there are, and why some may be out of reach."""
        stamps: Stamps = {}
        problems: list[Problem] = []
        pictures: dict[Path, tuple[_Stamp, ...]] = {}
        for root in self._paths:
            paths, unreachable = self._find(root)
            problems += unreachable
            for path in paths:
                if path.parent not in pictures:
                    pictures[path.parent] = _pictures_in(path.parent)
                stamps[path] = (_stamp(path), *pictures[path.parent])
        return stamps, problems

    def _find(self, root: Path) -> tuple[list[Path], list[Problem]]:
        """Return a root's files; if it is out of reach, those it had before, and why it is."""
        try:
            if root.is_dir():
                os.scandir(root).close()
            else:
                root.stat()
        except FileNotFoundError:
            reason = "does not exist; give a quiz file, or a folder of them"
        except OSError as error:
            reason = f"cannot be read ({error.strerror}); check its permissions"
        else:
            return find_quiz_files(root), []
        return [path for path in self._known if path.is_relative_to(root)], [
            Problem(root, 1, 1, "file", reason)
        ]

    def _read(self, path: Path, stamps: tuple[_Stamp, ...]) -> _File:
        before = self._known.get(path, _File())
        if stamps == before.stamps:
            return before
        try:
            return _File(stamps, load_quiz(path, judge=self._judge))
        except QuizFileError as error:
            return _File(stamps, before.quiz, list(error.problems))


def _walk(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(parent, name) for name in names if not name.startswith("."))


def _pictures_in(folder: Path) -> tuple[_Stamp, ...]:
    try:
        with os.scandir(folder) as inside:
            names = sorted(one.path for one in inside if one.name.rpartition(".")[2] in IMAGE_SUFFIXES)
    except OSError:
        return ()
    return tuple(_stamp(name) for name in names)


def _stamp(path: Path | str) -> _Stamp:
    try:
        status = os.stat(path)  # noqa: PTH116 - a Path for each picture at each look would be most of the time
    except OSError:
        return (0, 0, 0, 0)
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


def _place(path: Path) -> Path:
    """Return where a file is, however its folder was named; a link counts as a file of its own."""
    return path.parent.resolve() / path.name


def _same_id(quiz_id: str, first: Path) -> str:
    return f"the id {quiz_id} is taken by {first}; the file's name is the quiz's id, so rename one of them"
