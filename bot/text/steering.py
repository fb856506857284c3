"""Every sentence about controlling a round: what its host and the moderators read and press."""

from datetime import datetime

from bot.text.phrases import count, exact_time

# --- where a round stands -------------------------------------------------------------------------
# The card is not edited when a question closes, so nothing on it counts on: no "closes 5 minutes ago".


def status_announced(questions: int, starts_at: datetime) -> str:
    """A round that has not begun."""
    return f"Starts at {exact_time(starts_at)} · {count(questions, 'question')}"


def status_asking(number: int, total: int, closes_at: datetime | None, seconds: int, answered: int) -> str:
    """A round with an open question; without a deadline, it is just being posted."""
    if closes_at is None:
        return f"Question {number} of {total} is being posted"
    left = f"{count(seconds, 'second')} left, until {exact_time(closes_at)}"
    return f"Question {number} of {total} · {left} · {answered} {'has' if answered == 1 else 'have'} answered"


def status_revealed(number: int, total: int, goes_on_at: datetime | None) -> str:
    """A round between two questions, or after the last."""
    what = "next question" if number < total else "result"
    then = "" if goes_on_at is None else f" · {what} at {exact_time(goes_on_at)}"
    return f"Question {number} of {total} has been revealed{then}"


def status_paused(number: int, total: int, seconds: int | None) -> str:
    """A paused round; `seconds` is the time left to answer, if a question is open."""
    if number == 0:
        return "Paused before the first question"
    if seconds is None:
        return f"Paused after question {number} of {total}"
    return f"Paused at question {number} of {total} · {count(seconds, 'second')} left to answer it"


def who_comes(names: str) -> str:
    """Who has said that they will play."""
    return f"In: {names}"


def to_the_message() -> str:
    """The link to what the round shows now."""
    return "Show me"


def pause_button() -> str:
    """Pauses the round."""
    return "Pause"


def resume_button() -> str:
    """Resumes the round."""
    return "Resume"


def skip_button() -> str:
    """Skips what the round is doing now."""
    return "Skip"


def stop_button() -> str:
    """Asks whether to end the round."""
    return "Stop"


# --- steps ----------------------------------------------------------------------------------------


def round_started(title: str, channel_id: int) -> str:
    """That a round starts."""
    return f"**{title}** starts in <#{channel_id}>. Use `/round status` there to control it."


def started_now() -> str:
    """That a round starts without further waiting."""
    return "Here comes the first question."


def paused() -> str:
    """That a round is paused."""
    return "Paused. `/round resume` continues with the time that was left."


def resumed() -> str:
    """That a round continues."""
    return "The round continues."


def skipped_question(number: int, total: int, *, still_paused: bool) -> str:
    """That an open question was skipped."""
    after = " The round is still paused." if still_paused else ""
    return f"Skipped question {number} of {total}: it counts for nobody.{after}"


def skipped_wait(number: int, total: int) -> str:
    """That what follows question `number` comes at once."""
    if number == 0:
        return "Skipped the wait: here comes the first question."
    if number < total:
        return f"Skipped the wait: here comes question {number + 1} of {total}."
    return "Skipped the wait: here comes the result."


def stopped() -> str:
    """That a round was ended."""
    return "Stopped. The answers so far are kept."


# --- stopping -------------------------------------------------------------------------------------


def confirm_stop(title: str) -> str:
    """Asks for confirmation."""
    return f"### Stop {title}?"


def what_stopping_means() -> str:
    """What stopping a round means."""
    return "The answers so far are kept, but the round will not count on the leaderboard."


def stop_for_good_button() -> str:
    """Ends the round."""
    return "Stop the round"


def keep_playing_button() -> str:
    """Leaves the round running."""
    return "Keep playing"
