"""No answer lost, none late, none twice: what a player is told is what the database holds."""

import asyncio
import itertools
import random
import sqlite3
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.round import Answer, AskedQuestion, Round, RoundId
from bot.domain.tasks import Choice
from bot.domain.tasks.options import LETTERS
from bot.services.errors import NotRecorded, QuestionClosed
from bot.services.library import Library
from bot.services.live_round import Click, Receipt
from bot.services.ports import RevealCard
from bot.services.rounds import RoundDefaults, RoundService, StartRequest
from bot.services.settings import SettingsService
from bot.storage.answers import SqlAnswerLog
from bot.storage.attendance import SqlAttendanceStore
from bot.storage.database import Database
from bot.storage.history import SqlPlayHistory
from bot.storage.rounds import SqlRoundStore
from bot.storage.settings import SqlSettingsStore
from tests.builders import make_quiz
from tests.fakes import FakeStage, VirtualClock
from tests.world import World

ROUND = RoundId(1, 1)


class Table:
    """An open question, without Discord: the real service and database, a clock that moves when told."""

    def __init__(self, database: Database, answers: SqlAnswerLog, *, first_answer_locks: bool) -> None:
        self.clock = VirtualClock()
        self.stage = FakeStage(self.clock)
        self.store = SqlRoundStore(database)
        self.service = RoundService(
            library=Library([replace(make_quiz(), first_answer_locks=first_answer_locks)]),
            store=self.store,
            answers=answers,
            attendance=SqlAttendanceStore(database),
            stage=self.stage,
            clock=self.clock,
            rng=random.Random(3),
            defaults=RoundDefaults(pause_seconds=8, lead_seconds=0),
            settings=SettingsService(SqlSettingsStore(database), self.stage),
            history=SqlPlayHistory(database),
        )

    async def open(self) -> None:
        await self.service.come_back()
        await self.service.start(StartRequest(1, 10, host_id=1, quiz="capitals"))
        await self.advance(0)

    async def advance(self, seconds: float) -> None:
        await self.clock.advance(seconds, lambda: self.clock.sleeping == len(self.service._loops))

    async def round(self) -> Round:
        played = await self.store.fetch(ROUND)
        assert played
        return played

    async def click(self, player: int, slot: int, click_id: int, seconds: float | None = None) -> Receipt:
        """Press a button so many seconds after the question was posted; now, unless told otherwise."""
        posted = self.stage.posts["QuestionCard", 1][1]
        at = self.clock.now() if seconds is None else posted.at + timedelta(seconds=seconds)
        click = Click(1, Choice((slot,)), posted.message_id, click_id, player, f"player {player}", at)
        return await self.service.answer(ROUND, click)

    async def current(self) -> dict[int, Answer]:
        played = await self.store.fetch(ROUND)
        assert played is not None
        return {answer.player_id: answer for answer in await self.store.fetch_answers(played)}


def letter(asked: AskedQuestion, response: str) -> str:
    return LETTERS[asked.shown.order.index(response)]


def told(receipt: Receipt) -> str:
    """Return the letter that a player was told."""
    return LETTERS[receipt.given.shown.order.index(receipt.given.response)]


@pytest.fixture(params=[False])
async def table(tmp_path: Path, request: Any) -> AsyncGenerator[Table]:
    path = tmp_path / "quizhost.sqlite3"
    async with Database.open(path) as database, SqlAnswerLog.open(database) as answers:
        opened = Table(database, answers, first_answer_locks=request.param)
        await opened.open()
        yield opened
        await opened.service.close()


async def test_of_200_clicks_of_one_member_at_once_the_last_one_counts_and_its_receipt_is_true(
    table: Table,
) -> None:
    order = list(range(1, 201))
    random.Random(5).shuffle(order)  # the gateway may deliver them in any order
    receipts = dict(zip(order, await asyncio.gather(*(table.click(1, n % 3, n) for n in order)), strict=True))
    asked = (await table.round()).current
    (answer,) = (await table.current()).values()
    assert letter(asked, answer.response) == "ABC"[200 % 3] == told(receipts[200])


