"""The standing so far, kept question by question, is the one that all answers together give."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.round import Answer, Round, RoundRules, RoundState, Scoring
from bot.domain.standings import compute_standings, score_of
from bot.domain.tally import Tally
from tests.builders import choice, make_answer, make_question, make_quiz, make_round

QUIZ = make_quiz(make_question(), make_question(points=0), make_question(points=3), penalty=1)


@st.composite
def played_rounds(draw: st.DrawFn) -> tuple[Round, list[Answer]]:
    scoring = draw(st.sampled_from(Scoring))
    played = make_round(QUIZ, rules=RoundRules(scoring=scoring), state=RoundState.REVEALED)
    answers = [
        make_answer(
            player, asked.number, draw(st.sampled_from("123")), elapsed_ms=draw(st.integers(0, 20_000))
        )
        for asked in played.asked
        for player in draw(st.sets(st.integers(1, 6)))
    ]
    return played, answers


@given(played_rounds())
def test_scores_and_ranks_are_those_of_all_answers_together(drawn: tuple[Round, list[Answer]]) -> None:
    played, answers = drawn
    tally = Tally()
    for asked in played.asked:
        played = replace(played, position=asked.number)
        given_now = [one for one in answers if one.question_number == asked.number]
        tally.add(played, asked, given_now)
        verdicts = tally.verdicts(played, asked, given_now)
        standings = compute_standings(played, answers)
        assert set(verdicts) == {one.player_id for one in given_now}
        for answer in given_now:
            question = played.question(asked)
            told, standing = verdicts[answer.player_id], standings.of(answer.player_id)
            assert standing is not None
            assert (told.score, told.rank) == (standing.score, standing.rank)
            assert told.players == len(standings.rows)
            assert told.max_points == standings.max_points
            assert told.correct == (answer.response == choice(question).key)
            assert told.earned == score_of(
                question,
                asked,
                answer,
                question.task.grade(answer.response),
                scoring=played.rules.scoring,
                penalty=QUIZ.penalty,
            )
