"""Where the bot can play and where it cannot, and what it says of channels that are hidden from it."""

from datetime import datetime, timedelta
from typing import Any

import discord
import pytest
from simcord.backend import serializers

from bot.text import refusals
from tests.integration.test_refusals import refusal
from tests.world import GRACE, LEAD, World, texts


@pytest.mark.parametrize("kind", ["voice", "stage"])
async def test_a_voice_or_stage_channel_is_for_those_who_may_join_it(world: World, kind: str) -> None:
    create = world.server.create_voice_channel if kind == "voice" else world.server.create_stage_channel
    channel = create("talk")
    world.deny("connect", channel=channel)
    answer = await refusal(world, world.start(channel=channel))
    assert answer == refusals.missing_permissions(channel.id, ["Connect"])
    world.deny(channel=channel)
    await world.start(channel=channel)
    assert [message for message in channel.history() if not message.flags.ephemeral]


async def test_a_bot_in_time_out_says_so_instead_of_asking_for_permissions(world: World) -> None:
    until = world.env.now() + timedelta(hours=1)
    time_out(world, until)
    assert await refusal(world, world.start()) == refusals.in_time_out(until)
    time_out(world, None)
    await world.start()
    assert len(world.messages) == 1


def time_out(world: World, until: datetime | None) -> None:
    """Note a time-out as discord.py does: Discord tells a bot of its own, the simulation does not."""
    world.app.bot.guilds[0].me.timed_out_until = until


async def test_a_server_that_discord_cannot_reach_is_told_apart_from_a_channel_that_is_gone(
    world: World,
) -> None:
    backend = world.env.backend
    backend.emit("GUILD_DELETE", {"id": str(world.server.id), "unavailable": True})
    assert await refusal(world, world.start()) == refusals.discord_unavailable()
    backend.emit(
        "GUILD_CREATE", serializers.guild_create_payload(backend, backend.get_guild(world.server.id))
    )
    await world.advance(0)
    await world.start()
    assert len(world.messages) == 1


async def test_a_thread_that_discord_does_not_tell_of_just_now_is_not_taken_for_gone(world: World) -> None:
    channel = world.app.bot.guilds[0].get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.create_thread(name="Fridays", type=discord.ChannelType.public_thread)
    (thread,) = world.channel.threads
    world.env.backend.edit_channel(thread.id, {}, thread_metadata={"archived": True})
    for status, code in ((403, 40333), (404, 0), (408, 0)):
        world.env.inject_error("GET", f"/channels/{thread.id}", status=status, code=code)
        answer = (await world.start(channel=thread)).response
        assert answer is not None
        assert answer.content == refusals.discord_unavailable()
    await world.start(channel=thread)
    assert thread.history()


async def test_a_round_goes_on_in_its_thread_when_the_thread_was_archived(world: World) -> None:
    await world.start(thread=True, questions=1)
    await world.advance(LEAD)
    (thread,) = world.channel.threads
    (question,) = thread.history()
    world.env.backend.edit_channel(thread.id, {}, thread_metadata={"archived": True})
    world.env.inject_error("PATCH", f"/channels/*/messages/{question.id}", status=400, code=50083, times=None)
    await world.advance(20 + GRACE)
    reposted = thread.history()[-1]
    assert reposted.id != question.id
    assert "nobody answered" in texts(reposted)


async def test_a_hidden_channel_is_not_named_where_everybody_sees_it(world: World) -> None:
    await schedule_with_event(world)
    assert await location(world) == "Discord, #quiz"
    # What Discord sends a bot of a channel that it may not view.
    world.env.backend.edit_channel(world.channel.id, {"name": "___hidden___"})
    world.deny("view_channel")
    await world.moderator.slash(world.server.channels["games"], "schedule skip-next", schedule="1")
    await world.advance(1)
    assert await location(world) == "Discord"


async def schedule_with_event(world: World) -> None:
    world.server.create_text_channel("games")
    options: dict[str, Any] = {
        "quiz": "capitals",
        "when": "tomorrow 16:00",
        "repeat": "weekly",
        "event": True,
    }
    await world.moderator.slash(world.channel, "schedule add", **options)
    await world.advance(1)


async def location(world: World) -> str | None:
    (event,) = await world.app.bot.guilds[0].fetch_scheduled_events()
    assert event.entity_type is discord.EntityType.external
    return event.location
