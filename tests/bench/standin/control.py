"""The controller's door: JSON lines on a loopback port, one command a line, one reply a line.

A command is `{"id": 1, "do": "click", "bot": "token", ...}`; its reply is `{"id": 1, "result": ...}` or
`{"id": 1, "error": "..."}`. Lines with `event` come by themselves when a rule applies to a call.
"""

import asyncio
import contextlib
import json
import time
from typing import Any

import orjson

from tests.bench.standin import messages
from tests.bench.standin.application import Application
from tests.bench.standin.errors import Refused
from tests.bench.standin.interactions import FIRST_MEMBER, Click, Members
from tests.bench.standin.limits import GlobalLimit
from tests.bench.standin.pause import pause
from tests.bench.standin.server import Server
from tests.bench.standin.snowflakes import unix_seconds
from tests.bench.standin.world import EPHEMERAL, Interaction, Json

MANY_SECONDS = 30.0


class Control:
    """One controller's connection."""

    def __init__(self, server: Server, writer: asyncio.StreamWriter) -> None:
        self._server, self._writer = server, writer
        self._running: set[asyncio.Task[None]] = set()

    async def serve(self, reader: asyncio.StreamReader) -> None:
        """Carry out commands until the controller leaves."""
        self._server.listeners.add(self._tell)
        try:
            while line := await reader.readline():
                task = asyncio.get_running_loop().create_task(self._do(json.loads(line)))
                self._running.add(task)
                task.add_done_callback(self._running.discard)
        finally:
            self._server.listeners.discard(self._tell)
            for task in self._running:
                task.cancel()
            self._writer.close()

    def _tell(self, message: Json) -> None:
        with contextlib.suppress(ConnectionError):
            self._writer.write(orjson.dumps(message) + b"\n")

    async def _do(self, command: Json) -> None:
        number = command.pop("id")
        try:
            app = self._server.application(command.pop("bot"))
            act = getattr(_Commands(self._server, app), command.pop("do"))
            self._tell({"id": number, "result": await act(**command)})
        except TimeoutError:
            self._tell({"id": number, "error": "TimeoutError"})
        except (Refused, LookupError, TypeError, ValueError, AttributeError) as error:
            self._tell({"id": number, "error": f"{type(error).__name__}: {error}"})


