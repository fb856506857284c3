"""From answers to standings: what a right answer earns, who ranks where, who reaches which tier."""

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.quiz import Tier
from bot.domain.round import Answer, Round, RoundRules, RoundState, Scoring
from bot.domain.standings import (
    compute_standings,
    honoured,
    leaders,
    score_of,
    tally_of,
    tier_index,
    tier_members,
)
from tests.builders import make_answer, make_question, make_quiz, make_round


def finished(**overrides: Any) -> Round:
    fields: dict[str, Any] = {"state": RoundState.FINISHED, "position": 3, "due_at": None}
    return make_round(**(fields | overrides))


def test_a_right_answer_earns_the_questions_points_however_long_it_took() -> None:
    played = finished(quiz=make_quiz(make_question(points=3), make_question(), make_question()))
    table = compute_standings(played, [make_answer(1, 1, elapsed_ms=19_999), make_answer(2, 2)])
    assert [(row.player_id, row.score) for row in table.rows] == [(1, 300), (2, 100)]
    assert table.max_points == 500


@pytest.mark.parametrize(
    ("elapsed_ms", "score"), [(0, 1000), (5_000, 875), (10_000, 750), (20_000, 500), (25_000, 500)]
)
def test_speed_scoring_gives_half_for_being_right_and_half_for_the_time_left(
    elapsed_ms: int, score: int
) -> None:
    played = finished()
    answer = make_answer(1, 1, elapsed_ms=elapsed_ms)
    question = make_question()
    grade = question.task.grade(answer.response)
    earned = score_of(question, played.asked[0], answer, grade, scoring=Scoring.SPEED, penalty=0)
    assert earned == 100 * score


def test_a_wrong_answer_costs_the_penalty_and_no_answer_costs_nothing() -> None:
    played = finished(quiz=replace(make_quiz(), penalty=2))
    table = compute_standings(played, [make_answer(1, 1, "2"), make_answer(1, 2, "1")])
    assert table.rows[0].score == 100 * (-2 + 1 + 0)


def test_the_faster_of_two_equal_scores_ranks_higher() -> None:
    answers = [
        make_answer(player, n, elapsed_ms=ms) for player, ms in ((1, 9000), (2, 4000)) for n in (1, 2, 3)
    ]
    assert [row.player_id for row in compute_standings(finished(), answers).rows] == [2, 1]


def test_leaving_questions_out_is_never_faster_than_answering_them() -> None:
    thorough = [make_answer(1, 1, "1", elapsed_ms=5000), make_answer(1, 2, "2"), make_answer(1, 3, "2")]
    picky = [make_answer(2, 1, "1", elapsed_ms=5000)]
    table = compute_standings(finished(), thorough + picky)
    assert [(row.player_id, row.score, row.answer_ms) for row in table.rows] == [
        (1, 100, 15_000),
        (2, 100, 45_000),
    ]


def test_players_who_tie_in_score_and_time_share_a_rank_and_the_next_rank_is_left_out() -> None:
    answers = [make_answer(player, 1, option) for player, option in ((1, "1"), (2, "1"), (3, "2"))]
    assert [row.rank for row in compute_standings(finished(), answers).rows] == [1, 1, 3]


def test_a_skipped_question_counts_for_nobody_and_lowers_what_can_be_reached() -> None:
    played = finished()
    asked = (played.asked[0], replace(played.asked[1], skipped=True), played.asked[2])
    table = compute_standings(replace(played, asked=asked), [make_answer(1, 1), make_answer(1, 2)])
    assert (table.rows[0].score, table.max_points, table.questions) == (100, 200, 2)


def test_somebody_who_answered_only_a_skipped_question_is_not_on_the_board() -> None:
    played = finished()
    asked = (replace(played.asked[0], skipped=True), *played.asked[1:])
    assert compute_standings(replace(played, asked=asked), [make_answer(1, 1)]).rows == ()


def test_questions_that_were_never_asked_do_not_count() -> None:
    stopped = finished(state=RoundState.STOPPED, position=1)
    assert compute_standings(stopped, [make_answer(1, 1)]).max_points == 100


