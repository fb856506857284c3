"""What members do: INTERACTION_CREATE payloads, one by one or thousands at once."""

import gc
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from tests.bench.standin.application import Application
from tests.bench.standin.gateway import event_head
from tests.bench.standin.server import Server
from tests.bench.standin.world import (
    BOT_PERMISSIONS,
    MANAGE_EVENTS,
    MEMBER_PERMISSIONS,
    Interaction,
    Json,
    member,
    user,
)

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
SUBCOMMAND, SUBCOMMAND_GROUP, CHANNEL_OPTION = 1, 2, 7
#: Members' ids: bot id and this are far apart; a number of a member stays the same person.
FIRST_MEMBER = 100_000_000_000_000_000
#: As long as Discord's.
TOKEN_LENGTH = 150


@dataclass(frozen=True, slots=True)
class Click:
    """One press of a burst."""

    member: int
    custom_id: str


class Members:
    """Lets members of one application's servers act."""

    def __init__(self, server: Server, app: Application) -> None:
        self._server, self._app = server, app

    def command(self, number: int, channel_id: int, name: str, options: Mapping[str, Any]) -> Interaction:
        """Run a slash command ("round start") as a moderator."""
        data = self._command_data(name, options, None)
        return self._send(COMMAND, number, channel_id, data, permissions=MANAGE_EVENTS)

    def autocomplete(
        self, number: int, channel_id: int, name: str, options: Mapping[str, Any], focused: str
    ) -> Interaction:
        """Ask for the choices of an option while its text is being typed."""
        data = self._command_data(name, options, focused)
        return self._send(AUTOCOMPLETE, number, channel_id, data, permissions=MANAGE_EVENTS)

    def click(self, number: int, message: Json, custom_id: str) -> Interaction:
        """Press a button."""
        data = {"custom_id": custom_id, "component_type": 2, "id": 1}
        return self._send(COMPONENT, number, int(message["channel_id"]), data, message=message)

    def submit(self, number: int, channel_id: int, custom_id: str, components: list[Json]) -> Interaction:
        """Submit a modal."""
        data = {"custom_id": custom_id, "components": components}
        return self._send(MODAL_SUBMIT, number, channel_id, data)

    def burst(self, message: Json, clicks: Sequence[Click]) -> list[Interaction]:
        """Press buttons all at once: everything is prepared, then written in one go.

        Nothing else can come between, because the event loop stands still meanwhile: compressed
        messages that are reordered cannot be read.
        """
        app = self._app
        template = _Template(self, message)
        interactions = [
            self._new(COMPONENT, one.member, int(message["channel_id"]), message) for one in clicks
        ]
        events = [
            template.fill(interaction, one) for interaction, one in zip(interactions, clicks, strict=True)
        ]
        app.waiting = {one.id for one in interactions}
        app.all_acked.clear()
        app.session.dispatch_raw(events, keep=False)
        now = time.monotonic()
        for interaction in interactions:
            interaction.sent_at = now
        return interactions

    def forget(self) -> None:
        """Drop clicks that are acknowledged, so that long runs do not fill the memory.

        Garbage is collected here and nowhere else: it takes 30 to 50 ms, too long for it to come between
        clicks that are timed.
        """
        world = self._app.world
        done = [one.id for one in world.interactions.values() if one.kind == COMPONENT and one.acked_at]
        for interaction_id in done:
            del world.interactions[interaction_id]
        self._server.disown(done)
        gc.collect()

    # --- payloads ---------------------------------------------------------------------------------

    def payload(
        self, interaction: Interaction, number: int, data: Json, permissions: int, message: Json | None
    ) -> Json:
        """Return an interaction as the gateway shows it."""
        world = self._app.world
        server = world.servers[interaction.server_id]
        granted = MEMBER_PERMISSIONS | permissions
        payload: Json = {
            "version": 1,
            "type": interaction.kind,
            "token": interaction.token,
            "member": member(user(interaction.user_id, f"Member {number}"), [], granted),
            "locale": "en-US",
            "id": str(interaction.id),
            "guild_locale": "en-US",
            "guild_id": str(server.id),
            "guild": {"locale": "en-US", "id": str(server.id), "features": ["COMMUNITY"]},
            "entitlements": [],
            "entitlement_sku_ids": [],
            "data": data,
            "context": 0,
            "channel_id": str(interaction.channel_id),
            "channel": {**world.channel(interaction.channel_id), "permissions": str(granted)},
            "authorizing_integration_owners": {"0": str(server.id)},
            "attachment_size_limit": 10_485_760,
            "application_id": str(world.application_id),
            "app_permissions": str(BOT_PERMISSIONS),
        }
        return payload if message is None else {**payload, "message": message}

    def _send(
        self,
        kind: int,
        number: int,
        channel_id: int,
        data: Json,
        *,
        permissions: int = 0,
        message: Json | None = None,
    ) -> Interaction:
        interaction = self._new(kind, number, channel_id, message)
        payload = self.payload(interaction, number, data, permissions, message)
        interaction.sent_at = time.monotonic()
        self._app.session.dispatch("INTERACTION_CREATE", payload)
        return interaction

    def _new(self, kind: int, number: int, channel_id: int, message: Json | None) -> Interaction:
        world = self._app.world
        interaction_id = world.ids.next()
        interaction = Interaction(
            id=interaction_id,
            token=f"{interaction_id}.".ljust(TOKEN_LENGTH, "x") + secrets.token_hex(8),
            kind=kind,
            server_id=int(world.channel(channel_id)["guild_id"]),
            channel_id=channel_id,
            user_id=FIRST_MEMBER + number,
            source=message,
        )
        world.interactions[interaction_id] = interaction
        self._server.own(interaction_id, self._app)
        return interaction

    def _command_data(self, name: str, options: Mapping[str, Any], focused: str | None) -> Json:
        """Return the data of a command, nested as the published command says."""
        root, *path = name.split()
        command = next((one for one in self._app.world.commands if one["name"] == root), None)
        if command is None:
            known = ", ".join(one["name"] for one in self._app.world.commands) or "none"
            raise LookupError(f"no command {root!r} is published (known: {known})")
        level = command
        nested: list[Json] = []
        for part in path:
            level = next(one for one in level["options"] if one["name"] == part)
            nested.append({"name": part, "type": level["type"]})
        types = {one["name"]: one["type"] for one in level.get("options", [])}
        given = [
            {"name": key, "type": types[key], "value": value, **({"focused": True} if key == focused else {})}
            for key, value in options.items()
        ]
        for step in reversed(nested):
            given = [{**step, "options": given}]
        channels = [options[key] for key, kind in types.items() if kind == CHANNEL_OPTION and key in options]
        resolved = {"channels": {str(one): self._app.world.channel(int(one)) for one in channels}}
        return {
            "id": command["id"],
            "name": root,
            "type": 1,
            "options": given,
            **({"resolved": resolved} if channels else {}),
        }


