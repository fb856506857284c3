"""Whatever is over does not count on: no card says "4 minutes ago" of what was to come."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import discord

from bot.text import rounds
from tests.world import GRACE, LEAD, PAUSE, World, open_world, texts


def counting_on(world: World) -> list[str]:
    """Return every public text that tells of a past instant as so long ago."""
    return [
        shown
        for shown in map(texts, world.messages)
        for seconds in re.findall(r"<t:(\d+):R>", shown)
        if datetime.fromtimestamp(int(seconds), UTC) < world.env.now()
    ]


def announcement(world: World) -> discord.Message:
    return world.messages[0]


async def test_nothing_counts_on_while_a_round_goes_on_and_after_it(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await world.start()
        first_at = announcement(world).created_at + timedelta(seconds=LEAD)
        assert rounds.announcement_start(first_at) in texts(announcement(world))
        await world.advance(LEAD)
        for _ in range(3):
            await world.advance(1)
            assert counting_on(world) == []
            await world.close_question(19)
            assert counting_on(world) == []
            await world.advance(PAUSE)
        await world.advance(600)
        assert counting_on(world) == []
        assert "<t:" in texts(announcement(world)), "when it began is said by the clock"


async def test_a_reveal_says_by_the_clock_when_the_next_question_comes(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        opened = await world.start_and_open()
        await world.close_question()
        next_at = opened.created_at + timedelta(seconds=20 + GRACE + PAUSE)
        assert rounds.next_question(next_at) in texts(world.question)
        requests = len(world.env.http_requests)
        following = await world.next_question()
        assert following.created_at == next_at
        edits = [one for one in world.env.http_requests[requests:] if one.method == "PATCH"]
        assert edits == [], "so it needs no edit when it is over"


async def test_a_round_that_is_paused_or_stopped_before_its_first_question_says_so(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await world.start()
        await world.moderator.slash(world.channel, "round pause")
        await world.advance(600)
        assert rounds.announcement_interrupted(stopped=False) in texts(announcement(world))
        assert counting_on(world) == []
        await world.moderator.slash(world.channel, "round resume")
        await world.advance(0.5)
        assert "First question <t:" in texts(announcement(world)), "it is to come again, at another time"
        assert counting_on(world) == []
        await world.stop()
        await world.advance(600)
        assert rounds.announcement_interrupted(stopped=True) in texts(announcement(world))
        assert counting_on(world) == []


async def test_an_announcement_that_an_earlier_process_left_behind_is_brought_up_to_date(
    tmp_path: Path,
) -> None:
    async with open_world(tmp_path) as world:
        await world.start_and_open()
        world.env.inject_error("PATCH", f"*/messages/{announcement(world).id}", status=500, times=1)
        await world.restart()
        await world.advance(1)
        assert counting_on(world) == []


async def test_an_announcement_that_was_deleted_is_missed_by_nobody(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await world.start()
        await announcement(world).delete()
        await world.advance(LEAD)
        assert "question 1 of 3" in texts(world.question)
        await world.advance(3 * (20 + GRACE + PAUSE))
        assert "the result ·" in texts(world.question)
        assert "Started at" not in "".join(map(texts, world.messages)), "nor is it posted again"
