"""What the documents show works, what they quote is said, and where they link to is there."""

import ast
import asyncio
import itertools
import re
import shlex
import sqlite3
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from typer.testing import CliRunner

from bot.cli import app
from bot.content.loader import parse_quiz
from bot.content.schema import quiz_schema
from bot.services.recurrence import Recurrence
from bot.storage.database import Database
from bot.storage.tables import metadata
from bot.ui.start_words import read_start
from bot.wiring import load_quizzes
from tests.builders import choice
from tests.documents import DOCUMENTS, ROOT, blocks, read

# --- examples -------------------------------------------------------------------------------------


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_the_times_that_the_guide_gives_as_examples_are_understood(zone: str) -> None:
    guide, now = read("docs/moderate.md"), datetime(2026, 11, 23, 12, tzinfo=UTC)
    given = dict(re.findall(r"^\| `(when|repeat)` \| (.*) \|$", guide, re.MULTILINE))
    whens, repeats = (
        re.findall("`([^`]+)`", given[name].replace("`/settings`", "")) for name in ("when", "repeat")
    )
    pairs = [*itertools.product(whens, [None]), *itertools.product(["fri 16:00"], repeats)]
    shown = re.findall(r"^ */schedule .*when:.*$", guide + read("README.md"), re.MULTILINE)
    for line in shown:
        options = dict(re.findall(r"(\w+):(.*?)(?= [a-z]+:|$)", line))
        pairs.append((options["when"], options.get("repeat")))
    assert len(pairs) > 12
    for when, repeat in pairs:
        start = read_start(when, repeat, zone=ZoneInfo(zone), now=now)
        assert Recurrence.read(start.first, start.repeat, until=None, times=None).after(None)


@pytest.mark.parametrize("name", ["README.md", "docs/write.md"])
def test_the_example_quiz_is_valid(name: str, tmp_path: Path) -> None:
    (example,) = blocks(name, "yaml")
    (tmp_path / "capitals.yaml").write_text(example, encoding="utf-8")
    loaded, problems = load_quizzes(tmp_path)
    assert problems == []
    assert len(loaded[0].quiz.questions) == 2
    assert choice(loaded[0].quiz.questions[1]).options[-1].pinned == (name == "docs/write.md")


def test_the_problem_that_the_docs_show_is_what_validate_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (example,) = blocks("docs/write.md", "yaml")
    (shown,) = [block for block in blocks("docs/write.md", "text") if block.startswith("$ ")]
    command, _, said = shown.partition("\n")
    Path("my-quizzes").mkdir()
    spoiled = example.replace("key: Paris\n", "key: Pariss\n")
    Path("my-quizzes/capitals.yaml").write_text(spoiled, encoding="utf-8")
    result = CliRunner().invoke(app, shlex.split(command)[2:])
    assert (result.exit_code, result.stderr) == (1, said)


def test_the_reference_lists_every_key_of_a_quiz_file_with_its_limits_and_no_others() -> None:
    schema = quiz_schema()
    parts = {"quiz": schema} | {part["title"].lower(): part for part in schema["$defs"].values()}
    sections = re.split(r"^## An? (\w+)$", read("docs/reference/quiz-files.md"), flags=re.MULTILINE)[1:]
    documented = dict(zip(sections[::2], sections[1::2], strict=True))
    for name, part in parts.items():
        table = re.findall(r"^\| `(\w+)` \|(.*?)\| (.*) \|$", documented[name], re.MULTILINE)
        assert {key for key, _, _ in table} == set(part["properties"])
        assert {key for key, given, _ in table if given == " required "} == set(part["required"])
        for key, _, what in table:
            limits = set(re.findall(r"[\d,]+(?= characters)", what))
            assert limits <= {f"{part['properties'][key].get('maxLength', 0):,}"}, key


@pytest.mark.parametrize("floor", ["bot", "tests"])
def test_the_house_that_contributing_shows_is_the_one_that_stands(floor: str) -> None:
    (house,) = [block for block in blocks("CONTRIBUTING.md", "text") if block.startswith("bot/")]
    (rooms,) = re.findall(rf"^{floor}/\n((?:  .*\n)+)", house, re.MULTILINE)
    there = [path for path in (ROOT / floor).iterdir() if not path.name.startswith("__")]
    expected = {f"{path.name}/" for path in there if path.is_dir()}
    if floor == "bot":  # beside the tests are only their helpers
        expected |= {path.name for path in there if path.is_file()}
    assert set(re.findall(r"^  (\S+)", rooms, re.MULTILINE)) == expected


