"""The grammar of our custom ids: `q:<kind>:...`, at most 100 characters.

An id says which control was used, and nothing about keys or options. It proves nothing: whoever reads one
still checks server, message and state. What a control does is in `bot.ui.controls`.
"""

import re
from dataclasses import dataclass, fields
from enum import Enum, StrEnum
from typing import ClassVar, Self

import discord

PREFIX = "q:"
ANSWER_PREFIX = f"{PREFIX}a:"
#: *My result* itself, not the page buttons in a report.
REPORT_OPENING = re.compile(r"q:r:\d+:\d+:o", re.ASCII)


class Kind(Enum):
    """What was used: an id that names a button is not ours if it comes from a form."""

    BUTTON = discord.ComponentType.button.value
    MENU = discord.ComponentType.select.value
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Control:
    """One of our controls. Its custom id is its prefix, then its fields."""

    kind: ClassVar[Kind] = Kind.BUTTON
    prefix: ClassVar[str]
    grammar: ClassVar[str]  #: of the fields, as a regular expression

    @property
    def custom_id(self) -> str:
        """Return the id as Discord stores it."""
        return ":".join([self.prefix, *(str(getattr(self, field.name)) for field in fields(self))])

    @classmethod
    def read(cls, *given: str) -> Self:
        """Return the control whose fields an id gives."""
        return cls(*map(int, given))


@dataclass(frozen=True, slots=True)
class AnswerButton(Control):
    """A letter below a question."""

    prefix: ClassVar[str] = "q:a"
    grammar: ClassVar[str] = r":([1-9]\d{0,8}):([1-9]\d?):(\d)"

    round_number: int
    question_number: int
    slot: int  #: from 0, in the order shown


@dataclass(frozen=True, slots=True)
class ReportButton(Control):
    """*My result* on a final card, and the page buttons inside it."""

    prefix: ClassVar[str] = "q:r"
    grammar: ClassVar[str] = r":([1-9]\d{0,8}):(0|[1-9]\d?):([op])"

    round_number: int
    page: int  #: from 0
    opens: bool  #: whether the click opens a new private message or turns a page in it

    @property
    def custom_id(self) -> str:
        """Return the id as Discord stores it."""
        return f"{self.prefix}:{self.round_number}:{self.page}:{'o' if self.opens else 'p'}"

    @classmethod
    def read(cls, *given: str) -> Self:
        """Return the button whose fields an id gives."""
        round_number, page, how = given
        return cls(int(round_number), int(page), how == "o")


@dataclass(frozen=True, slots=True)
class ReminderButton(Control):
    """*Remind me* on the card of a scheduled round."""

    prefix: ClassVar[str] = "q:m"
    grammar: ClassVar[str] = r":([1-9]\d{0,8}):([1-9]\d{0,9})"

    schedule_number: int
    due: int  #: the date's instant, in seconds since 1970


class ScheduleStep(StrEnum):
    """What a button does to a schedule."""

    LIST = "list"  #: nothing, and shows all of them
    SHOW = "show"  #: nothing, and shows this one
    SKIP = "skip"
    UNSKIP = "unskip"
    PAUSE = "pause"
    RESUME = "resume"
    REMOVE = "remove"  #: asks for confirmation
    REMOVE_FOR_GOOD = "end"


@dataclass(frozen=True, slots=True)
class ScheduleButton(Control):
    """A button below a schedule in the moderators' private list."""

    prefix: ClassVar[str] = "q:l"
    grammar: ClassVar[str] = rf":(0|[1-9]\d{{0,8}}):({'|'.join(ScheduleStep)}):(0|[1-9]\d{{0,9}})"

    schedule_number: int
    step: ScheduleStep
    due: int = 0  #: the date that is meant, in seconds since 1970

    @classmethod
    def read(cls, *given: str) -> Self:
        """Return the button whose fields an id gives."""
        schedule_number, step, due = given
        return cls(int(schedule_number), ScheduleStep(step), int(due))


@dataclass(frozen=True, slots=True)
class ScheduleMenu(Control):
    """A menu below the moderators' private list of schedules, to choose one."""

    kind: ClassVar[Kind] = Kind.MENU
    prefix: ClassVar[str] = "q:l:m"
    grammar: ClassVar[str] = r":(\d):(0|[1-9]\d{0,10})"

    page: int  #: from 0; a menu has 25 options
    drawn: int  #: in seconds since 1970: a menu that is shown again is a new one, with nothing chosen in it


@dataclass(frozen=True, slots=True)
class ConfirmButton(Control):
    """*Yes* or *no* below a request for confirmation."""

    prefix: ClassVar[str] = "q:y"
    grammar: ClassVar[str] = r":(0|[1-9]\d{0,19}):([yn])"

    question: int  #: the id of the interaction that it asks about
    answer: str  #: y or n

    @classmethod
    def read(cls, *given: str) -> Self:
        """Return the button whose fields an id gives."""
        question, answer = given
        return cls(int(question), answer)


@dataclass(frozen=True, slots=True)
class JoinButton(Control):
    """*I'm in* on an announcement."""

    prefix: ClassVar[str] = "q:j"
    grammar: ClassVar[str] = r":([1-9]\d{0,8})"

    round_number: int


class Step(StrEnum):
    """What a button does to a round."""

    START = "start"  #: now, without waiting
    PAUSE = "pause"
    RESUME = "resume"
    SKIP = "skip"
    STOP = "stop"  #: asks for confirmation
    STOP_FOR_GOOD = "end"
    LOOK = "look"  #: nothing, and shows its status


@dataclass(frozen=True, slots=True)
class SteerButton(Control):
    """A button that controls a round: on its announcement, its status, or a confirmation."""

    prefix: ClassVar[str] = "q:t"
    grammar: ClassVar[str] = rf":([1-9]\d{{0,8}}):({'|'.join(Step)})"

    round_number: int
    step: Step

    @classmethod
    def read(cls, *given: str) -> Self:
        """Return the button whose fields an id gives."""
        round_number, step = given
        return cls(int(round_number), Step(step))


@dataclass(frozen=True, slots=True)
class SettingButton(Control):
    """*Change* beside one of a server's settings."""

    prefix: ClassVar[str] = "q:s:b"
    grammar: ClassVar[str] = r":([a-z_]{1,32})"

    name: str

    @classmethod
    def read(cls, *given: str) -> Self:
        """Return the button of the setting that an id names."""
        return cls(*given)


@dataclass(frozen=True, slots=True)
class SettingForm(Control):
    """The form in which one setting is changed."""

    kind: ClassVar[Kind] = Kind.FORM
    prefix: ClassVar[str] = "q:s:f"
    grammar: ClassVar[str] = r":([a-z_]{1,32})"

    name: str

    @classmethod
    def read(cls, *given: str) -> Self:
        """Return the form of the setting that an id names."""
        return cls(*given)


_CONTROLS: tuple[type[Control], ...] = (
    AnswerButton,
    JoinButton,
    ReportButton,
    ReminderButton,
    SteerButton,
    SettingButton,
    SettingForm,
    ScheduleButton,
    ScheduleMenu,
    ConfirmButton,
)
_PATTERNS = [(re.compile(one.prefix + one.grammar, re.ASCII), one) for one in _CONTROLS]


def decode(custom_id: str) -> Control | None:
    """Return the control that a custom id names, or None if it is not one of ours."""
    for pattern, control in _PATTERNS:
        if found := pattern.fullmatch(custom_id):
            return control.read(*found.groups())
    return None
