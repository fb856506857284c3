"""Who may change a server's settings: not whoever knows how a custom id is spelt."""

from datetime import timedelta
from typing import Any

from bot.text import refusals
from bot.text.settings import panel_expired
from bot.ui.cards.settings import CONTROL
from bot.ui.custom_ids import SettingForm
from bot.ui.moderators import TRUSTED_FOR
from tests.panel import (
    ask,
    change,
    forge_button,
    forge_form,
    form_data,
    open_panel,
    private_sentence,
    rows,
    settings,
)
from tests.rig import forge_click, send_click
from tests.world import World


async def test_members_are_not_offered_the_command(world: World) -> None:
    assert "settings" in world.moderator.available_commands(world.channel)
    assert "settings" not in world.members["Ana"].available_commands(world.channel)


async def test_forged_ids_change_nothing_whoever_sends_them(world: World) -> None:
    await world.start_and_open()
    receipt = await world.answer("Ana", "Paris")
    assert receipt.response is not None
    own = await world.moderator.slash(world.channel, "help")
    assert own.response is not None
    for actor, message in (
        (world.members["Ana"], world.question),
        (world.members["Ana"], receipt.response.message),
        (world.moderator, world.question),
        (world.moderator, own.response.message),
    ):
        assert await forge_form(actor, message, "seconds", "45") == refusals.unknown_button()
        assert await forge_button(actor, message, "seconds") == refusals.unknown_button()
    assert rows(world) == []


async def test_somebody_else_s_panel_serves_nobody(world: World) -> None:
    panel = (await open_panel(world)).message
    assert await forge_form(world.members["Ana"], panel, "seconds", "45") == refusals.unknown_button()
    assert await forge_button(world.members["Ana"], panel, "seconds") == refusals.unknown_button()
    assert rows(world) == []


async def test_an_id_that_is_right_on_another_kind_of_control_is_refused(world: World) -> None:
    panel = (await open_panel(world)).message
    for custom_id in (SettingForm("seconds").custom_id, "q:s:m", "q:s:f:colour", "q:s:", "q:s:f:", "q:s:m:1"):
        clicked = await forge_click(world.moderator, panel, custom_id)
        assert private_sentence(clicked) == refusals.unknown_button(), custom_id
    for data in (form_data("seconds", "45") | {"custom_id": "q:a:1:1:0"}, form_data("colour", "red")):
        sent = send_click(world.moderator, panel, data["custom_id"], type=5, data=data)
        assert private_sentence(await sent.arrive()) == refusals.unknown_button()
    assert await forge_button(world.moderator, panel, "colour") == refusals.unknown_button()
    empty: dict[str, Any] = form_data("seconds", "45") | {"components": []}
    sent = send_click(world.moderator, panel, empty["custom_id"], type=5, data=empty)
    assert private_sentence(await sent.arrive()) == refusals.unknown_button()
    assert rows(world) == []


async def test_whom_the_server_s_integrations_allow_may_change_settings_for_a_while(world: World) -> None:
    ana = world.members["Ana"]
    (command,) = [one for one in await world.app.bot.tree.fetch_commands() if one.name == "settings"]
    world.server.set_command_permissions(command, {ana: True})
    panel = await open_panel(world, ana)
    form = await ask(ana, panel, "seconds")
    await ana.submit_modal(form, {CONTROL: "45"})
    assert (await settings(world)).seconds == 45
    world.server.set_command_permissions(command, {ana: False})
    late = await ask(ana, panel, "seconds")
    await world.advance(TRUSTED_FOR / timedelta(seconds=1) + 1)
    assert private_sentence(await ask(ana, panel, "seconds")) == panel_expired()
    assert private_sentence(await ana.submit_modal(late, {CONTROL: "50"})) == panel_expired()
    assert (await settings(world)).seconds == 45


async def test_a_moderator_s_panel_serves_for_as_long_as_they_are_one(world: World) -> None:
    panel = await open_panel(world)
    await world.advance(2 * (TRUSTED_FOR / timedelta(seconds=1)))
    await change(world, "seconds", "45", panel)
    assert (await settings(world)).seconds == 45


async def test_a_moderator_who_is_none_any_more_is_refused_after_a_while(world: World) -> None:
    panel = (await open_panel(world)).message
    await world.advance(TRUSTED_FOR / timedelta(seconds=1) + 1)
    gone = world.env.backend.get_guild(world.server.id).members[world.moderator.id]
    gone.role_ids.clear()
    assert await forge_form(world.moderator, panel, "seconds", "45") == panel_expired()
    assert rows(world) == []
