"""The grammar of our custom ids: `q:<kind>:...`, at most 100 characters.

`a` and `r` are buttons of a round, with its number; `m` reminds of a schedule's date; `s` is the settings
panel. An id says which control was used, nothing about keys or options. It is not a proof of anything:
whoever reads one still checks server, message and state.
"""

import re
from typing import NamedTuple

PREFIX = "q:"
ANSWER_PREFIX = f"{PREFIX}a:"


class AnswerButton(NamedTuple):
    """A letter below a question."""

    round_number: int
    question_number: int
    slot: int  #: from 0, in the order shown


class ReportButton(NamedTuple):
    """*My result* on a final card, and the page buttons inside it."""

    round_number: int
    page: int  #: from 0
    opens: bool  #: whether the click opens a new private message or turns a page in it


class ReminderButton(NamedTuple):
    """*Remind me* on the card of a scheduled round."""

    schedule_number: int
    due: int  #: the date's instant, in seconds since 1970


class SettingsMenu(NamedTuple):
    """The menu below a server's settings."""


class SettingForm(NamedTuple):
    """The form in which one setting is changed."""

    name: str


Control = AnswerButton | ReportButton | ReminderButton | SettingsMenu | SettingForm

_ANSWER = re.compile(r"q:a:([1-9]\d{0,8}):([1-9]\d?):(\d)", re.ASCII)
_REPORT = re.compile(r"q:r:([1-9]\d{0,8}):(\d{1,2}):([op])", re.ASCII)
_REMINDER = re.compile(r"q:m:([1-9]\d{0,8}):([1-9]\d{0,9})", re.ASCII)
_SETTING = re.compile(r"q:s:f:([a-z_]{1,32})", re.ASCII)


def encode(control: Control) -> str:
    """Return the custom id of a button, menu or form."""
    match control:
        case AnswerButton():
            return f"{ANSWER_PREFIX}{control.round_number}:{control.question_number}:{control.slot}"
        case ReportButton():
            return f"{PREFIX}r:{control.round_number}:{control.page}:{'o' if control.opens else 'p'}"
        case ReminderButton():
            return f"{PREFIX}m:{control.schedule_number}:{control.due}"
        case SettingsMenu():
            return f"{PREFIX}s:m"
        case SettingForm():
            return f"{PREFIX}s:f:{control.name}"


def decode(custom_id: str) -> Control | None:
    """Return the control that a custom id names, or None if it is not one of ours."""
    if match := _ANSWER.fullmatch(custom_id):
        return AnswerButton(*map(int, match.groups()))
    if match := _REPORT.fullmatch(custom_id):
        return ReportButton(int(match[1]), int(match[2]), match[3] == "o")
    if match := _REMINDER.fullmatch(custom_id):
        return ReminderButton(*map(int, match.groups()))
    if custom_id == f"{PREFIX}s:m":
        return SettingsMenu()
    if match := _SETTING.fullmatch(custom_id):
        return SettingForm(match[1])
    return None
