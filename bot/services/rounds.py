"""Live rounds: starting them, finding them, and taking answers. `bot.services.steering` controls them."""

import asyncio
import logging
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from bot import tasks
from bot.clock import Clock
from bot.domain import transitions
from bot.domain.quiz import Question, Quiz
from bot.domain.round import AskedQuestion, Round, RoundId, RoundRules, Scoring, plan_questions
from bot.domain.settings import ServerSettings
from bot.services import errors
from bot.services.attendance import AttendanceStore
from bot.services.library import Library
from bot.services.live_round import Click, LiveRound, Receipt
from bot.services.ports import AnswerLog, ConcurrentChange, NewRound, Notice, PlayHistory, RoundStore, Stage
from bot.services.round_ending import RoundEnding
from bot.services.round_loop import RoundLoop
from bot.services.settings import SettingsService

log = logging.getLogger(__name__)

#: How many rounds are planned and stored at once: hundreds together would keep everybody else waiting.
STARTING = 2


@dataclass(frozen=True, slots=True)
class RoundDefaults:
    """What the host of the bot decided for all rounds."""

    pause_seconds: int = 8
    lead_seconds: int = 10  #: from the announcement to the first question
    scheduled_lead_seconds: int = 60  #: the same for scheduled rounds


@dataclass(frozen=True, slots=True)
class StartRequest:
    """What a moderator asks for. None means the server's setting."""

    server_id: int
    channel_id: int | None
    host_id: int
    quiz: str  #: id or title
    seconds: int | None = None
    questions: int | None = None  #: all of them
    scoring: Scoring | None = None
    thread: bool | None = None
    here_id: int | None = None  #: where it was asked for: the place if neither request nor server names one
    scheduled: bool = False  #: whether it starts on its own, so that people who are pinged need time to come


class Here(NamedTuple):
    """The channel or thread in which somebody asks for its round."""

    server_id: int
    channel_id: int


