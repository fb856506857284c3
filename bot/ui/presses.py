"""Presses of answer buttons, without what an answer does not need.

For every click discord.py builds the message, the channel and the member that came with it, and looks for a
view: a third of what a click costs. An answer needs a few ids and a name. So the rest of the interaction is
built when somebody asks for it, by discord.py itself; nobody has to know.
"""

import logging
from collections.abc import Callable
from typing import Any, NamedTuple, cast

import discord

from bot.ui.custom_ids import ANSWER_PREFIX
from bot.ui.guard import Interaction

log = logging.getLogger(__name__)

Payload = dict[str, Any]


class Press(NamedTuple):
    """What an answer needs to know of a press."""

    message_id: int
    player_id: int
    player_name: str  #: as the server shows it


def press_of(interaction: Interaction) -> Press | None:
    """Return what is known of a press, or None if it did not come from a message on a server."""
    if isinstance(interaction, LazyInteraction) and interaction.payload is not None:
        return _read(interaction.payload)
    if interaction.guild_id is None or interaction.message is None:
        return None
    return Press(interaction.message.id, interaction.user.id, interaction.user.display_name)


def _read(payload: Payload) -> Press | None:
    try:
        member, message = payload["member"], payload["message"]
    except KeyError:
        return None
    user = member["user"]
    name = member.get("nick") or user.get("global_name") or user["username"]
    return Press(int(message["id"]), int(user["id"]), name)


# --- what discord.py offers no public way for -----------------------------------------------------


class LazyInteraction(discord.Interaction[Any]):
    """An interaction that knows its ids; everything else is built as soon as it is asked for."""

    __slots__ = ("payload",)

    def _from_data(self, data: Any) -> None:  # noqa: ANN401 - discord.py's own types are not public
        self.payload: Payload | None = data  #: until everything is built
        self.id = int(data["id"])
        self.type = discord.InteractionType.component
        self.data = data["data"]
        self.token = data["token"]
        self.application_id = int(data["application_id"])
        self.guild_id = int(data["guild_id"])

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever discord.py has there
        """Build the rest; Python comes here for what has no value yet."""
        payload = self.payload
        if payload is None or name not in _BUILT:
            raise AttributeError(name)
        self.payload = None
        super()._from_data(cast("Any", payload))
        return getattr(self, name)


#: The attributes that discord.py fills from the payload.
_BUILT = frozenset(name for name in discord.Interaction.__slots__ if not name.startswith("_cs_"))


def read_lazily(client: discord.Client) -> None:
    """Let presses of answer buttons come as lazy interactions.

    discord.py has one parser for each kind of the gateway's events, in the version that pyproject.toml asks
    for. With any other, answers come as all interactions do.
    """
    if discord.version_info[:2] != (2, 7):
        log.warning("discord.py %s is new to us: clicks cost more", discord.__version__)
        return
    state: Any = client._connection  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    parse: Callable[[Payload], None] = state.parsers["INTERACTION_CREATE"]

    def parse_lazily(payload: Payload) -> None:
        if _is_answer(payload):
            state.dispatch("interaction", LazyInteraction(data=cast("Any", payload), state=state))
        else:
            parse(payload)

    state.parsers["INTERACTION_CREATE"] = parse_lazily


def _is_answer(payload: Payload) -> bool:
    return (
        payload["type"] == discord.InteractionType.component.value
        and "guild_id" in payload
        and payload["data"]["custom_id"].startswith(ANSWER_PREFIX)
    )
