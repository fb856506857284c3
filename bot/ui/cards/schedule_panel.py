"""What moderators see about schedules, privately: the list, and a single one with its buttons."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

import discord
from discord import ui

from bot.domain.schedule import Schedule
from bot.domain.walltime import wall_of
from bot.services.schedules import Planned
from bot.services.zones import knows_zone, zone_of
from bot.text import schedule_panel as words
from bot.text.dates import short_day
from bot.ui.cards import parts
from bot.ui.cards.schedules import repeats
from bot.ui.custom_ids import ScheduleButton, ScheduleMenu, ScheduleStep
from bot.ui.escape import escape_quiz_text, plain_text

CALENDAR_FILE = "quizhost.ics"
#: Room for the last line when the list is cut short.
RESERVE = 200
#: Options of a menu (docs.discord.com, components reference), and characters of an option's texts.
MAX_OPTIONS, MAX_OPTION = 25, 100
#: Menus are numbered beyond all that Discord numbers by itself, anew at each second of an hour.
FIRST_MENU, MAX_MENUS, MENUS_APART = 1000, 10, 3600

TitleOf = Callable[[Schedule], str]


def schedule_list(planned: Sequence[Planned], title_of: TitleOf, now: datetime) -> ui.LayoutView:
    """List a server's schedules by the day of their next date, as many as fit, with a calendar and a menu.

    Args:
        planned: the schedules.
        title_of: what a schedule plays, as plain text.
        now: what year it is, and what tells these menus from those that were shown before.
    """
    if not planned:
        return parts.card(parts.GREY, parts.text(words.nothing()))
    planned = sorted(planned, key=lambda one: (not one.dates, one.dates[:1]))
    lines: list[str] = []
    left = parts.MAX_CHARACTERS - RESERVE
    newest, shown = "", 0
    for one in planned:
        heading = _heading(one, now.year)
        block = [*([] if heading == newest else [heading]), *_entry(one, title_of(one.schedule), now.year)]
        left -= len("\n".join(block).encode()) + 1
        if left < 0:
            break
        newest, shown = heading, shown + 1
        lines += block
    if hidden := len(planned) - shown:
        lines.append(parts.small(words.hidden(hidden)))
    return parts.card(
        parts.BLURPLE,
        parts.text(words.heading(), *lines),
        ui.File[ui.LayoutView](f"attachment://{CALENDAR_FILE}"),
        *_menus(planned, title_of, now),
    )


def one_schedule(planned: Planned, title: str, now: datetime, note: str | None = None) -> ui.LayoutView:
    """Show one schedule and what can be done; first what was just done, if anything."""
    schedule = planned.schedule
    number = schedule.id.number
    days, buttons = _days(planned), list[ui.Button[ui.LayoutView]]()
    lines = [
        *([note] if note else []),
        words.line(number, escape_quiz_text(title), schedule.channel_id, repeats(schedule)),
    ]
    if days and schedule.next_at is not None:
        lines.append(parts.small(words.next_dates(days, now.year)))
        buttons.append(
            _button(words.skip_button(days[0], now.year), ScheduleStep.SKIP, schedule, schedule.next_at)
        )
    elif knows_zone(schedule.zone):
        lines.append(parts.small(words.paused()))
    lines.append(parts.small(options(schedule)))
    if planned.left_out is not None:
        buttons.append(_button(words.undo_button(), ScheduleStep.UNSKIP, schedule, planned.left_out))
    if schedule.is_kept:
        pause = (words.pause_button(), ScheduleStep.PAUSE)
        resume = (words.resume_button(), ScheduleStep.RESUME)
        buttons.append(_button(*(pause if schedule.runs else resume), schedule))
        buttons.append(_button(words.remove_button(), ScheduleStep.REMOVE, schedule))
    buttons.append(_button(words.back_button(), ScheduleStep.LIST, schedule))
    return parts.card(parts.BLURPLE if days else parts.GREY, parts.text(*lines), *parts.rows(buttons))


def confirm_removal(schedule: Schedule, title: str) -> ui.LayoutView:
    """Ask whether to remove a schedule."""
    remove = ScheduleButton(schedule.id.number, ScheduleStep.REMOVE_FOR_GOOD)
    return parts.card(
        parts.GREY,
        parts.text(words.confirm_removal(schedule.id.number, escape_quiz_text(title))),
        *parts.rows(
            [
                parts.button(words.remove_for_good_button(), remove, style=discord.ButtonStyle.danger),
                _button(words.keep_button(), ScheduleStep.SHOW, schedule),
            ]
        ),
    )


def removed(schedule: Schedule, note: str) -> ui.LayoutView:
    """Say that a schedule was removed, with the way back to the others."""
    back = _button(words.back_button(), ScheduleStep.LIST, schedule)
    return parts.card(parts.GREY, parts.text(note), *parts.rows([back]))


def options(schedule: Schedule) -> str:
    """Return every option of a schedule that was given."""
    chosen = schedule.options
    return words.options(
        announce_minutes=schedule.announce_minutes,
        role_id=schedule.ping_role_id,
        has_event=schedule.has_event,
        seconds=chosen.seconds,
        questions=chosen.questions,
        scoring=chosen.scoring and chosen.scoring.value,
        thread=chosen.thread,
    )


def _heading(planned: Planned, this_year: int) -> str:
    if days := _days(planned):
        return words.day_heading(days[0], this_year)
    return words.paused_heading() if knows_zone(planned.schedule.zone) else words.unknown_zone_heading()


def _days(planned: Planned) -> list[date]:
    """Return the days of the next dates, as clocks in the schedule's zone show them."""
    if not planned.dates:
        return []
    zone = zone_of(planned.schedule.zone)
    return [wall_of(at, zone).date() for at in planned.dates]


