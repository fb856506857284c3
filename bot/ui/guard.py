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

from bot.domain.settings import SETTINGS, BadSetting, Choice, Number, Place, TimeZone
from bot.domain.transitions import IllegalStep
from bot.services import errors
from bot.text import dates, library, refusals, repeats, schedule_panel, schedules, settings
from bot.text.phrases import Advice, advise, advise_briefly
from bot.ui.escape import escape_quiz_text
from bot.ui.questions import name_answer

if TYPE_CHECKING:
    from bot.ui.acknowledge import Acknowledger

log = logging.getLogger(__name__)

#: Everything that can come between us and Discord.
LINE_ERRORS = (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError)

#: Enough to recognise what you typed.
MAX_QUOTED = 60

Interaction = discord.Interaction[Any]

_SENTENCES: Mapping[type[BaseException], Callable[[Any], str]] = {
    errors.QuizNotFound: lambda e: library.quiz_not_found(escape_quiz_text(e.query[:100]), e.suggestions),
    errors.RoundAlreadyOpen: lambda e: refusals.round_already_open(e.channel_id),
    errors.NoRoundHere: lambda e: refusals.no_round_here(e.channel_id),
    errors.RoundEnded: lambda _: refusals.round_ended(),
    errors.RoundBegun: lambda _: refusals.round_begun(),
    errors.MayNotSteer: lambda _: refusals.may_not_steer(),
    errors.MissingPermissions: lambda e: refusals.missing_permissions(
        e.channel_id, permission_titles(e.permissions)
    ),
    errors.InTimeOut: lambda e: refusals.in_time_out(e.until),
    errors.DiscordUnavailable: lambda _: refusals.discord_unavailable(),
    errors.NotARoundChannel: lambda e: refusals.not_a_round_channel(e.channel_id),
    errors.DefaultChannelGone: lambda e: refusals.default_channel_gone(e.channel_id),
    errors.NoticesNotAllowed: lambda e: settings.notices_not_allowed(
        e.channel_id, permission_titles(e.permissions)
    ),
    errors.NotANoticeChannel: lambda e: settings.not_a_notice_channel(e.channel_id),
    errors.ListExpired: lambda _: schedule_panel.list_expired(),
    errors.PanelExpired: lambda _: settings.panel_expired(),
    errors.NoQuizToPlay: lambda e: schedules.no_quiz_to_play(escape_quiz_text(e.name[:100])),
    errors.NoSuchSchedule: lambda e: schedules.no_such_schedule(escape_quiz_text(e.number[:20])),
    errors.ScheduleStepNotPossible: lambda e: schedules.schedule_step_not_possible(e.step, e.state),
    errors.TooManySchedules: lambda e: schedules.too_many_schedules(e.most),
    errors.RoleNotPingable: lambda e: schedules.role_not_pingable(e.role_id),
    errors.EventsNotAllowed: lambda _: schedules.events_not_allowed(),
    errors.ZoneUnknown: lambda e: schedules.zone_unknown(escape_quiz_text(e.zone[:100])),
    errors.ScheduleClash: lambda e: schedules.clash(
        e.channel_id, e.number, escape_quiz_text(e.name[:100]), e.at
    ),
    errors.NoChange: lambda _: schedules.no_change(),
    errors.QuestionBackOver: lambda _: refusals.question_back_over(),
    errors.ReminderOver: lambda _: schedules.reminder_too_late(),
    errors.BadWhen: lambda e: advise(_advice(e)),
    errors.BadDate: lambda e: advise(_advice(e)),
    errors.BadRepeat: lambda e: advise(_advice(e)),
    errors.AnswerLocked: lambda e: refusals.answer_locked(name_answer(e.counted)),
    errors.QuestionClosed: lambda _: refusals.question_closed(),
    errors.RoundOver: lambda _: refusals.round_over(),
    errors.RoundPaused: lambda _: refusals.round_paused(),
    errors.UnknownButton: lambda _: refusals.unknown_button(),
    errors.NotRecorded: lambda _: refusals.not_recorded(),
    errors.DatabaseLost: lambda _: refusals.database_lost(),
    errors.NoResult: lambda _: refusals.no_result(),
    errors.ShuttingDown: lambda _: refusals.shutting_down(),
    BadSetting: lambda e: settings.bad_setting(_title(e), escape_quiz_text(e.given[:100]), _wanted(e)),
    IllegalStep: lambda e: refusals.step_not_possible(e.step, e.state.value),
}


