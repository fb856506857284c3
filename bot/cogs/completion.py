"""Options that complete themselves as you type."""

from discord import app_commands

from bot.domain.schedule import Source, SourceKind
from bot.services.library import Library
from bot.ui.guard import Interaction

#: Discord shows at most 25 choices of at most 100 characters (docs.discord.com, application commands).
MAX_CHOICES = 25
MAX_CHOICE = 100


def complete_quiz(library: Library, typed: str) -> list[app_commands.Choice[str]]:
    """Offer the quizzes whose id, title, category or tags contain what was typed."""
    return [
        app_commands.Choice(name=shorten(f"{quiz.title} · {quiz.category}"), value=quiz.id)
        for quiz in library.search(typed)[:MAX_CHOICES]
    ]


def complete_category(library: Library, typed: str) -> list[app_commands.Choice[str]]:
    """Offer the categories that contain what was typed."""
    return [
        app_commands.Choice(name=shorten(category), value=category[:MAX_CHOICE])
        for category in list(library.by_category(typed))[:MAX_CHOICES]
    ]


def complete_source(library: Library, typed: str) -> list[app_commands.Choice[str]]:
    """Offer quizzes, then the categories and tags that one can be chosen from each time."""
    text = typed.strip().casefold()
    kinds = {SourceKind.CATEGORY: list(library.by_category()), SourceKind.TAG: library.tags()}
    several = [
        app_commands.Choice(name=shorten(f"{kind}: {name}"), value=value)
        for kind, names in kinds.items()
        for name in names
        if text in f"{kind}:{name}".casefold() and (value := _written(library, kind, name))
    ]
    quizzes = complete_quiz(library, typed)
    room = max(MAX_CHOICES - len(quizzes), min(len(several), MAX_CHOICES // 2))
    return [*quizzes[: MAX_CHOICES - room], *several[:room]]


def _written(library: Library, kind: SourceKind, name: str) -> str | None:
    """Return what finds a category or tag again, or None if that is too long: cut off, it finds nothing."""
    value = f"{kind}:{name}"
    if len(value) <= MAX_CHOICE:
        return value
    alone = len(name) <= MAX_CHOICE and library.find_source(name) == Source(kind, name)
    return name if alone else None


def shorten(name: str) -> str:
    """Return a choice's name short enough for Discord."""
    return name if len(name) <= MAX_CHOICE else f"{name[: MAX_CHOICE - 1].rstrip()}…"


def server_of(interaction: Interaction) -> int:
    """Return the server's id; the commands are declared for servers only, so there always is one."""
    assert interaction.guild_id is not None  # noqa: S101 - guild_only
    return interaction.guild_id
