"""What a server decides for itself. Each setting is declared once, at its field: default, bounds, help."""

import difflib
import re
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from bot.domain.round import DEFAULT_SECONDS, MAX_SECONDS, MIN_SECONDS, Scoring

#: What a setting can be; None means that something else decides, as the declaration says.
Value = str | int | bool | None
_Default = TypeVar("_Default")

MAX_PAUSE_SECONDS, MAX_BOARD_EVERY, MAX_GRACE_MINUTES = 300, 50, 24 * 60
MAX_SUGGESTIONS = 3
#: Names that mean something different on each machine, or nothing.
_NO_ZONES = frozenset({"localtime", "Factory", "posixrules"})


@dataclass(eq=False)
class BadSetting(Exception):
    """A setting was given a value that it cannot have."""

    name: str
    given: str
    suggestions: tuple[str, ...] = ()


class _Unreadable(ValueError):
    """What was typed is not a value of this kind; the arguments are what may be meant instead."""


# --- kinds of settings ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number between bounds."""

    least: int
    most: int
    example: int
    form: str  #: how a number reads: "{} seconds"
    named: tuple[tuple[int, str], ...] = ()  #: numbers that read differently

    def read(self, given: str) -> int:
        """Return what was typed as a number; a `ValueError` if it is not one within the bounds."""
        if re.fullmatch(r"[0-9]{1,9}", given) is None or not self.least <= int(given) <= self.most:
            raise _Unreadable
        return int(given)

    def write(self, value: Value) -> str:
        """Return the number as one would type it."""
        return str(value)


class Option(NamedTuple):
    """One of the values of a choice."""

    key: str
    value: str | bool
    label: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few values."""

    options: tuple[Option, ...]

    def read(self, given: str) -> str | bool:
        """Return the value with this key; a `ValueError` if there is none."""
        for option in self.options:
            if option.key == given.lower():
                return option.value
        raise _Unreadable

    def write(self, value: Value) -> str:
        """Return the key of a value."""
        return next(option.key for option in self.options if option.value == value)


@dataclass(frozen=True, slots=True)
class TimeZone:
    """A time zone by its IANA name, which may be typed as its city."""

    example: str = "Europe/Berlin"

    def read(self, given: str) -> str:
        """Return the zone that was meant; a `ValueError` with suggestions if that is not clear."""
        return find_time_zone(given)

    def write(self, value: Value) -> str:
        """Return the zone's name."""
        return str(value)


@dataclass(frozen=True, slots=True)
class Place:
    """A channel of the server, by id."""

    plays: bool  #: whether rounds play there, or only notices appear

    def read(self, given: str) -> int:
        """Return the channel's id, also from a mention; a `ValueError` if it is not one."""
        match = re.fullmatch(r"(?:<#)?([1-9][0-9]{0,18})>?", given)
        if match is None:
            raise _Unreadable
        return int(match[1])

    def write(self, value: Value) -> str:
        """Return the id as it is stored."""
        return str(value)


Kind = Number | Choice | TimeZone | Place


@dataclass(frozen=True, slots=True)
class Declaration:
    """Everything known about a setting, whichever server it belongs to."""

    name: str
    title: str
    help: str
    kind: Kind
    default: Value
    unset: str  #: how a default of None reads


def _declared(default: _Default, title: str, help_: str, kind: Kind, unset: str = "") -> _Default:
    metadata = {"title": title, "help": help_, "kind": kind, "unset": unset}
    declared: Any = field(default=default, metadata=metadata)
    return declared  # a type checker reads the default where `dataclass` will find it


