"""What can go wrong in a way that a person should hear about. Errors carry data, never sentences.

The sentences are in `bot.text`; `bot.ui.guard` brings the two together.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.responses import GivenAnswer


class QuizhostError(Exception):
    """An expected refusal. Whoever caused it gets one private sentence."""


@dataclass(eq=False)
class QuizNotFound(QuizhostError):
    """No quiz has this id or title."""

    query: str
    suggestions: tuple[str, ...]


@dataclass(eq=False)
class RoundAlreadyOpen(QuizhostError):
    """The channel has a round that is not over yet."""

    channel_id: int


@dataclass(eq=False)
class NoRoundHere(QuizhostError):
    """The channel has no open round."""

    channel_id: int


class RoundEnded(QuizhostError):
    """The round that somebody wants to control is over."""


class RoundBegun(QuizhostError):
    """Somebody says that they will play a round that has already begun."""


class MayNotSteer(QuizhostError):
    """Somebody who is neither the host nor a moderator wants to control a round."""


@dataclass(eq=False)
class MissingPermissions(QuizhostError):
    """The bot may not do what a round needs in this channel."""

    channel_id: int
    permissions: tuple[str, ...]


@dataclass(eq=False)
class InTimeOut(QuizhostError):
    """The bot is in time-out on the server, and can do nothing there until it is over."""

    until: datetime


class DiscordUnavailable(QuizhostError):
    """Discord cannot reach the server right now, or does not answer a question that must be asked."""


@dataclass(eq=False)
class NotARoundChannel(QuizhostError):
    """Rounds cannot be played in this kind of channel, or the bot cannot see it."""

    channel_id: int


@dataclass(eq=False)
class DefaultChannelGone(QuizhostError):
    """Rounds cannot be played in the server's default channel any more, whoever asks."""

    channel_id: int


@dataclass(eq=False)
class NoticesNotAllowed(QuizhostError):
    """The bot may not post notices in this channel."""

    channel_id: int
    permissions: tuple[str, ...]


@dataclass(eq=False)
class NotANoticeChannel(QuizhostError):
    """Notices cannot be posted in this kind of channel, or the bot cannot see it."""

    channel_id: int


class PanelExpired(QuizhostError):
    """The panel was opened too long ago to be sure that its reader may still use it."""


class ListExpired(QuizhostError):
    """The list of schedules was opened too long ago to be sure that its reader may still use it."""


class QuestionClosed(QuizhostError):
    """The answer came after the question's deadline."""


class RoundOver(QuizhostError):
    """The button belongs to a round that has ended."""


class RoundPaused(QuizhostError):
    """The round is paused; nothing is recorded meanwhile."""


class UnknownButton(QuizhostError):
    """The button is not one that the bot posted here: forged, foreign or from an old version."""


@dataclass(eq=False)
class AnswerLocked(QuizhostError):
    """In this quiz the first answer counts, and the player has given one."""

    counted: GivenAnswer


class NotRecorded(QuizhostError):
    """The answer could not be written to the database."""


class DatabaseLost(QuizhostError):
    """A database file was deleted or replaced while it was open. Anything written now is lost."""


class NoResult(QuizhostError):
    """The player did not take part in the round."""


class ShuttingDown(QuizhostError):
    """The bot is about to restart and starts nothing new."""


@dataclass(eq=False)
class NoQuizToPlay(QuizhostError):
    """A category or tag has no quiz."""

    name: str


@dataclass(eq=False)
class NoSuchSchedule(QuizhostError):
    """The server has no schedule with this number, or it was removed."""

    number: str


@dataclass(eq=False)
class ScheduleStepNotPossible(QuizhostError):
    """The schedule's state does not allow this step."""

    step: str
    state: str


@dataclass(eq=False)
class TooManySchedules(QuizhostError):
    """The server has as many schedules as it is allowed."""

    most: int


@dataclass(eq=False)
class RoleNotPingable(QuizhostError):
    """The bot may not mention this role, or the person who asks may not."""

    role_id: int


@dataclass(eq=False)
class ZoneUnknown(QuizhostError):
    """This machine does not have a schedule's time zone, so nobody can say when its dates are."""

    zone: str


@dataclass(eq=False)
class ScheduleClash(QuizhostError):
    """Another schedule plays in the same channel at the same time; nothing was stored."""

    channel_id: int
    number: int
    name: str  #: of what it plays
    at: datetime


class NoChange(QuizhostError):
    """A schedule is already the way it should be."""


class QuestionBackOver(QuizhostError):
    """A request for confirmation was already answered, or is too old."""


class ReminderOver(QuizhostError):
    """The date that the reminder card announced has passed, or was called off."""


class EventsNotAllowed(QuizhostError):
    """The bot may not create Discord events on this server."""


class WhenProblem(StrEnum):
    """Why a day and time that somebody typed cannot be used."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"
    NO_TIME = "no_time"
    TWO_TIMES = "two_times"
    NO_SUCH_TIME = "no_such_time"
    NO_SUCH_DATE = "no_such_date"
    WRONG_WEEKDAY = "wrong_weekday"
    DAY_OR_MONTH = "day_or_month"
    HALF_OF_DAY = "half_of_day"
    MIDNIGHT_OF = "midnight_of"
    COMES_TWICE = "comes_twice"
    ZONE = "zone"
    PAST = "past"
    TOO_FAR = "too_far"


@dataclass(eq=False)
class BadWhen(QuizhostError):
    """A day and time cannot be read, or is no time to begin at. `zone` is the server's, by its IANA name."""

    given: str
    reason: WhenProblem
    zone: str


@dataclass(eq=False)
class BadDate(QuizhostError):
    """A day cannot be read, or has passed."""

    given: str
    reason: WhenProblem


class RepeatProblem(StrEnum):
    """Why a repetition cannot be used. What `BadRepeat.detail` holds is noted after each."""

    UNKNOWN_NAME = "unknown_name"  # the same words spelt right, or nothing
    TWO_MEANINGS = "two_meanings"
    TOO_LONG = "too_long"  # the most characters
    SEVERAL_LINES = "several_lines"  # the property that does not belong here
    UNREADABLE_PART = "unreadable_part"  # the part
    UNKNOWN_PART = "unknown_part"  # its key
    PART_TWICE = "part_twice"  # its key
    BAD_VALUE = "bad_value"  # the part
    NOT_WITH_FREQ = "not_with_freq"  # the part's key
    NO_FREQ = "no_freq"
    TOO_FINE = "too_fine"  # the frequency
    HAS_TIME = "has_time"  # the same words without the time, or nothing
    BAD_INTERVAL = "bad_interval"  # the most
    BAD_TIMES = "bad_times"  # the number given
    OTHER_THAN_WHEN = "other_than_when"  # the repetition that stands in when
    TWO_ENDS = "two_ends"  # what was given of both
    ONCE_WITH_END = "once_with_end"
    UNTIL_IN_UTC = "until_in_utc"  # the part
    UNTIL_BEFORE = "until_before"  # the day
    UNTIL_FAR = "until_far"  # how many years
    NEVER = "never"  # the rule


@dataclass(eq=False)
class BadRepeat(QuizhostError):
    """A repetition cannot be read, contradicts itself or never comes."""

    given: str
    reason: RepeatProblem
    detail: str
