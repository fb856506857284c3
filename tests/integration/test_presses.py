"""Presses of answer buttons come as lazy interactions, which are what discord.py would have built."""

import copy
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.ui import presses
from bot.ui.client import QuizBot
from bot.ui.presses import LazyInteraction, Press, press_of
from tests.facing import open_app
from tests.world import LEAD, World, open_world

#: What does not come from Discord, but is the interaction's own.
OWN = {"_original_response", "_baton", "extras"}


@pytest.fixture
async def world(tmp_path: Path) -> AsyncGenerator[World]:
    async with open_world(tmp_path) as opened:
        await opened.start()
        await opened.advance(LEAD)
        yield opened


def listen(bot: QuizBot) -> list[tuple[discord.Interaction[Any], Any]]:
    """Return the interactions from now on, as they come, and what Discord sent of them."""
    seen: list[tuple[discord.Interaction[Any], Any]] = []

    async def on_interaction(interaction: discord.Interaction[Any]) -> None:
        payload = interaction.payload if isinstance(interaction, LazyInteraction) else None
        seen.append((interaction, copy.deepcopy(payload)))

    bot.add_listener(on_interaction)
    return seen


async def test_an_answer_builds_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    settings = {"QUIZHOST_LEAD_SECONDS": 0, "QUIZHOST_PAUSE_SECONDS": 0}
    async with open_app(tmp_path, **settings) as (app, discord_side, _):
        await discord_side.slash("round start", quiz="capitals", seconds=300)
        question = await discord_side.wait_for_message("question 1", enabled=True)
        seen = listen(app.bot)
        for label in "AB":
            outcome = await discord_side.click(question, member=1, label=label)
            assert f"**{label}**" in outcome["texts"][0]
        assert [isinstance(one, LazyInteraction) and bool(one.payload) for one, _ in seen] == [True, True]


async def test_what_is_asked_for_is_what_discordpy_builds(world: World) -> None:
    seen = listen(world.app.bot)
    await world.members["Ana"].click(world.question, label="A")
    ((came, payload),) = seen
    lazy = LazyInteraction(data=payload, state=came._state)
    theirs = discord.Interaction[Any](data=payload, state=came._state)
    press = press_of(lazy)
    assert lazy.payload is payload, "reading a press builds nothing"
    assert lazy.user == theirs.user
    assert lazy.payload is None
    assert press == press_of(lazy) == press_of(theirs) == Press(world.question.id, theirs.user.id, "Ana")
    for name in presses._BUILT - OWN:
        ours, built = getattr(lazy, name), getattr(theirs, name)
        assert getattr(ours, "id", repr(ours)) == getattr(built, "id", repr(built)), name
    assert lazy.permissions == theirs.permissions
    assert lazy.created_at == theirs.created_at
    assert not hasattr(lazy, "no_such_thing")


@pytest.mark.parametrize(
    ("nick", "global_name", "shown"),
    [("Annie", "Ana B.", "Annie"), (None, "Ana B.", "Ana B."), (None, None, "ana")],
)
async def test_players_are_called_what_the_server_calls_them(
    world: World, nick: str | None, global_name: str | None, shown: str
) -> None:
    seen = listen(world.app.bot)
    await world.members["Ana"].click(world.question, label="A")
    ((came, payload),) = seen
    payload["member"]["nick"] = nick
    payload["member"]["user"] |= {"global_name": global_name, "username": "ana"}
    lazy = LazyInteraction(data=payload, state=came._state)
    press = press_of(lazy)
    assert press is not None
    assert press.player_name == shown == lazy.user.display_name


async def test_everything_else_comes_as_it_always_did(world: World) -> None:
    seen = listen(world.app.bot)
    await world.members["Ana"].slash(world.channel, "help")
    assert [type(one) for one, _ in seen] == [discord.Interaction]


async def test_an_answer_counts_with_a_discordpy_that_is_new_to_us(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discord, "version_info", discord.version_info._replace(minor=99))
    async with open_world(tmp_path) as world:
        await world.start()
        await world.advance(LEAD)
        seen = listen(world.app.bot)
        clicked = await world.members["Ana"].click(world.question, label="A")
        assert [type(one) for one, _ in seen] == [discord.Interaction]
        assert clicked.response is not None
        assert "Your answer" in clicked.response.content