# --- the settings ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What one server has decided, or the defaults."""

    time_zone: str = _declared("UTC", "Time zone", "The zone that dates and times are in.", TimeZone())
    channel_id: int | None = _declared(
        None,
        "Default channel",
        "Where a round takes place if the command names no channel.",
        Place(plays=True),
        "where the command is used",
    )
    log_channel_id: int | None = _declared(
        None,
        "Moderators' log",
        "Where notices go, such as when a round cannot continue.",
        Place(plays=False),
        "a direct message to whoever started the round",
    )
    seconds: int = _declared(
        DEFAULT_SECONDS,
        "Seconds per question",
        f"How long a question stays open: {MIN_SECONDS} to {MAX_SECONDS} seconds.",
        Number(MIN_SECONDS, MAX_SECONDS, DEFAULT_SECONDS, "{} seconds"),
    )
    pause_seconds: int | None = _declared(
        None,
        "Pause",
        f"The pause between a reveal and the next question: 0 to {MAX_PAUSE_SECONDS} seconds.",
        Number(0, MAX_PAUSE_SECONDS, 8, "{} seconds", ((0, "none"), (1, "1 second"))),
        "the bot's default",
    )
    scoring: Scoring = _declared(  # noqa: RUF009 - makes a `field`
        Scoring.ACCURACY,
        "Scoring",
        "What counts in a round: being right, or being right fast.",
        Choice(
            (
                Option("accuracy", Scoring.ACCURACY, "accuracy: time only breaks ties"),
                Option("speed", Scoring.SPEED, "speed: faster right answers count more"),
            )
        ),
    )
    thread: bool = _declared(
        False,
        "Thread",
        "Whether a round gets a thread of its own, where the channel can have one.",
        Choice((Option("no", False, "no"), Option("yes", True, "yes"))),
    )
    board_every: int = _declared(
        0,
        "Standing so far",
        f"After how many questions to name the top three: 0 (never) to {MAX_BOARD_EVERY}; 3 is every third.",
        Number(
            0,
            MAX_BOARD_EVERY,
            3,
            "after every {} questions",
            ((0, "only at the end"), (1, "after each question")),
        ),
    )
    tells_players: bool = _declared(
        True,
        "Result on the receipt",
        "Whether players' private receipts say, after a reveal, how they did and where they stand.",
        Choice((Option("yes", True, "yes"), Option("no", False, "no"))),
    )
    grace_minutes: int = _declared(
        15,
        "Grace period",
        f"How late a scheduled round may still start: 0 to {MAX_GRACE_MINUTES} minutes.",
        Number(0, MAX_GRACE_MINUTES, 15, "{} minutes", ((0, "none"), (1, "1 minute"))),
    )


SETTINGS: Mapping[str, Declaration] = MappingProxyType(
    {
        one.name: Declaration(name=one.name, default=getattr(ServerSettings(), one.name), **one.metadata)
        for one in fields(ServerSettings)
    }
)


def parse(name: str, given: str) -> Value:
    """Return the value that was typed for a setting; nothing typed means the default.

    Raises:
        BadSetting: it cannot have this value.
        KeyError: there is no such setting.
    """
    declared, typed = SETTINGS[name], given.strip()
    if not typed:
        return declared.default
    try:
        return declared.kind.read(typed)
    except _Unreadable as error:
        raise BadSetting(name, typed, error.args) from None


def write(name: str, value: Value) -> str:
    """Return a value as one would type it, nothing for None."""
    return "" if value is None else SETTINGS[name].kind.write(value)


# --- time zones -----------------------------------------------------------------------------------


@cache
def time_zones() -> Mapping[str, str]:
    """Return every zone's name by its lower-case spelling.

    The first call reads the machine's whole database of zones, which takes about a tenth of a second.
    """
    return {name.lower(): name for name in sorted(zoneinfo.available_timezones() - _NO_ZONES)}


def find_time_zone(given: str) -> str:
    """Return the zone with this name or, if there is only one, with this city.

    `ValueError` otherwise, with the names that may be meant as its arguments.
    """
    zones, typed = time_zones(), "_".join(given.lower().split())
    if typed in zones:
        return zones[typed]
    # Etc/GMT+1 is an hour *behind* Greenwich: anyone who types GMT+1 means the other one, so it is left out.
    cities: dict[str, list[str]] = {}
    for small, name in zones.items():
        if not small.startswith("etc/"):
            cities.setdefault(small.rsplit("/", 1)[-1], []).append(name)
    meant = cities.get(typed, [])
    if len(meant) == 1:
        return meant[0]
    if not meant and re.match(r"(utc|gmt)[+-]", typed) is None:
        regions = [small for small in zones if "/" in small and not small.startswith("etc/")]
        near = difflib.get_close_matches(typed, [*cities, *regions], MAX_SUGGESTIONS)
        meant = [name for one in near for name in ([zones[one]] if "/" in one else cities[one])]
    raise _Unreadable(*list(dict.fromkeys(meant))[:MAX_SUGGESTIONS])
