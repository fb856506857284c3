"""Presses of answer buttons come without what an answer does not need."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.text import results
from bot.ui.client import QuizBot
from bot.ui.presses import Press, PressInteraction, press_of
from tests.facing import open_app
from tests.world import LEAD, PAUSE, World, open_world, texts

Seen = list[discord.Interaction[Any]]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncGenerator[World]:
    async with open_world(tmp_path) as opened:
        await opened.start()
        await opened.advance(LEAD)
        yield opened


def listen(bot: QuizBot) -> Seen:
    """Return the interactions from now on, as they come."""
    seen: Seen = []

    async def on_interaction(interaction: discord.Interaction[Any]) -> None:
        seen.append(interaction)

    bot.add_listener(on_interaction)
    return seen


def payload_of(nick: str | None = None, global_name: str | None = None) -> Any:
    user = {"id": "20", "username": "ana", "global_name": global_name, "discriminator": "0", "avatar": None}
    member = {"user": user, "nick": nick, "roles": [], "joined_at": None, "flags": 0, "permissions": "0"}
    return {
        "id": "1456074485923840001",
        "type": 3,
        "version": 1,
        "token": "token",
        "application_id": "5",
        "guild_id": "6",
        "channel_id": "8",
        "attachment_size_limit": 1,
        "data": {"custom_id": "q:a:1:1:0", "component_type": 2},
        "message": {"id": "7"},
        "member": member,
    }


async def test_an_answer_s_press_knows_who_and_where_and_when(world: World) -> None:
    seen = listen(world.app.bot)
    await world.members["Ana"].click(world.question, label="A")
    (came,) = seen
    assert isinstance(came, PressInteraction)
    assert press_of(came) == Press(world.question.id, world.members["Ana"].id, "Ana")
    assert (came.guild_id, came.type) == (world.server.id, discord.InteractionType.component)
    assert came.created_at == discord.utils.snowflake_time(came.id)
    with pytest.raises(AttributeError, match="a press has no user"):
        came.user  # noqa: B018


@pytest.mark.parametrize(
    ("nick", "global_name", "shown"),
    [("Annie", "Ana B.", "Annie"), (None, "Ana B.", "Ana B."), (None, None, "ana")],
)
async def test_players_are_called_what_the_server_calls_them(
    world: World, nick: str | None, global_name: str | None, shown: str
) -> None:
    state: Any = world.app.bot._connection
    payload = payload_of(nick, global_name)
    press = press_of(PressInteraction(data=payload, state=state))
    guild = world.app.bot.get_guild(world.server.id)
    assert press is not None
    assert press.player_name == shown
    assert discord.Member(data=payload["member"], guild=guild, state=state).display_name == shown  # type: ignore[arg-type]


async def test_everything_else_comes_as_it_always_did(world: World) -> None:
    await world.answer("Ana", "Paris")
    seen = listen(world.app.bot)
    await world.members["Ana"].slash(world.channel, "help")
    await world.close_question()
    for _ in range(2):
        await world.next_question()
        await world.close_question()
    await world.advance(PAUSE)
    assert [type(one) for one in seen] == [discord.Interaction]


async def test_my_result_comes_as_a_press_and_is_answered(world: World) -> None:
    await world.answer("Ana", "Paris")
    await world.close_question()
    for _ in range(2):
        await world.next_question()
        await world.close_question()
    await world.advance(PAUSE)
    seen = listen(world.app.bot)
    opened = await world.members["Ana"].click(world.question, label=results.my_result_button())
    assert [type(one) for one in seen] == [PressInteraction]
    assert opened.response is not None
    assert opened.response.ephemeral
    assert "Paris" in texts(opened.response.message)


async def test_an_answer_counts_with_a_discordpy_that_is_new_to_us(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discord, "version_info", discord.version_info._replace(minor=99))
    async with open_world(tmp_path) as world:
        await world.start()
        await world.advance(LEAD)
        seen = listen(world.app.bot)
        clicked = await world.members["Ana"].click(world.question, label="A")
        assert [type(one) for one in seen] == [discord.Interaction]
        assert clicked.response is not None
        assert "Your answer" in clicked.response.content


async def test_over_real_sockets_an_answer_is_a_press_and_its_receipt_comes(tmp_path: Path) -> None:
    settings = {"QUIZHOST_LEAD_SECONDS": 0, "QUIZHOST_PAUSE_SECONDS": 0}
    async with open_app(tmp_path, **settings) as (app, discord_side, _):
        await discord_side.slash("round start", quiz="capitals", seconds=300)
        question = await discord_side.wait_for_message("question 1", enabled=True)
        seen = listen(app.bot)
        outcome = await discord_side.click(question, member=1, label="B")
        assert "**B**" in outcome["texts"][0]
        assert [type(one) for one in seen] == [PressInteraction]
