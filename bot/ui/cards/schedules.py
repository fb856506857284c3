"""Cards about scheduled rounds: the reminder for all, the list for moderators."""

import discord
from discord import ui

from bot.domain.quiz import Quiz
from bot.domain.schedule import Schedule, SourceKind
from bot.services.recurrence import Recurrence, describe_repeat
from bot.services.schedule_ports import ReminderCard
from bot.text import schedules as words
from bot.text.repeats import at_time_of, repeat_in_words
from bot.ui.cards import parts
from bot.ui.custom_ids import ReminderButton
from bot.ui.escape import escape_quiz_text


def plain_title(schedule: Schedule, quiz: Quiz | None) -> str:
    """Return what a schedule plays, as plain text."""
    if quiz is not None:
        return quiz.title
    kind, name = schedule.source
    return name if kind is SourceKind.QUIZ else words.any_quiz_of(kind.value, name)


def title(schedule: Schedule, quiz: Quiz | None) -> str:
    """Return what a schedule plays, to be shown."""
    return escape_quiz_text(plain_title(schedule, quiz))


def repeats(schedule: Schedule) -> str:
    """Return how often a schedule's rounds come, and at what time in which zone, in words."""
    how_often = repeat_in_words(*describe_repeat(Recurrence(schedule.first, schedule.rule)))
    return at_time_of(how_often, schedule.first, schedule.zone)


def reminder(card: ReminderCard) -> ui.LayoutView:
    """Say that a round is coming, with a button for those who want a ping; or what became of it."""
    schedule, quiz = card.schedule, card.quiz
    head = [f"## {title(schedule, quiz)}"]
    if quiz is not None:
        head.insert(0, parts.small(escape_quiz_text(quiz.category)))
    if card.occurrence is not None:
        over = words.reminder_over(card.occurrence.outcome.value, card.due_at, card.place_id)
        return parts.card(parts.GREY, parts.text(*head, over))
    head.append(words.chosen_at_start() if quiz is None else escape_quiz_text(quiz.introduction))
    facts = [words.reminder_starts(card.due_at)]
    if schedule.rule:
        facts.append(parts.small(words.reminder_repeats(repeats(schedule))))
    if schedule.ping_role_id is not None:
        facts.append(words.reminder_role(schedule.ping_role_id))
    target = ReminderButton(schedule.id.number, int(card.due_at.timestamp()))
    remind_me = parts.button(words.reminder_button(), target, style=discord.ButtonStyle.primary)
    return parts.card(
        parts.BLURPLE, parts.text(*head), ui.Separator(), parts.text(*facts), *parts.rows([remind_me])
    )
