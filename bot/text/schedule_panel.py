"""Every sentence of the list of schedules, and of what moderators do in it."""

from collections.abc import Sequence
from datetime import date

from bot.text.dates import short_day
from bot.text.phrases import count, enumeration

# --- the list -------------------------------------------------------------------------------------


def heading() -> str:
    """Above the list of schedules."""
    return "## Scheduled rounds"


def day_heading(day: date, this_year: int) -> str:
    """Above the schedules whose next round is on a day."""
    return f"### {short_day(day, this_year)}"


def paused_heading() -> str:
    """Above the schedules that are paused."""
    return "### Paused"


def unknown_zone_heading() -> str:
    """Above the schedules that cannot play."""
    return "### Cannot play"


def line(number: int, title: str, channel_id: int, repeats: str) -> str:
    """One schedule in the list."""
    return f"**{number}** · {title} · {repeats} · <#{channel_id}>"


def later(days: Sequence[date], this_year: int) -> str:
    """The dates after the next one."""
    return f"then {', '.join(short_day(day, this_year) for day in days)}"


def unknown_zone(zone: str) -> str:
    """Why a schedule in the list has no dates."""
    return f"cannot play: the machine that I run on does not know the time zone {zone}"


def options(
    *,
    announce_minutes: int,
    role_id: int | None,
    has_event: bool,
    seconds: int | None,
    questions: int | None,
    scoring: str | None,
    thread: bool | None,
) -> str:
    """What goes with a schedule's rounds, as far as it was said."""
    parts = [f"reminder {count(announce_minutes, 'minute')} before" if announce_minutes else "no reminder"]
    if role_id is not None:
        parts.append(f"calls <@&{role_id}>")
    if seconds is not None:
        parts.append(f"{count(seconds, 'second')} a question")
    if questions is not None:
        parts.append(f"{count(questions, 'question')}")
    if scoring is not None:
        parts.append({"accuracy": "being right counts", "speed": "speed counts"}[scoring])
    if thread is not None:
        parts.append("in a thread" if thread else "not in a thread")
    if has_event:
        parts.append("with an event")
    return " · ".join(parts)


def nothing() -> str:
    """An empty list."""
    return "Nothing is scheduled. `/schedule add` lets rounds start by themselves."


def hidden(number: int) -> str:
    """That the list is cut short."""
    return f"and {number} more; the menu and the calendar file have them all"


def menu(first: int, last: int) -> str:
    """What the menu below the list is for."""
    return f"Skip, pause or remove one of {first} to {last}"


def menu_of_all() -> str:
    """What the menu below the list is for, where one holds all schedules."""
    return "Skip, pause or remove a schedule"


# --- one schedule ---------------------------------------------------------------------------------


def next_dates(days: Sequence[date], this_year: int) -> str:
    """When a schedule's next rounds are."""
    return f"Next: {enumeration([short_day(day, this_year) for day in days])}"


def paused() -> str:
    """That a schedule starts nothing for now."""
    return "Paused"


def skip_button(day: date, this_year: int) -> str:
    """Leaves out the next date."""
    return f"Skip {short_day(day, this_year)}"


def undo_button() -> str:
    """Calls a date on again that was skipped."""
    return "Undo"


def pause_button() -> str:
    """Lets a schedule start nothing."""
    return "Pause"


def resume_button() -> str:
    """Lets a schedule go on."""
    return "Resume"


def remove_button() -> str:
    """Asks whether to remove a schedule."""
    return "Remove"


def remove_for_good_button() -> str:
    """Removes a schedule."""
    return "Remove it"


def keep_button() -> str:
    """Removes nothing."""
    return "Keep it"


def back_button() -> str:
    """Shows the list again."""
    return "All schedules"


def confirm_removal(number: int, title: str) -> str:
    """Asks whether a schedule is to go."""
    return f"Remove schedule **{number}** (**{title}**)? It starts no more rounds; what was played stays."


# --- what can go wrong ----------------------------------------------------------------------------


def list_expired() -> str:
    """The list was opened too long ago."""
    return "This list is too old to be used. Open it again with `/schedule list`."
