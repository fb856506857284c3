"""What the documents say is what the code does, in both directions."""

import ast
import asyncio
import itertools
import re
import shlex
import sqlite3
import sys
import textwrap
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import discord
import pytest
import typer
import yaml
from discord import app_commands
from typer.testing import CliRunner

from bot.cli import app
from bot.config import Config
from bot.content.loader import parse_quiz
from bot.content.schema import quiz_schema
from bot.domain import settings as server_settings
from bot.services.recurrence import Recurrence
from bot.storage.database import Database
from bot.storage.tables import metadata
from bot.ui import places
from bot.ui.cards.settings import in_words
from bot.ui.start_words import read_start
from bot.wiring import load_quizzes
from tests.world import World

ROOT = Path(__file__).parents[2]
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))
DOCUMENTS = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", *PAGES]


@cache
def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    """Return the code blocks in this language, without their indentation."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```$", read(name), re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(block) for _, block in found]


def rows(page: str, heading: str) -> list[list[str]]:
    """Return the cells of the table whose heading begins so, on a page of the reference."""
    name = f"docs/reference/{page}.md"
    _, _, after = read(name).partition(f"| {heading} |")
    assert after, f"{name} has no table with {heading}"
    table = after.partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in table]


# --- slash commands -------------------------------------------------------------------------------


def leaves(world: World) -> Iterator[app_commands.Command[Any, ..., Any]]:
    for command in world.app.bot.tree.walk_commands():
        if isinstance(command, app_commands.Command):
            yield command


def usage(command: app_commands.Command[Any, ..., Any]) -> str:
    """Return a command with its options as the reference writes it."""
    options = [
        f"<{option.display_name}>" if option.required else f"[{option.display_name}]"
        for option in command.parameters
    ]
    return " ".join((f"/{command.qualified_name}", *options))


async def test_the_reference_lists_every_slash_command_with_its_options_and_no_others(world: World) -> None:
    documented = {cells[0].strip("`"): cells for cells in rows("commands", "Command | Who")}
    assert {usage(command) for command in leaves(world)} == set(documented)


async def test_the_reference_says_who_may_run_a_command_and_what_can_be_chosen(world: World) -> None:
    documented = {cells[0].strip("`"): cells for cells in rows("commands", "Command | Who")}
    for command in leaves(world):
        root = command.root_parent or command
        _, who, what = documented[usage(command)]
        assert who == ("all" if root.default_permissions is None else "moderators")
        for option in command.parameters:
            for choice in option.choices:
                assert str(choice.value) in what, f"{usage(command)}: {choice.value} is not explained"


async def test_no_document_names_a_slash_command_or_an_option_that_does_not_exist(world: World) -> None:
    known = {command.qualified_name: set[str]() for command in world.app.bot.tree.walk_commands()}
    known |= {
        command.qualified_name: {o.display_name for o in command.parameters} for command in leaves(world)
    }
    for name in DOCUMENTS:
        for written in re.findall(r"(?:^ *|`)/([a-z][^`/\n]*)(?:`|$)", read(name), re.MULTILINE):
            command, *given = re.split(r" (?=[a-z]+:|[<\[])", written)
            assert command in known, f"{name} names /{command}"
            options = {re.sub("[^a-z].*", "", option.strip("<[")) for option in given}
            assert options <= known[command], f"{name} gives /{command} {options - known[command]}"


async def test_moderators_are_those_with_the_permission_that_the_reference_names(world: World) -> None:
    asked = {command.default_permissions for command in world.app.bot.tree.get_commands()} - {None}
    assert asked == {discord.Permissions(manage_events=True)}
    for page in ("docs/reference/commands.md", "docs/moderate.md"):
        assert "*Moderators* are members with the permission Manage Events" in read(page)


# --- the command line -----------------------------------------------------------------------------


def commands_of(group: Any) -> dict[str, Any]:
    """Return every command by what one types: "replay", "schedule export"."""
    found: dict[str, Any] = {}
    for name, command in group.commands.items():
        inner = commands_of(command) if hasattr(command, "commands") else {"": command}
        found |= {f"{name} {rest}".strip(): one for rest, one in inner.items()}
    return found


def options_of(name: str, command: Any) -> set[str]:
    """Return what the reference has to say of a command's options."""
    flags: set[str] = set()
    for option in command.params:
        if option.param_type_name != "option" or option.name == "help":
            continue
        # Of --browser/--no-browser, the one that changes something is worth saying.
        flags.update(option.secondary_opts if option.default is True else option.opts)
    return flags


