"""Every sentence in the list of schedules, and about what moderators do there."""

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
    """Above the schedules that cannot run."""
    return "### Cannot run"


def line(number: int, title: str, channel_id: int, repeats: str) -> str:
    """One schedule in the list."""
    return f"**{number}** · {title} · {repeats} · <#{channel_id}>"


def later(days: Sequence[date], this_year: int) -> str:
    """The dates after the next one."""
    return f"then {', '.join(short_day(day, this_year) for day in days)}"


def unknown_zone(zone: str) -> str:
    """Why a schedule in the list has no dates."""
    return f"cannot run: the machine I run on does not know the time zone {zone}"


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
    """The options of a schedule's rounds, as far as they were given."""
    parts = [f"reminder {count(announce_minutes, 'minute')} before" if announce_minutes else "no reminder"]
    if role_id is not None:
        parts.append(f"pings <@&{role_id}>")
    if seconds is not None:
        parts.append(f"{count(seconds, 'second')} per question")
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
    return "Nothing is scheduled. Use `/schedule add` to have rounds start on their own."


def hidden(number: int) -> str:
    """That the list is cut short."""
    return f"and {number} more; the menu and the calendar file have them all"


def menu(first: int, last: int) -> str:
    """What the menu below the list is for."""
    return f"Skip, pause or remove one of {first} to {last}"


def menu_of_all() -> str:
    """What the menu below the list is for, if a single menu has all schedules."""
    return "Skip, pause or remove a schedule"


# --- one schedule ---------------------------------------------------------------------------------


def next_dates(days: Sequence[date], this_year: int) -> str:
    """When a schedule's next rounds are."""
    return f"Next: {enumeration([short_day(day, this_year) for day in days])}"


def paused() -> str:
    """That a schedule is paused."""
    return "Paused"


def skip_button(day: date, this_year: int) -> str:
    """Skips the next date."""
    return f"Skip {short_day(day, this_year)}"


def undo_button() -> str:
    """Puts a skipped date back."""
    return "Undo"


def pause_button() -> str:
    """Pauses a schedule."""
    return "Pause"


def resume_button() -> str:
    """Resumes a schedule."""
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
    """Asks whether to remove a schedule."""
    return f"Remove schedule **{number}** (**{title}**)? Rounds already played are kept; no more will start."


# --- what can go wrong ----------------------------------------------------------------------------


def list_expired() -> str:
    """The list was opened too long ago."""
    return "This list is out of date. Open it again with `/schedule list`."
