"""Where Discord takes only so much, a round leaves out counts, and says on its cards what comes later."""

import random
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.tasks import Choice
from bot.services.library import Library
from bot.services.live_round import Click
from bot.services.ports import AnnouncementCard, QuestionCard, RevealCard
from bot.services.rounds import RoundDefaults, RoundService, StartRequest
from bot.services.settings import SettingsService
from bot.services.steering import Person, SteeringService
from bot.storage.answers import SqlAnswerLog
from bot.storage.attendance import SqlAttendanceStore
from bot.storage.database import Database
from bot.storage.history import SqlPlayHistory
from bot.storage.rounds import SqlRoundStore
from bot.storage.settings import SqlSettingsStore
from tests.builders import NOW, make_quiz
from tests.fakes import FakeStage, VirtualClock

LEAD, SECONDS, GRACE, PAUSE = 10, 20, 2, 8


class Table:
    """A round without Discord: the real service and database, a clock and a stage that do as told."""

    def __init__(self, database: Database, answers: SqlAnswerLog) -> None:
        self.clock = VirtualClock()
        self.stage = FakeStage(self.clock)
        self.service = RoundService(
            library=Library([make_quiz()]),
            store=SqlRoundStore(database),
            answers=answers,
            stage=self.stage,
            clock=self.clock,
            rng=random.Random(3),
            defaults=RoundDefaults(pause_seconds=PAUSE, lead_seconds=LEAD),
            settings=SettingsService(SqlSettingsStore(database), self.stage),
            history=SqlPlayHistory(database),
            attendance=SqlAttendanceStore(database),
        )
        self.clicks = 0

    async def start(self) -> None:
        self.played = await self.service.start(
            StartRequest(1, 10, host_id=1, quiz="capitals", seconds=SECONDS)
        )
        await self.advance(0)

    async def advance(self, seconds: float) -> None:
        await self.clock.advance(seconds, lambda: self.clock.sleeping == len(self.service._loops))

    async def click(self) -> None:
        self.clicks += 1
        posted = self.stage.posts["QuestionCard", 1][1]
        name = f"player {self.clicks}"
        click = Click(1, Choice((0,)), posted.message_id, self.clicks, self.clicks, name, self.clock.now())
        await self.service.answer(self.played.id, click)

    def counts(self) -> list[int]:
        return [card.answered for card in self.stage.edits if isinstance(card, QuestionCard)]


@pytest.fixture
async def table(tmp_path: Path) -> AsyncGenerator[Table]:
    path = tmp_path / "quizhost.sqlite3"
    async with Database.open(path) as database, SqlAnswerLog.open(database) as answers:
        table = Table(database, answers)
        yield table
        await table.service.close()


async def test_a_count_without_room_is_left_out_and_the_next_one_makes_up_for_it(table: Table) -> None:
    await table.start()
    await table.advance(LEAD)
    await table.click()
    table.stage.roomy = False
    await table.advance(6)
    await table.click()
    assert table.counts() == []
    table.stage.roomy = True
    await table.advance(4)
    assert table.counts() == [2]


async def test_the_reveal_does_not_need_room(table: Table) -> None:
    await table.start()
    table.stage.roomy = False
    await table.advance(LEAD + SECONDS + GRACE)
    assert isinstance(table.stage.edits[-1], RevealCard)


async def test_a_reveal_that_has_to_wait_says_that_the_next_question_comes_later(table: Table) -> None:
    await table.start()
    await table.advance(LEAD)
    table.stage.late = timedelta(seconds=3)
    await table.advance(SECONDS + GRACE)
    (reveal,) = (card for card in table.stage.edits if isinstance(card, RevealCard))
    assert reveal.round.due_at == table.clock.now() + timedelta(seconds=PAUSE + 3)
    await table.advance(PAUSE + 2)
    assert ("QuestionCard", 2) not in table.stage.posts
    await table.advance(1)
    assert ("QuestionCard", 2) in table.stage.posts


async def test_an_announcement_that_has_to_wait_says_that_the_round_begins_later(table: Table) -> None:
    table.stage.late = timedelta(seconds=9)
    await table.start()
    announced = table.stage.posts["AnnouncementCard", 0][0]
    assert isinstance(announced, AnnouncementCard)
    assert announced.round.due_at == NOW + timedelta(seconds=LEAD + 9)
    await table.advance(LEAD + 8)
    assert ("QuestionCard", 1) not in table.stage.posts
    await table.advance(1)
    assert ("QuestionCard", 1) in table.stage.posts


async def test_what_nobody_would_notice_moves_nothing(table: Table) -> None:
    table.stage.late = timedelta(milliseconds=200)
    await table.start()
    assert table.stage.posts["AnnouncementCard", 0][0].round.due_at == NOW + timedelta(seconds=LEAD)


async def test_a_round_that_is_told_to_begin_while_its_announcement_is_edited_does_not_wait(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def edit_slowly(card: AnnouncementCard | QuestionCard | RevealCard) -> None:
        await table.clock.sleep(1.5)

    monkeypatch.setattr(table.stage, "edit", edit_slowly)
    await table.start()
    await table.service.join(table.played.id, 1, "Ana")
    await table.advance(2.5)
    await SteeringService(table.service).start_now(table.played.id, Person(1, is_moderator=False))
    await table.advance(1)
    assert ("QuestionCard", 1) in table.stage.posts


async def test_a_question_that_is_skipped_while_its_pause_is_being_shown_is_revealed(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit = table.stage.edit

    async def edit_slowly(card: AnnouncementCard | QuestionCard | RevealCard) -> None:
        await table.clock.sleep(1.5)
        await edit(card)

    await table.start()
    await table.advance(LEAD)
    monkeypatch.setattr(table.stage, "edit", edit_slowly)
    steering, moderator = SteeringService(table.service), Person(2, is_moderator=True)
    await steering.pause(table.played.id, moderator)
    await table.advance(1)
    await steering.skip(table.played.id, moderator)
    await table.advance(5)
    assert isinstance(table.stage.edits[-1], RevealCard)
