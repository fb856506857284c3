"""The round against a simple reference, under clicks, pauses, skips, restarts and time in any order."""

import asyncio
import random
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain.round import Answer, RoundId, RoundState
from bot.domain.standings import compute_standings
from bot.domain.tasks import Choice
from bot.domain.transitions import IllegalStep
from bot.services.errors import NoRoundHere, QuestionClosed, QuizhostError, RoundOver, RoundPaused
from bot.services.library import Library
from bot.services.live_round import Click
from bot.services.rounds import Here, RoundDefaults, RoundService, StartRequest
from bot.services.settings import SettingsService
from bot.services.steering import Person, SteeringService
from bot.storage.answers import SqlAnswerLog
from bot.storage.attendance import SqlAttendanceStore
from bot.storage.database import Database
from bot.storage.history import SqlPlayHistory
from bot.storage.rounds import SqlRoundStore
from bot.storage.settings import SqlSettingsStore
from tests.builders import make_quiz
from tests.fakes import FakeStage, VirtualClock, settle

LEAD, PAUSE, SECONDS, GRACE, AFTER_RESTART, AFTER_PAUSE = 10, 8, 20, 2, 13, 10
ROUND, SERVER, CHANNEL = RoundId(1, 1), 1, 10
QUESTIONS = 3


