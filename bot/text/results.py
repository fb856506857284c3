"""Every sentence about the result of a round: the final card, its board, and the report for one."""

from collections.abc import Sequence

from bot.text.phrases import count

# --- the final card -------------------------------------------------------------------------------


def result_facts(players: int, questions: int, *, stopped: bool) -> str:
    """The small print of the final card: what it is, and who took part in what."""
    kind = "stopped early" if stopped else "the result"
    return f"{kind} · {board_facts(players, questions)}"


def board_facts(players: int, questions: int) -> str:
    """Who took part in what."""
    return f"{count(players, 'player')} · {count(questions, 'question')}"


def board_alt_text(title: str, rows: Sequence[tuple[int, str, str, str]]) -> str:
    """The same facts as the drawn board: rank, name, score and detail of each row."""
    lines = [f"{rank}. {name}: {score} ({detail})" for rank, name, score, detail in rows]
    return "\n".join([title, *lines])


def result_stopped() -> str:
    """What becomes of a stopped round."""
    return "The answers are kept, but a stopped round does not count on the leaderboard."


def result_nobody(questions: int) -> str:
    """What a round without standings says."""
    return "Nobody answered this time." if questions else "No question was played to its end."


def tier_line(name: str, from_percent: int, to_percent: int, members: str) -> str:
    """Who reached a tier."""
    return f"**{name}** · {from_percent} to {to_percent} %\n{members}"


def my_result_button() -> str:
    """The label of the button on the final card."""
    return "My result"


# --- the report -----------------------------------------------------------------------------------


def report_summary(*, rank: int, players: int, score: str, correct: int, questions: int, tier: str) -> str:
    """A player's result in one line; the score only if it says more than the number of right answers."""
    right = f"{correct} of {questions}"
    parts = [
        f"**{tier}**",
        f"rank {rank} of {players}",
        *([score] if score != right else []),
        f"{right} right",
    ]
    return " · ".join(parts)


def report_answer(letter: str, option: str, *, correct: bool) -> str:
    """What a player chose."""
    return f"{'✅' if correct else '❌'} You chose **{letter}**: {option}"


def report_no_answer() -> str:
    """That a player chose nothing."""
    return "➖ You did not answer."


def report_key(letter: str, option: str) -> str:
    """What would have been right."""
    return f"Right: **{letter}**: {option}"


def page(number: int, total: int) -> str:
    """Where one is in a report of several pages."""
    return f"page {number} of {total}"
