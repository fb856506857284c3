"""What no person's Discord app can do: clicks with a custom id of one's choice, clicks under way for a while.

The payloads are simcord's own, and they go through the client's own parser, as every interaction does.
"""

from dataclasses import dataclass
from typing import Any

import discord
import simcord
from simcord.backend import serializers
from simcord.enums import ComponentType, InteractionType
from simcord.interactions import base_payload


@dataclass
class SentClick:
    """A click that has its time and id, and has not arrived yet."""

    env: simcord.Env
    interaction: Any
    payload: dict[str, Any]

    async def arrive(self) -> simcord.InteractionResult:
        """Let the bot receive the click and do whatever it does about it."""
        self.env._begin_operation("click")
        try:
            self.env.backend.emit("INTERACTION_CREATE", self.payload)
            await self.env._settle_internal(dispatch="INTERACTION_CREATE")
        finally:
            self.env._end_operation()
        return simcord.InteractionResult(self.env, self.interaction)


async def arrive_together(*clicks: SentClick) -> None:
    """Let the bot receive clicks in this order, none of them done before all are there."""
    env = clicks[0].env
    env._begin_operation("clicks")
    try:
        for click in clicks:
            env.backend.emit("INTERACTION_CREATE", click.payload)
        await env._settle_internal(dispatch="INTERACTION_CREATE")
    finally:
        env._end_operation()


def send_click(
    clicker: simcord.MemberActor,
    message: discord.Message,
    custom_id: str,
    *,
    channel: simcord.ChannelHandle | None = None,
    **overrides: Any,
) -> SentClick:
    """Press a button with this custom id on a message, whether it has one or not, whether it is disabled.

    Args:
        clicker: who presses; the click comes from their server.
        message: the message that the click claims to be on.
        custom_id: what the click claims to have pressed.
        channel: where the click comes from, if not from the message's channel.
        overrides: fields of the interaction that are something else than Discord would send; those that
            are None are left out.
    """
    env = clicker._env
    stored = env.backend.get_message(message.channel.id, message.id)
    interaction, payload = base_payload(
        env.backend,
        type=InteractionType.MESSAGE_COMPONENT,
        channel_id=channel.id if channel else message.channel.id,
        guild_id=clicker.guild.id,
        user_id=clicker.id,
        data={"custom_id": custom_id, "component_type": ComponentType.BUTTON},
    )
    payload["message"] = dict(serializers.message_payload(env.backend, stored))
    changed = {name: value for name, value in (payload | overrides).items() if value is not None}
    interaction.source_message_id = stored.id
    return SentClick(env, interaction, changed)


async def forge_click(
    clicker: simcord.MemberActor, message: discord.Message, custom_id: str, **options: Any
) -> simcord.InteractionResult:
    """Press such a button, and let the click arrive at once."""
    return await send_click(clicker, message, custom_id, **options).arrive()
