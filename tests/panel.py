"""Moderators and others at a server's settings panel, by hand and by forgery."""

from typing import Any

import discord
import simcord

from bot.domain.settings import ServerSettings
from bot.ui.cards.settings import CONTROL
from bot.ui.custom_ids import SettingForm, SettingsMenu
from tests.rig import send_click
from tests.world import World

MENU = SettingsMenu().custom_id


async def open_panel(world: World, actor: simcord.MemberActor | None = None) -> Any:
    """Run `/settings`; return the private panel."""
    result = await (actor or world.moderator).slash(world.channel, "settings")
    assert result.response is not None
    assert result.response.ephemeral
    assert not result.followups
    return result.response


async def change(world: World, name: str, value: Any, panel: Any = None) -> simcord.InteractionResult:
    """Choose a setting in the panel and fill its form."""
    shown = await world.moderator.select(panel or await open_panel(world), [name])
    assert shown.modal is not None
    assert shown.response is None
    return await world.moderator.submit_modal(shown, {} if value is None else {CONTROL: value})


def rows(world: World) -> list[tuple[Any, ...]]:
    return world.rows("SELECT name, value FROM server_settings ORDER BY name")


async def settings(world: World) -> ServerSettings:
    return await world.app.settings.of(world.server.id)


def form_data(name: str, value: str) -> dict[str, Any]:
    control = {"type": 4, "custom_id": CONTROL, "value": value}
    return {
        "custom_id": SettingForm(name).custom_id,
        "components": [{"type": 18, "id": 1, "component": control | {"id": 2}}],
    }


async def forge_form(
    actor: simcord.MemberActor, message: discord.Message, name: str, value: str, **overrides: Any
) -> str:
    """Send a form that was never shown; return the private sentence."""
    data = form_data(name, value)
    sent = send_click(actor, message, data["custom_id"], type=5, data=data, **overrides)
    return private_sentence(await sent.arrive())


async def forge_choice(
    actor: simcord.MemberActor, message: discord.Message, chosen: str, **overrides: Any
) -> str:
    """Choose in a menu that the message does not have; return the private sentence."""
    data = {"custom_id": MENU, "component_type": 3, "values": [chosen]}
    return private_sentence(await send_click(actor, message, MENU, data=data, **overrides).arrive())


def private_sentence(result: simcord.InteractionResult) -> str:
    assert result.modal is None
    assert result.response is not None
    assert result.response.ephemeral
    assert not result.response.components
    return result.response.content
