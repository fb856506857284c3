"""Presses of what crowds press, letters and *My result*, without anything their replies do not need.

For every click discord.py builds the message, the channel and the member that came with it, and looks for
a view: a third of what a click costs. All that is large, too, and when hundreds of clicks wait for the
disk, it pushes everything else out of the processor's cache. An answer needs a few ids and a name, so only
those are kept.
"""

import logging
from collections.abc import Callable
from typing import Any, NamedTuple, cast

import discord

from bot.ui.custom_ids import ANSWER_PREFIX, REPORT_OPENING
from bot.ui.gateway import is_known_discordpy
from bot.ui.guard import Interaction

log = logging.getLogger(__name__)

Payload = dict[str, Any]


class Press(NamedTuple):
    """What an answer needs to know about a press."""

    message_id: int
    player_id: int
    player_name: str  #: as the server shows it


def press_of(interaction: Interaction) -> Press | None:
    """Return what is known about a press, or None if it did not come from a message on a server."""
    if isinstance(interaction, PressInteraction):
        return interaction.press
    if interaction.guild_id is None or interaction.message is None:
        return None
    return Press(interaction.message.id, interaction.user.id, interaction.user.display_name)


# --- what discord.py offers no public way for -----------------------------------------------------


class PressInteraction(discord.Interaction[Any]):
    """An interaction that knows its press and how to respond, and nothing else."""

    __slots__ = ("_place_id", "press")

    def _from_data(self, data: Any) -> None:  # noqa: ANN401 - discord.py's own types are not public
        message, member = data["message"], data["member"]
        user = member["user"]
        name = member.get("nick") or user.get("global_name") or user["username"]
        self.press = Press(int(message["id"]), int(user["id"]), name)
        self.id = int(data["id"])
        self.type = discord.InteractionType.component
        self.data = data["data"]
        self.token = data["token"]
        self.application_id = int(data["application_id"])
        self.guild_id = int(data["guild_id"])
        self.message = None
        self._place_id = int(data["channel_id"])

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as discord.py has it
        """Make the channel if it is asked for, as discord.py's own responses do; refuse what was left out."""
        if name == "channel":
            return discord.PartialMessageable(self._state, self._place_id, self.guild_id)
        raise AttributeError(f"a press has no {name}, see bot.ui.presses", name=name, obj=self)


def take_presses(client: discord.Client) -> None:
    """Let presses of letters and of *My result* come as `PressInteraction`.

    discord.py has one parser for each kind of the gateway's events, in the version that pyproject.toml asks
    for. With any other, these come as all interactions do.
    """
    if not is_known_discordpy():
        log.warning("discord.py %s is new to us: clicks cost more", discord.__version__)
        return
    state: Any = client._connection  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    parse: Callable[[Payload], None] = state.parsers["INTERACTION_CREATE"]

    def parse_presses(payload: Payload) -> None:
        if _is_press(payload):
            state.dispatch("interaction", PressInteraction(data=cast("Any", payload), state=state))
        else:
            parse(payload)

    state.parsers["INTERACTION_CREATE"] = parse_presses


def _is_press(payload: Payload) -> bool:
    """Tell whether a crowd presses this: a letter, or *My result*."""
    if payload["type"] != discord.InteractionType.component.value:
        return False
    if not {"guild_id", "channel_id", "member", "message"} <= payload.keys():
        return False
    custom_id: str = payload["data"]["custom_id"]
    return custom_id.startswith(ANSWER_PREFIX) or bool(REPORT_OPENING.fullmatch(custom_id))
