"""Every sentence about the quizzes there are, and the help."""

from collections.abc import Sequence

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
    return f"A moderator starts a round with `/round start quiz:{quiz_id}`."


def quiz_not_found(query: str, suggestions: Sequence[str]) -> str:
    """No such quiz."""
    hint = f" {did_you_mean(suggestions)}" if suggestions else ""
    return f"There is no quiz “{query}”.{hint} `/quiz list` shows them all."


# --- help -----------------------------------------------------------------------------------------


def help_round() -> str:
    """How a round goes."""
    return (
        "## How a round goes\n"
        "Each question stays open for the same time for everybody. Press a letter to answer; only you see "
        "what you chose, and you can change it until the question closes. Then the right answer and the "
        "reason for it appear. What counts is knowing, not being first: speed only breaks ties, unless the "
        "announcement says otherwise.\n"
        "At the end come the tiers, the leaderboard and, behind *My result*, your private report."
    )


def help_commands() -> str:
    """What everybody can do."""
    return (
        "### For everybody\n"
        "`/quiz list` shows the quizzes, `/quiz info` tells more about one.\n"
        "`/leaderboard` shows the best of this server, and where you stand.\n"
        "`/help` shows this."
    )


def help_moderators() -> str:
    """What moderators can do."""
    return (
        "### For moderators\n"
        "`/round start` begins a round here or in another channel, in a thread if you like.\n"
        "`/round status`, `pause`, `resume`, `skip` and `stop` steer it. A skipped question counts for "
        "nobody; a stopped round keeps its answers but does not count on the leaderboard.\n"
        "`/schedule add` lets rounds start by themselves; `/schedule list` shows them, and `skip-next`, "
        "`pause`, `resume`, `run-now` and `remove` look after them.\n"
        "`/settings` shows and changes what holds here if a command says nothing: time, channel, scoring.\n"
        "-# These need the permission Manage Events, or what your server's settings say under Integrations."
    )
