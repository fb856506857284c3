"""Does a quiz fit Discord? Every card that it can lead to is built at its largest and measured."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from discord import ui

from bot.domain.quiz import Quiz
from bot.domain.round import Answer, AskedQuestion, Round, RoundId, RoundRules, RoundState
from bot.domain.standings import LEADING_RANKS, Standing, Standings
from bot.services.ports import AnnouncementCard, QuestionCard, ResultCard, RevealCard
from bot.services.results import Report, ReportLine
from bot.text import rounds as words
from bot.ui.cards import results, rounds
from bot.ui.cards.parts import excess, small
from bot.ui.questions import drawer_of

_AT = datetime(2026, 1, 1, tzinfo=UTC)
_MANY = 999_999
#: Names at their longest: every character escaped, and every character of four bytes.
_NAMES = ("*" * 32, "😀" * 32)
#: The digits of a number that is one digit long here.
_DIGITS = 6
#: Numbers of a question's card that may be longer: how many answered, or how many more share each rank.
_NUMBERS = 1 + LEADING_RANKS

Location = tuple[str | int, ...]


def oversized(quiz: Quiz) -> Iterator[tuple[Location, str]]:
    """Yield where in the quiz something is too large for a message, and in what way."""
    played = _round(quiz)
    if reason := excess(rounds.announcement(AnnouncementCard(played))):
        yield ("introduction",), f"the announcement would have {reason}"
    # Each tier, and the card as a whole, may count more players than are listed here.
    spare = _DIGITS * (len(quiz.tiers) + 1)
    if reason := max((excess(_result(played, name), spare=spare) or "" for name in _NAMES), key=len):
        yield ("tiers",), f"the final card would have {reason}"
    for index in range(len(quiz.questions)):
        for name, view in _question_cards(_asked_last(played, index)):
            # The first question may have to say why it is not in a thread.
            said = len(f"\n{small(words.thread_lost())}") if name == "message" else 0
            if reason := excess(view, spare=_NUMBERS * _DIGITS + said):
                yield ("questions", index), f"its {name} would have {reason}"


def _round(quiz: Quiz) -> Round:
    asked = tuple(
        AskedQuestion(
            number=index + 1,
            index=index,
            question_id=question.id,
            shown=question.task.present(random.Random(0)),  # noqa: S311 - any order will do
            seconds=_MANY,
            opened_at=_AT,
            closes_at=_AT + timedelta(seconds=2 * _MANY),
            skipped=True,
        )
        for index, question in enumerate(quiz.questions)
    )
    return Round(
        id=RoundId(1, _MANY),
        channel_id=1,
        thread_id=None,
        in_thread=False,
        thread_lost=True,
        host_id=1,
        quiz=quiz,
        rules=RoundRules(seconds=_MANY),
        asked=asked,
        state=RoundState.ASKING,
        position=0,
        due_at=_AT,
        created_at=_AT,
    )


def _asked_last(played: Round, index: int) -> Round:
    """Return the round at this question, as if it were the last: then its cards say the most."""
    asked = replace(played.asked[index], number=len(played.asked))
    return replace(played, asked=(*played.asked[:-1], asked), position=len(played.asked))


def _question_cards(asking: Round) -> Iterator[tuple[str, ui.LayoutView]]:
    asked = asking.current
    content = asking.question(asked)
    yield "message", rounds.question(QuestionCard(asking, _MANY, _AT))
    for name in _NAMES:
        yield "reveal", rounds.reveal(_reveal(asking, name))
    wrong = drawer_of(content.task).extremes(content.task, _MANY).response
    line = ReportLine(asked, content, Answer(asked.number, 1, wrong, 0, 1))
    tier = max(asking.quiz.tiers, key=lambda tier: len(tier.message.encode()))
    report = Report(asking, _standing(1, 0), _MANY, _MANY, tier, (line, line))
    for page in results.report_pages(report):
        yield "page in a player's report", page


def _reveal(asking: Round, name: str) -> RevealCard:
    """Return the reveal with the standing so far, each of its ranks shared by more than are named."""
    ranks = range(_MANY, _MANY + LEADING_RANKS)
    rows = tuple(
        replace(_standing(rank * 10 + tied, 0), rank=rank - _MANY + 1)
        for rank in ranks
        for tied in range(rounds.NAMES_PER_RANK + 1)
    )
    names = {row.player_id: name for row in rows}
    task = asking.question(asking.current).task
    tally = drawer_of(task).extremes(task, _MANY).tally
    return RevealCard(asking, tally, _MANY, Standings(rows, _MANY, _MANY), names)


def _result(played: Round, name: str) -> ui.LayoutView:
    tiers = range(len(played.quiz.tiers))
    members = range(results.names_per_tier(played.quiz) + 1)
    rows = tuple(_standing(100 * tier + member, tier) for tier in reversed(tiers) for member in members)
    names = {row.player_id: name for row in rows}
    card = ResultCard(replace(played, state=RoundState.STOPPED), Standings(rows, _MANY, _MANY), names)
    return results.result(card, results.result_board(card))


def _standing(player_id: int, tier: int) -> Standing:
    return Standing(player_id, _MANY, _MANY, _MANY, _MANY, _MANY, _MANY, tier)
