"""A crowd's receipts: how many are told at once what became of the answers, and until when."""

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest

from bot.domain.round import RoundId
from bot.ui.receipts import MAX_TELLING, Receipts
from tests.fakes import VirtualClock

ROUND, CROWD, SECONDS = RoundId(1, 1), 40, 3


class Line:
    """What receipts need of the client: that it is open, and a way to reply, which is busy or not."""

    is_busy = False

    @property
    def acknowledger(self) -> "Line":
        return self

    def is_closed(self) -> bool:
        return False

    async def send(self, interaction: "Press", sentence: str) -> bool:
        return True


@dataclass
class Press:
    """What receipts need of a click."""

    client: Line
    id: int
    application_id: int = 1

    @property
    def token(self) -> str:
        return f"token {self.id}"


class Desk:
    """Receipts of a crowd, and a line on which each edit takes its time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("bot.ui.receipts.edit_reply", self._edit)
        self.clock, self.line = VirtualClock(), Line()
        client: Any = self.line
        self.receipts = Receipts(client, self.clock)
        self.under_way = self.most = self.told = 0
        self.wanted = True

    async def _edit(self, *_: object) -> None:
        self.under_way, self.told = self.under_way + 1, self.told + 1
        self.most = max(self.most, self.under_way)
        await self.clock.sleep(SECONDS)
        self.under_way -= 1

    async def crowd_answers(self, question: int) -> None:
        for player in range(CROWD):
            press: Any = Press(self.line, player)
            await self.receipts.send(press, player, ROUND, question, "B", first_counts=False)

    def tell(self, question: int) -> None:
        self.receipts.tell(ROUND, question, lambda player: f"right, {player}", lambda: self.wanted)

    async def wait(self, seconds: float) -> None:
        for _ in range(50):  # those who wait for their turn get it
            await asyncio.sleep(0)
        await self.clock.advance(seconds, lambda: True)
        for _ in range(50):
            await asyncio.sleep(0)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch)


async def test_a_few_receipts_are_told_at_a_time_and_those_whose_turn_comes_too_late_are_not(
    desk: Desk,
) -> None:
    await desk.crowd_answers(1)
    desk.tell(1)
    await desk.wait(0)
    assert desk.told == desk.most == MAX_TELLING
    await desk.wait(SECONDS)
    assert desk.told == 2 * MAX_TELLING
    desk.wanted = False
    await desk.wait(SECONDS)
    assert (desk.told, desk.most) == (2 * MAX_TELLING, MAX_TELLING)


async def test_while_many_clicks_are_answered_receipts_wait(desk: Desk) -> None:
    await desk.crowd_answers(1)
    desk.line.is_busy = True
    desk.tell(1)
    await desk.wait(1)
    assert desk.told == 0
    desk.line.is_busy = False
    await desk.wait(0.1)
    assert desk.told == MAX_TELLING


async def test_receipts_of_a_question_that_nobody_remembers_are_left_alone(desk: Desk) -> None:
    await desk.crowd_answers(1)
    await desk.crowd_answers(2)
    desk.tell(1)
    await desk.wait(0)
    assert desk.told == 0
