"""The cards at the end of a round: winner, board and tiers for all, the report for one."""

from collections.abc import Sequence

from discord import ui

from bot.domain.quiz import Quiz
from bot.domain.round import RoundState, Scoring
from bot.domain.standings import honoured, tier_members
from bot.services.boards import Board, BoardRow
from bot.services.ports import ResultCard
from bot.services.results import BOARD_ROWS, Report, ReportLine
from bot.text import results as words
from bot.text.phrases import count, score, why
from bot.ui.cards import parts
from bot.ui.custom_ids import ReportButton
from bot.ui.escape import escape_quiz_text, isolate, plain_name
from bot.ui.questions import drawer_of

BOARD_FILE = "board.png"
#: Names that a tier lists before it says "and 12 more"; where there are many tiers, they share the room.
TIER_NAMES, LEAST_TIER_NAMES, ALL_NAMES = 12, 3, 24
#: Winners who are named before it says "and 2 more".
WINNER_NAMES = 3
#: Room that a report leaves on each page, beside its head, for the page number and what divides texts.
PAGE_RESERVE = 60


def result_board(card: ResultCard) -> Board | None:
    """Return what the picture shows: those who may be named, as far as there is room."""
    named = honoured(card.round.quiz, card.standings)[:BOARD_ROWS]
    if not named:
        return None
    scoring, max_points = card.round.rules.scoring, card.standings.max_points
    full = max_points if scoring is Scoring.ACCURACY else named[0].score
    return Board(
        tuple(
            BoardRow(
                rank=row.rank,
                name=plain_name(card.names.get(row.player_id, "")),
                score=score(row.score, max_points, scoring.value),
                detail=words.answered_in(row.answer_ms),
                share=min(row.score / full, 1.0) if full else 0.0,
            )
            for row in named
        )
    )


def board_alt_text(board: Board) -> str:
    """Return the facts of a drawn board in words."""
    return words.board_alt_text([(row.rank, isolate(row.name), row.score, row.detail) for row in board.rows])


def result(card: ResultCard, board: Board | None) -> ui.LayoutView:
    """Show who won, the board, the tiers with who reached them, and the way to one's own report."""
    played = card.round
    stopped = played.state is RoundState.STOPPED
    players, questions = len(card.standings.rows), card.standings.questions
    head = [
        f"### {_winner(card) or words.result_nobody(players, questions)}",
        f"**{escape_quiz_text(played.quiz.title)}**",
        parts.small(words.result_facts(players, questions, stopped=stopped)),
    ]
    if stopped:
        head.append(words.result_stopped())
    if not players:
        return parts.card(parts.GREY, parts.text(*head))
    items: list[parts.Item] = [parts.text(*head)]
    if board is not None:
        items.append(parts.picture(BOARD_FILE, board_alt_text(board)))
    items.append(parts.text(*_tier_lines(card), *([parts.small(words.ties())] if board else [])))
    my_result = parts.button(words.my_result_button(), ReportButton(played.id.number, 0, opens=True))
    return parts.card(parts.GREY if stopped else parts.GOLD, *items, *parts.rows([my_result]))


def _winner(card: ResultCard) -> str | None:
    """Say who has won, or None if nobody has a point."""
    first = [row for row in honoured(card.round.quiz, card.standings) if row.rank == 1]
    if not first:
        return None
    names = parts.players([row.player_id for row in first], card.names, WINNER_NAMES)
    reached = score(first[0].score, card.standings.max_points, card.round.rules.scoring.value)
    return words.winner(names, len(first), reached, stopped=card.round.state is RoundState.STOPPED)


