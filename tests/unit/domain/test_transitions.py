"""The steps of a round: which may follow which, and what happens to the time."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bot.domain import transitions
from bot.domain.round import Round, RoundState
from bot.domain.transitions import IllegalStep
from tests.builders import NOW, make_question, make_quiz, make_round


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def asking(at: datetime = NOW) -> Round:
    return transitions.open_question(transitions.ask_next(make_round()), 77, at)


def test_a_question_gets_its_deadline_from_the_post_itself() -> None:
    played = asking()
    assert (played.state, played.position) == (RoundState.ASKING, 1)
    assert played.due_at == played.current.closes_at == NOW + seconds(20)


def test_a_question_posted_again_keeps_its_deadline() -> None:
    again = transitions.open_question(asking(), 78, NOW + seconds(15))
    assert (again.current.message_id, again.current.closes_at) == (78, NOW + seconds(20))


def test_a_reveal_lasts_for_the_rounds_pause() -> None:
    revealed = transitions.reveal(asking(), NOW + seconds(22))
    assert (revealed.state, revealed.due_at) == (RoundState.REVEALED, NOW + seconds(30))


def test_a_round_finishes_only_after_its_last_question() -> None:
    with pytest.raises(IllegalStep):
        transitions.finish(transitions.reveal(asking(), NOW), NOW)
    short = make_round(make_quiz(make_question()))
    last = transitions.reveal(transitions.open_question(transitions.ask_next(short), 77, NOW), NOW)
    finished = transitions.finish(last, NOW)
    assert (finished.state, finished.ended_at, finished.is_open) == (RoundState.FINISHED, NOW, False)


def test_a_pause_keeps_the_time_that_was_left_and_resume_gives_it_back() -> None:
    paused = transitions.pause(asking(), NOW + seconds(5))
    assert (paused.state, paused.left_ms, paused.due_at) == (RoundState.PAUSED, 15_000, None)
    resumed = transitions.resume(paused, NOW + seconds(100))
    assert resumed.state is RoundState.ASKING
    assert resumed.due_at == resumed.current.closes_at == NOW + seconds(115)


def test_a_pause_between_questions_and_before_the_first_goes_on_where_it_was() -> None:
    for played in (make_round(due_at=NOW + seconds(9)), transitions.reveal(asking(), NOW + seconds(1))):
        paused = transitions.pause(played, NOW)
        assert transitions.resume(paused, NOW + seconds(60)).state is played.state
        assert transitions.resume(paused, NOW + seconds(60)).due_at == NOW + seconds(69)


def test_a_question_that_is_paused_with_less_than_ten_seconds_left_gets_ten() -> None:
    paused = transitions.pause(asking(), NOW + seconds(18))
    assert transitions.resume(paused, NOW + seconds(100)).due_at == NOW + seconds(110)


def test_a_question_that_is_skipped_in_a_pause_counts_for_nobody_and_the_pause_goes_on() -> None:
    skipped = transitions.skip(transitions.pause(asking(), NOW), NOW + seconds(60))
    assert (skipped.state, skipped.current.skipped, skipped.played) == (RoundState.PAUSED, True, ())
    resumed = transitions.resume(skipped, NOW + seconds(90))
    assert (resumed.state, resumed.due_at) == (RoundState.REVEALED, NOW + seconds(98))


def test_a_question_that_was_paused_while_it_was_being_posted_gets_its_full_time() -> None:
    paused = transitions.pause(transitions.ask_next(make_round()), NOW)
    posted = transitions.open_question(paused, 77, NOW + seconds(1))
    resumed = transitions.resume(posted, NOW + seconds(50))
    assert resumed.due_at == resumed.current.closes_at == NOW + seconds(70)


def test_skipping_an_open_question_reveals_it_and_counts_it_for_nobody() -> None:
    skipped = transitions.skip(asking(), NOW + seconds(3))
    assert (skipped.state, skipped.current.skipped, skipped.played) == (RoundState.REVEALED, True, ())


def test_skipping_elsewhere_just_saves_waiting() -> None:
    for played in (make_round(), transitions.reveal(asking(), NOW)):
        skipped = transitions.skip(played, NOW + seconds(1))
        assert (skipped.state, skipped.due_at) == (played.state, NOW + seconds(1))


@pytest.mark.parametrize("played", [asking(), transitions.pause(asking(), NOW)])
def test_stopping_leaves_an_open_question_out_of_the_count(played: Round) -> None:
    stopped = transitions.stop(played, NOW)
    assert (stopped.state, stopped.current.skipped, stopped.played) == (RoundState.STOPPED, True, ())


def test_revealed_questions_still_count_after_a_stop() -> None:
    stopped = transitions.stop(transitions.reveal(asking(), NOW), NOW)
    assert len(stopped.played) == 1


@pytest.mark.parametrize(
    ("step", "played"),
    [
        (transitions.resume, make_round()),
        (transitions.resume, asking()),
        (transitions.skip, transitions.pause(make_round(), NOW)),
        (transitions.start_now, asking()),
        (transitions.pause, transitions.pause(asking(), NOW)),
        (transitions.pause, transitions.stop(asking(), NOW)),
        (transitions.stop, transitions.stop(asking(), NOW)),
        (transitions.reveal, make_round()),
        (transitions.skip, transitions.stop(asking(), NOW)),
    ],
)
def test_a_step_that_the_state_does_not_allow_is_refused(
    step: Callable[[Round, datetime], Round], played: Round
) -> None:
    with pytest.raises(IllegalStep) as refused:
        step(played, NOW)
    assert refused.value.state is played.state


def test_after_a_restart_an_open_question_has_ten_seconds_left_once_the_bot_is_connected() -> None:
    back = transitions.come_back(asking(), NOW + seconds(17))
    assert back.due_at == back.current.closes_at == NOW + seconds(17 + 3 + 10)
    assert back.current.extended


def test_after_a_restart_a_question_with_more_time_left_keeps_its_deadline() -> None:
    assert transitions.come_back(asking(), NOW + seconds(2)) == asking()


def test_a_question_whose_time_ended_while_nobody_listened_stays_closed() -> None:
    assert transitions.come_back(asking(), NOW + seconds(21)) == asking()


def test_other_states_come_back_as_they_were() -> None:
    for played in (make_round(), transitions.pause(asking(), NOW), transitions.reveal(asking(), NOW)):
        assert transitions.come_back(played, NOW + seconds(300)) == played


def test_an_open_round_cannot_be_settled() -> None:
    with pytest.raises(IllegalStep):
        transitions.settle(asking(), None, NOW)
