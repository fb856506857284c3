"""Pictures beside a quiz: read with it, and refused if they are not what they say."""

from pathlib import Path

import pytest
from quiz_texts import GOOD, good_but, told

from bot.content.images import MAX_IMAGE_BYTES
from bot.content.loader import LoadedQuiz, load_quiz
from bot.content.problems import QuizFileError
from bot.domain.pictures import Image

HEADS = {
    "png": b"\x89PNG\r\n\x1a\n",
    "jpg": b"\xff\xd8\xff\xe0",
    "jpeg": b"\xff\xd8\xff\xe1",
    "gif": b"GIF89a",
    "webp": b"RIFF\x10\0\0\0WEBP",
}


def load_with(folder: Path, *names: str) -> LoadedQuiz:
    """Load the good quiz with a picture for each of its questions."""
    text = GOOD
    for key, name in zip(("key: Paris", "key: B"), names, strict=False):
        text = text.replace(key, f'{key}\n    image: "{name}"')
    path = folder / "capitals.yaml"
    path.write_text(text, encoding="utf-8")
    return load_quiz(path)


def complaint(folder: Path, *names: str) -> str:
    with pytest.raises(QuizFileError) as raised:
        load_with(folder, *names)
    (problem,) = raised.value.problems
    assert problem.key in {"question 1, image", "question 2, image"}
    assert problem.line in {11, 18}
    return problem.message


@pytest.mark.parametrize("suffix", HEADS)
def test_a_picture_comes_with_its_question(tmp_path: Path, suffix: str) -> None:
    name = f"Map of France.v2.{suffix}"
    (tmp_path / name).write_bytes(HEADS[suffix] + b"data")
    questions = load_with(tmp_path, name).quiz.questions
    assert questions[0].image == Image.of(name, HEADS[suffix] + b"data")
    assert questions[1].image is None


@pytest.mark.parametrize(
    "name",
    [
        "../a.png",
        "a/b.png",
        "/etc/a.png",
        "..",
        ".hidden.png",
        "a\\\\b.png",
        "C:a.png",
        "a.svg",
        "A.PNG",
        "https://x/a.png",
    ],
)
def test_a_picture_is_a_plain_file_name(tmp_path: Path, name: str) -> None:
    assert complaint(tmp_path, name) == (
        "is not a plain picture file name; write one like diagram.png (or .jpg, .jpeg, .gif, .webp)"
    )


def test_a_picture_that_is_not_there_is_missed(tmp_path: Path) -> None:
    assert (
        complaint(tmp_path, "a.png") == "a.png is not next to the quiz file; put it there or correct its name"
    )


def test_a_picture_that_is_a_folder_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.png").mkdir()
    assert complaint(tmp_path, "a.png").startswith("a.png is not next to the quiz file")


def test_a_link_does_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(HEADS["png"])
    folder = tmp_path / "quizzes"
    folder.mkdir()
    (folder / "a.png").symlink_to(secret)
    assert complaint(folder, "a.png") == (
        "a.png is a link to another folder; put the picture itself next to the quiz file"
    )


def test_a_picture_that_a_platform_mounts_as_a_link_is_taken(tmp_path: Path) -> None:
    version = tmp_path / "..2026_11_28"
    version.mkdir()
    (version / "a.png").write_bytes(HEADS["png"])
    (tmp_path / "..data").symlink_to(version.name)
    (tmp_path / "a.png").symlink_to("..data/a.png")
    assert load_with(tmp_path, "a.png").quiz.questions[0].image == Image.of("a.png", HEADS["png"])


def test_a_link_leads_out_of_the_folder_by_no_detour(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(HEADS["png"])
    folder = tmp_path / "quizzes"
    folder.mkdir()
    (folder / "..data").symlink_to("..")
    (folder / "a.png").symlink_to("..data/secret.png")
    assert complaint(folder, "a.png").startswith("a.png is a link to another folder")


def test_a_picture_is_judged_by_its_bytes_and_not_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(HEADS["jpg"])
    assert complaint(tmp_path, "a.png") == "a.png is a JPG picture; rename it to a.jpg"
    (tmp_path / "a.png").write_bytes(b"<svg onload=alert(1)>")
    assert (
        complaint(tmp_path, "a.png")
        == "a.png is not a PNG, JPEG, GIF or WebP picture; save it as one of these"
    )
    (tmp_path / "a.png").write_bytes(b"")
    assert (
        complaint(tmp_path, "a.png")
        == "a.png is not a PNG, JPEG, GIF or WebP picture; save it as one of these"
    )


def test_a_picture_is_at_most_two_mebibytes(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(HEADS["png"].ljust(MAX_IMAGE_BYTES, b"\0"))
    assert load_with(tmp_path, "a.png").quiz.questions[0].image is not None
    (tmp_path / "a.png").write_bytes(HEADS["png"].ljust(MAX_IMAGE_BYTES + 1, b"\0"))
    assert complaint(tmp_path, "a.png") == "a.png is larger than 2 MiB; make it smaller"


def test_the_pictures_of_a_quiz_are_at_most_eight_mebibytes(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(HEADS["png"].ljust(MAX_IMAGE_BYTES, b"\0"))
    question = "  - {{stem: x{}, options: [a, b], key: a, explanation: e, image: a.png}}\n"
    path = tmp_path / "capitals.yaml"
    path.write_text(GOOD + "".join(map(question.format, range(5))), encoding="utf-8")
    with pytest.raises(QuizFileError) as raised:
        load_quiz(path)
    (problem,) = raised.value.problems
    assert (problem.line, problem.key) == (22, "question 7, image")
    assert problem.message == "this takes the quiz's pictures over 8 MiB; make some smaller"


def test_a_picture_may_be_shown_twice(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(HEADS["png"].ljust(MAX_IMAGE_BYTES, b"\0"))
    images = [question.image for question in load_with(tmp_path, "a.png", "a.png").quiz.questions]
    assert images[0] is images[1]


def test_a_missing_picture_is_told_with_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "capitals.yaml"
    path.write_text(good_but("key: B\n", "image: a.png\n"), encoding="utf-8")
    with pytest.raises(QuizFileError) as raised:
        load_quiz(path)
    assert [problem.key for problem in raised.value.problems] == ["question 2, key", "question 2, image"]


def test_a_quiz_without_a_folder_reads_no_files() -> None:
    ((line, _, key, message),) = told(good_but("key: B", "key: B\n    image: a.png"))
    assert (line, key) == (17, "question 2, image")
    assert message == "a.png was not sent along; remove the picture, or keep the quiz in a folder with it"
