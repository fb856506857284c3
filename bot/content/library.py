"""A folder of quiz files: every quiz that can be used, and every problem of those that cannot."""

from pathlib import Path

from bot.content.loader import LoadedQuiz, load_quiz
from bot.content.problems import Problem, QuizFileError

_SUFFIXES = {".yaml", ".yml"}


def find_quiz_files(folder_or_file: Path) -> list[Path]:
    """Return the quiz files in a folder and all folders in it, sorted; hidden ones are passed over."""
    if folder_or_file.is_file():
        return [folder_or_file]
    return sorted(
        path
        for path in folder_or_file.rglob("*")
        if path.suffix.lower() in _SUFFIXES
        and not any(part.startswith(".") for part in path.relative_to(folder_or_file).parts)
        and path.is_file()
    )


def load_folder(folder: Path) -> tuple[list[LoadedQuiz], list[Problem]]:
    """Load every quiz of a folder; of several with the same id, the first by path is kept."""
    if not folder.exists():
        return [], [Problem(folder, 1, 1, "file", "does not exist; give the folder that holds the quizzes")]
    loaded: dict[str, LoadedQuiz] = {}
    problems: list[Problem] = []
    for path in find_quiz_files(folder):
        try:
            quiz = load_quiz(path)
        except QuizFileError as error:
            problems.extend(error.problems)
            continue
        first = loaded.setdefault(quiz.quiz.id, quiz)
        if first is not quiz:
            problems.append(Problem(path, 1, 1, "file", _same_id(quiz.quiz.id, first.path)))
    return list(loaded.values()), problems


def _same_id(quiz_id: str, first: Path) -> str:
    return f"the id {quiz_id} is taken by {first}; the file's name is the quiz's id, so rename one of them"
