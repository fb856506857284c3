"""For tests and the benchmark: start the stand-in as a process and direct it.

async with StandIn.start() as discord:
    bot = discord.bot("token-1")                     # its world exists from now on
    process = await start_bot(discord, "token-1")    # any process that logs in with this token
    await bot.wait_until("connected")
    await bot.slash("round start", quiz="capitals")
    question = await bot.wait_for_message("question 1", enabled=True)
    outcome = await bot.click(question, member=1, label="B")
"""

import asyncio
import contextlib
import itertools
import json
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

from tests.bench.standin.world import Json

MAX_LINE = 1 << 26
#: Added to a command's own patience before the connection is given up.
SLACK_SECONDS = 30.0


class ControlError(Exception):
    """The stand-in could not do what it was told."""


class StandIn:
    """A running stand-in and the connection to its door. Use `StandIn.start`."""

    def __init__(self, addresses: Json, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.api: str = addresses["api"]  #: for `discord.http.Route.BASE`
        self.gateway: str = addresses["gateway"]
        self.authority: str | None = addresses["authority"]  #: for SSL_CERT_FILE
        self.pid: int = addresses["pid"]
        self.events: asyncio.Queue[Json] = asyncio.Queue()  #: what rules did, as it happens
        self._reader, self._writer = reader, writer
        self._numbers = itertools.count(1)
        self._pending: dict[int, asyncio.Future[Any]] = {}

    @classmethod
    @asynccontextmanager
    async def start(
        cls,
        *,
        servers: int = 1,
        channels: int = 2,
        delay_ms: float = 0,
        tls: Path | None = None,
        core: int | None = None,
    ) -> AsyncGenerator["StandIn"]:
        """Start a stand-in process and stop it at the end.

        Args:
            servers: how many servers each bot is in.
            channels: how many text channels each server has.
            delay_ms: how long every answer takes.
            tls: speak TLS; the authority to trust is written to this file.
            core: the processor core for it.
        """
        command = [sys.executable, "-m", "tests.bench.standin"]
        command += ["--servers", str(servers), "--channels", str(channels), "--delay-ms", str(delay_ms)]
        command += ["--tls", str(tls)] if tls else []
        command += ["--core", str(core)] if core is not None else []
        process = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[3]
        )
        assert process.stdout is not None
        try:
            line = await process.stdout.readline()
            if not line:
                raise ControlError(f"the stand-in did not start (exit code {await process.wait()})")
            addresses = json.loads(line)
            reader, writer = await asyncio.open_connection("127.0.0.1", addresses["control"], limit=MAX_LINE)
            standin = cls(addresses, reader, writer)
            listening = asyncio.get_running_loop().create_task(standin._listen())
            try:
                yield standin
            finally:
                listening.cancel()
                await asyncio.wait({listening})
                writer.close()
                with contextlib.suppress(ConnectionError):
                    await writer.wait_closed()
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    def bot(self, token: str) -> "Bot":
        """Return the handle of one bot's world."""
        return Bot(self, token)

    async def event(self, seconds: float = SLACK_SECONDS) -> Json:
        """Return the next thing that a rule did."""
        async with asyncio.timeout(seconds):
            return await self.events.get()

    async def call(self, bot: str, do: str, seconds: float, arguments: Json) -> Any:
        """Send one command and return its result."""
        number = next(self._numbers)
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._pending[number] = future
        self._writer.write(json.dumps({"id": number, "bot": bot, "do": do, **arguments}).encode() + b"\n")
        await self._writer.drain()
        async with asyncio.timeout(seconds + SLACK_SECONDS):
            return await future

    async def _listen(self) -> None:
        while line := await self._reader.readline():
            message = json.loads(line)
            if "event" in message:
                self.events.put_nowait(message)
                continue
            future = self._pending.pop(message["id"])
            if future.done():
                continue
            if message.get("error") == "TimeoutError":
                future.set_exception(TimeoutError())
            elif "error" in message:
                future.set_exception(ControlError(message["error"]))
            else:
                future.set_result(message["result"])