class _Commands:
    """What a controller can ask for; the names are the protocol."""

    def __init__(self, server: Server, app: Application) -> None:
        self._server, self._app = server, app
        self._members = Members(server, app)

    # --- looking ----------------------------------------------------------------------------------

    async def state(self) -> Json:
        """Tell how the bot stands, and what it did that the stand-in does not know."""
        app, world = self._app, self._app.world
        return {
            "connected": app.session.connected,
            "identified": app.session.identified,
            "resumed": app.session.resumed,
            "heartbeats": app.session.heartbeats,
            "calls": app.rules.calls,
            "connections": app.connections,
            "over_limit": app.limit.refused,
            "most_in_a_second": app.limit.most,
            "application_id": world.application_id,
            "unknown_routes": world.unknown_routes,
            "servers": {str(one.id): [int(key) for key in one.channels] for one in world.servers.values()},
            "commands": [one["name"] for one in world.commands],
            "edits": {str(key): value for key, value in world.edits.items()},
            "now": time.monotonic(),
        }

    async def wait_until(self, *, what: str, seconds: float = MANY_SECONDS) -> bool:
        """Wait for `connected`, `disconnected` or `commands`."""
        looks = {
            "connected": lambda: self._app.session.connected,
            "disconnected": lambda: not self._app.session.connected,
            "commands": lambda: bool(self._app.world.commands),
        }
        async with asyncio.timeout(seconds):
            while not looks[what]():
                await pause(0.02)
        return True

    async def list_messages(self, *, channel: int | None = None) -> list[Json]:
        """Return the messages of a channel or of all, oldest first."""
        world = self._app.world
        places = [world.messages[channel]] if channel is not None else world.messages.values()
        return sorted((one for by_id in places for one in by_id.values()), key=lambda one: int(one["id"]))

    async def wait_for_message(
        self,
        *,
        text: str = "",
        channel: int | None = None,
        after: int = 0,
        enabled: bool | None = None,
        seconds: float = MANY_SECONDS,
    ) -> Json:
        """Return the first message newer than `after` with this text, with or without live buttons."""

        def look() -> Json | None:
            for place, by_id in self._app.world.messages.items():
                for message in by_id.values():
                    here = (channel is None or place == channel) and int(message["id"]) > after
                    if here and text in messages.texts(message) and _has_live(message, enabled):
                        return message
            return None

        return await self._app.wait_for(look, seconds)

    async def list_acks(self, *, raw: bool = False) -> list[Json]:
        """Return every interaction and what became of it."""
        return [_describe(one, raw=raw) for one in self._app.world.interactions.values()]

    async def list_calls(self) -> list[tuple[int, str, int]]:
        """Return the newest calls: number, route, status (0: dropped)."""
        return list(self._app.calls)

    async def list_closed(self) -> list[tuple[float, float]]:
        """Return when each question was posted and when its buttons went: seconds since 1970."""
        world = self._app.world
        public = {message_id for by_id in world.messages.values() for message_id in by_id}
        return [(unix_seconds(one), unix_seconds(at)) for one, at in world.closed.items() if one in public]

    async def list_answered(self, *, members: list[int]) -> list[float | None]:
        """Return after how many milliseconds each of these members' newest press had its real reply."""
        newest = {one.user_id - FIRST_MEMBER: one for one in self._app.world.interactions.values()}
        return [self._answered_ms(newest.get(number)) for number in members]

    def _answered_ms(self, interaction: Interaction | None) -> float | None:
        if interaction is None or interaction.acked_at is None or interaction.promised:
            return None
        taken = (interaction.acked_at - interaction.sent_at) * 1000
        reply = interaction.original_id or 0
        edited = self._app.world.first_edits.get(reply)
        return taken if edited is None else taken + (unix_seconds(edited) - unix_seconds(reply)) * 1000

    # --- acting -----------------------------------------------------------------------------------

    async def slash(
        self, *, name: str, channel: int, options: Json | None = None, member: int = 0, seconds: float = 10.0
    ) -> Json:
        """Run a command as a moderator and return what became of it."""
        return await self._outcome(self._members.command(member, channel, name, options or {}), seconds)

    async def autocomplete(
        self, *, name: str, channel: int, focused: str, options: Json, member: int = 0, seconds: float = 10.0
    ) -> Json:
        """Type into an option and return the choices."""
        interaction = self._members.autocomplete(member, channel, name, options, focused)
        return await self._outcome(interaction, seconds)

    async def click(
        self,
        *,
        message: int,
        member: int,
        label: str | None = None,
        custom_id: str | None = None,
        seconds: float = 10.0,
    ) -> Json:
        """Press a button by its label or custom id and return what became of it."""
        target = self._app.world.find_message(message)
        pressed = custom_id or _custom_id(target, label)
        return await self._outcome(self._members.click(member, target, pressed), seconds)

    async def submit(
        self, *, custom_id: str, channel: int, components: list[Json], member: int, seconds: float = 10.0
    ) -> Json:
        """Submit a modal."""
        return await self._outcome(self._members.submit(member, channel, custom_id, components), seconds)

    async def burst(
        self,
        *,
        message: int,
        clicks: int,
        first_member: int = 1,
        shift: int = 0,
        wait_seconds: float = 15.0,
        forget: bool = True,
    ) -> Json:
        """Let many members press at once; each presses one of the buttons in turn, or `shift` further on."""
        if forget:
            self._members.forget()
        target = self._app.world.find_message(message)
        chosen = _spread(target, clicks, first_member, shift)
        connections = self._app.connections
        sent = self._members.burst(target, chosen)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait_seconds):
                await self._app.all_acked.wait()
        self._app.waiting.clear()
        return _summary(sent) | {"new_connections": self._app.connections - connections}

    async def paced(
        self,
        *,
        message: int,
        clicks: int,
        per_second: float,
        first_member: int = 1,
        wait_seconds: float = 15.0,
        forget: bool = True,
    ) -> Json:
        """Let members press one after the other, evenly."""
        if forget:
            self._members.forget()
        target = self._app.world.find_message(message)
        connections, started = self._app.connections, time.monotonic()
        sent: list[Interaction] = []
        for index, one in enumerate(_spread(target, clicks, first_member)):
            wait = started + index / per_second - time.monotonic()
            if wait > 0:
                await pause(wait)
            sent.append(self._members.click(one.member, target, one.custom_id))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait_seconds):
                while any(one.acked_at is None for one in sent):
                    await pause(0.02)
        return _summary(sent) | {"new_connections": self._app.connections - connections}

    async def slash_each(
        self, *, name: str, channels: list[int], options: Json, over_seconds: float = 0.0
    ) -> Json:
        """Run a command in every channel, at once or spread evenly; acknowledgements are awaited together."""
        self._members.forget()
        connections, sent = self._app.connections, list[Interaction]()
        for place, channel in enumerate(channels):
            sent.append(self._members.command(place, channel, name, options))
            if over_seconds:
                await pause(over_seconds / len(channels))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(15.0):
                while any(one.acked_at is None for one in sent):
                    await pause(0.02)
        return _summary(sent) | {"new_connections": self._app.connections - connections}

    async def press_open(self, *, member: int, over_seconds: float) -> int:
        """Let a member press the first button of every open question, spread evenly; nobody waits."""
        found = [
            one
            for by_id in self._app.world.messages.values()
            for one in by_id.values()
            if messages.has_live_buttons(one, messages.QUESTION)
        ]
        for one in found:
            if messages.has_live_buttons(one, messages.QUESTION):
                self._members.click(member, one, _custom_id(one, None))
            await pause(over_seconds / len(found))
        return len(found)

    async def delete_message(self, *, message: int) -> None:
        """Let a moderator delete a message."""
        target = self._app.world.find_message(message)
        del self._app.world.messages[int(target["channel_id"])][message]

    async def delete_channel(self, *, channel: int) -> None:
        """Let a moderator delete a channel."""
        world = self._app.world
        shown = world.channel(channel)
        del world.servers[int(shown["guild_id"])].channels[channel]
        self._app.session.dispatch("CHANNEL_DELETE", shown)

    async def add_server(self, *, name: str = "another", channels: int = 1) -> Json:
        """Let another server add the bot."""
        server = self._app.world.add_server(name, channels)
        self._app.session.dispatch("GUILD_CREATE", self._app.world.guild_create(server))
        return {"id": server.id, "channels": list(server.channels)}

    async def remove_server(self, *, server: int, told: bool = True) -> None:
        """Let a server remove the bot, whether the bot is told or finds it missing at its next session."""
        del self._app.world.servers[server]
        if told:
            self._app.session.dispatch("GUILD_DELETE", {"id": str(server)})

    # --- disturbing -------------------------------------------------------------------------------

    async def rule(self, **fields: Any) -> int:
        """Add a rule for REST calls (see `rules.Rule`) and return its id."""
        return self._app.rules.add(**fields).id

    async def clear_rules(self) -> None:
        """Let every call be answered as usual again."""
        self._app.rules.clear()

    async def count_calls(self) -> None:
        """Count calls from here."""
        self._app.rules.calls = 0

    async def release(self) -> int:
        """Let held calls go on; return how many there were."""
        held = self._server.held.pop(self._app.world.token, [])
        for one in held:
            one.go_on()
        return len(held)

    async def strict_deadline(self, *, on: bool = True) -> None:
        """Refuse first responses that come after three seconds, as Discord does."""
        self._app.strict_deadline = on

    async def global_limit(self, *, per_second: int) -> None:
        """Refuse what is sent as the bot beyond so much in any second; 0 refuses nothing."""
        self._app.limit = GlobalLimit(per_second)

    async def disconnect(self, *, code: int | None = None, resumable: bool = True) -> None:
        """Break the gateway: `code` closes with it, 0 asks to reconnect, None just cuts."""
        if not resumable:
            self._app.session.forget()
        self._app.session.disconnect(code)

    async def gateway(self, *, state: str) -> None:
        """Let nobody connect any more: `refused` or `silent`; `open` lets them again."""
        self._server.gateway = state

    async def delay(self, *, seconds: float) -> None:
        """Set the time between every call and its answer, for all bots."""
        self._server.delay_seconds = seconds

    async def _outcome(self, interaction: Interaction, seconds: float) -> Json:
        await self._app.wait_for(lambda: interaction.acked_at and not interaction.promised, seconds)
        return _describe(interaction, raw=True)


