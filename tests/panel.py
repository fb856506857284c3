"""Moderators and others at a server's settings panel, by hand and by forgery."""

from typing import Any

import discord
import simcord

from bot.domain.settings import ServerSettings
from bot.ui.cards.settings import CONTROL
from bot.ui.custom_ids import SettingButton, SettingForm
from tests.rig import SentClick, forge_click, send_click
from tests.world import World


async def open_panel(world: World, actor: simcord.MemberActor | None = None) -> Any:
    """Run `/settings`; return the private panel."""
    result = await (actor or world.moderator).slash(world.channel, "settings")
    assert result.response is not None
    assert result.response.ephemeral
    assert not result.followups
    return result.response


async def ask(actor: simcord.MemberActor, panel: Any, name: str) -> simcord.InteractionResult:
    """Press the button beside a setting."""
    return await actor.click(panel, custom_id=SettingButton(name).custom_id)


async def change(world: World, name: str, value: Any, panel: Any = None) -> simcord.InteractionResult:
    """Press the button beside a setting and fill its form."""
    shown = await ask(world.moderator, panel or await open_panel(world), name)
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


def send_form(actor: simcord.MemberActor, message: discord.Message, name: str, value: str) -> SentClick:
    """Send a form that was never shown."""
    data = form_data(name, value)
    return send_click(actor, message, data["custom_id"], type=5, data=data)


async def forge_form(actor: simcord.MemberActor, message: discord.Message, name: str, value: str) -> str:
    """Send such a form, and let it arrive at once; return the private sentence."""
    return private_sentence(await send_form(actor, message, name, value).arrive())


async def forge_button(actor: simcord.MemberActor, message: discord.Message, name: str) -> str:
    """Press a button that the message does not have; return the private sentence."""
    return private_sentence(await forge_click(actor, message, SettingButton(name).custom_id))


def private_sentence(result: simcord.InteractionResult) -> str:
    assert result.modal is None
    assert result.response is not None
    assert result.response.ephemeral
    assert not result.response.components
    return result.response.content
