"""What a round's cards say in odd cases: one question, a hundred percent, a question that was skipped."""

from dataclasses import replace

import pytest
from discord import ui

from bot.domain.quiz import Tier
from bot.domain.round import Round, RoundState
from bot.domain.standings import compute_standings
from bot.domain.tasks import Tally
from bot.services.ports import ResultCard, RevealCard
from bot.services.results import Report, ReportLine
from bot.text.results import report_skipped
from bot.text.rounds import announcement_facts, question_skipped, share
from bot.ui.cards import results, rounds
from bot.ui.questions.options import bar as bar_of
from tests.builders import make_answer, make_quiz, make_round


def said(card: ui.LayoutView) -> str:
    return "\n".join(item.content for item in card.walk_children() if isinstance(item, ui.TextDisplay))


def skipped(number: int) -> Round:
    """Return a round of three questions after its end, one of which was skipped."""
    played = make_round(state=RoundState.FINISHED, position=3)
    asked = tuple(replace(one, skipped=one.number == number) for one in played.asked)
    return replace(played, asked=asked)


def test_seconds_are_each_question_s_only_where_there_are_several() -> None:
    assert announcement_facts(1, 10, 10, 30) == "1 question · 10 seconds · about a minute"
    assert announcement_facts(3, 10, 30, 95) == "3 questions · 10 to 30 seconds each · about 2 minutes"


def test_a_tier_of_all_the_points_is_a_hundred_percent() -> None:
    played = make_round(
        make_quiz(tiers=(Tier("Player", 0), Tier("Hero", 100))), state=RoundState.FINISHED, position=3
    )
    table = compute_standings(played, [make_answer(1, number) for number in (1, 2, 3)])
    shown = said(results.result(ResultCard(played, table, {1: "Ana"}), None))
    assert "**Hero** · 100 % · \u2068Ana\u2069" in shown


@pytest.mark.parametrize("tally", [Tally(), Tally(3, {"1": 2, "2": 1})])
def test_a_skipped_question_does_not_say_who_was_right(tally: Tally) -> None:
    shown = said(
        rounds.reveal(RevealCard(replace(skipped(3), state=RoundState.REVEALED), tally, tally.count("1")))
    )
    assert question_skipped() in shown
    assert "nobody answered" not in shown
    assert "of 3 right" not in shown


def test_a_report_says_which_question_it_leaves_out() -> None:
    played = skipped(2)
    answers = [make_answer(1, number) for number in (1, 2, 3)]
    standing = compute_standings(played, answers).of(1)
    assert standing is not None
    lines = tuple(ReportLine(one, played.question(one), answers[one.number - 1]) for one in played.played)
    (page,) = results.report_pages(Report(played, standing, 1, 2, played.quiz.tiers[0], lines))
    assert report_skipped([2]) in said(page)


@pytest.mark.parametrize(
    ("number", "bar"),
    [
        (0, "`\xa0\xa0\xa0\xa0\xa0\xa0`"),
        (1, "`▌\xa0\xa0\xa0\xa0\xa0`"),
        (3, "`█▌\xa0\xa0\xa0\xa0`"),
        (12, "`██████`"),
    ],
)
def test_a_bar_is_as_long_as_the_share_to_the_nearest_twelfth(number: int, bar: str) -> None:
    assert bar_of(number, 12) == bar
    assert bar_of(100 * number + 49, 1200) == bar


def test_a_share_says_percent_and_number() -> None:
    assert share(1, 4) == "25\xa0%\xa0·\xa01"


def test_who_ties_for_the_first_place_wins_together() -> None:
    played = make_round(state=RoundState.FINISHED, position=3)
    table = compute_standings(played, [make_answer(player, 1) for player in (1, 2)])
    shown = said(results.result(ResultCard(played, table, {1: "Ana", 2: "Bo"}), None))
    assert shown.startswith("### \u2068Ana\u2069 and \u2068Bo\u2069 win, 1 of 3 each\n")