class Bot:
    """One bot's world. Messages are Discord's JSON; `outcome`s say what became of an interaction.

    An outcome has `type` (4 message, 6 deferred update, 7 update, 8 choices), `body` (the callback as
    sent), `texts` and `messages` (ids) of the replies, `private`, `ms` and `repeated`.
    """

    def __init__(self, standin: StandIn, token: str) -> None:
        self._standin, self.token = standin, token

    async def state(self) -> Json:
        """Return connection, counters, servers with their channels, published commands, edits."""
        return cast("Json", await self._call("state"))

    async def channel(self, index: int = 0) -> int:
        """Return the id of one of the first server's channels."""
        servers = (await self.state())["servers"]
        return int(next(iter(servers.values()))[index])

    async def server(self) -> int:
        """Return the id of the first server."""
        return int(next(iter((await self.state())["servers"])))

    async def wait_until(self, what: str, seconds: float = 30.0) -> None:
        """Wait for `connected`, `disconnected` or `commands`."""
        await self._call("wait_until", seconds, what=what)

    async def list_messages(self, channel: int | None = None) -> list[Json]:
        """Return the messages of a channel or of all, oldest first."""
        return cast("list[Json]", await self._call("list_messages", channel=channel))

    async def wait_for_message(
        self,
        text: str = "",
        *,
        channel: int | None = None,
        after: int = 0,
        enabled: bool | None = None,
        seconds: float = 30.0,
    ) -> Json:
        """Return the first message newer than `after` with this text, with or without live buttons."""
        arguments = {"text": text, "channel": channel, "after": after, "enabled": enabled}
        return cast("Json", await self._call("wait_for_message", seconds, **arguments))

    async def list_acks(self, *, raw: bool = False) -> list[Json]:
        """Return every interaction so far and what became of it."""
        return cast("list[Json]", await self._call("list_acks", raw=raw))

    async def list_calls(self) -> list[tuple[int, str, int]]:
        """Return the newest REST calls: number, "POST /channels/1/messages", status (0: dropped)."""
        return [(number, route, status) for number, route, status in await self._call("list_calls")]

    async def slash(
        self,
        name: str,
        *,
        channel: int | None = None,
        member: int = 0,
        more: Json | None = None,
        **options: Any,
    ) -> Json:
        """Run a slash command such as "round start" as a moderator and return its outcome.

        Args:
            name: the command with its subcommand.
            channel: where it is run; the first channel unless given.
            member: who runs it.
            more: options whose names are taken here, such as `channel`.
            options: the command's options.
        """
        channel = channel or await self.channel()
        given = {**options, **(more or {})}
        arguments = {"name": name, "channel": channel, "member": member, "options": given}
        return cast("Json", await self._call("slash", 10.0, **arguments))

    async def click(
        self,
        message: Json | int,
        *,
        member: int,
        label: str | None = None,
        custom_id: str | None = None,
        seconds: float = 10.0,
    ) -> Json:
        """Press a button (the first one, if you name none) and return the outcome."""
        arguments = {"message": _id(message), "member": member, "label": label, "custom_id": custom_id}
        return cast("Json", await self._call("click", seconds, **arguments))

    async def burst(
        self,
        message: Json | int,
        clicks: int,
        *,
        first_member: int = 1,
        shift: int = 0,
        wait_seconds: float = 15.0,
    ) -> Json:
        """Let that many members press at once; return counts and `waits` in milliseconds.

        Member n presses button n + shift, so that another shift is a change of mind.
        """
        arguments = {
            "message": _id(message),
            "clicks": clicks,
            "first_member": first_member,
            "shift": shift,
            "wait_seconds": wait_seconds,
        }
        return cast("Json", await self._call("burst", wait_seconds, **arguments))

    async def paced(
        self, message: Json | int, clicks: int, per_second: float, *, first_member: int = 1
    ) -> Json:
        """Let members press evenly; returns as `burst` does."""
        arguments = {
            "message": _id(message),
            "clicks": clicks,
            "per_second": per_second,
            "first_member": first_member,
        }
        return cast("Json", await self._call("paced", clicks / per_second + 15.0, **arguments))

    async def rule(self, route: str = "*", action: str = "reply", **fields: Any) -> int:
        """Let something happen to matching REST calls; see `rules.Rule` for the fields."""
        return int(await self._call("rule", route=route, action=action, **fields))

    async def hold(self, call: int, when: str = "before", route: str = "*") -> int:
        """Hold REST call number `call`, before or after its effect; the event queue says when it is there."""
        return await self.rule(route, "hold", call=call, when=when)

    async def release(self) -> int:
        """Let held calls go on."""
        return int(await self._call("release"))

    async def do(self, command: str, patience: float = 30.0, /, **arguments: Any) -> Any:
        """Send any other command; see `control._Commands`."""
        return await self._call(command, patience, **arguments)

    async def _call(self, do: str, seconds: float = 30.0, /, **arguments: Any) -> Any:
        if do in {"slash", "autocomplete", "click", "submit", "wait_until", "wait_for_message"}:
            arguments["seconds"] = seconds
        return await self._standin.call(self.token, do, seconds, arguments)


def _id(message: Json | int) -> int:
    return message if isinstance(message, int) else int(message["id"])