def span(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


@dataclass
class Reference:
    """What a round is, in the fewest words: a phase, when it ends, and the last answer of each player."""

    now: datetime
    phase: str = "announced"
    until: datetime | None = None  #: when the phase ends by itself
    closes: datetime | None = None  #: the open question's deadline
    question: int = 0
    interrupted: str = ""
    left: timedelta = timedelta()
    answers: dict[tuple[int, int], tuple[int, int, int]] = field(default_factory=dict)
    skipped: set[int] = field(default_factory=set)
    skip_at: datetime | None = None  #: when somebody skipped last

    def advance(self, seconds: float) -> None:
        target = self.now + span(seconds)
        while self.until is not None and self.until <= target:
            self.now = self.until
            self._next()
        self.now = target

    def _next(self) -> None:
        if self.phase == "asking":
            self.phase, self.until = "revealed", self.now + span(PAUSE)
        elif self.question < QUESTIONS:
            self.phase, self.question = "asking", self.question + 1
            self._open(self.now + span(SECONDS))
        else:
            self.phase, self.until = "finished", None

    def _open(self, closes: datetime) -> None:
        self.closes, self.until = closes, closes + span(GRACE)

    def click(self, player: int, slot: int, at: datetime, click_id: int) -> bool:
        """Take an answer if it is in time; tell whether it was."""
        if self.phase != "asking" or self.closes is None or at > self.closes:
            return False
        known = self.answers.get((self.question, player))
        if known is None or (known[0] != slot and known[2] < click_id):
            elapsed = span(SECONDS) - (self.closes - at)
            used = min(max(elapsed // timedelta(milliseconds=1), 0), SECONDS * 1000)
            self.answers[self.question, player] = (slot, used, click_id)
        return True

    def pause(self) -> None:
        due = self.closes if self.phase == "asking" else self.until
        self.left = max((due or self.now) - self.now, span(AFTER_PAUSE if self.phase == "asking" else 0))
        self.interrupted, self.phase, self.until = self.phase, "paused", None

    def resume(self) -> None:
        self.phase = self.interrupted
        if self.phase == "asking":
            self._open(self.now + self.left)
        else:
            self.until = self.now + self.left
        self.advance(0)

    @property
    def skips_again(self) -> bool:
        """Whether a skip means the same as the one before it."""
        return self.skip_at is not None and self.now - self.skip_at < span(1)

    def skip(self) -> None:
        if self.skips_again:
            return
        self.skip_at = self.now
        if self.phase == "paused":
            self.skipped.add(self.question)
            self.interrupted, self.left = "revealed", span(PAUSE)
            return
        if self.phase == "asking":
            self.skipped.add(self.question)
            self.phase, self.until = "revealed", self.now + span(PAUSE)
        else:
            self.until = self.now
        self.advance(0)

    def stop(self) -> None:
        if "asking" in {self.phase, self.interrupted if self.phase == "paused" else ""}:
            self.skipped.add(self.question)
        self.phase, self.until = "stopped", None

    def restart(self) -> None:
        self.skip_at = None
        if self.phase == "asking" and self.closes is not None:
            if self.closes > self.now:
                self._open(max(self.closes, self.now + span(AFTER_RESTART)))
            else:
                self.until = self.now + span(GRACE)
        elif self.phase == "revealed" and self.until and 2 * (self.until - self.now) < span(PAUSE):
            self.until = self.now + span(PAUSE)


class RoundMachine(RuleBasedStateMachine):
    """Does the same to the real service and to the reference."""

    @initialize()
    def begin(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = VirtualClock()
        self.stage = FakeStage(self.clock)
        self.quiz = make_quiz()
        self.clicks = 0
        self.last: tuple[Click, int] | None = None
        self.run(self.start_process())
        request = StartRequest(SERVER, CHANNEL, host_id=1, quiz=self.quiz.id, seconds=SECONDS)
        self.run(self.service.start(request))
        self.reference = Reference(self.clock.now(), until=self.clock.now() + span(LEAD))
        self.advance(0)

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(coroutine)

    async def start_process(self) -> None:
        self.process = AsyncExitStack()
        path = Path(self.folder.name) / "quizhost.sqlite3"
        database = await self.process.enter_async_context(Database.open(path))
        answers = await self.process.enter_async_context(SqlAnswerLog.open(database))
        self.store = SqlRoundStore(database)
        self.service = RoundService(
            library=Library([self.quiz]),
            store=self.store,
            answers=answers,
            attendance=SqlAttendanceStore(database),
            stage=self.stage,
            clock=self.clock,
            rng=random.Random(3),
            defaults=RoundDefaults(pause_seconds=PAUSE, lead_seconds=LEAD),
            settings=SettingsService(SqlSettingsStore(database), self.stage),
            history=SqlPlayHistory(database),
        )
        await self.service.come_back()

    def parked(self) -> bool:
        return self.clock.sleeping == len(self.service._loops)

    def advance(self, seconds: float) -> None:
        self.run(self.clock.advance(seconds, self.parked))
        self.reference.advance(seconds)

    # --- what can happen --------------------------------------------------------------------------

    @rule(seconds=st.sampled_from([0.25, 1, 3, 7, 19, 25, 60]))
    def time_passes(self, seconds: float) -> None:
        self.advance(seconds)

    @precondition(lambda self: self.reference.question > 0)
    @rule(
        player=st.integers(1, 3),
        slot=st.integers(0, 2),
        shift_ms=st.sampled_from([0, 0, 0, -1500, -300, 300]),
        question=st.sampled_from([0, 0, 0, -1]),
    )
    def somebody_clicks(self, player: int, slot: int, shift_ms: int, question: int) -> None:
        """Clicks arrive late or early by their own clock, and sometimes on the question before."""
        number = max(self.reference.question + question, 1)
        posted = self.stage.posts["QuestionCard", number][1]
        self.clicks += 1
        at = max(self.clock.now() + timedelta(milliseconds=shift_ms), posted.at)
        click = Click(number, Choice((slot,)), posted.message_id, self.clicks, player, f"player {player}", at)
        self.press(click, slot)

    @precondition(lambda self: self.last is not None)
    @rule()
    def a_click_arrives_twice(self) -> None:
        assert self.last
        self.press(*self.last)

    def press(self, click: Click, slot: int) -> None:
        self.last = (click, slot)
        current = click.question_number == self.reference.question
        taken = current and self.reference.click(click.player_id, slot, click.at, click.interaction_id)
        try:
            receipt = self.run(self.service.answer(ROUND, click))
        except QuizhostError as refusal:
            refused_as = type(refusal)
            assert not taken
            paused = self.reference.phase == "paused" and self.reference.interrupted == "asking"
            wanted = RoundPaused if current and paused else QuestionClosed
            ended = self.reference.phase in {"finished", "stopped"}
            assert refused_as is (RoundOver if ended else wanted)
        else:
            assert taken
            counts = self.reference.answers[click.question_number, click.player_id][0]
            assert receipt.given.shown.order.index(receipt.given.response) == counts

    @rule(step=st.sampled_from(["pause", "resume", "skip", "stop"]))
    def a_moderator_steers(self, step: str) -> None:
        phase = self.reference.phase
        if step == "stop" and self.clicks % 3:  # stopping ends the story: do it less often
            return
        possible = {"resume": phase == "paused", "stop": True}.get(step, phase != "paused")
        if step == "skip":
            possible = possible or self.reference.interrupted == "asking" or self.reference.skips_again
        steering = SteeringService(self.service)
        try:
            self.run(getattr(steering, step)(Here(SERVER, CHANNEL), Person(1, is_moderator=True)))
        except (IllegalStep, NoRoundHere):
            assert not possible or phase in {"finished", "stopped"}
        else:
            assert possible
            getattr(self.reference, step)()
            self.advance(0)

    @rule()
    def the_process_dies_and_comes_back(self) -> None:
        for loop in list(self.service._loops.values()):
            loop.cancel()
        self.run(settle(lambda: not self.service._loops))
        self.run(self.process.aclose())
        self.run(self.start_process())
        self.reference.restart()
        self.advance(0)

    # --- what must hold ---------------------------------------------------------------------------

    @invariant()
    def the_round_is_where_the_reference_is(self) -> None:
        played = self.run(self.store.fetch(ROUND))
        assert (played.state.value, played.position) == (self.reference.phase, self.reference.question)

    @invariant()
    def every_answer_that_was_acknowledged_is_in_the_database_and_no_other(self) -> None:
        played = self.run(self.store.fetch(ROUND))
        stored = {
            (answer.question_number, answer.player_id): (
                played.asked[answer.question_number - 1].shown.order.index(answer.response),
                answer.elapsed_ms,
                answer.interaction_id,
            )
            for answer in self.run(self.store.fetch_answers(played))
        }
        assert stored == self.reference.answers

    def teardown(self) -> None:
        played = self.run(self.store.fetch(ROUND))
        if played.state in {RoundState.FINISHED, RoundState.STOPPED}:
            answers = [
                Answer(number, player, played.asked[number - 1].shown.order[slot], used, click)
                for (number, player), (slot, used, click) in self.reference.answers.items()
            ]
            kept = self.run(self.store.fetch_standings(ROUND))
            assert kept == list(compute_standings(played, answers).rows)
            assert {asked.number for asked in played.asked if asked.skipped} == self.reference.skipped
        self.run(self.service.close())
        self.run(self.process.aclose())
        self.loop.close()
        self.folder.cleanup()


RoundMachine.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=30,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking a story of real time takes minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestRoundAgainstReference = RoundMachine.TestCase
