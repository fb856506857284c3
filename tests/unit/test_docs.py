"""What the reference says is what the code does, in both directions."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import discord
import pytest
import typer
from discord import app_commands
from typer.testing import CliRunner

from bot.cli import app
from bot.config import Config
from bot.domain import settings as server_settings
from bot.ui import places
from bot.ui.cards.settings import in_words
from tests.documents import DOCUMENTS, ROOT, read, rows
from tests.world import World

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
