"""Every sentence about the result of a round: the final card, its board, and the report for one."""

from collections.abc import Sequence

from bot.text.phrases import count, enumeration, percent_range, seconds

# --- the final card -------------------------------------------------------------------------------


def winner(names: str, players: int, score: str, *, stopped: bool) -> str:
    """Who was best, and with what; a round that was stopped has nobody who won it."""
    did = "was ahead" if stopped else "wins"
    if players > 1:
        did = "were ahead" if stopped else "win"
    return f"{names} {did}, {score}{' each' if players > 1 else ''}"


def result_facts(players: int, questions: int, *, stopped: bool) -> str:
    """The small print of the final card: what it is, and who took part in what."""
    kind = "stopped early" if stopped else "the result"
    if not questions:  # said above
        return kind
    return f"{kind} · {count(players, 'player')} · {count(questions, 'question')}"


def answered_in(milliseconds: int) -> str:
    """How long somebody took over all their answers together."""
    return f"answered in {seconds(milliseconds)}"


def ties() -> str:
    """What the times on the board are for."""
    return "Ties go to the faster player. An unanswered question counts as its full time."


def board_alt_text(rows: Sequence[tuple[int, str, str, str]]) -> str:
    """The same facts as the drawn board: rank, name, score and detail of each row."""
    return "\n".join(f"{rank}. {name}: {score} ({detail})" for rank, name, score, detail in rows)


def result_stopped() -> str:
    """What happens to a stopped round."""
    return "The answers are kept, but a stopped round does not count on the leaderboard."


def result_nobody(players: int, questions: int) -> str:
    """What the card of a round says if there is nobody to name."""
    if not questions:
        return "No question was played to the end."
    return "Nobody scored this time." if players else "Nobody answered this time."


def tier_line(name: str, from_percent: int, to_percent: int, members: str) -> str:
    """Who reached a tier."""
    return f"**{name}** · {percent_range(from_percent, to_percent)} · {members}"


def my_result_button() -> str:
    """The label of the button on the final card."""
    return "My result"


# --- the report -----------------------------------------------------------------------------------


def report_summary(
    *, rank: int, players: int, score: str, correct: int, questions: int, tier: str, answer_ms: int
) -> str:
    """A player's result in one line; the score only if it says more than the number of right answers."""
    right = f"{correct} of {questions}"
    points = score if score.endswith(("point", "points")) else f"{score} points"
    parts = [
        f"**{tier}**",
        f"rank {rank} of {players}",
        *([points] if score != right else []),
        f"{right} right",
        answered_in(answer_ms),
    ]
    return " · ".join(parts)


def report_wrong() -> str:
    """Above the questions that a player got wrong."""
    return "### Worth another look"


def report_right() -> str:
    """Above the questions that a player got right."""
    return "### Right"


def report_skipped(numbers: Sequence[int]) -> str:
    """Which questions a report leaves out."""
    listed = enumeration([str(number) for number in numbers])
    if len(numbers) == 1:
        return f"Question {listed} was skipped and counts for nobody."
    return f"Questions {listed} were skipped and count for nobody."


def report_answer(given: str, outcome: str) -> str:
    """What a player answered, and what it was worth."""
    mark = {"right": "✅", "partly": "🟡", "wrong": "❌"}[outcome]
    return f"{mark} You chose {given}"


def report_no_answer() -> str:
    """That a player chose nothing."""
    return "➖ You did not answer."


def report_key(key: str) -> str:
    """What would have been right."""
    return f"Right: {key}"


def page(number: int, total: int) -> str:
    """Which page of a report this is."""
    return f"page {number} of {total}"
