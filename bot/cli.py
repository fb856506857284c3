"""The command line: one thin function per command. What they need is imported when they run."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Coroutine, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar
from zoneinfo import ZoneInfo

import typer

from bot.characters import printable

if TYPE_CHECKING:
    from bot.config import Config
    from bot.content.loader import LoadedQuiz
    from bot.content.problems import Problem

log = logging.getLogger(__name__)

T = TypeVar("T")
_QuizPaths = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Quiz files or folders; by default, what the bot would load (QUIZHOST_QUIZZES).",
        show_default=False,
    ),
]

app = typer.Typer(
    name="quizhost",
    help="A Discord bot that hosts quizzes for a team's server: fair, durable, and it tells you why.",
    epilog="New here? `quizhost demo` plays a round on a simulated Discord, without a token.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
schedule_app = typer.Typer(name="schedule", help="Look at scheduled rounds.", no_args_is_help=True)
app.add_typer(schedule_app)


def main() -> None:
    """Run the command line."""
    app()


def _tell_version(*, asked: bool) -> None:
    if asked:
        typer.echo(f"quizhost {version('quizhost')}")
        raise typer.Exit


@app.callback()
def options(
    *,
    _: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_tell_version, is_eager=True),
    ] = False,
) -> None:
    """Handle options that come before a command."""


@app.command()
def run() -> None:
    """Run the bot. Settings come from the environment or from a file named .env.

    DISCORD_TOKEN is the only one you must set; .env.example lists them all. The bot stops cleanly on
    SIGTERM and Ctrl+C, and continues its open rounds when it starts again.
    """
    from bot.config import find_strangers
    from bot.logs import set_up
    from bot.runner import StartError, run_until_stopped

    config = _config()
    set_up(config.log_level)
    for stranger in find_strangers():
        log.warning("%s", stranger)
    try:
        run_until_stopped(config)
    except StartError as error:
        _fail(*error.args)


@app.command()
def demo(
    paths: _QuizPaths = None,
    *,
    autoplay: Annotated[
        bool, typer.Option("--autoplay", help="Play a round by itself in the terminal, in a few seconds.")
    ] = False,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The page's port on this machine; 0 picks a free one.")
    ] = 8765,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
) -> None:
    """Play a round on a simulated Discord: no token, no network, no server.

    The bot is the real one; three simulated colleagues play along. Stop with Ctrl+C.
    """
    try:
        from bot.demo import autoplay as autoplay_demo
        from bot.demo import page
    except ModuleNotFoundError as error:
        _fail(f"The demo needs {error.name}. Install it from your clone: .venv/bin/pip install -e '.[demo]'")
    folders, loaded, problems = _load(paths)
    if not loaded:
        _show(problems)
        _fail("No quiz can be played.")
    quiz = loaded[0].quiz
    if autoplay:
        asyncio.run(autoplay_demo.play(quiz, folders))
    else:
        asyncio.run(page.serve(quiz.id, folders, port=port, open_browser=browser))


@app.command()
def validate(paths: _QuizPaths = None) -> None:
    """Check quiz files: name each quiz, and report every problem with file, line and column.

    Exits with 1 if there are problems; warnings do not count.
    """
    from bot.content.advice import advise
    from bot.text.phrases import count

    _, loaded, problems = _load(paths)
    _show(problems)
    for one in loaded:
        _show(advise(one))
        _say(f"{one.path}: {one.quiz.title}, {count(len(one.quiz.questions), 'question')}")
    if problems:
        _fail(f"{count(len(problems), 'problem')} found.")
    _say(f"{count(len(loaded), 'quiz is', 'quizzes are')} valid.")


@app.command()
def schema() -> None:
    """Print the JSON Schema of quiz files, which editors use to complete and check them."""
    from bot.content.schema import quiz_schema_text

    typer.echo(quiz_schema_text(), nl=False)


@app.command()
def replay(
    number: Annotated[int, typer.Argument(metavar="ROUND", help="The round's number on its server.", min=1)],
    server: Annotated[
        int | None, typer.Option(help="The server's id, if several servers have a round with this number.")
    ] = None,
) -> None:
    """Rebuild a round's board from its answer log and say whether it matches the stored one.

    Exits 0 if it does and 1 if it does not. It changes nothing, and can run while the bot is running.
    """
    from bot.reading import replay_round
    from bot.services.replay import RoundNotFound, SeveralServers
    from bot.text.phrases import count, points, seconds

    try:
        replayed = _read(lambda config: replay_round(config, number, server))
    except RoundNotFound:
        _fail(f"There is no round {number}{f' on server {server}' if server else ''}.")
    except SeveralServers as error:
        _fail(
            f"Several servers have a round {number}. Add one of:",
            *(f"  --server {i}" for i in error.server_ids),
        )
    played = replayed.round
    _say(f"Round {number}: {played.quiz.title} ({played.state.value}), {replayed.answers} answers in the log")
    for row in replayed.rebuilt.rows:
        name = replayed.names.get(row.player_id, "") or row.player_id
        _say(f"{row.rank:4}. {name}: {points(row.score)}, {row.correct} right, {seconds(row.answer_ms)}")
    if played.settled_at is None:
        _say("The round has not ended, so there is no board to compare this with.")
    elif replayed.differing:
        who = ", ".join(str(player) for player in replayed.differing)
        _fail(f"The stored board differs for {count(len(replayed.differing), 'player')}: {who}")
    else:
        _say("The stored board is the same.")


@schedule_app.command()
def export(
    *,
    ics: Annotated[
        bool, typer.Option("--ics", help="Print an iCalendar file (.ics) instead of a list.")
    ] = False,
    server: Annotated[int | None, typer.Option(help="Only this server's schedules, by its id.")] = None,
) -> None:
    """Print what is scheduled and when it comes next; with --ics, as a calendar file.

    It changes nothing, and can run while the bot is running.
    """
    from bot.reading import read_schedules
    from bot.text.dates import day_and_time

    exported = _read(lambda config: read_schedules(config, server))
    if ics:
        typer.echo(exported.calendar.decode(), nl=False)
        return
    if not exported.entries:
        _say("Nothing is scheduled.")
    for entry in exported.entries:
        _say(f"Server {entry.id.server_id}, schedule {entry.id.number}: {entry.title}, {entry.repeats}")
        for at in entry.dates:
            _say(f"  {day_and_time(at.astimezone(ZoneInfo(entry.zone)))} {entry.zone}")
        if not entry.dates:
            _say(f"  {entry.rests}")


def _load(paths: list[Path] | None) -> "tuple[list[Path], list[LoadedQuiz], list[Problem]]":
    """Load the quizzes at some paths, or else what the bot would load; also return where they are."""
    from bot.text.phrases import enumeration
    from bot.wiring import load_quizzes

    folders = paths or [_config().quizzes]
    loaded, problems = load_quizzes(*folders)
    if not loaded and not problems:
        _fail(f"There are no quiz files (*.yaml, *.yml) in {enumeration([str(one) for one in folders])}.")
    return folders, loaded, problems


def _show(problems: Iterable["Problem"]) -> None:
    for problem in problems:
        _say(*problem.render().split("\n"), err=True)


def _config() -> "Config":
    from bot.config import ConfigError, load_config

    try:
        return load_config()
    except ConfigError as error:
        _fail("These settings cannot be used:", *(f"  {problem}" for problem in error.problems))


def _read(read: Callable[["Config"], Coroutine[Any, Any, T]]) -> T:
    """Return what is read from the database, or say why it cannot be read without changing it."""
    from bot.storage.revisions import OutdatedRevision, UnknownRevision

    config = _config()
    try:
        return asyncio.run(read(config))
    except FileNotFoundError as error:
        _fail(f"There is no database at {error.filename}. Set QUIZHOST_DATA or DATABASE_URL.")
    except OutdatedRevision as error:
        _fail(f"{error}. `quizhost run` brings it up to date when it starts; this command changes nothing.")
    except sqlite3.DatabaseError as error:
        _fail(f"{config.database_path} cannot be read as a database: {error}.")
    except UnknownRevision as error:
        _fail(f"{error}: it was written by a newer Quizhost. Use that version.")


def _say(*lines: str, err: bool = False) -> None:
    """Print lines; names and paths in them cannot control the terminal or start a new line."""
    for line in lines:
        typer.echo(printable(line), err=err)


def _fail(*lines: str) -> NoReturn:
    _say(*lines, err=True)
    raise typer.Exit(1)
