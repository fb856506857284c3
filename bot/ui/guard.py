"""The one place where an error becomes a reply, whichever door it came through.

An expected error becomes its sentence. An unexpected one becomes a short reference, and the traceback
goes to the log under the same reference.
"""

import logging
import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from bot import text, text_dates, text_schedules
from bot.domain.settings import SETTINGS, BadSetting, Choice, Number, Place, TimeZone
from bot.domain.transitions import IllegalStep
from bot.services import errors
from bot.ui.escape import escape_quiz_text

if TYPE_CHECKING:
    from bot.ui.acknowledge import Acknowledger

log = logging.getLogger(__name__)

#: Everything that can come between us and Discord.
LINE_ERRORS = (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError)

#: Enough to recognise what one has typed.
MAX_QUOTED = 60

Interaction = discord.Interaction[Any]

_SENTENCES: Mapping[type[BaseException], Callable[[Any], str]] = {
    errors.QuizNotFound: lambda e: text.quiz_not_found(escape_quiz_text(e.query[:100]), e.suggestions),
    errors.RoundAlreadyOpen: lambda e: text.round_already_open(e.channel_id),
    errors.NoRoundHere: lambda e: text.no_round_here(e.channel_id),
    errors.MissingPermissions: lambda e: text.missing_permissions(e.channel_id, _titles(e.permissions)),
    errors.NotARoundChannel: lambda e: text.not_a_round_channel(e.channel_id),
    errors.DefaultChannelGone: lambda e: text.default_channel_gone(e.channel_id),
    errors.NoticesNotAllowed: lambda e: text.notices_not_allowed(e.channel_id, _titles(e.permissions)),
    errors.NotANoticeChannel: lambda e: text.not_a_notice_channel(e.channel_id),
    errors.PanelExpired: lambda _: text.panel_expired(),
    errors.NoQuizToPlay: lambda e: text_schedules.no_quiz_to_play(escape_quiz_text(e.name[:100])),
    errors.NoSuchSchedule: lambda e: text_schedules.no_such_schedule(escape_quiz_text(e.number[:20])),
    errors.ScheduleStepNotPossible: lambda e: text_schedules.schedule_step_not_possible(e.step, e.state),
    errors.TooManySchedules: lambda e: text_schedules.too_many_schedules(e.most),
    errors.RoleNotPingable: lambda e: text_schedules.role_not_pingable(e.role_id),
    errors.EventsNotAllowed: lambda _: text_schedules.events_not_allowed(),
    errors.ReminderOver: lambda _: text_schedules.reminder_too_late(),
    errors.BadWhen: lambda e: text_dates.bad_when(_quoted(e.given), e.reason, e.zone),
    errors.BadDate: lambda e: text_dates.bad_date(_quoted(e.given), e.reason),
    errors.BadRepeat: lambda e: text_dates.bad_repeat(_quoted(e.given), e.reason, _quoted(e.detail)),
    errors.AnswerLocked: lambda e: text.answer_locked(e.letter),
    errors.QuestionClosed: lambda _: text.question_closed(),
    errors.RoundOver: lambda _: text.round_over(),
    errors.RoundPaused: lambda _: text.round_paused(),
    errors.UnknownButton: lambda _: text.unknown_button(),
    errors.NotRecorded: lambda _: text.not_recorded(),
    errors.NoResult: lambda _: text.no_result(),
    errors.ShuttingDown: lambda _: text.shutting_down(),
    BadSetting: lambda e: text.bad_setting(_title(e), escape_quiz_text(e.given[:100]), _wanted(e)),
    IllegalStep: lambda e: text.step_not_possible(e.step, e.state.value),
}


def describe(error: BaseException) -> str | None:
    """Return the sentence for an expected error, or None for any other."""
    sentence = _SENTENCES.get(type(error))
    return sentence(error) if sentence else None


def _title(error: BadSetting) -> str:
    return SETTINGS[error.name].title


def _wanted(error: BadSetting) -> str:
    """Return what the setting could be, with an example."""
    match SETTINGS[error.name].kind:
        case Number(least=least, most=most, example=example):
            return text.wanted_number(least, most, example)
        case Choice(options=options):
            return text.wanted_choice([option.key for option in options])
        case TimeZone(example=example):
            return text.wanted_time_zone(error.suggestions, example)
        case Place():
            return text.wanted_channel()


def _quoted(given: str) -> str:
    """Return what somebody typed as one short line that pings and links nobody."""
    line = " ".join(given.split())
    return escape_quiz_text(line if len(line) <= MAX_QUOTED else f"{line[:MAX_QUOTED]}…")


def _titles(permissions: Iterable[str]) -> list[str]:
    """Return permission names as Discord's settings show them."""
    return [name.replace("_", " ").title() for name in permissions]


async def answer_error(interaction: Interaction, error: BaseException) -> None:
    """Tell the person who caused an error, privately, what it means."""
    sentence = describe(error)
    if sentence is None:
        reference = secrets.token_hex(3)
        sentence = text.unexpected(reference)
        log.error("error %s in %s", reference, _door(interaction), exc_info=error)
    await tell(interaction, sentence)


async def tell(interaction: Interaction, sentence: str) -> bool:
    """Reply privately, through the client's own way; return whether the reply was delivered."""
    acknowledger: Acknowledger = interaction.client.acknowledger
    return await acknowledger.send(interaction, sentence)


def _door(interaction: Interaction) -> str:
    data: Any = interaction.data or {}
    return str(data.get("name") or data.get("custom_id") or interaction.type.name)
