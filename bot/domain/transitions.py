"""The steps of a round, as pure functions from one `Round` to the next.

Each takes the instant as an argument and raises `IllegalStep` for what the state does not allow.
Whoever carries out a step writes the result to the database first and acts afterwards.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.round import TRANSITIONS, AskedQuestion, Round, RoundState

#: The least time an open question gets when the bot comes back to it: ten seconds to answer, after three for
#: connecting to Discord.
MIN_SECONDS_AFTER_RESTART = 13
#: The least time an open question gets after a pause, to be read again.
MIN_SECONDS_AFTER_PAUSE = 10


@dataclass(eq=False)
class IllegalStep(Exception):
    """The round's state does not allow this step."""

    step: str
    state: RoundState


def _enter(played: Round, state: RoundState, step: str, due_at: datetime | None) -> Round:
    if state not in TRANSITIONS[played.state]:
        raise IllegalStep(step, played.state)
    return replace(played, state=state, due_at=due_at, paused_from=None, left_ms=None)


def _with_current(played: Round, current: AskedQuestion) -> Round:
    asked = list(played.asked)
    asked[played.position - 1] = current
    return replace(played, asked=tuple(asked))


def note_announcement(played: Round, message_id: int) -> Round:
    """Record where the round was announced."""
    return replace(played, announcement_id=message_id)


def note_thread(played: Round, thread_id: int | None) -> Round:
    """Record the round's thread; without one, it takes place in the channel, and says so."""
    lost = thread_id is None
    return replace(played, thread_id=thread_id, in_thread=not lost, thread_lost=lost)


def ask_next(played: Round) -> Round:
    """Move on to the next question. It has no deadline until it has been posted."""
    return replace(_enter(played, RoundState.ASKING, "ask", None), position=played.position + 1)


def open_question(
    played: Round, message_id: int, posted_at: datetime, *, not_before: datetime | None = None
) -> Round:
    """Record where and when the current question was posted; its time runs from then.

    A question that is posted again keeps the deadline it had.

    Args:
        played: a round whose question has been posted.
        message_id: the message.
        posted_at: the message's instant.
        not_before: the earliest deadline, if nobody could answer for a while after the post.
    """
    asked = played.current
    closes_at = asked.closes_at or posted_at + timedelta(seconds=asked.seconds)
    if not_before is not None:
        closes_at = max(closes_at, not_before)
    opened = replace(
        asked, message_id=message_id, opened_at=asked.opened_at or posted_at, closes_at=closes_at
    )
    noted = _with_current(played, opened)
    if played.state is RoundState.ASKING:
        return replace(noted, due_at=closes_at)
    if played.paused_from is RoundState.ASKING and played.left_ms is None:
        return replace(noted, left_ms=asked.seconds * 1000)  # paused while Discord was taking the post
    return noted


def reveal(played: Round, at: datetime) -> Round:
    """Close the current question and show its key for the round's pause."""
    return _enter(played, RoundState.REVEALED, "reveal", at + timedelta(seconds=played.rules.pause_seconds))


def hold(played: Round, until: datetime) -> Round:
    """Extend the announcement or the reveal, which was seen later than planned."""
    if played.state not in {RoundState.ANNOUNCED, RoundState.REVEALED}:
        raise IllegalStep("hold", played.state)
    return replace(played, due_at=until)


def finish(played: Round, at: datetime) -> Round:
    """End the round after its last reveal."""
    if played.has_more:
        raise IllegalStep("finish", played.state)
    return replace(_enter(played, RoundState.FINISHED, "finish", None), ended_at=at)


def pause(played: Round, at: datetime) -> Round:
    """Pause the round and keep what was left of its state; an open question keeps at least ten seconds."""
    paused = _enter(played, RoundState.PAUSED, "pause", None)
    left_ms = None
    if played.due_at is not None:
        least = MIN_SECONDS_AFTER_PAUSE * 1000 if played.state is RoundState.ASKING else 0
        left_ms = max((played.due_at - at) // timedelta(milliseconds=1), least)
    return replace(paused, paused_from=played.state, left_ms=left_ms)


def resume(played: Round, at: datetime) -> Round:
    """Continue where `pause` interrupted, with the time that was left."""
    if played.state is not RoundState.PAUSED or played.paused_from is None:
        raise IllegalStep("resume", played.state)
    due_at = None if played.left_ms is None else at + timedelta(milliseconds=played.left_ms)
    resumed = _enter(played, played.paused_from, "resume", due_at)
    if resumed.state is RoundState.ASKING and due_at is not None:
        resumed = _with_current(resumed, replace(resumed.current, closes_at=due_at))
    return resumed


def skip(played: Round, at: datetime) -> Round:
    """Cut the current state short: start now, move on now, or give up the open question.

    A question skipped while it is open counts for nobody. Skipped during a pause, it is revealed, and the
    pause continues.
    """
    if played.state is RoundState.ASKING:
        skipped = _with_current(played, replace(played.current, skipped=True))
        return reveal(skipped, at)
    if played.state is RoundState.PAUSED and played.paused_from is RoundState.ASKING:
        skipped = _with_current(played, replace(played.current, skipped=True))
        return replace(skipped, paused_from=RoundState.REVEALED, left_ms=played.rules.pause_seconds * 1000)
    if played.state in {RoundState.ANNOUNCED, RoundState.REVEALED}:
        return replace(played, due_at=at)
    raise IllegalStep("skip", played.state)


def start_now(played: Round, at: datetime) -> Round:
    """Start an announced round without waiting any longer."""
    if played.state is not RoundState.ANNOUNCED:
        raise IllegalStep("start", played.state)
    return replace(played, due_at=at)


def stop(played: Round, at: datetime) -> Round:
    """End the round early. A question that was open counts for nobody."""
    if played.state is RoundState.ASKING or played.paused_from is RoundState.ASKING:
        played = _with_current(played, replace(played.current, skipped=True))
    interrupted = played.paused_from or played.state
    return replace(_enter(played, RoundState.STOPPED, "stop", None), ended_at=at, paused_from=interrupted)


def come_back(played: Round, at: datetime) -> Round:
    """Continue after a restart: an open question gets at least `MIN_SECONDS_AFTER_RESTART`.

    A question whose time ran out while nobody was listening stays closed at its deadline.
    """
    if played.state is not RoundState.ASKING or played.due_at is None or played.due_at <= at:
        return played
    closes_at = max(played.due_at, at + timedelta(seconds=MIN_SECONDS_AFTER_RESTART))
    return replace(_with_current(played, replace(played.current, closes_at=closes_at)), due_at=closes_at)


def hold_result(played: Round) -> Round:
    """Record that an ended round's final card has to wait, and that its host knows."""
    if played.is_open:
        raise IllegalStep("hold", played.state)
    return replace(played, result_held=True)


def settle(played: Round, result_id: int | None, at: datetime) -> Round:
    """Record that an ended round needs nothing more."""
    if played.is_open:
        raise IllegalStep("settle", played.state)
    return replace(played, settled_at=at, result_id=result_id)
