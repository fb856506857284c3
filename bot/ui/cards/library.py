"""Cards about what can be played, who leads, and how it all works. All are private."""

from collections.abc import Callable, Mapping, Sequence

from discord import ui

from bot.domain.quiz import Quiz
from bot.services.boards import Board, BoardRow
from bot.services.results import Leaderboard
from bot.text import library as words
from bot.text.leaderboard import (
    leaderboard_detail,
    leaderboard_empty,
    leaderboard_subtitle,
    leaderboard_title,
    no_own_rank,
    own_rank,
)
from bot.text.phrases import count, points
from bot.ui.cards import parts
from bot.ui.cards.results import BOARD_FILE, board_alt_text
from bot.ui.escape import escape_quiz_text, plain_name

#: Room for the last line when a list is cut short.
RESERVE = 200


def quiz_list(by_category: Mapping[str, Sequence[Quiz]]) -> ui.LayoutView:
    """List the quizzes by category, as many as fit in one message."""
    lines: list[str] = []
    left = parts.MAX_CHARACTERS - RESERVE
    hidden = 0
    for category, quizzes in by_category.items():
        heading = ["", f"**{escape_quiz_text(category)}**"]
        for one in quizzes:
            block = [*heading, words.quiz_line(escape_quiz_text(one.title), one.id, len(one.questions))]
            left -= sum(len(line.encode()) + 1 for line in block)
            if left < 0:
                hidden += 1
                continue
            lines += block
            heading = []
    if not lines:
        return parts.card(parts.GREY, parts.text(words.no_quizzes()))
    if hidden:
        lines += ["", parts.small(words.quizzes_hidden(hidden))]
    return parts.card(parts.BLURPLE, parts.text(words.quiz_list_heading(), *lines))


def quiz_info(quiz: Quiz) -> ui.LayoutView:
    """Say what a quiz is about without giving anything away."""
    facts = [count(len(quiz.questions), "question"), f"`{quiz.id}`"]
    if quiz.tags:
        facts.append(", ".join(quiz.tags))
    lines = [
        parts.small(escape_quiz_text(quiz.category)),
        f"## {escape_quiz_text(quiz.title)}",
        escape_quiz_text(quiz.introduction),
        "",
        " · ".join(facts),
        words.tiers([(escape_quiz_text(tier.name), tier.from_percent) for tier in quiz.tiers]),
    ]
    credit = [escape_quiz_text(one) for one in (quiz.author, quiz.source) if one]
    if credit:
        lines.append(parts.small(" · ".join(credit)))
    return parts.card(parts.BLURPLE, parts.text(*lines, "", words.how_to_start(quiz.id)))


def leaderboard_board(board: Leaderboard) -> Board | None:
    """Return what the picture shows, or None if nobody has points."""
    if not board.rows:
        return None
    best = board.rows[0].points
    return Board(
        tuple(
            BoardRow(
                rank=row.rank,
                name=plain_name(row.name),
                score=points(row.points),
                detail=leaderboard_detail(row.rounds, row.points, row.max_points),
                share=row.points / best,
            )
            for row in board.rows
        )
    )


def leaderboard(board: Leaderboard, drawn: Board | None) -> ui.LayoutView:
    """Show the picture and, below it, where the person who asked stands."""
    title = leaderboard_title(board.period.value, board.quiz_title and escape_quiz_text(board.quiz_title))
    if drawn is None:
        return parts.card(parts.GREY, parts.text(f"### {title}", leaderboard_empty()))
    own = board.own
    rank = no_own_rank() if own is None else own_rank(own.rank, own.points, own.max_points, own.rounds)
    return parts.card(
        parts.GOLD,
        parts.text(f"### {title}", parts.small(leaderboard_subtitle())),
        parts.picture(BOARD_FILE, board_alt_text(drawn)),
        parts.text(rank),
    )


def help_card(mention: Callable[[str], str], *, for_moderators: bool) -> ui.LayoutView:
    """Say how a round works and what commands there are, on one phone screen.

    Args:
        mention: returns a command by its name, so that it can be pressed.
        for_moderators: whether the reader is one.
    """
    lists = [words.help_commands(mention)]
    if for_moderators:
        lists.append(words.help_moderators(mention))
    return parts.card(parts.BLURPLE, parts.text(words.help_round()), *map(parts.text, lists))
