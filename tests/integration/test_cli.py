"""The command line as whoever runs it meets it: exit codes and sentences, and never a traceback."""

import os
import sqlite3
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from filelock import FileLock
from typer.testing import CliRunner, Result

from bot import cli
from bot.content.schema import quiz_schema_text
from bot.storage.revisions import migrate
from tests.world import QUIZ

#: Every command, and something that its help says.
COMMANDS = {
    "run": "DISCORD_TOKEN is the only one you must set",
    "demo": "no token, no network, no server",
    "validate": "by default, what the bot would load (QUIZHOST_QUIZZES)",
    "schema": "JSON Schema of quiz files",
    "replay": "Rebuild a round's board from its answer log",
}
BOMB = "l0: &l0 [x, x]\n" + "".join(f"l{n}: &l{n} [*l{n - 1}, *l{n - 1}]\n" for n in range(1, 30))


def invoke(*arguments: str | Path) -> Result:
    """Run a command in this process; whatever is not an exit code is raised."""
    result = CliRunner().invoke(cli.app, [str(one) for one in arguments])
    if not isinstance(result.exception, SystemExit | None):
        raise result.exception
    return result


# --- help and schema ------------------------------------------------------------------------------


def test_help_names_every_command() -> None:
    result = invoke("--help")
    assert result.exit_code == 0
    for name in COMMANDS:
        assert f"│ {name} " in result.stdout


def test_no_command_is_forgotten_here() -> None:
    assert {info.name or info.callback.__name__ for info in cli.app.registered_commands if info.callback} == {
        *COMMANDS
    }


@pytest.mark.parametrize(("command", "said"), COMMANDS.items())
def test_every_command_explains_itself(command: str, said: str) -> None:
    result = invoke(command, "--help")
    assert result.exit_code == 0
    assert said in " ".join(result.stdout.replace("│", " ").split())


def test_no_command_shows_the_help_and_is_no_success() -> None:
    result = invoke()
    assert result.exit_code == 2
    assert "validate" in result.output


