"""Every sentence that says why a round, or the whole bot, does not do what was asked.

Refusals about quizzes, settings, schedules and dates are in their own modules.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.text.phrases import enumeration, moment

# --- starting and steering a round ----------------------------------------------------------------


def round_already_open(channel_id: int) -> str:
    """One round a channel."""
    return f"<#{channel_id}> already has a round. Wait for it to end, or stop it with `/round stop`."


def no_round_here(channel_id: int) -> str:
    """Nothing to steer."""
    return f"<#{channel_id}> has no round running. `/round start` starts one."


def round_ended() -> str:
    """A button that steers a round which is over."""
    return "That round is over."


def round_begun() -> str:
    """Too late to say so, not too late to play."""
    return "The round has already begun. Just answer its next question."


def may_not_steer() -> str:
    """Somebody else's round."""
    return "Only the moderators and whoever started this round can do that."


def step_not_possible(step: str, state: str) -> str:
    """The round's state does not allow a command."""
    if step == "start" and state != "paused":
        return "The round has already started."
    if step == "resume":
        return "The round is not paused, so there is nothing to resume."
    if step == state[: len(step)]:
        return f"The round is already {state}."
    if state == "paused":
        return f"The round is paused. Use `/round resume` before you {step} it."
    return f"The round is {state}, so you cannot {step} it now."


def missing_permissions(channel_id: int, permissions: Sequence[str]) -> str:
    """The bot may not play here."""
    names = enumeration([f"**{name}**" for name in permissions])
    return f"I cannot run a round in <#{channel_id}>: I need {names} there. Nothing was posted."


def in_time_out(until: datetime) -> str:
    """The bot may do nothing on the server for a while."""
    return f"I am timed out on this server, so I cannot post. That ends {moment(until)}. Nothing was posted."


def discord_unavailable() -> str:
    """Discord has an outage, or does not answer."""
    return "Discord is having trouble with this server. Nothing was done; try again in a few minutes."


def not_a_round_channel(channel_id: int) -> str:
    """The channel is of the wrong kind or not visible."""
    where = "Rounds run in text channels and threads that I can see"
    return f"{where}; <#{channel_id}> is not one. Nothing was posted."


def default_channel_gone(channel_id: int) -> str:
    """The default channel was deleted, or hidden from the bot."""
    return (
        f"This server's default channel, <#{channel_id}>, is gone or hidden from me. Name a channel, or "
        "choose another default with `/settings`. Nothing was posted."
    )


# --- pressing a button ----------------------------------------------------------------------------


def question_closed() -> str:
    """Too late."""
    return "This question is closed; your answer came too late and was not recorded."


def round_over() -> str:
    """An old button."""
    return "This round is over. Nothing was recorded."


def round_paused() -> str:
    """A click during a pause."""
    return "The round is paused. Nothing was recorded; answer again when it resumes."


def unknown_button() -> str:
    """A forged or foreign button."""
    return "This button does not belong to a question that I asked here. Nothing was recorded."


def answer_locked(given: str) -> str:
    """A second answer where the first counts."""
    return f"In this quiz the first answer counts, and yours is {given}."


def not_recorded() -> str:
    """The database failed."""
    return "Your answer was **not** recorded. Please click again."


def database_lost() -> str:
    """The bot's data file is gone, and the bot is about to end."""
    return (
        "I cannot save anything any more: my data file was deleted or replaced. Please tell whoever runs me."
    )


def no_result() -> str:
    """The player was not there."""
    return "You did not answer any question in this round, so there is no result for you."


def question_back_over() -> str:
    """A question before something that cannot be answered any more."""
    return "That has expired. Run the command again."


def nothing_done() -> str:
    """The answer to no."""
    return "Nothing was changed."


# --- anything -------------------------------------------------------------------------------------


def shutting_down() -> str:
    """The bot restarts."""
    return "I am restarting and cannot start anything new. Try again in a minute; open rounds will continue."


def unexpected(reference: str) -> str:
    """A defect of ours."""
    return f"Something went wrong on my side. The log has the details under `{reference}`."
