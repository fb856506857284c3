"""One application's side of the stand-in: its world, its gateway session, its rules and its clicks."""

import asyncio
import time
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from tests.bench.standin import errors, messages
from tests.bench.standin.gateway import Session
from tests.bench.standin.limits import GlobalLimit
from tests.bench.standin.messages import Upload
from tests.bench.standin.rules import Rules
from tests.bench.standin.world import EPHEMERAL, Interaction, Json, World

#: Calls that are remembered for whoever asks what the bot did.
KEPT_CALLS = 2000
#: Discord refuses a first response after this; the stand-in only counts unless told to.
DEADLINE_SECONDS = 3.0


class Application:
    """What a token opens."""

    def __init__(self, world: World, gateway_url: str) -> None:
        self.world = world
        self.gateway_url = gateway_url
        self.session = Session(world, gateway_url)
        self.rules = Rules()
        self.limit = GlobalLimit()
        self.calls: deque[tuple[int, str, int]] = deque(maxlen=KEPT_CALLS)
        self.connections = 0  #: REST connections it has opened
        self.strict_deadline = False
        self.waiting: set[int] = set()  #: interactions of a burst that are not acknowledged yet
        self.all_acked = asyncio.Event()
        self._changes = asyncio.Condition()
        self._notifying: asyncio.Task[None] | None = None

    # --- what changed -----------------------------------------------------------------------------

    def changed(self) -> None:
        """Wake whoever waits for something in the world."""
        if self._notifying is None or self._notifying.done():
            self._notifying = asyncio.get_running_loop().create_task(self._notify())

    async def wait_for(self, look: Any, seconds: float) -> Any:
        """Return what `look` finds as soon as it finds something."""
        async with asyncio.timeout(seconds), self._changes:
            while not (found := look()):
                await self._changes.wait()
        return found

    async def _notify(self) -> None:
        async with self._changes:
            self._changes.notify_all()

    # --- interactions -----------------------------------------------------------------------------

    def acknowledge(
        self,
        interaction_id: int,
        token: str,
        body: Mapping[str, Any],
        uploads: Sequence[Upload],
        raw: bytes,
        *,
        with_response: bool,
    ) -> Json | None:
        """Take an interaction's first response."""
        interaction = self.world.interactions.get(interaction_id)
        if interaction is None or interaction.token != token:
            raise errors.unknown_interaction()
        if interaction.acked_at is not None:
            interaction.repeated += 1
            raise errors.already_acknowledged()
        now = time.monotonic()
        if self.strict_deadline and now - interaction.sent_at > DEADLINE_SECONDS:
            raise errors.unknown_interaction()
        interaction.acked_at, interaction.raw = now, raw
        message = self._respond(interaction, body, uploads)
        if interaction_id in self.waiting:
            self.waiting.discard(interaction_id)
            if not self.waiting:
                self.all_acked.set()
        else:
            self.changed()
        return _callback_response(interaction, body["type"], message) if with_response else None

    def _respond(
        self, interaction: Interaction, body: Mapping[str, Any], uploads: Sequence[Upload]
    ) -> Json | None:
        kind, data = body["type"], body.get("data") or {}
        if kind in {4, 5}:
            message = messages.reply_of(self.world, interaction, data, uploads)
            interaction.original_id = int(message["id"])
            return message
        if kind == 7 and interaction.source is not None:
            interaction.original_id = int(interaction.source["id"])
            return messages.edit_message(self.world, interaction.source, data, uploads)
        if kind == 6 and interaction.source is not None:
            interaction.original_id = int(interaction.source["id"])
        return None

    def by_token(self, token: str) -> Interaction:
        """Return the interaction that a webhook's token names."""
        head = token.split(".", 1)[0]
        interaction = self.world.interactions.get(int(head)) if head.isdecimal() else None
        if interaction is None or interaction.token != token:
            raise errors.unknown_webhook()
        return interaction

    def reply(self, interaction: Interaction, message_id: int | None) -> Json:
        """Return a message that an interaction can reach."""
        message_id = message_id or interaction.original_id
        if message_id in interaction.messages and message_id not in interaction.deleted:
            return interaction.messages[message_id]
        if interaction.source is not None and str(message_id) == interaction.source["id"]:
            return interaction.source
        raise errors.unknown_message()

    def delete_reply(self, interaction: Interaction, message_id: int | None) -> None:
        """Delete a message that an interaction can reach."""
        message = self.reply(interaction, message_id)
        deleted = int(message["id"])
        if deleted in interaction.messages:
            interaction.deleted.add(deleted)
        else:
            self.world.messages[interaction.channel_id].pop(deleted, None)
        self.changed()


def _callback_response(interaction: Interaction, kind: int, message: Json | None) -> Json:
    shown: Json = {"id": str(interaction.id), "type": interaction.kind}
    if interaction.original_id is not None:
        shown |= {
            "response_message_id": str(interaction.original_id),
            "response_message_loading": kind == 5,
            "response_message_ephemeral": bool(message and message["flags"] & EPHEMERAL),
            "channel_id": str(interaction.channel_id),
            "guild_id": str(interaction.server_id),
        }
    if message is None:
        return {"interaction": shown}
    return {"interaction": shown, "resource": {"type": kind, "message": message}}
