"""Every sentence about the quizzes there are, and the help."""

from collections.abc import Callable, Sequence

from bot.text.phrases import count, did_you_mean

# --- quizzes --------------------------------------------------------------------------------------


def quiz_list_heading() -> str:
    """Above the list of quizzes."""
    return "## Quizzes"


def quiz_line(title: str, quiz_id: str, questions: int) -> str:
    """One quiz in the list."""
    return f"- {title} · {count(questions, 'question')} · `{quiz_id}`"


def no_quizzes() -> str:
    """An empty list."""
    return "No quiz matches. `/quiz list` without a category shows them all."


def quizzes_hidden(number: int) -> str:
    """That the list is cut short."""
    return f"and {number} more: narrow it down with a category"


def tiers(names: Sequence[tuple[str, int]]) -> str:
    """The tiers of a quiz: name and from which percentage."""
    return "Tiers: " + " · ".join(f"{name} from {percent} %" for name, percent in names)


def how_to_start(quiz_id: str) -> str:
    """How a quiz gets played."""
    return f"A moderator can start a round with `/round start quiz:{quiz_id}`."


def quiz_not_found(query: str, suggestions: Sequence[str]) -> str:
    """No such quiz."""
    hint = f" {did_you_mean(suggestions)}" if suggestions else ""
    return f"There is no quiz “{query}”.{hint} `/quiz list` shows them all."


# --- help -----------------------------------------------------------------------------------------


def help_round() -> str:
    """How a round works."""
    return (
        "### How a round works\n"
        "Press a letter to answer. Only you see what you chose, and you can change it until the question "
        "closes. Knowing the answer counts, not being first, unless the announcement says otherwise. "
        "*My result*, below the final result, shows your own report."
    )


def help_commands(mention: Callable[[str], str]) -> str:
    """What everybody can do."""
    return (
        f"{mention('quiz list')} see what there is to play\n"
        f"{mention('quiz info')} read more about a quiz\n"
        f"{mention('leaderboard')} see the best players here, and your rank"
    )


def help_moderators(mention: Callable[[str], str]) -> str:
    """What moderators can do."""
    return (
        "### For moderators\n"
        f"{mention('round start')} start a round\n"
        f"{mention('round status')} pause, skip or stop it\n"
        f"{mention('schedule add')} have rounds start on their own\n"
        f"{mention('schedule list')} see what is scheduled\n"
        f"{mention('settings')} change how rounds work here"
    )