def names_per_tier(quiz: Quiz) -> int:
    """Return how many names each tier lists."""
    named = sum(tier.from_percent > 0 for tier in quiz.tiers)
    return min(TIER_NAMES, max(LEAST_TIER_NAMES, ALL_NAMES // max(named, 1)))


def _tier_lines(card: ResultCard) -> list[str]:
    """Name who reached a tier; of the lowest one only the number, nobody is named where they fail."""
    lines: list[str] = []
    most = names_per_tier(card.round.quiz)
    to_percent = 101
    for tier, members in tier_members(card.round.quiz, card.standings):
        below, to_percent = to_percent, tier.from_percent
        if not members:
            continue
        lowest = tier.from_percent == 0
        who = count(len(members), "player") if lowest else parts.players(members, card.names, most)
        lines.append(words.tier_line(escape_quiz_text(tier.name), tier.from_percent, below - 1, who))
    return lines


def report_pages(report: Report) -> list[ui.LayoutView]:
    """Return a player's report in as many pages as Discord's limits ask for."""
    blocks = [
        *_report_section(words.report_wrong(), [line for line in report.lines if not line.correct]),
        *_report_section(words.report_right(), [line for line in report.lines if line.correct]),
    ]
    pages = _pack(blocks, head="\n".join(_report_head(report, first=True)))
    return [_report_page(report, page, number, len(pages)) for number, page in enumerate(pages)]


def _pack(blocks: list[str], *, head: str) -> list[list[str]]:
    pages: list[list[str]] = [[]]
    most_characters = parts.MAX_CHARACTERS - PAGE_RESERVE - len(head)
    most_bytes = parts.MAX_BYTES - PAGE_RESERVE - len(head.encode())
    characters = size = 0
    for block in blocks:
        characters += len(block) + 2
        size += len(block.encode()) + 2
        if pages[-1] and (characters > most_characters or size > most_bytes):
            pages.append([])
            characters, size = len(block), len(block.encode())
        pages[-1].append(block)
    return pages


def _report_section(heading: str, lines: Sequence[ReportLine]) -> list[str]:
    """Return the blocks of some questions, the first one below a heading."""
    blocks = [_report_block(line) for line in lines]
    return [f"{heading}\n{blocks[0]}", *blocks[1:]] if blocks else []


def _report_block(line: ReportLine) -> str:
    asked, content = line.asked, line.question
    lines = [f"**{asked.number}.** {escape_quiz_text(content.stem)}"]
    drawer = drawer_of(content.task)
    if line.grade is None or line.answer is None:
        lines.append(words.report_no_answer())
    else:
        given = drawer.report(content.task, asked.shown, line.answer.response)
        lines.append(words.report_answer(given, line.grade.outcome.value))
    if not line.correct:
        lines.append(words.report_key(drawer.key(content.task, asked.shown)))
    lines.append(parts.quote(why(escape_quiz_text(content.explanation))))
    return "\n".join(lines)


def _report_head(report: Report, *, first: bool) -> list[str]:
    """Return what stands above the questions; the tier's message on the first page only."""
    standing = report.standing
    summary = words.report_summary(
        rank=standing.rank,
        players=report.players,
        score=score(standing.score, report.max_points, report.round.rules.scoring.value),
        correct=standing.correct,
        questions=len(report.lines),
        tier=escape_quiz_text(report.tier.name),
        answer_ms=standing.answer_ms,
    )
    head = [parts.small(escape_quiz_text(report.round.quiz.title)), summary]
    if skipped := [asked.number for asked in report.round.asked if asked.skipped]:
        head.append(parts.small(words.report_skipped(skipped)))
    if first and report.tier.message:
        head.append(escape_quiz_text(report.tier.message))
    return head


def _report_page(report: Report, blocks: list[str], number: int, total: int) -> ui.LayoutView:
    head = _report_head(report, first=number == 0)
    items: list[parts.Item] = [parts.text(*head), ui.Separator(), parts.text("\n\n".join(blocks))]
    if total > 1:
        items.append(parts.text(parts.small(words.page(number + 1, total))))
        turns = [
            parts.button(
                label,
                ReportButton(report.round.id.number, min(max(target, 0), total - 1), opens=False),
                disabled=not 0 <= target < total,
            )
            for label, target in (("◀", number - 1), ("▶", number + 1))
        ]
        items += parts.rows(turns)
    return parts.card(parts.BLURPLE, *items)