def said_by_the_bot() -> str:
    """Return every text in the code, with … for what is filled in."""
    texts: list[str] = []
    for path in (ROOT / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [part.value if isinstance(part, ast.Constant) else "…" for part in node.values]
                texts.append("".join(map(str, parts)))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.append(node.value)
    return "\n".join(texts)


def test_what_the_bot_says_in_trouble_is_quoted_as_it_says_it() -> None:
    quoted = re.findall("“([^”]+)”", read("docs/troubleshooting.md"))
    discord_s_own = {"This interaction failed", "The application did not respond"}
    said = said_by_the_bot()
    assert len(quoted) > 8
    for sentence in set(quoted) - discord_s_own:
        for part in sentence.split("…"):
            assert part.strip() in said, f"the bot does not say: {sentence}"


def test_the_code_that_contributing_shows_is_in_the_files_that_it_names() -> None:
    shown = re.findall(r"[Ff]rom\s+`([^`]+\.py)`:\n\n```python\n(.*?)```", read("CONTRIBUTING.md"), re.DOTALL)
    assert len(shown) >= 5
    for path, code in shown:
        lines = [line.strip() for line in read(path).splitlines()]
        wanted = [line.strip() for line in code.splitlines()]
        found = any(lines[at : at + len(wanted)] == wanted for at in range(len(lines)))
        assert found, f"{path} does not have:\n{code}"


async def run(command: str, folder: Path) -> None:
    """Run a documented command of .venv/bin/python with the Python of these tests."""
    running = await asyncio.create_subprocess_exec(sys.executable, *shlex.split(command)[1:], cwd=folder)
    assert await running.wait() == 0


async def test_the_backup_works_beside_a_running_bot(tmp_path: Path) -> None:
    (backup,) = [line for line in blocks("docs/host.md", "bash") if ".backup(" in line]
    async with Database.open(tmp_path / "data" / "quizhost.sqlite3"):
        await run(backup, tmp_path)
    with sqlite3.connect(tmp_path / "backup.sqlite3") as copied:
        assert copied.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
    copied.close()


async def test_forgetting_somebody_reaches_every_column_with_a_person_s_id(tmp_path: Path) -> None:
    (statements,) = blocks("docs/privacy.md", "sql")
    reached = set(re.findall(r"(?:FROM|UPDATE) (\w+) .*?WHERE (\w+) = 123;", statements))
    with_person = {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if column.name in {"player_id", "host_id", "member_id", "user_id"}
    }
    assert reached == with_person
    async with Database.open(tmp_path / "data" / "quizhost.sqlite3"):
        pass
    (tmp_path / "forget.sql").write_text(statements, encoding="utf-8")
    (command,) = blocks("docs/privacy.md", "bash")
    await run(command, tmp_path)


# --- versions and commands --------------------------------------------------------------------------


def test_the_changelog_tells_of_the_version_that_is_built() -> None:
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    assert f"\n## [{version}]" in read("CHANGELOG.md")
    assert "\n## [Unreleased]\n" in read("CHANGELOG.md")


def test_ci_runs_the_tests_as_the_readme_does() -> None:
    (line,) = [block for block in blocks("README.md", "bash") if "pytest" in block]
    *_, install, test = line.strip().split(" && ")
    assert install == ".venv/bin/pip install -q -e '.[dev]'"
    assert install.replace("dev", "dev,docs") in read(".ci/run").splitlines()
    assert f"{test} --cov" in read(".ci/run").splitlines()


def test_the_workflow_on_github_runs_what_developers_run() -> None:
    workflow = yaml.safe_load(read(".github/workflows/ci.yml"))
    assert {"run": ".ci/run"} in workflow["jobs"]["checks"]["steps"]


@pytest.mark.parametrize(
    "path", sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("[!c]*.yml")), ids=lambda p: p.stem
)
def test_an_issue_form_asks_for_something_and_says_for_what(path: Path) -> None:
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert form["name"]
    assert form["description"]
    asked = {field["id"]: field["attributes"]["label"] for field in form["body"]}
    assert len(asked) == len(form["body"])
    assert any(field.get("validations", {}).get("required") for field in form["body"])


def anchors(path: Path) -> set[str]:
    """Return what GitHub makes of a document's headings."""
    headings = re.findall("^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_file_and_heading_that_a_document_links_to_is_there(name: str) -> None:
    text = read(name).replace("https://github.com/quizhost/quizhost/blob/main/", f"{ROOT}/")
    for target, heading in re.findall(r"\]\((?!https:)([^)#]*)#?([^)]*)\)", text):
        path = (ROOT / name).parent / (target or Path(name).name)
        assert path.is_file(), f"{name} links to {target}"
        assert not heading or heading in anchors(path), f"{name} links to {target}#{heading}"


def test_the_readme_stays_short() -> None:
    assert len(read("README.md").splitlines()) <= 130


def test_the_shipped_quiz_of_the_changelog_is_there() -> None:
    (path,) = (ROOT / "quizzes").rglob("mlops-basics.yaml")
    assert parse_quiz(path, path.read_bytes()).quiz.title in read("CHANGELOG.md")
