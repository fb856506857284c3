"""The cards of a running round: announcement, question, reveal."""

from datetime import datetime
from pathlib import PurePath

import discord
from discord import ui

from bot.domain.quiz import LETTERS, Image, Option
from bot.domain.round import Round, RoundState
from bot.domain.standings import leaders, point_worth
from bot.services.ports import AnnouncementCard, QuestionCard, RevealCard
from bot.text import rounds as words
from bot.text.phrases import score, why
from bot.ui.cards import parts
from bot.ui.custom_ids import AnswerButton
from bot.ui.escape import escape_quiz_text

BAR_CELLS = 10
#: Players who share a rank and are named in the standing so far, before it says "and 2 more".
NAMES_PER_RANK = 3


def image_name(image: Image) -> str:
    """Return the name under which a question's picture is attached; the author's name might tell."""
    return f"question{PurePath(image.name).suffix.lower()}"


def announcement(card: AnnouncementCard) -> ui.LayoutView:
    """Say which quiz comes, what to expect, and when it starts."""
    played = card.round
    quiz, rules = played.quiz, played.rules
    seconds = [asked.seconds for asked in played.asked]
    facts = [
        words.announcement_facts(len(played.asked), min(seconds), max(seconds)),
        words.announcement_scoring(rules.scoring.value),
    ]
    if quiz.penalty:
        facts.append(words.penalty(quiz.penalty * point_worth(rules.scoring)))
    if quiz.first_answer_locks:
        facts.append(words.first_answer_locks())
    if played.in_thread:
        facts.append(words.announcement_in_thread())
    elif played.thread_lost:
        facts.append(words.thread_lost())
    return parts.card(
        parts.BLURPLE,
        parts.text(
            parts.small(escape_quiz_text(quiz.category)),
            f"## {escape_quiz_text(quiz.title)}",
            escape_quiz_text(quiz.introduction),
        ),
        ui.Separator(),
        parts.text(*facts, words.announcement_start(played.due_at or played.created_at)),
    )


def question(card: QuestionCard) -> ui.LayoutView:
    """Show the current question: open, paused or given up. Nothing in it depends on the key."""
    played, asked = card.round, card.round.current
    is_open = played.state is RoundState.ASKING
    colour = parts.BLURPLE if is_open else parts.GREY
    content = played.question(asked)
    lines = [
        _option_line(letter, option) for letter, option in zip(LETTERS, asked.options(content), strict=False)
    ]
    return parts.card(
        colour,
        parts.text(parts.small(_header(played)), parts.heading(escape_quiz_text(content.stem))),
        *([parts.picture(image_name(content.image))] if content.image else []),
        parts.text(*lines),
        parts.text(*map(parts.small, _question_footer(card))),
        *_answer_buttons(played, disabled=not is_open),
    )


def reveal(card: RevealCard) -> ui.LayoutView:
    """Show the key, who chose what, and why."""
    played, asked = card.round, card.round.current
    content = played.question(asked)
    total = sum(card.choices.values())
    correct = card.choices.get(content.key, 0)
    lines: list[str] = []
    for letter, option in zip(LETTERS, asked.options(content), strict=False):
        mark = words.right_answer() if option.id == content.key else ""
        lines.append(_option_line(letter, option, mark))
        if chosen := card.choices.get(option.id, 0):
            lines.append(bar(chosen, total))
    if asked.skipped:
        lines.append(words.skipped())
    explanation = why(escape_quiz_text(content.explanation))
    return parts.card(
        parts.GREY if asked.skipped else parts.GREEN,
        parts.text(
            parts.small(words.reveal_header(_header(played), correct, total)),
            parts.heading(escape_quiz_text(content.stem)),
        ),
        *([parts.picture(image_name(content.image))] if content.image else []),
        parts.text(*lines),
        parts.text(parts.quote(explanation)),
        *_standing(card),
        *_reveal_footer(played),
        *_answer_buttons(played, disabled=True),
    )


def bar(number: int, total: int) -> str:
    """Return a share as ten cells and its number: "`████░░░░░░` 2"."""
    filled = round(BAR_CELLS * number / total) if total else 0
    return f"`{'█' * filled}{'░' * (BAR_CELLS - filled)}` {number}"


def _header(played: Round) -> str:
    asked = played.current
    header = words.question_header(escape_quiz_text(played.quiz.title), asked.number, len(played.asked))
    points = played.question(asked).points
    return header if points == 1 else f"{header} · {words.worth(points)}"


def _option_line(letter: str, option: Option, mark: str = "") -> str:
    content = escape_quiz_text(option.text)
    after = f"\n{mark}" if mark and content.endswith("```") else f"  {mark}".rstrip()
    return f"**{letter}**  {content}{after}"


def _question_footer(card: QuestionCard) -> list[str]:
    played, asked = card.round, card.round.current
    if played.state is RoundState.STOPPED:
        return [words.question_given_up()]
    if played.state is RoundState.PAUSED:
        return [words.question_paused()]
    open_for = words.question_open(card.closes_at, card.answered, extended=asked.extended)
    return [words.thread_lost(), open_for] if played.thread_lost and asked.number == 1 else [open_for]


def _reveal_footer(played: Round) -> list[parts.Item]:
    """Say what comes next, in a block of its own: right after a quote it would look like a part of it."""
    due_at: datetime | None = played.due_at
    if played.state is RoundState.PAUSED:
        return [parts.text(parts.small(words.question_paused()))]
    if due_at is None:
        return []
    follows = words.next_question if played.has_more else words.result_follows
    return [parts.text(parts.small(follows(due_at)))]


def _standing(card: RevealCard) -> list[parts.Item]:
    """Name the first three ranks, a line each."""
    if card.standings is None:
        return []
    ranks: dict[int, list[int]] = {}
    scores: dict[int, str] = {}
    for row in leaders(card.round.quiz, card.standings):
        ranks.setdefault(row.rank, []).append(row.player_id)
        scores[row.rank] = score(row.score, card.standings.max_points, card.round.rules.scoring.value)
    lines = [words.standing_heading(card.round.current.number, len(card.round.asked))]
    for rank, players in ranks.items():
        names = parts.players(players, card.names, NAMES_PER_RANK)
        lines.append(words.standing_line(rank, names, scores[rank]))
    if not ranks:
        lines.append(words.standing_empty())
    return [parts.text(*lines)]


def _answer_buttons(played: Round, *, disabled: bool) -> list[parts.Item]:
    asked = played.current
    return parts.rows(
        [
            parts.button(
                LETTERS[slot],
                AnswerButton(played.id.number, asked.number, slot),
                style=discord.ButtonStyle.secondary if disabled else discord.ButtonStyle.primary,
                disabled=disabled,
            )
            for slot in range(len(asked.option_ids))
        ]
    )