def describe(error: BaseException) -> str | None:
    """Return the sentence for an expected error, or None for any other."""
    sentence = _SENTENCES.get(type(error))
    return sentence(error) if sentence else None


def describe_briefly(error: errors.BadWhen | errors.BadDate | errors.BadRepeat) -> str:
    """Return the sentence for what was typed, starting with what works instead."""
    return advise_briefly(_advice(error))


def _advice(error: errors.BadWhen | errors.BadDate | errors.BadRepeat) -> Advice:
    given = _quoted(error.given)
    match error:
        case errors.BadWhen():
            return dates.bad_when(given, error.reason, error.zone)
        case errors.BadDate():
            return dates.bad_date(given, error.reason)
        case errors.BadRepeat():
            return repeats.bad_repeat(given, error.reason, _quoted(error.detail))


def _title(error: BadSetting) -> str:
    return SETTINGS[error.name].title


def _wanted(error: BadSetting) -> str:
    """Return what the setting could be, with an example."""
    match SETTINGS[error.name].kind:
        case Number(least=least, most=most, example=example):
            return settings.wanted_number(least, most, example)
        case Choice(options=options):
            return settings.wanted_choice([option.key for option in options])
        case TimeZone(example=example):
            return settings.wanted_time_zone(error.suggestions, example)
        case Place():
            return settings.wanted_channel()


def _quoted(given: str) -> str:
    """Return what somebody typed as one short line that pings and links nobody."""
    line = " ".join(given.split())
    return escape_quiz_text(line if len(line) <= MAX_QUOTED else f"{line[:MAX_QUOTED]}…")


def permission_titles(permissions: Iterable[str]) -> list[str]:
    """Return permission names as Discord's settings show them."""
    return [name.replace("_", " ").title() for name in permissions]


async def answer_error(interaction: Interaction, error: BaseException) -> None:
    """Tell the person who caused an error, privately, what it means."""
    sentence = describe(error)
    if sentence is None:
        reference = secrets.token_hex(3)
        sentence = refusals.unexpected(reference)
        log.error("error %s in %s", reference, _door(interaction), exc_info=error)
    await tell(interaction, sentence)


async def tell(interaction: Interaction, sentence: str) -> bool:
    """Reply privately, through the client's own way; return whether the reply was delivered."""
    acknowledger: Acknowledger = interaction.client.acknowledger
    return await acknowledger.send(interaction, sentence)


async def take_time(interaction: Interaction, *, in_place: bool = False) -> bool:
    """Acknowledge privately what takes a while to answer; return whether there is still anybody to answer.

    Discord waits three seconds for a first reply, then fifteen minutes for the real one: a follow-up, which
    `tell` and `answer_error` send by themselves, or with `in_place` an edit of the message that was pressed.
    """
    acknowledger: Acknowledger = interaction.client.acknowledger
    return await acknowledger.take_time(interaction, in_place=in_place)


def mention_command(interaction: Interaction, name: str) -> str:
    """Return a command as a clickable mention, or as it is typed while its id is not known.

    Args:
        interaction: what is answered.
        name: the command with its group, such as "quiz list".
    """
    command_id: int | None = interaction.client.command_ids.get(name.partition(" ")[0])
    return f"`/{name}`" if command_id is None else f"</{name}:{command_id}>"


async def show(interaction: Interaction, view: discord.ui.LayoutView) -> bool:
    """Show a card where `take_time` promised something; return whether it was delivered."""
    acknowledger: Acknowledger = interaction.client.acknowledger
    return await acknowledger.show(interaction, view)


def _door(interaction: Interaction) -> str:
    data: Any = interaction.data or {}
    return str(data.get("name") or data.get("custom_id") or interaction.type.name)
