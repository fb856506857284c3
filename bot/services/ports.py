"""What the services need from outside: a stage to play on, and a memory.

`bot.ui` implements the stage, `bot.storage` the memory; tests bring their own. What only one service needs
stands beside that service.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol

from bot.domain.quiz import Quiz
from bot.domain.round import Answer, AskedQuestion, Round, RoundId, RoundRules
from bot.domain.standings import Standing, Standings
from bot.domain.tally import Verdict
from bot.domain.tasks import Tally

# --- the stage ------------------------------------------------------------------------------------


class StageError(Exception):
    """The stage could not show something. Never reaches a player."""


class MessageGone(StageError):
    """The message was deleted."""


class PlaceGone(StageError):
    """The channel or thread no longer exists."""


class PlaceClosed(StageError):
    """The bot is no longer allowed to write there."""


class StageRefused(StageError):
    """Discord will never take this; showing it again is pointless."""


class StageUnavailable(StageError):
    """Discord did not take it this time; the same call may work later."""


class Notice(StrEnum):
    """What the person who started a round is told when it cannot continue on its own."""

    PAUSED_PLACE_CLOSED = "paused_place_closed"
    STOPPED_PLACE_GONE = "stopped_place_gone"
    STOPPED_REFUSED = "stopped_refused"
    RESULT_HELD = "result_held"
    DATABASE_LOST = "database_lost"


class Posted(NamedTuple):
    """A message on the stage, and its instant by Discord's own clock."""

    message_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class AnnouncementCard:
    """Says that a round is about to start or, once it has started, that it has."""

    round: Round
    joined: int = 0  #: how many have said that they will play


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """The current question, open or paused."""

    round: Round
    answered: int
    closes_at: datetime  #: its deadline; before it is posted, the best guess at it


@dataclass(frozen=True, slots=True)
class RevealCard:
    """The current question with its key, its explanation, and who chose what."""

    round: Round
    tally: Tally
    right: int  #: how many players
    standings: Standings | None = None  #: the standing so far, where the round shows it
    names: Mapping[int, str] = field(default_factory=dict[int, str])  #: of its leaders, by player id


@dataclass(frozen=True, slots=True)
class ResultCard:
    """The end of a round: tiers and standings."""

    round: Round
    standings: Standings
    names: Mapping[int, str]  #: by player id


Card = AnnouncementCard | QuestionCard | RevealCard | ResultCard


class Places(Protocol):
    """Knows what the bot may do in which channel. Only `look_up` may make a request."""

    async def look_up(self, server_id: int, channel_id: int) -> None:
        """Look up a channel that is not in the cache, such as an archived thread; never raises."""
        ...

    def check(self, server_id: int, channel_id: int, *, thread: bool) -> None:
        """Raise `MissingPermissions` or `NotARoundChannel` if a round cannot be played there."""
        ...

    def check_notices(self, server_id: int, channel_id: int) -> None:
        """Raise `NoticesNotAllowed` or `NotANoticeChannel` if no notice can be posted there."""
        ...


class Stage(Protocol):
    """Where a round is seen. Every call that shows something may raise a `StageError`.

    Posting the same card twice within minutes returns the first message, so that a step can be repeated
    after a crash.
    """

    async def look_up(self, server_id: int, channel_id: int) -> None:
        """Look up a channel for `check` that is not cached, such as an archived thread; never raises."""
        ...

    def check(self, server_id: int, channel_id: int, *, thread: bool) -> None:
        """Raise `MissingPermissions` or `NotARoundChannel` if a round cannot be played there."""
        ...

    def has_room(self) -> bool:
        """Tell whether there is room now to show something optional."""
        ...

    def delay(self, card: Card) -> timedelta:
        """Return how long a card would have to wait now because others are due first."""
        ...

    async def post(self, card: Card) -> Posted:
        """Post a card where its round plays."""
        ...

    async def edit(self, card: AnnouncementCard | QuestionCard | RevealCard) -> None:
        """Show the card on the announcement's or the current question's message."""
        ...

    async def open_thread(self, played: Round) -> int:
        """Open a thread below the announcement; return its id."""
        ...

    def tell_players(
        self, played: Round, verdicts: Mapping[int, Verdict], is_wanted: Callable[[], bool]
    ) -> None:
        """Start telling players privately what their answers were worth, if that is wanted; do not wait."""
        ...

    async def tell_host(self, played: Round, notice: Notice) -> None:
        """Tell the server's moderators or whoever started the round, at most once; no `StageError`."""
        ...


# --- the memory -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewRound:
    """A round that is about to be announced."""

    server_id: int
    channel_id: int
    in_thread: bool
    host_id: int
    quiz: Quiz
    rules: RoundRules
    asked: tuple[AskedQuestion, ...]
    created_at: datetime
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class AnswerEntry:
    """One answer as it was given, ready for the log."""

    round_id: RoundId
    answer: Answer
    player_name: str
    at: datetime  #: the click's instant by Discord's clock


class ConcurrentChange(Exception):
    """Somebody else has moved the round on since it was read."""


class RoundStore(Protocol):
    """Remembers rounds."""

    async def create(self, new: NewRound) -> Round:
        """Store a round in state `announced`; `RoundAlreadyOpen` if its channel has an open one."""
        ...

    async def change(self, before: Round, after: Round) -> Round:
        """Move a stored round from one value to the next and return that with its new revision.

        `ConcurrentChange` if the stored round is no longer at the first value.
        """
        ...

    async def fetch(self, round_id: RoundId) -> Round | None:
        """Return a round, or None."""
        ...

    async def fetch_unsettled(self) -> list[Round]:
        """Return every round that is open, or ended but without its final card."""
        ...

    async def fetch_answers(self, played: Round, question_number: int | None = None) -> list[Answer]:
        """Return the current answers of a round, or of one of its questions."""
        ...

    async def fetch_log(self, round_id: RoundId) -> list[Answer]:
        """Return every answer ever recorded in a round, including changed ones."""
        ...

    async def fetch_standings(self, round_id: RoundId) -> list[Standing]:
        """Return the standings that were kept for a round, best first."""
        ...

    async def find_servers(self, number: int) -> list[int]:
        """Return the servers that have a round with this number."""
        ...

    async def save_standings(self, played: Round, standings: Standings) -> None:
        """Keep a finished round's standings; repeating it changes nothing."""
        ...

    async def fetch_names(self, server_id: int, player_ids: Iterable[int]) -> dict[int, str]:
        """Return the last seen display names of players."""
        ...


class AnswerLog(Protocol):
    """Records answers."""

    def record(self, entry: AnswerEntry) -> Awaitable[None]:
        """Wait until the answer is durable; `NotRecorded` if it could not be written."""
        ...

    async def drain(self) -> None:
        """Wait until everything handed over so far is durable or refused."""
        ...


class PlayHistory(Protocol):
    """Remembers what a server has played."""

    async def fetch_last_played(self, server_id: int) -> Mapping[str, datetime]:
        """Return when each quiz was last played, by its id; those never played are left out."""
        ...

    async def fetch_last_asked(self, server_id: int, quiz_id: str) -> Mapping[str, int]:
        """Return the last round's number in which each question of a quiz was asked, by its id."""
        ...
