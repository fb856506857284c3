"""Private cards for whoever controls a round: its status, and the confirmation before it is stopped."""

import discord
from discord import ui

from bot.domain.round import Round, RoundState
from bot.services.steering import RoundStatus
from bot.text import steering as words
from bot.ui.cards import parts
from bot.ui.custom_ids import SteerButton, Step
from bot.ui.escape import escape_quiz_text

#: Players are named up to here, then "and 7 more".
MAX_NAMES = 20


def status(shown: RoundStatus, note: str | None = None) -> ui.LayoutView:
    """Show where a round stands, with buttons to control it; first what was just done, if anything."""
    played = shown.round
    paused = played.state is RoundState.PAUSED
    pause = (words.resume_button(), Step.RESUME) if paused else (words.pause_button(), Step.PAUSE)
    buttons = [
        _button(*pause, played),
        _button(words.skip_button(), Step.SKIP, played),
        _button(words.stop_button(), Step.STOP, played),
    ]
    if (message := _message(played)) is not None:
        buttons.append(parts.link(words.to_the_message(), message))
    return parts.card(
        parts.GREY if paused else parts.BLURPLE,
        parts.text(
            *([note] if note else []),
            parts.heading(escape_quiz_text(played.quiz.title)),
            _where(shown),
            *_who_comes(shown),
        ),
        *parts.rows(buttons),
    )


def confirm_stop(played: Round) -> ui.LayoutView:
    """Ask whether to stop a round."""
    return parts.card(
        parts.GREY,
        parts.text(words.confirm_stop(escape_quiz_text(played.quiz.title)), words.what_stopping_means()),
        *parts.rows(
            [
                _button(
                    words.stop_for_good_button(),
                    Step.STOP_FOR_GOOD,
                    played,
                    style=discord.ButtonStyle.danger,
                ),
                _button(words.keep_playing_button(), Step.LOOK, played),
            ]
        ),
    )


def stopped() -> ui.LayoutView:
    """Say that a round was stopped."""
    return parts.card(parts.GREY, parts.text(words.stopped()))


def skipped(before: Round) -> str:
    """Say what was skipped, given the round as it was before."""
    number, total = before.position, len(before.asked)
    if RoundState.ASKING in {before.state, before.paused_from}:
        still_paused = before.state is RoundState.PAUSED
        return words.skipped_question(number, total, still_paused=still_paused)
    return words.skipped_wait(number, total)


def _button(
    label: str,
    step: Step,
    played: Round,
    *,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
) -> ui.Button[ui.LayoutView]:
    return parts.button(label, SteerButton(played.id.number, step), style=style)


def _where(shown: RoundStatus) -> str:
    played = shown.round
    number, total = played.position, len(played.asked)
    match played.state:
        case RoundState.ANNOUNCED:
            return words.status_announced(total, played.due_at or played.created_at)
        case RoundState.ASKING:
            return words.status_asking(number, total, played.due_at, shown.left_seconds, shown.answered)
        case RoundState.PAUSED:
            open_ms = played.left_ms if played.paused_from is RoundState.ASKING else None
            return words.status_paused(number, total, None if open_ms is None else open_ms // 1000)
        case _:
            return words.status_revealed(number, total, played.due_at)


def _who_comes(shown: RoundStatus) -> list[str]:
    """Name those who have said that they will play, until the round begins."""
    if shown.round.position > 0 or not shown.joined:
        return []
    return [words.who_comes(parts.players(list(shown.joined), shown.joined, MAX_NAMES))]


def _message(played: Round) -> str | None:
    """Return the link to what the round shows now."""
    place, message = played.channel_id, played.announcement_id
    if played.position:
        place, message = played.place_id, played.current.message_id
    return (
        None if message is None else f"https://discord.com/channels/{played.id.server_id}/{place}/{message}"
    )