class RoundService:
    """Keeps the live rounds: one object each, in one dict."""

    def __init__(
        self,
        *,
        library: Library,
        store: RoundStore,
        answers: AnswerLog,
        attendance: AttendanceStore,
        stage: Stage,
        clock: Clock,
        rng: random.Random,
        defaults: RoundDefaults,
        settings: SettingsService,
        history: PlayHistory,
    ) -> None:
        self._library, self._store, self._answers = library, store, answers
        self._attendance = attendance
        self._stage, self._clock, self._rng, self._defaults = stage, clock, rng, defaults
        self._settings, self._history = settings, history
        self._live: dict[RoundId, LiveRound] = {}
        self._loops: dict[RoundId, asyncio.Task[None]] = {}
        self._starting = asyncio.Semaphore(STARTING)
        self._closing = False

    # --- moderators -------------------------------------------------------------------------------

    async def start(self, request: StartRequest) -> Round:
        """Store a new round and start it.

        Raises:
            QuizNotFound, MissingPermissions, NotARoundChannel, DefaultChannelGone, RoundAlreadyOpen,
            ShuttingDown: nothing was posted and nothing stored.
        """
        async with self._starting:
            played = await self._store.create(await self.plan(request))
            self.launch(played)
        return played

    async def plan(self, request: StartRequest) -> NewRound:
        """Return the round that a request asks for, to be stored by whoever launches it.

        Raises:
            QuizNotFound, MissingPermissions, NotARoundChannel, DefaultChannelGone, ShuttingDown: it cannot be
                played.
        """
        if self._closing:
            raise errors.ShuttingDown
        quiz = self._library.get(request.quiz)
        settings = await self._settings.of(request.server_id)
        channel_id = request.channel_id
        if channel_id is None:
            channel_id = await self.usual_channel(request.server_id, request.here_id or 0)
        else:
            await self._stage.look_up(request.server_id, channel_id)
        in_thread = self._check(request, settings, channel_id)
        rules = self._rules(request, settings)
        last_asked = await self._history.fetch_last_asked(request.server_id, quiz.id)
        defaults = self._defaults
        lead_seconds = defaults.scheduled_lead_seconds if request.scheduled else defaults.lead_seconds
        now = self._clock.now()
        return NewRound(
            server_id=request.server_id,
            channel_id=channel_id,
            in_thread=in_thread,
            host_id=request.host_id,
            quiz=quiz,
            rules=rules,
            asked=plan_questions(
                quiz, count=request.questions, seconds=rules.seconds, rng=self._rng, last_asked=last_asked
            ),
            created_at=now,
            starts_at=now + timedelta(seconds=lead_seconds),
        )

    async def usual_channel(self, server_id: int, here_id: int) -> int:
        """Return where to play if no channel is named: the server's default channel, or where it was asked.

        Raises:
            MissingPermissions, DefaultChannelGone: the default channel cannot be used.
        """
        default_id = (await self._settings.of(server_id)).channel_id
        await self._stage.look_up(server_id, default_id or here_id)
        if default_id is None:
            return here_id
        try:
            self._stage.check(server_id, default_id, thread=False)
        except errors.NotARoundChannel:
            raise errors.DefaultChannelGone(default_id) from None
        return default_id

    def _check(self, request: StartRequest, settings: ServerSettings, channel_id: int) -> bool:
        """Raise if the round cannot be played there; return whether it should be in a thread.

        The server's thread setting gives way in a channel that cannot have one. Whoever asks for a thread is
        told why it is impossible; a scheduled round does without one, and says so.
        """
        wanted = settings.thread if request.thread is None else request.thread
        try:
            self._stage.check(request.server_id, channel_id, thread=wanted)
        except errors.NotARoundChannel:
            if request.thread or not wanted:
                raise
            wanted = False
        except errors.MissingPermissions:
            if not wanted or not request.scheduled:
                raise
        else:
            return wanted
        self._stage.check(request.server_id, channel_id, thread=False)
        return wanted

    async def expected_length(self, request: StartRequest, quizzes: Iterable[Quiz]) -> timedelta:
        """Return how long a scheduled round of any of these quizzes can take, as requested."""
        rules = self._rules(request, await self._settings.of(request.server_id))
        longest = 0
        for quiz in quizzes:
            seconds = sorted((one.seconds or rules.seconds for one in quiz.questions), reverse=True)
            asked = seconds[: request.questions]
            longest = max(longest, sum(asked) + rules.pause_seconds * len(asked))
        return timedelta(seconds=self._defaults.scheduled_lead_seconds + longest)

    def _rules(self, request: StartRequest, settings: ServerSettings) -> RoundRules:
        pause = settings.pause_seconds
        return RoundRules(
            seconds=request.seconds or settings.seconds,
            scoring=request.scoring or settings.scoring,
            pause_seconds=self._defaults.pause_seconds if pause is None else pause,
            board_every=settings.board_every,
            tells_players=settings.tells_players,
        )

    def find(self, place: Here | RoundId) -> LiveRound:
        """Return an open round, by its id or its place; `NoRoundHere` or `RoundEnded` if there is none."""
        if isinstance(place, RoundId):
            live = self._live.get(place)
            if live is None or not live.round.is_open:
                raise errors.RoundEnded
            return live
        for live in self._live.values():
            played = live.round
            here = place.channel_id in {played.channel_id, played.thread_id}
            if played.id.server_id == place.server_id and here and played.is_open:
                return live
        raise errors.NoRoundHere(place.channel_id)

    # --- players ----------------------------------------------------------------------------------

    async def join(self, round_id: RoundId, player_id: int, name: str) -> tuple[bool, int]:
        """Note that somebody will play, or undo that; return whether they will, and how many will.

        Raises:
            RoundEnded: there is no such round any more.
            RoundBegun: it has begun, and everybody may just answer.
        """
        live = self.find(round_id)
        if live.round.position > 0:
            raise errors.RoundBegun
        is_in = await live.attendance.toggle(player_id, name)
        return is_in, len(live.attendance.names)

    def find_asked(self, round_id: RoundId, number: int) -> tuple[Question, AskedQuestion] | None:
        """Return a question of a live round as it is shown there, or None if there is none."""
        live = self._live.get(round_id)
        if live is None or not 1 <= number <= len(live.round.asked):
            return None
        asked = live.round.asked[number - 1]
        return live.round.question(asked), asked

    async def answer(self, round_id: RoundId, click: Click) -> Receipt:
        """Take an answer; any `QuizhostError` says why it does not count."""
        live = self._live.get(round_id)
        if live is not None:
            return await live.answer(click)
        played = await self._store.fetch(round_id)
        if played is None:
            raise errors.UnknownButton
        raise errors.NotRecorded if played.is_open else errors.RoundOver

    # --- the process ------------------------------------------------------------------------------

    async def come_back(self) -> int:
        """Continue every round that an earlier process left open; return how many there were."""
        unsettled = await self._store.fetch_unsettled()
        for played in unsettled:
            back = transitions.come_back(played, self._clock.now())
            if back != played:
                try:
                    back = await self._store.change(played, back)
                except ConcurrentChange:
                    log.warning("round %s: another process has taken it over", played.id)
                    continue
            self.launch(back, recovering=True)
        return len(unsettled)

    async def close(self) -> None:
        """Start nothing new and leave the open rounds to the next process."""
        self._closing = True
        for loop in list(self._loops.values()):
            await tasks.cancel(loop)
        await self._answers.drain()

    async def stand_still(self, notice: Notice) -> None:
        """Halt all rounds and take no answers; tell moderators, or whoever started a round, why."""
        open_rounds = [live.round for live in self._live.values() if live.round.is_open]
        await self.close()
        await asyncio.gather(*(self._stage.tell_host(played, notice) for played in open_rounds))

    async def leave(self, server_id: int) -> None:
        """End a server's rounds silently: the bot is no longer there."""
        loops = [(live, self._loops[id_]) for id_, live in self._live.items() if id_.server_id == server_id]
        for live, loop in loops:
            await tasks.cancel(loop)
            # It may have ended meanwhile, and what was being stored when it was cancelled may be stored.
            played = await self._store.fetch(live.round.id)
            if played is not None and played.settled_at is None:
                live.round = played
                store, answers, stage = self._store, self._answers, self._stage
                await RoundEnding(live, store=store, answers=answers, stage=stage).unseen()

    def launch(self, played: Round, *, recovering: bool = False) -> None:
        """Start a stored round, or continue it after a restart."""
        store, answers = self._store, self._answers
        live = LiveRound(played, store=store, answers=answers, attendance=self._attendance, clock=self._clock)
        loop = RoundLoop(live, store=store, answers=answers, stage=self._stage, recovering=recovering)
        self._live[played.id] = live
        self._loops[played.id] = tasks.spawn(self._play(live, loop), name=f"round {played.id.number}")

    async def _play(self, live: LiveRound, loop: RoundLoop) -> None:
        round_id = live.round.id
        try:
            await loop.run()
        finally:
            self._live.pop(round_id, None)
            self._loops.pop(round_id, None)
