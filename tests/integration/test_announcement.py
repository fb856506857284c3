"""The announcement: who says that they will play, and who may let the round begin at once."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import simcord

from bot.domain.round import RoundId
from bot.services.attendance import Attendance
from bot.text import refusals, rounds, steering
from bot.ui.custom_ids import JoinButton, SteerButton, Step
from tests.rig import forge_click
from tests.world import LEAD, World, buttons, open_world, quiz_file, texts

ROUND = RoundId(1, 1)


async def press(world: World, name: str, custom_id: str) -> str:
    """Press a button of the announcement; return the private sentence."""
    actor = world.moderator if name == "Mo" else world.members[name]
    return told(await actor.click(world.messages[0], custom_id=custom_id))


async def join(world: World, name: str) -> str:
    return await press(world, name, JoinButton(1).custom_id)


def told(result: simcord.InteractionResult) -> str:
    said = result.followups[-1] if result.followups else result.response
    assert said is not None
    assert said.ephemeral
    return said.content


def labels(world: World) -> list[str | None]:
    return [button.label for button in buttons(world.messages[0])]


async def test_the_announcement_tells_how_long_the_round_takes(tmp_path: Path) -> None:
    assert rounds.announcement_facts(10, 20, 20, 280) == "10 questions · 20 seconds each · about 5 minutes"
    async with open_world(tmp_path, quiz=quiz_file({}, {})) as world:
        await world.start()
        assert rounds.announcement_facts(2, 20, 20, 56) in texts(world.messages[0])


async def test_who_will_play_says_so_and_can_take_it_back(world: World) -> None:
    await world.start()
    assert labels(world) == [rounds.join_button(0), rounds.start_now_button()]
    assert await join(world, "Ana") == rounds.joined(1)
    assert await join(world, "Bo") == rounds.joined(2)
    await world.advance(2)
    assert labels(world)[0] == rounds.join_button(2)
    assert await join(world, "Ana") == rounds.left()
    await world.advance(2)
    assert labels(world)[0] == rounds.join_button(1)
    assert "Bo" not in texts(world.messages[0]), "names are for those who steer the round"


async def test_whoever_steers_the_round_reads_who_will_play(world: World) -> None:
    await world.start()
    await join(world, "Ana")
    await join(world, "Bo")
    card = await world.moderator.slash(world.channel, "round status")
    assert card.response is not None
    assert steering.who_comes("Ana and Bo") in texts(card.response.message)


async def test_who_will_play_is_known_after_a_restart(world: World) -> None:
    await world.start(channel=world.channel)
    await join(world, "Ana")
    await world.restart()
    assert await join(world, "Bo") == rounds.joined(2)
    assert await join(world, "Ana") == rounds.left()
    await world.restart()
    card = await world.moderator.slash(world.channel, "round status")
    assert card.response is not None
    assert steering.who_comes("Bo") in texts(card.response.message)


async def test_a_crowd_that_comes_costs_one_edit_in_two_seconds(world: World) -> None:
    await world.start()
    before = sum(request.method == "PATCH" for request in world.env.http_requests)
    for name in world.members:
        await join(world, name)
    await world.advance(2)
    edits = [request for request in world.env.http_requests if request.method == "PATCH"]
    assert 1 <= len([one for one in edits if "/channels/" in one.path]) <= 2
    assert len(edits) > before


async def test_presses_that_come_together_are_stored_together() -> None:
    class Store:
        def __init__(self) -> None:
            self.stored: dict[int, str | None] = {}
            self.saves = 0

        async def fetch_attendance(self, round_id: RoundId) -> dict[int, str]:
            return {}

        async def save_attendance(self, round_id: RoundId, changes: Mapping[int, str | None]) -> None:
            self.saves += 1
            await asyncio.sleep(0)
            self.stored |= changes

    store = Store()
    attendance = Attendance(ROUND, store)
    assert all(await asyncio.gather(*(attendance.toggle(n, f"Player {n}") for n in range(500))))
    assert len(attendance.names) == len(store.stored) == 500
    assert store.saves == 2
    assert not await attendance.toggle(7, "Player 7")
    assert store.stored[7] is None
    assert 7 not in attendance.names


async def test_the_host_lets_the_round_begin_at_once_and_nobody_else_does(world: World) -> None:
    await world.start()
    start = SteerButton(1, Step.START).custom_id
    assert await press(world, "Ana", start) == refusals.may_not_steer()
    await world.advance(1)
    assert len(world.messages) == 1
    assert await press(world, "Mo", start) == steering.started_now()
    assert "question 1 of 3" in texts(world.question)
    again = await forge_click(world.moderator, world.messages[0], start)
    assert told(again) == refusals.step_not_possible("start", "asking")
    assert "question 1 of 3" in texts(world.question)


async def test_the_host_may_start_at_once_without_being_a_moderator(world: World) -> None:
    await world.start()
    world.env.backend.get_guild(world.server.id).members[world.moderator.id].role_ids.clear()
    assert await press(world, "Mo", SteerButton(1, Step.START).custom_id) == steering.started_now()


async def test_a_round_that_has_begun_or_ended_takes_nobody_in(world: World) -> None:
    await world.start()
    announcement = world.messages[0]
    await world.advance(LEAD)
    late = await forge_click(world.members["Ana"], announcement, JoinButton(1).custom_id)
    assert told(late) == refusals.round_begun()
    await world.stop()
    late = await forge_click(world.members["Ana"], announcement, JoinButton(1).custom_id)
    assert told(late) == refusals.round_ended()
    assert not world.rows("SELECT * FROM attendance")
