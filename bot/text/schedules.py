"""Every sentence about schedules, and what is wrong with one."""

from collections.abc import Sequence
from datetime import datetime

from bot.text.phrases import clock_time, count, enumeration, full_moment

# --- what is played -------------------------------------------------------------------------------


def any_quiz_of(kind: str, name: str) -> str:
    """A quiz that is chosen when its round starts."""
    return f"A quiz from {name}" if kind == "category" else f"A quiz tagged {name}"


# --- the reminder card ----------------------------------------------------------------------------


def chosen_at_start() -> str:
    """How a quiz of several is chosen."""
    return "It will be the one that this server has gone longest without playing."


def reminder_starts(at: datetime) -> str:
    """When a scheduled round starts."""
    return f"Starts {full_moment(at)}."


def reminder_repeats(words: str) -> str:
    """How often a scheduled round repeats."""
    return f"repeats {words}"


def reminder_role(role_id: int) -> str:
    """Whom the card pings."""
    return f"<@&{role_id}>"


def reminder_button() -> str:
    """The label of the button on a reminder card."""
    return "Remind me"


def reminder_over(outcome: str, at: datetime, place_id: int | None) -> str:
    """What became of the date that a reminder card told of."""
    when = full_moment(at)
    return {
        "started": f"It has begun, in <#{place_id}>." if place_id else "It has begun.",
        "missed": f"The round on {when} could not start.",
        "refused": f"The round on {when} could not start.",
        "skipped": f"The round on {when} will not take place.",
        "cancelled": f"The round on {when} will not take place.",
    }[outcome]


def reminder_noted(at: datetime, *, wanted: bool) -> str:
    """The private answer to *Remind me*."""
    if wanted:
        return f"I will mention you where the round starts, {full_moment(at)}. Press again to undo."
    return "Cancelled: I will not mention you."


def ping(people: Sequence[str], title: str, at: datetime | None) -> str:
    """Pings people for a round."""
    starts = f" starts at {clock_time(at)}." if at else " has begun."
    return f"{' '.join(people)} **{title}**{starts}"


# --- what moderators read -------------------------------------------------------------------------


def schedule_added(number: int, title: str, channel_id: int, repeats: str, dates: Sequence[datetime]) -> str:
    """That a schedule was saved, and when its rounds are."""
    also = f" After that: {enumeration([full_moment(at) for at in dates[1:]])}." if dates[1:] else ""
    return (
        f"Schedule **{number}**: **{title}** in <#{channel_id}>, {repeats}. "
        f"{'First round' if also else 'It starts'} {full_moment(dates[0])}.{also}"
    )


def schedule_edited(number: int, title: str, channel_id: int, repeats: str, dates: Sequence[datetime]) -> str:
    """That a schedule was changed, and what it is now."""
    follows = f" Next round {full_moment(dates[0])}." if dates else " It is paused."
    return f"Schedule **{number}** is now: **{title}** in <#{channel_id}>, {repeats}.{follows}"


def other_first_day(typed: str, first: str) -> str:
    """That the repetition does not come on the day given in *when*."""
    return f"{typed} does not fit that repetition, so the first round is on {first}."


def schedule_removed(number: int, title: str) -> str:
    """That a schedule is gone."""
    return f"Schedule **{number}** (**{title}**) has been removed. Rounds already played are kept."


def schedule_paused(number: int, title: str) -> str:
    """That a schedule is paused."""
    return f"Schedule **{number}** (**{title}**) is paused. Use `/schedule resume` to turn it back on."


def schedule_resumed(number: int, title: str, at: datetime) -> str:
    """That a schedule is on again."""
    return f"Schedule **{number}** (**{title}**) is on again: next round {full_moment(at)}."


def schedule_skipped(date: datetime, dates: Sequence[datetime]) -> str:
    """That a date is skipped."""
    follows = f"The next round is {full_moment(dates[0])}." if dates else "It was the last one."
    return f"{full_moment(date)} is skipped. {follows}"


def schedule_unskipped(date: datetime) -> str:
    """That a date is back on."""
    return f"{full_moment(date)} is back on."


def calendar_summary(title: str) -> str:
    """What a calendar calls a round."""
    return f"Quiz: {title}"


def calendar_place(channel: str) -> str:
    """Where a calendar says that a round is; without the channel's name if that must not be shown."""
    return f"Discord, #{channel}" if channel else "Discord"


def event_description(number: int, introduction: str) -> str:
    """What a Discord event says about a scheduled round; its last line says which schedule it is from."""
    return f"{introduction}\n\nQuizhost, schedule {number}".strip()