def test_the_reference_lists_every_command_of_the_command_line_with_its_options_and_no_others() -> None:
    group: Any = typer.main.get_command(app)
    arguments = {"demo": " [paths]...", "validate": " [paths]...", "replay": " ROUND"}
    expected = {f"quizhost {name}{arguments.get(name, '')}": name for name in commands_of(group)}
    documented = {cells[0].strip("`"): cells[-1] for cells in rows("command-line", "Command | What it does")}
    assert set(documented) == set(expected)
    for row, text in documented.items():
        name = expected[row]
        assert set(re.findall(r"`(--[a-z-]+)`", text)) == options_of(name, commands_of(group)[name]), row
        said = (
            CliRunner().invoke(app, [*name.split(), "--help"]).stdout.translate(str.maketrans("", "", "{}"))
        )
        assert row in " ".join(said.replace("[OPTIONS] ", "").split())


def test_no_document_runs_a_command_that_does_not_exist() -> None:
    group: Any = typer.main.get_command(app)
    known = commands_of(group)
    names = "|".join(sorted((*known, "[a-z]+"), key=len, reverse=True))
    for name in DOCUMENTS:
        for command, option in re.findall(
            rf"(?:^|`|bin/)quizhost ({names})(?: (--[a-z-]+))?[^a-z(]", without_links(name), re.MULTILINE
        ):
            assert command in known, f"{name} runs quizhost {command}"
            assert not option or option in options_of(command, known[command])


def without_links(name: str) -> str:
    """Return what is code in a document: prose and addresses name the project, too."""
    code = re.findall(r"```.*?```|`[^`]+`", read(name), re.DOTALL)
    return "\n".join(re.sub(r"git clone \S+ && cd \S+", "", block) for block in code) + "\n"


# --- settings -------------------------------------------------------------------------------------


def settings() -> dict[str, tuple[str, str]]:
    """Return each variable's default, as a document writes it, and its description."""
    found: dict[str, tuple[str, str]] = {}
    for field in Config.model_fields.values():
        plain = field.default_factory is None and field.default is not None
        assert field.alias, "every setting has a variable"
        assert field.description, "every setting is described"
        found[field.alias] = (str(field.default) if plain else "", field.description)
    return found


def test_the_reference_lists_every_setting_with_its_default_and_no_others() -> None:
    documented = {
        name.strip("`"): (default.strip("`").replace("–", ""), description)
        for name, default, description in rows("environment", "Variable")
    }
    assert documented == settings()


def test_the_example_file_lists_every_variable_with_its_comment_and_no_others() -> None:
    paragraphs = [paragraph.splitlines() for paragraph in read(".env.example").strip().split("\n\n")[1:]]
    documented = {
        assignment.lstrip("#").partition("=")[0]: (assignment.partition("=")[2], " ".join(comments))
        for *comments, assignment in paragraphs
    }
    assert set(documented) == set(settings())
    for name, (default, description) in settings().items():
        written, comment = documented[name]
        assert f"# {description}" in comment
        assert not default or written == default


def test_the_example_file_s_values_are_the_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in settings():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(ROOT)
    example = tmp_path / "env"
    example.write_text(re.sub("^#(?=[A-Z])", "", read(".env.example"), flags=re.MULTILINE), encoding="utf-8")
    written, defaults = (
        Config(_env_file=file)  # pyright: ignore[reportCallIssue] - the rest comes from the file
        for file in (example, None)
    )
    assert written.database_path == defaults.database_path
    assert written.quizzes.resolve() == defaults.quizzes.resolve()
    left_out = {"database_url", "quizzes"}
    assert written.model_dump(exclude=left_out) == defaults.model_dump(exclude=left_out)


def test_no_document_names_a_variable_that_does_not_exist() -> None:
    for name in (*DOCUMENTS, ".env.example"):
        written = set(re.findall(r"\b(?:QUIZHOST|DISCORD|LOG|DATABASE)_[A-Z_]+", read(name)))
        assert written <= set(settings())


