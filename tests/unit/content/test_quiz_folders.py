"""A folder of quizzes: all that can be used, and all that keeps the others from it."""

from pathlib import Path

from quiz_texts import GOOD, good_but

from bot.content.library import find_quiz_files, load_folder


def write(path: Path, text: str = GOOD) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_quiz_files_are_found_in_all_folders_in_order(tmp_path: Path) -> None:
    expected = [write(tmp_path / name) for name in ("a/z.yaml", "b.yml", "c/d/e.YAML")]
    for name in (".hidden.yaml", ".git/x.yaml", "c/.cache/y.yaml", "quiz.schema.json", "notes.md"):
        write(tmp_path / name)
    (tmp_path / "folder.yaml").mkdir()
    assert find_quiz_files(tmp_path) == expected


def test_a_hidden_folder_may_hold_the_folder_of_quizzes(tmp_path: Path) -> None:
    path = write(tmp_path / ".config" / "quizzes" / "a.yaml")
    assert find_quiz_files(tmp_path / ".config" / "quizzes") == [path]


def test_a_file_stands_for_itself(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt")
    assert find_quiz_files(path) == [path]


def test_good_quizzes_load_beside_bad_ones(tmp_path: Path) -> None:
    write(tmp_path / "good.yaml")
    bad = write(tmp_path / "bad.yaml", good_but("key: B", "key: Z"))
    broken = write(tmp_path / "broken.yaml", "title: [")
    loaded, problems = load_folder(tmp_path)
    assert [quiz.quiz.id for quiz in loaded] == ["good"]
    assert [problem.path for problem in problems] == [bad, broken]


def test_an_id_belongs_to_one_file(tmp_path: Path) -> None:
    first = write(tmp_path / "a" / "capitals.yaml")
    second = write(tmp_path / "b" / "capitals.yml")
    loaded, (problem,) = load_folder(tmp_path)
    assert [quiz.path for quiz in loaded] == [first]
    assert problem.path == second
    assert problem.message == (
        f"the id capitals is taken by {first}; the file's name is the quiz's id, so rename one of them"
    )


def test_a_folder_that_does_not_exist_is_a_problem(tmp_path: Path) -> None:
    loaded, (problem,) = load_folder(tmp_path / "nowhere")
    assert loaded == []
    assert problem.message == "does not exist; give a quiz file, or a folder of them"


def test_an_empty_folder_is_none(tmp_path: Path) -> None:
    assert load_folder(tmp_path) == ([], [])


def test_a_folder_of_a_hundred_files_loads(tmp_path: Path) -> None:
    for number in range(100):
        write(tmp_path / f"quiz-{number}.yaml")
    loaded, problems = load_folder(tmp_path)
    assert (len(loaded), problems) == (100, [])