def test_the_version_is_that_of_the_project(pytestconfig: pytest.Config) -> None:
    project = tomllib.loads((pytestconfig.rootpath / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    result = invoke("--version")
    assert (result.exit_code, result.stdout) == (0, f"quizhost {project['version']}\n")


def test_an_unknown_command_is_named() -> None:
    result = invoke("start")
    assert result.exit_code == 2
    assert "start" in result.stderr


def test_schema_prints_the_shipped_schema(pytestconfig: pytest.Config) -> None:
    shipped = pytestconfig.rootpath / "quizzes" / "quiz.schema.json"
    result = invoke("schema")
    assert (result.exit_code, result.stdout) == (0, quiz_schema_text())
    assert result.stdout == shipped.read_text(encoding="utf-8")


def test_the_demo_without_its_extra_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [one for one in sys.modules if one.partition(".")[0] == "simcord" or "bot.demo" in one]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "simcord", None)
    result = invoke("demo", "--autoplay")
    assert result.exit_code == 1
    assert result.stderr == (
        "The demo needs simcord. Install it from your clone: .venv/bin/pip install -e '.[demo]'\n"
    )


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    result = invoke("demo", "--port", port)
    assert result.exit_code == 2
    assert "--port" in result.stderr


# --- validate -------------------------------------------------------------------------------------


def test_validate_without_a_path_checks_the_shipped_quizzes(pytestconfig: pytest.Config) -> None:
    shipped = len(list((pytestconfig.rootpath / "quizzes").rglob("*.yaml")))
    result = invoke("validate")
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"\n{shipped} quiz" in result.stdout


def test_validate_counts_the_quizzes_of_all_paths(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(QUIZ, encoding="utf-8")
    (tmp_path / "deep" / "down").mkdir(parents=True)
    (tmp_path / "deep" / "down" / "two.yml").write_text(QUIZ, encoding="utf-8")
    both = invoke("validate", tmp_path / "one.yaml", tmp_path / "deep").stdout
    assert both.endswith("\n2 quizzes are valid.\n")
    assert invoke("validate", tmp_path / "one.yaml").stdout.endswith("\n1 quiz is valid.\n")


def test_validate_tells_a_missing_path_from_an_empty_folder(tmp_path: Path) -> None:
    missing = invoke("validate", tmp_path / "nope")
    assert missing.exit_code == 1
    assert missing.stderr.startswith(f"{tmp_path / 'nope'}:1:1 file: does not exist; ")
    empty = invoke("validate", tmp_path)
    assert empty.exit_code == 1
    assert empty.stderr == f"There are no quiz files (*.yaml, *.yml) in {tmp_path}.\n"


def test_one_bad_file_among_good_ones_fails_the_whole_run(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(QUIZ, encoding="utf-8")
    (tmp_path / "bad.yaml").write_text("", encoding="utf-8")
    result = invoke("validate", tmp_path)
    assert (result.exit_code, result.stdout) == (1, f"{tmp_path / 'good.yaml'}: Capitals, 3 questions\n")
    assert result.stderr.endswith("\n1 problem found.\n")


def but(old: str, new: str) -> str:
    """Return the good quiz with one thing changed."""
    assert QUIZ.count(old) == 1
    return QUIZ.replace(old, new)


#: What is in the file, where the problem is, what is said of it, and whether there is a line to point at.
BAD_FILES: Mapping[str, tuple[str | bytes, str, str, bool]] = {
    "empty": ("", "1:1 file", "is empty; a quiz has title", False),
    "binary": (bytes(range(256)), "1:1 file", "is not text but binary data", False),
    "ten megabytes": (b"#" * 10_000_000, "1:1 file", "is larger than 256 KiB", False),
    "Latin-1": (QUIZ.replace("Geography", "Städte").encode("latin-1"), "2:13 file", "not UTF-8", True),
    "a YAML bomb": (BOMB, "2:10 l1 1", "is a YAML alias, which quiz files do not use", True),
    "a list": ("- one\n- two\n", "1:1 file", "contains a list", True),
    "a tab": (but("    options: [Paris", "\toptions: [Paris"), "6:1 this line", "with a tab", True),
    "yes and no": (
        but("[Paris, Lyon, Nice, Lille]", "[yes, no]"),
        "6:15 question 1, option 1",
        'write it in quotes: "yes"',
        True,
    ),
    "a key that is no option": (
        but("key: Canberra", "key: Melbourne"),
        "11:10 question 2, key",
        '"Melbourne" is not one of the options',
        True,
    ),
    "the same option twice": (
        but("[Istanbul, Izmir, Ankara, Bursa]", "[Izmir, Izmir, Ankara]"),
        "14:22 question 3, option 2",
        '"Izmir" repeats option 1',
        True,
    ),
    "thirty options": (
        but("[Istanbul, Izmir, Ankara, Bursa]", f"[Ankara, {', '.join(f'city {n}' for n in range(29))}]"),
        "14:5 question 3, options",
        "has 30 entries; 2 to 10 are allowed",
        True,
    ),
    "an unknown key": (
        but("title:", "titel:"),
        "1:1 titel",
        "is not a key of a quiz; did you mean title?",
        True,
    ),
    "an open quote": (but("title: Cap", 'title: "Cap'), "1:8 this line", "opens a quote", True),
}


@pytest.mark.parametrize(("content", "place", "said", "has_line"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_is_a_place_a_sentence_and_a_caret(
    content: str | bytes, place: str, said: str, has_line: bool, tmp_path: Path
) -> None:
    path = tmp_path / "quiz.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = invoke("validate", path)
    assert (result.exit_code, result.stdout) == (1, "")
    lines = result.stderr.splitlines()
    (at,) = [n for n, line in enumerate(lines) if line.startswith(f"{path}:{place}: ") and said in line]
    assert not has_line or lines[at + 2].strip() == "^"
    assert lines[-1].endswith(("problem found.", "problems found."))


# --- run, before Discord ----------------------------------------------------------------------------


def run_with(folder: Path, monkeypatch: pytest.MonkeyPatch, **settings: str | Path) -> Result:
    """Run the bot in an empty folder with these settings and no others."""
    for name in os.environ:
        if name.startswith("QUIZHOST_") or name in {"DISCORD_TOKEN", "DATABASE_URL", "LOG_LEVEL"}:
            monkeypatch.delenv(name)
    for name, value in settings.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.chdir(folder)
    return invoke("run")


def test_no_token_is_told_with_where_to_get_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = run_with(tmp_path, monkeypatch)
    assert result.exit_code == 1
    assert result.stderr.startswith("DISCORD_TOKEN is not set. Create a bot at https://discord.com/")
    assert list(tmp_path.iterdir()) == []


def test_unusable_settings_are_all_named_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = run_with(
        tmp_path,
        monkeypatch,
        DISCORD_TOKEN="two words",
        DATABASE_URL="postgresql://localhost/quizhost",
        QUIZHOST_QUIZZES=tmp_path / "nope",
        QUIZHOST_PAUSE_SECONDS="301",
        QUIZHOST_LEAD_SECONDS="soon",
        LOG_LEVEL="LOUD",
    )
    assert result.exit_code == 1
    heading, *problems = result.stderr.splitlines()
    assert heading == "These settings cannot be used:"
    assert [problem.split(":")[0].strip() for problem in problems] == [
        "DISCORD_TOKEN",
        "DATABASE_URL",
        "QUIZHOST_QUIZZES",
        "QUIZHOST_PAUSE_SECONDS",
        "QUIZHOST_LEAD_SECONDS",
        "LOG_LEVEL",
    ]
    assert "two words" not in result.stderr
    assert "Input should" not in result.stderr, "those are pydantic's words"


def test_a_misspelt_variable_is_named_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    run_with(tmp_path, monkeypatch, QUIZHOST_PAUSE="5")
    assert [record.getMessage() for record in caplog.records] == [
        "QUIZHOST_PAUSE is set, but Quizhost has no such setting. Did you mean QUIZHOST_PAUSE_SECONDS?"
    ]


def test_a_second_bot_on_the_same_data_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with FileLock(tmp_path / "quizhost.sqlite3.lock"):
        result = run_with(tmp_path, monkeypatch, DISCORD_TOKEN="t", QUIZHOST_DATA=tmp_path)
    assert result.exit_code == 1
    assert f"Another Quizhost is using the data folder {tmp_path}." in result.stderr


def read_only(folder: Path) -> Path:
    """Return a folder that not even root may write to."""
    if os.geteuid() == 0:
        return Path("/sys/kernel")
    folder.chmod(0o500)
    return folder


def test_a_read_only_data_folder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = read_only(tmp_path)
    result = run_with(Path.cwd(), monkeypatch, DISCORD_TOKEN="t", QUIZHOST_DATA=data)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Quizhost cannot use {data}")
    assert "set QUIZHOST_DATA to another folder." in result.stderr


def test_a_data_folder_that_is_a_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = run_with(tmp_path, monkeypatch, DISCORD_TOKEN="t", QUIZHOST_DATA=tmp_path / "file")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Quizhost cannot use {tmp_path / 'file'}")


def test_a_file_that_is_no_database_is_told_and_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("Buy milk. " * 100, encoding="utf-8")
    result = run_with(tmp_path, monkeypatch, DISCORD_TOKEN="t", DATABASE_URL=f"sqlite:///{notes}")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Quizhost cannot use the database {notes}: file is not a database.")
    assert notes.read_text(encoding="utf-8") == "Buy milk. " * 100


def test_a_database_of_a_newer_version_is_told_and_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "quizhost.sqlite3"
    migrate(path)
    with sqlite3.connect(path) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    result = run_with(tmp_path, monkeypatch, DISCORD_TOKEN="t", QUIZHOST_DATA=tmp_path)
    assert result.exit_code == 1
    assert f"{path} is at revision 9999" in result.stderr
    assert "it was written by a newer Quizhost" in result.stderr
    assert not list(tmp_path.glob("*.bak"))


# --- commands that only read ----------------------------------------------------------------------------

READING = (["replay", "1"], ["schedule", "export"], ["schedule", "export", "--ics"])


@pytest.mark.parametrize("command", READING)
@pytest.mark.parametrize("revision", ["0002", "9999", None])
def test_what_only_reads_leaves_a_database_of_another_version_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], revision: str | None
) -> None:
    path = tmp_path / "quizhost.sqlite3"
    with sqlite3.connect(path) as database:
        if revision is not None:
            database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
            database.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
    database.close()
    before = path.read_bytes()
    monkeypatch.setenv("QUIZHOST_DATA", str(tmp_path))
    result = invoke(*command)
    assert result.exit_code == 1
    expected = (
        "it was written by a newer Quizhost" if revision == "9999" else "is not up to date. `quizhost run`"
    )
    assert expected in result.stderr
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("command", READING)
def test_what_only_reads_says_so_if_the_file_is_no_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    (tmp_path / "quizhost.sqlite3").write_text("not a database, whatever its name says" * 100)
    monkeypatch.setenv("QUIZHOST_DATA", str(tmp_path))
    result = invoke(*command)
    assert result.exit_code == 1
    assert "cannot be read as a database" in result.stderr


def test_an_empty_database_of_this_version_has_nothing_scheduled_and_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "quizhost.sqlite3"
    migrate(path)
    before = path.read_bytes()
    monkeypatch.setenv("QUIZHOST_DATA", str(tmp_path))
    assert invoke("schedule", "export").stdout == "Nothing is scheduled.\n"
    assert invoke("schedule", "export", "--ics").stdout.startswith("BEGIN:VCALENDAR")
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