@pytest.mark.parametrize(("points", "tier"), [(0, 0), (4, 0), (5, 1), (7, 1), (8, 2), (10, 2), (-3, 0)])
def test_tiers_are_bands_of_the_share_of_points(points: int, tier: int) -> None:
    tiers = (Tier("Starter", 0), Tier("Solid", 50), Tier("Expert", 80))
    assert tier_index(tiers, points, 10) == tier


def test_speed_ranks_but_knowledge_tiers() -> None:
    rules = RoundRules(scoring=Scoring.SPEED)
    slow_and_right = [make_answer(1, n, elapsed_ms=20_000) for n in (1, 2, 3)]
    table = compute_standings(finished(rules=rules), slow_and_right)
    assert (table.rows[0].score, table.rows[0].tier) == (150_000, 2)


def test_tiers_list_their_members_best_first_and_the_highest_tier_first() -> None:
    played = finished()
    answers = [make_answer(1, 1), *(make_answer(2, n) for n in (1, 2, 3))]
    members = tier_members(played.quiz, compute_standings(played, answers))
    assert [(tier.name, who) for tier, who in members] == [("Expert", (2,)), ("Solid", ()), ("Starter", (1,))]


def test_only_the_answers_to_a_question_are_in_its_tally() -> None:
    given_answers = [
        make_answer(1, 1, "2"),
        make_answer(2, 1, "1"),
        make_answer(3, 1, "2"),
        make_answer(3, 2),
    ]
    played = finished()
    tally, right = tally_of(played, played.asked[0], given_answers)
    assert (tally.players, tally.counts, right) == (3, {"2": 2, "1": 1}, 1)


answers = st.builds(
    make_answer,
    st.integers(1, 6),
    st.integers(1, 3),
    st.sampled_from("123"),
    elapsed_ms=st.integers(0, 20_000),
)


@given(st.lists(answers, unique_by=lambda answer: (answer.player_id, answer.question_number)), st.randoms())
def test_the_order_in_which_answers_are_read_never_changes_the_board(
    given_answers: list[Answer], rng: Random
) -> None:
    shuffled = list(given_answers)
    rng.shuffle(shuffled)
    table = compute_standings(finished(), given_answers)
    assert compute_standings(finished(), shuffled) == table
    assert {row.player_id for row in table.rows} == {answer.player_id for answer in given_answers}
    assert all(0 <= row.points <= table.max_points for row in table.rows)


def named(played: Round, given_answers: list[Answer]) -> list[tuple[int, int]]:
    """Return player and rank of everybody who may be named."""
    table = compute_standings(played, given_answers)
    return [(row.player_id, row.rank) for row in honoured(played.quiz, table)]


def test_the_first_is_honoured_if_they_have_points_and_others_only_above_the_lowest_tier() -> None:
    one, two, three = ([make_answer(player, n) for n in range(1, player + 1)] for player in (1, 2, 3))
    nothing = [make_answer(9, 1, "2"), make_answer(9, 2, "2")]
    assert named(finished(), [*one, *two, *three, *nothing]) == [(3, 1), (2, 2)], "a third is the lowest tier"
    assert named(finished(), [*one, *nothing]) == [(1, 1)]
    assert named(finished(), nothing) == []


def test_where_there_is_one_tier_only_the_leading_ranks_are_honoured() -> None:
    played = finished(quiz=make_quiz(tiers=(Tier("Player", 0),)))
    given_answers = [make_answer(player, 1, elapsed_ms=1000 * player) for player in range(1, 6)]
    assert named(played, given_answers) == [(1, 1), (2, 2), (3, 3)]


def test_nobody_is_honoured_for_what_a_penalty_has_eaten_up() -> None:
    played = finished(quiz=make_quiz(penalty=2))
    lost = [make_answer(1, 1), make_answer(1, 2), make_answer(1, 3, "2")]
    assert named(played, lost) == []


def test_the_leaders_are_the_first_three_ranks_of_the_honoured() -> None:
    answers = [
        make_answer(player, number, elapsed_ms=1000 * rank)
        for player, rank in ((1, 1), (2, 2), (3, 2), (4, 3))
        for number in (1, 2)
    ]
    table = compute_standings(finished(), [*answers, make_answer(5, 1, "2")])
    ranks = [(row.player_id, row.rank) for row in leaders(finished().quiz, table)]
    assert ranks == [(1, 1), (2, 2), (3, 2)], "4 is fourth"