class _Template:
    """One click's text with gaps, so that thousands can be filled in quickly."""

    _GAPS = ("@interaction@", "@token@", "@custom_id@", "@user@", "@name@")

    def __init__(self, members: Members, message: Json) -> None:
        sample = members.payload(
            Interaction(
                id=0,
                token="@token@",
                kind=COMPONENT,
                server_id=int(members._app.world.channel(int(message["channel_id"]))["guild_id"]),
                channel_id=int(message["channel_id"]),
                user_id=0,
            ),
            0,
            {"custom_id": "@custom_id@", "component_type": 2, "id": 1},
            0,
            message,
        )
        sample["id"] = "@interaction@"
        sample["member"]["user"] |= {"id": "@user@", "username": "@name@", "global_name": "@name@"}
        text = event_head("INTERACTION_CREATE") + orjson.dumps(sample)
        self._pieces: list[bytes] = []
        self._order: list[str] = []
        while gap := self._first_gap(text):
            before, _, text = text.partition(gap.encode())
            self._pieces.append(before)
            self._order.append(gap)
        self._pieces.append(text)

    def _first_gap(self, text: bytes) -> str | None:
        found = [(at, gap) for gap in self._GAPS if (at := text.find(gap.encode())) >= 0]
        return min(found)[1] if found else None

    def fill(self, interaction: Interaction, click: Click) -> bytes:
        """Return one click's text."""
        values = {
            "@interaction@": str(interaction.id),
            "@token@": interaction.token,
            "@custom_id@": click.custom_id,
            "@user@": str(interaction.user_id),
            "@name@": f"Member {click.member}",
        }
        result = [self._pieces[0]]
        for gap, piece in zip(self._order, self._pieces[1:], strict=True):
            result.append(values[gap].encode())
            result.append(piece)
        return b"".join(result)