# --- server settings ------------------------------------------------------------------------------


def test_the_reference_lists_every_server_setting_with_its_default_and_no_others() -> None:
    documented = {title: (default, what) for title, default, what in rows("server-settings", "Setting")}
    assert documented == {
        one.title: (in_words(one, one.default), one.help) for one in server_settings.SETTINGS.values()
    }


def test_the_help_of_a_server_setting_names_its_bounds_and_fits_where_discord_shows_it() -> None:
    for one in server_settings.SETTINGS.values():
        assert 1 <= len(one.title) <= 45, "the title of a form"
        assert 1 <= len(one.help) <= 100, "a line of a menu"
        assert one.help.endswith(".")
        if isinstance(one.kind, server_settings.Number):
            assert {str(one.kind.least), str(one.kind.most)} <= set(re.findall(r"\d+", one.help))


# --- the invitation -------------------------------------------------------------------------------


def test_the_invitation_asks_for_what_the_stage_needs() -> None:
    needed = {*places._NEEDED, *places._NEEDED_IN_THREAD, *places._NEEDED_FOR_THREAD}
    permissions = discord.Permissions(**dict.fromkeys(needed, True))
    (link,) = re.findall(r"https://discord\.com/oauth2/authorize\S+", read("docs/host.md"))
    assert f"permissions={permissions.value}" in link.split("&")
    assert "scope=bot+applications.commands" in link.split("&")


def test_the_reference_adds_up_what_all_options_need() -> None:
    needed = {*places._NEEDED, *places._NEEDED_IN_THREAD, *places._NEEDED_FOR_THREAD}
    permissions = discord.Permissions(**dict.fromkeys({*needed, "create_events", "mention_everyone"}, True))
    assert f"`permissions={permissions.value}`" in read("docs/reference/permissions.md")


def test_the_reference_names_the_permissions_as_discord_does() -> None:
    titles = {
        "view_channel": "View Channels",
        "send_messages": "Send Messages",
        "send_messages_in_threads": "Send Messages in Threads",
        "create_public_threads": "Create Public Threads",
        "attach_files": "Attach Files",
        "read_message_history": "Read Message History",
    }
    needed = {*places._NEEDED, *places._NEEDED_IN_THREAD, *places._NEEDED_FOR_THREAD}
    documented = [title for cells in rows("permissions", "Permission") for title in cells[0].split(", ")]
    assert sorted(documented) == sorted(titles[name] for name in needed)
    assert places._NEEDED_IN_VOICE == ("connect",)
    assert "voice or stage channel, Quizhost needs **Connect**" in read("docs/reference/permissions.md")


async def test_the_bot_asks_for_no_privileged_intent(world: World) -> None:
    assert world.app.bot.intents == discord.Intents(guilds=True)


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_the_times_that_the_guide_gives_as_examples_are_understood(zone: str) -> None:
    guide, now = read("docs/moderate.md"), datetime(2026, 11, 23, 12, tzinfo=UTC)
    given = dict(re.findall(r"^\| `(when|repeat)` \| (.*) \|$", guide, re.MULTILINE))
    whens, repeats = (
        re.findall("`([^`]+)`", given[name].replace("`/settings`", "")) for name in ("when", "repeat")
    )
    pairs = [*itertools.product(whens, [None]), *itertools.product(["fri 16:00"], repeats)]
    pairs += re.findall(r"^/schedule add .*when:(.*?) repeat:(.*?)(?: \w+:.*)?$", guide, re.MULTILINE)
    assert len(pairs) > 12
    for when, repeat in pairs:
        start = read_start(when, repeat, zone=ZoneInfo(zone), now=now)
        assert Recurrence.read(start.first, start.repeat, until=None, times=None).after(None)


# --- examples -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["README.md", "docs/write.md"])
def test_the_example_quiz_is_valid(name: str, tmp_path: Path) -> None:
    (example,) = blocks(name, "yaml")
    (tmp_path / "capitals.yaml").write_text(example, encoding="utf-8")
    loaded, problems = load_quizzes(tmp_path)
    assert problems == []
    assert len(loaded[0].quiz.questions) == 2
    assert loaded[0].quiz.questions[1].options[-1].pinned == (name == "docs/write.md")


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
