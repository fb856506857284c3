"""The cards of a running round: announcement, question, reveal."""

from pathlib import PurePath

import discord
from discord import ui

from bot.domain.pictures import Image
from bot.domain.quiz import Question
from bot.domain.responses import GivenAnswer
from bot.domain.round import Round, RoundState
from bot.domain.standings import leaders, point_worth
from bot.domain.tally import Verdict
from bot.services.ports import AnnouncementCard, QuestionCard, RevealCard
from bot.text import rounds as words
from bot.text.phrases import score, why
from bot.ui.cards import parts
from bot.ui.custom_ids import JoinButton, SteerButton, Step
from bot.ui.escape import escape_quiz_text
from bot.ui.questions import Place, describe_answer, drawer_of

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
        words.announcement_facts(len(seconds), min(seconds), max(seconds), played.expected_seconds),
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
        parts.text(*facts, _start(played)),
        *_gathering(card),
    )


def _start(played: Round) -> str:
    """Say when the first question comes, or what has become of it: nothing counts down when it is over."""
    if played.asked[0].opened_at is not None:
        return words.announcement_started(played.asked[0].opened_at)
    if played.state in {RoundState.PAUSED, RoundState.STOPPED}:
        return words.announcement_interrupted(stopped=not played.is_open)
    return words.announcement_start(played.due_at or played.created_at)


def _gathering(card: AnnouncementCard) -> list[parts.Item]:
    """Return the buttons of a round that has not begun: one for everybody, one for its host."""
    played = card.round
    if played.state is not RoundState.ANNOUNCED:
        return []
    number = played.id.number
    primary = discord.ButtonStyle.primary
    join = parts.button(words.join_button(card.joined), JoinButton(number), style=primary)
    return parts.rows([join, parts.button(words.start_now_button(), SteerButton(number, Step.START))])


def question(card: QuestionCard) -> ui.LayoutView:
    """Show the current question, open or paused. Nothing in it depends on the key."""
    played, asked = card.round, card.round.current
    is_open = played.state is RoundState.ASKING
    colour = parts.BLURPLE if is_open else parts.GREY
    content = played.question(asked)
    drawer = drawer_of(content.task)
    place = Place(played.id.number, asked.number)
    return parts.card(
        colour,
        parts.text(parts.small(_header(played)), parts.heading(escape_quiz_text(content.stem))),
        *_below_the_stem(content),
        parts.text(*drawer.lines(content.task, asked.shown)),
        parts.text(*map(parts.small, _question_footer(card))),
        *drawer.controls(content.task, asked.shown, place, disabled=not is_open),
    )


def reveal(card: RevealCard) -> ui.LayoutView:
    """Show the key, who chose what, and why. There is nothing left to press."""
    played, asked = card.round, card.round.current
    content = played.question(asked)
    header = _header(played)
    if not asked.skipped:
        header = words.reveal_header(header, card.right, card.tally.players)
    lines = drawer_of(content.task).reveal(content.task, asked.shown, card.tally)
    return parts.card(
        parts.GREY if asked.skipped else parts.GREEN,
        parts.text(parts.small(header), parts.heading(escape_quiz_text(content.stem))),
        *_below_the_stem(content),
        parts.text(*lines),
        parts.text(parts.quote(why(escape_quiz_text(content.explanation)))),
        *_standing(card),
        *_reveal_footer(played),
    )


def verdict(played: Round, told: Verdict) -> str:
    """Return what the receipt of an answer to the current question says after the reveal."""
    asked, scoring = played.current, played.rules.scoring.value
    given = GivenAnswer(played.question(asked).task, asked.shown, told.response)
    said = words.was_right(told.earned) if told.correct else words.was_wrong(-told.earned)
    standing = words.where_you_stand(score(told.score, told.max_points, scoring), told.rank, told.players)
    return words.judged_receipt(describe_answer(given), said, standing)


def _header(played: Round) -> str:
    asked = played.current
    header = words.question_header(escape_quiz_text(played.quiz.title), asked.number, len(played.asked))
    points = played.question(asked).points
    return header if points == 1 else f"{header} · {words.worth(points)}"


def _below_the_stem(content: Question) -> list[parts.Item]:
    """Return the question's picture, or some room."""
    if content.image is not None:
        return [parts.picture(image_name(content.image))]
    return [ui.Separator[ui.LayoutView](visible=False)]


def _question_footer(card: QuestionCard) -> list[str]:
    played, asked = card.round, card.round.current
    if played.state is RoundState.PAUSED:
        return [words.question_paused()]
    open_for = words.question_open(card.closes_at, card.answered, extended=asked.extended)
    return [words.thread_lost(), open_for] if played.thread_lost and asked.number == 1 else [open_for]


def _reveal_footer(played: Round) -> list[parts.Item]:
    """Say what comes next, in a block of its own: right after a quote it would look like a part of it."""
    said: list[str] = []
    if played.current.skipped:
        stopped = played.state is RoundState.STOPPED
        said.append(words.question_given_up() if stopped else words.question_skipped())
    if played.state is RoundState.PAUSED:
        said.append(words.question_paused())
    elif played.due_at is not None:
        said.append(words.next_question(played.due_at) if played.has_more else words.result_follows())
    return [parts.text(parts.small(" · ".join(said)))] if said else []


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