def _entry(planned: Planned, title: str, this_year: int) -> list[str]:
    schedule = planned.schedule
    small = [words.later(days, this_year)] if (days := _days(planned)[1:]) else []
    if not knows_zone(schedule.zone):
        small.append(words.unknown_zone(escape_quiz_text(schedule.zone)))
    return [
        words.line(schedule.id.number, escape_quiz_text(title), schedule.channel_id, repeats(schedule)),
        parts.small(" · ".join([*small, options(schedule)])),
    ]


def _menus(planned: Sequence[Planned], title_of: TitleOf, now: datetime) -> list[parts.Item]:
    """Return menus of all schedules, for choosing one to change."""
    menus: list[parts.Item] = []
    shown = int(now.timestamp())  #: a menu that is shown again is another one, with nothing chosen in it
    for page, start in enumerate(range(0, len(planned), MAX_OPTIONS)):
        some = planned[start : start + MAX_OPTIONS]
        one_menu = len(planned) <= MAX_OPTIONS
        menu = ui.Select[ui.LayoutView](
            custom_id=ScheduleMenu(page, shown).custom_id,
            id=FIRST_MENU + MAX_MENUS * (shown % MENUS_APART) + page,
            placeholder=words.menu_of_all() if one_menu else words.menu(start + 1, start + len(some)),
            options=[_option(one, title_of(one.schedule), now.year) for one in some],
        )
        menus.append(ui.ActionRow[ui.LayoutView](menu))
    return menus


def _option(planned: Planned, title: str, this_year: int) -> discord.SelectOption:
    schedule = planned.schedule
    next_day = short_day(days[0], this_year) if (days := _days(planned)) else words.paused()
    return discord.SelectOption(
        label=f"{schedule.id.number} · {title}"[:MAX_OPTION],
        value=str(schedule.id.number),
        description=f"{next_day} · {plain_text(repeats(schedule))}"[:MAX_OPTION],
    )


def _button(
    label: str, step: ScheduleStep, schedule: Schedule, due_at: datetime | None = None
) -> ui.Button[ui.LayoutView]:
    due = 0 if due_at is None else int(due_at.timestamp())
    return parts.button(label, ScheduleButton(schedule.id.number, step, due))