def refusal(number: int, title: str, at: datetime, reason: str, until: datetime) -> str:
    """A scheduled round cannot start, and what can be done."""
    return (
        f"Schedule **{number}** (**{title}**), {full_moment(at)}, cannot start: {reason} "
        f"If you fix that by {clock_time(until)}, the round still starts. Otherwise it counts as missed."
    )


def missed(number: int, title: str, dates: Sequence[datetime]) -> str:
    """Scheduled rounds did not take place."""
    shown = enumeration([full_moment(at) for at in dates[-5:]])
    more = f" and {len(dates) - 5} earlier" if len(dates) > 5 else ""
    return (
        f"Schedule **{number}** (**{title}**) missed {count(len(dates), 'date')}, because I was offline "
        f"longer than the grace period in `/settings`: {shown}{more}. `/schedule run-now` makes up for it."
    )


def zone_lost(number: int, title: str, zone: str) -> str:
    """A schedule was paused because its time zone is missing on the machine."""
    return (
        f"Schedule **{number}** (**{title}**) is paused: the machine I run on does not know its time "
        f"zone, {zone}. Ask whoever runs me to update its time zones, then use `/schedule resume`."
    )


def event_lost(number: int, title: str) -> str:
    """A Discord event could not be kept."""
    return (
        f"Schedule **{number}** (**{title}**) continues without a Discord event: I am not allowed one. "
        "Give me Create Events, then turn it on again with `/schedule edit`."
    )


# --- what can go wrong ----------------------------------------------------------------------------


def no_quiz_to_play(name: str) -> str:
    """A category or tag without quizzes."""
    return f"There is no quiz in “{name}”. `/quiz list` shows what there is."


def no_such_schedule(number: str) -> str:
    """No schedule of this number."""
    return f"There is no schedule “{number}”. `/schedule list` shows them with their numbers."


def schedule_step_not_possible(step: str, state: str) -> str:
    """The schedule's state does not allow a command."""
    if step == "resume":
        return (
            "The schedule's last date has passed. Use `/schedule add` to make a new one."
            if state == "ended"
            else "The schedule is not paused, so there is nothing to resume."
        )
    if step == "unskip":
        return {
            "passed": "That date has passed, so it cannot be put back.",
            "paused": "The schedule is paused. Use `/schedule resume` first.",
        }.get(state, "The schedule has changed since, so that date cannot be put back.")
    if state == "passed":
        return "That date is no longer the next one, so nothing was skipped. `/schedule list` shows what is."
    if step == "pause":
        return "The schedule is already paused. Use `/schedule resume` to turn it back on."
    return "The schedule is paused, so there is no date to skip. Use `/schedule resume` first."


def too_many_schedules(most: int) -> str:
    """The server's limit."""
    return f"This server has {most} schedules and cannot have more. Make room with `/schedule remove`."


def clash(channel_id: int, number: int, name: str, at: datetime) -> str:
    """Another schedule plays in the same channel at the same time."""
    return (
        f"Schedule **{number}** ({name}) has a round in <#{channel_id}> at the same time, {full_moment(at)}. "
        "A channel can have one round at a time, so the later one would wait, or be missed. "
        "Nothing has been changed yet."
    )


def clash_yes() -> str:
    """Schedules it despite the clash."""
    return "Schedule it anyway"


def clash_no() -> str:
    """Schedules nothing."""
    return "Leave it"


def no_change() -> str:
    """An edit that changes nothing."""
    return "The schedule is already like that. Choose something to change."


def role_not_pingable(role_id: int) -> str:
    """A role that may not be pinged."""
    return (
        f"I cannot ping <@&{role_id}>: allow anyone to mention that role (Server Settings → Roles), or "
        "choose another one. Pinging everyone is not possible."
    )


def events_not_allowed() -> str:
    """No permission for events."""
    return "I cannot keep a Discord event: I need **Create Events** on this server. Nothing was scheduled."


def zone_unknown(zone: str) -> str:
    """A schedule's time zone is missing on the machine."""
    return (
        f"The machine I run on does not know this schedule's time zone, {zone}. Ask whoever runs me "
        "to update its time zones, or remove the schedule and add it again."
    )


def reminder_too_late() -> str:
    """The button of a date that has passed."""
    return "This date has passed or been cancelled, so there is nothing to remind you of."


def round_started_now(title: str, channel_id: int) -> str:
    """That a round of a schedule starts at once."""
    return f"**{title}** starts in <#{channel_id}>. The schedule's dates stay as they are."
