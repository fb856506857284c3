"""The stand-in itself: applications by token, and the way of a REST call through rules and routes."""

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson

from tests.bench.standin import errors, rest
from tests.bench.standin.application import Application
from tests.bench.standin.errors import Refused
from tests.bench.standin.gateway import Session
from tests.bench.standin.rest import Request
from tests.bench.standin.rules import Rule
from tests.bench.standin.snowflakes import Snowflakes
from tests.bench.standin.world import Json, World

#: Given status and body; None drops the connection without an answer.
Answer = Callable[[tuple[int, bytes] | None], None]
Tell = Callable[[Json], None]


@dataclass(slots=True)
class Held:
    """A call that waits for the controller."""

    number: int
    route: str
    go_on: Callable[[], None]


@dataclass(slots=True)
class Server:
    """All applications, and who listens to what happens."""

    servers: int = 1
    channels: int = 2
    delay_seconds: float = 0.0  #: between a call and its answer
    gateway_url: str = ""
    gateway: str = "open"  #: or "refused", or "silent": whoever connects hears nothing
    applications: dict[str, Application] = field(default_factory=dict[str, Application])
    listeners: set[Tell] = field(default_factory=set[Tell])
    held: dict[str, list[Held]] = field(default_factory=dict[str, list[Held]])
    _ids: Snowflakes = field(default_factory=Snowflakes)
    _by_interaction: dict[int, Application] = field(default_factory=dict[int, Application])

    def application(self, token: str) -> Application:
        """Return a token's application; it is made when it is first named."""
        if token not in self.applications:
            world = World(token, self._ids, servers=self.servers, channels=self.channels)
            self.applications[token] = Application(world, self.gateway_url)
        return self.applications[token]

    def session(self, token: str) -> Session | None:
        """Return the gateway session of a token, or None for a token that is refused."""
        return None if token.startswith("bad") else self.application(token).session

    def own(self, interaction_id: int, app: Application) -> None:
        """Remember whose interaction this is; its callback carries no token of the bot."""
        self._by_interaction[interaction_id] = app

    def of_interaction(self, path: str) -> Application | None:
        """Return the application of /interactions/{id}/... or /webhooks/{id}/{token}/... ."""
        parts = path.split("/")
        head = parts[2] if parts[1] == "interactions" else parts[3].split(".", 1)[0]
        return self._by_interaction.get(int(head)) if head.isdecimal() else None

    def disown(self, interaction_ids: Iterable[int]) -> None:
        """Forget interactions."""
        for interaction_id in interaction_ids:
            self._by_interaction.pop(interaction_id, None)

    def handle(self, request: Request, answer: Answer, *, new_connection: bool) -> None:
        """Carry out a call and answer it, as the rules say."""
        app = self._application_of(request)
        if app is None:
            refused = errors.unknown_webhook() if request.path[:10] != "/users/@me" else errors.unauthorized()
            answer(_refusal(refused))
            return
        app.connections += new_connection
        route = f"{request.method} {request.path}"
        rule = app.rules.count(route)
        number = app.rules.calls
        if not app.limit.takes(request.path):
            self.send(app, number, request, _refusal(errors.too_many_requests()), answer)
        elif rule is None:
            self.send(app, number, request, self.carry_out(app, request), answer)
        else:
            _Ruled(self, app, request, answer, rule, number).begin()

    def tell(self, event: Json) -> None:
        """Tell every controller."""
        for listener in list(self.listeners):
            listener(event)

    def _application_of(self, request: Request) -> Application | None:
        if request.path.startswith(("/interactions/", "/webhooks/")):
            return self.of_interaction(request.path)
        scheme, _, token = request.authorization.partition(" ")
        if scheme != "Bot" or self.session(token) is None:
            return None
        return self.application(token)

    def carry_out(self, app: Application, request: Request) -> tuple[int, bytes]:
        """Let a call have its effect; return status and body of its answer."""
        try:
            result: Any = rest.carry_out(app, request)
        except Refused as refused:
            return _refusal(refused)
        return (204, b"") if result is None else (200, orjson.dumps(result))

    def send(
        self, app: Application, number: int, request: Request, reply: tuple[int, bytes], answer: Answer
    ) -> None:
        """Note a call and answer it."""
        app.calls.append((number, f"{request.method} {request.path}", reply[0]))
        if self.delay_seconds:
            asyncio.get_running_loop().call_later(self.delay_seconds, answer, reply)
        else:
            answer(reply)


@dataclass(slots=True)
class _Ruled:
    """A call to which a rule applies."""

    server: Server
    app: Application
    request: Request
    answer: Answer
    rule: Rule
    number: int

    def begin(self) -> None:
        """Apply the rule at its side of the call's effect."""
        if self.rule.when == "before":
            self._apply(None)
        else:
            self._apply(self._effect())

    def _effect(self) -> tuple[int, bytes]:
        return self.server.carry_out(self.app, self.request)

    def _apply(self, reply: tuple[int, bytes] | None) -> None:
        rule, route = self.rule, f"{self.request.method} {self.request.path}"
        self.server.tell(
            {
                "event": "rule",
                "bot": self.app.world.token,
                "rule": rule.id,
                "action": rule.action,
                "when": rule.when,
                "call": self.number,
                "route": route,
                "at": time.monotonic(),
            }
        )
        match rule.action:
            case "reply":
                self._finish(_refusal(rule.refusal()))
            case "drop":
                self.app.calls.append((self.number, route, 0))
                self.answer(None)
            case "delay":
                asyncio.get_running_loop().call_later(rule.seconds, self._go_on, reply)
            case "hold":
                held = Held(self.number, route, lambda: self._go_on(reply))
                self.server.held.setdefault(self.app.world.token, []).append(held)

    def _go_on(self, reply: tuple[int, bytes] | None) -> None:
        self._finish(self._effect() if reply is None else reply)

    def _finish(self, reply: tuple[int, bytes]) -> None:
        self.server.send(self.app, self.number, self.request, reply, self.answer)


def _refusal(refused: Refused) -> tuple[int, bytes]:
    return refused.status, orjson.dumps(refused.body)