@pytest.mark.parametrize("order", list(itertools.permutations([(2, 1), (1, 2), (2, 3)])))
@pytest.mark.parametrize("at_once", [True, False])
async def test_the_click_that_discord_saw_last_counts_in_whatever_order_they_arrive(
    table: Table, order: list[tuple[int, int]], at_once: bool
) -> None:
    clicks = [table.click(1, slot, click_id) for slot, click_id in order]
    receipts = await asyncio.gather(*clicks) if at_once else [await click for click in clicks]
    asked = (await table.round()).current
    (answer,) = (await table.current()).values()
    last = next(
        receipt for receipt, (_, n) in zip(receipts, order, strict=True) if n == max(i for _, i in order)
    )
    assert letter(asked, answer.response) == told(last) == "C"


@pytest.mark.parametrize("table", [True], indirect=True)
async def test_where_the_first_answer_counts_200_clicks_leave_the_earliest(table: Table) -> None:
    results = await asyncio.gather(
        *(table.click(1, n % 3, n) for n in range(200, 0, -1)), return_exceptions=True
    )
    asked = (await table.round()).current
    (answer,) = (await table.current()).values()
    assert answer.interaction_id == 1
    assert isinstance(results[-1], Receipt)
    assert told(results[-1]) == letter(asked, answer.response) == "B"


async def test_a_click_counts_up_to_the_deadline_and_not_a_millisecond_longer(table: Table) -> None:
    await table.advance(20.5)  # the deadline is over, and clicks are still on their way
    await table.click(1, 0, 1, seconds=19.999)
    await table.click(2, 0, 2, seconds=20.000)
    with pytest.raises(QuestionClosed):
        await table.click(3, 0, 3, seconds=20.001)
    assert sorted(await table.current()) == [1, 2]


async def test_an_event_loop_that_stood_still_for_two_seconds_changes_no_score(table: Table) -> None:
    await table.advance(19)
    await table.click(1, 0, 1)
    table.clock.stall(2.5)  # over the deadline and beyond
    await table.advance(0)
    await table.click(2, 0, 2, seconds=19.5)  # it waited in the socket meanwhile
    await table.advance(1.5)
    await table.click(3, 0, 3, seconds=19.9)
    await table.advance(5)
    answers = await table.current()
    assert [answers[player].elapsed_ms for player in (1, 2, 3)] == [19_000, 19_500, 19_900]


async def test_the_same_click_delivered_twice_is_one_answer(table: Table) -> None:
    first, second = await asyncio.gather(table.click(1, 0, 7), table.click(1, 0, 7))
    assert first == second
    assert len(await table.store.fetch_log(ROUND)) == 1


async def test_ten_thousand_presses_of_the_same_button_write_once(table: Table) -> None:
    await table.click(1, 0, 1)
    for n in range(2, 10_002):
        await table.click(1, 0, n)
    assert len(await table.store.fetch_log(ROUND)) == 1


async def test_a_question_is_revealed_only_with_every_answer_that_was_taken(table: Table) -> None:
    await asyncio.gather(*(table.click(n, n % 3, n) for n in range(1, 501)))
    await table.advance(22)
    reveal = table.stage.edits[-1]
    assert isinstance(reveal, RevealCard)
    assert sum(reveal.tally.counts.values()) == reveal.tally.players == 500


async def test_a_database_that_fails_gives_no_receipt_and_the_next_click_is_taken(
    table: Table, tmp_path: Path
) -> None:
    with sqlite3.connect(tmp_path / "quizhost.sqlite3") as other:
        other.execute("CREATE TRIGGER full BEFORE INSERT ON responses BEGIN SELECT RAISE(ABORT, 'full'); END")
        other.commit()
        with pytest.raises(NotRecorded):
            await table.click(1, 0, 1)
        other.execute("DROP TRIGGER full")
        other.commit()
    other.close()
    assert await table.current() == {}
    assert told(await table.click(1, 0, 2)) == "A"
    assert sorted(await table.current()) == [1]


async def test_a_player_hears_in_words_that_an_answer_was_not_recorded(world: World) -> None:
    question = await world.start_and_open()
    with sqlite3.connect(world.database) as other:
        other.execute("CREATE TRIGGER full BEFORE INSERT ON responses BEGIN SELECT RAISE(ABORT, 'full'); END")
        other.commit()
    other.close()
    result = await world.members["Ana"].click(question, label="A")
    assert result.ephemeral
    assert result.response
    assert result.response.content == "Your answer was **not** recorded. Please click again."
