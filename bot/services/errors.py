"""What can go wrong in a way that a person should hear about. Errors carry data, never sentences.

The sentences are in `bot.text`; `bot.ui.guard` brings the two together.
"""

from dataclasses import dataclass


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


@dataclass(eq=False)
class MissingPermissions(QuizhostError):
    """The bot may not do what a round needs in this channel."""

    channel_id: int
    permissions: tuple[str, ...]


@dataclass(eq=False)
class NotARoundChannel(QuizhostError):
    """Rounds cannot be played in this kind of channel, or the bot does not see it."""

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
    """Notices cannot be posted in this kind of channel, or the bot does not see it."""

    channel_id: int


class PanelExpired(QuizhostError):
    """The panel was opened too long ago to tell that its reader may still use it."""


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

    letter: str


class NotRecorded(QuizhostError):
    """The answer could not be written to the database."""


class NoResult(QuizhostError):
    """The player did not take part in the round."""


class ShuttingDown(QuizhostError):
    """The bot is about to restart and starts nothing new."""
