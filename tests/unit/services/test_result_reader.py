"""Players' results are read for many at once, and never by grading a round again."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from bot.domain.round import Round, RoundId, RoundState
from bot.domain.standings import Standing
from bot.services.errors import UnknownButton
from bot.services.result_reader import MAX_ROWS, PlayerResult, ResultReader
from tests.builders import NOW, make_answer, make_round

OVER = replace(make_round(), state=RoundState.FINISHED, position=3, ended_at=NOW + timedelta(minutes=1))
AT_ONCE = MAX_ROWS // len(OVER.asked)


class Shelf:
    """Has one round, and notes how it is looked for; grading it again is not even possible."""

    def __init__(self, played: Round | None = OVER) -> None:
        self.played, self.fetched = played, 0
        self.looks: list[list[int]] = []
        self.open = asyncio.Event()
        self.open.set()
        self.broken = False

    async def fetch(self, round_id: RoundId) -> Round | None:
        self.fetched += 1
        await self.open.wait()
        return self.played

    async def fetch_results(self, played: Round, player_ids: Iterable[int]) -> dict[int, PlayerResult]:
        asking = list(player_ids)
        self.looks.append(asking)
        await asyncio.sleep(0)
        if self.broken:
            raise OSError("the disk is gone")
        return {one: result_of(one) for one in asking if one > 0}


def result_of(player_id: int) -> PlayerResult:
    standing = Standing(player_id, 1, 3, 3, 3, 3, 1000, 0)
    return PlayerResult(standing, 3, 2000, (make_answer(player_id, 1),))


def reader_of(shelf: Shelf) -> ResultReader:
    return ResultReader(cast("Any", shelf), shelf)


async def test_a_crowd_is_served_in_a_few_looks_and_everybody_gets_their_own() -> None:
    shelf = Shelf()
    reader = reader_of(shelf)
    found = await asyncio.gather(*(reader.read(OVER.id, player) for player in range(1, 1001)))
    assert [result and result.standing.player_id for _, result in found] == list(range(1, 1001))
    assert shelf.fetched == 1
    assert len(shelf.looks) == -(-1000 // AT_ONCE)
    assert max(map(len, shelf.looks)) == AT_ONCE


async def test_whoever_asks_twice_at_once_is_looked_for_once() -> None:
    shelf = Shelf()
    reader = reader_of(shelf)
    first, second = await asyncio.gather(reader.read(OVER.id, 7), reader.read(OVER.id, 7))
    assert first == second
    assert shelf.looks == [[7]]


async def test_whoever_asks_later_is_looked_for_anew() -> None:
    shelf = Shelf()
    reader = reader_of(shelf)
    await reader.read(OVER.id, 7)
    await reader.read(OVER.id, 7)
    assert shelf.looks == [[7], [7]]


async def test_whoever_did_not_play_is_told_so_and_keeps_nobody_waiting() -> None:
    reader = reader_of(Shelf())
    assert await reader.read(OVER.id, -1) == (OVER, None)
    assert await reader.read(OVER.id, 1) == (OVER, result_of(1))


@pytest.mark.parametrize("played", [None, make_round()], ids=["unknown", "open"])
async def test_a_round_that_is_not_over_has_no_results(played: Round | None) -> None:
    reader = reader_of(Shelf(played))
    outcomes = await asyncio.gather(*(reader.read(OVER.id, one) for one in (1, 2)), return_exceptions=True)
    assert [type(one) for one in outcomes] == [UnknownButton, UnknownButton]


async def test_a_fault_reaches_everybody_who_waits_and_nobody_who_comes_later() -> None:
    shelf = Shelf()
    shelf.broken = True
    reader = reader_of(shelf)
    outcomes = await asyncio.gather(*(reader.read(OVER.id, one) for one in (1, 2)), return_exceptions=True)
    assert [type(one) for one in outcomes] == [OSError, OSError]
    shelf.broken = False
    assert await reader.read(OVER.id, 1) == (OVER, result_of(1))


async def test_whoever_goes_away_takes_nobody_along() -> None:
    shelf = Shelf()
    shelf.open.clear()
    reader = reader_of(shelf)
    leaving, staying = (asyncio.create_task(reader.read(OVER.id, 7)) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    shelf.open.set()
    assert await staying == (OVER, result_of(7))
