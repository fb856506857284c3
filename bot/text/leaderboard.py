"""Every sentence about the leaderboard of a server."""

from bot.text.phrases import count, hundredths


def leaderboard_title(period: str, quiz: str | None) -> str:
    """What a leaderboard covers."""
    name = {"week": "This week", "month": "This month", "all time": "All time"}[period]
    return f"{name} · {quiz}" if quiz else name


def leaderboard_subtitle() -> str:
    """How a leaderboard ranks."""
    return "points for right answers in finished rounds · ties go to the faster player"


def leaderboard_empty() -> str:
    """That there is nobody to name."""
    return "Nobody has any points in this period yet. A moderator can start a round with `/round start`."


def leaderboard_detail(rounds: int, points: int, max_points: int) -> str:
    """Where a player's points came from."""
    percent = round(100 * points / max_points) if max_points else 0
    return f"{count(rounds, 'round')} · {percent} % right"


def own_rank(rank: int, points: int, max_points: int, rounds: int) -> str:
    """Where the person who asked stands."""
    reached = f"{hundredths(points)} of {hundredths(max_points)} points"
    return f"You are number **{rank}**: {reached} in {count(rounds, 'round')}."


def no_own_rank() -> str:
    """That the person who asked has not played."""
    return "You have not played a round in this period yet."
