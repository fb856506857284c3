"""Rounds that start by themselves, end to end: `/schedule`, the reminder card, and the round."""

from datetime import datetime, timedelta
from typing import Any

from tests.world import World, buttons, texts


async def run(world: World, command: str, **options: Any) -> str:
    """Run a `/schedule` command as the moderator; return what it says."""
    result = await world.moderator.slash(world.channel, f"schedule {command}", **options)
    assert result.response is not None
    assert result.response.ephemeral
    message = result.response.message
    return message.content or texts(message)


def when(world: World, **ahead: float) -> str:
    """Return a time so far ahead, to the minute, as a moderator types it."""
    at = world.env.now() + timedelta(**ahead)
    return f"{at:%Y-%m-%d %H:%M}"


async def add(world: World, minutes: float = 60, **options: Any) -> str:
    """Schedule a round of `capitals`."""
    return await run(world, "add", **{"quiz": "capitals", "when": when(world, minutes=minutes), **options})


async def advance_to(world: World, at: str) -> None:
    """Let time pass until a minute has begun."""
    due = datetime.fromisoformat(at).replace(tzinfo=world.env.now().tzinfo)
    await world.advance((due - world.env.now()).total_seconds() + 1)


async def test_a_scheduled_round_is_announced_before_and_starts_at_its_minute(world: World) -> None:
    at = when(world, minutes=60)
    said = await add(world)
    assert "Schedule **1**: **Capitals** in <#" in said
    assert world.messages == []
    await world.advance(46 * 60)
    (reminder,) = world.messages
    assert "Starts <t:" in texts(reminder)
    assert [button.label for button in buttons(reminder)] == ["Remind me"]
    await advance_to(world, at)
    assert len(world.messages) == 2
    assert "First question" in texts(world.messages[-1])
    await world.advance(5)
    assert "It has begun" in texts(world.messages[0])
    assert buttons(world.messages[0]) == []
    await world.advance(60)
    assert "question 1 of 3" in texts(world.question)
    assert world.rows("SELECT outcome, round_number FROM occurrences") == [("started", 1)]
    assert world.rows("SELECT state, next_at FROM schedules") == [("ended", None)]