def _custom_id(message: Json, label: str | None) -> str:
    for button in messages.buttons(message):
        if label is None or button.get("label") == label:
            return str(button["custom_id"])
    raise LookupError(f"the message has no button {label!r}")


def _spread(message: Json, clicks: int, first_member: int, shift: int = 0) -> list[Click]:
    custom_ids = [str(one["custom_id"]) for one in messages.buttons(message)]
    numbers = range(first_member, first_member + clicks)
    return [Click(number, custom_ids[(number + shift) % len(custom_ids)]) for number in numbers]


def _has_live(message: Json, enabled: bool | None) -> bool:
    return enabled is None or messages.has_live_buttons(message) is enabled


def _describe(interaction: Interaction, *, raw: bool) -> Json:
    acked = interaction.acked_at
    described: Json = {
        "interaction": interaction.id,
        "member": interaction.user_id,
        "ms": None if acked is None else (acked - interaction.sent_at) * 1000,
        "repeated": interaction.repeated,
    }
    if raw:
        body: Json = json.loads(interaction.raw) if interaction.raw.startswith(b"{") else {}
        shown = [one for key, one in interaction.messages.items() if key not in interaction.deleted]
        described |= {
            "type": body.get("type"),
            "body": body,
            "texts": [messages.texts(one) for one in shown],
            "messages": [int(one["id"]) for one in shown],
            "private": all(one["flags"] & EPHEMERAL for one in shown),
        }
    return described


def _summary(sent: list[Interaction]) -> Json:
    """Return a burst's latencies in milliseconds, in the order of acknowledgement."""
    waits = sorted((one.acked_at - one.sent_at) * 1000 for one in sent if one.acked_at is not None)
    acked = [one.acked_at for one in sent if one.acked_at is not None]
    begun = min(one.sent_at for one in sent)
    return {
        "sent": len(sent),
        "acked": len(acked),
        "repeated": sum(one.repeated for one in sent),
        "private": sum(b'"type":4' in one.raw for one in sent),
        "late": sum(wait > 3000 for wait in waits) + len(sent) - len(acked),
        "seconds": max(acked) - begun if acked else 0.0,
        "begun": begun,
        "waits": waits,
    }
