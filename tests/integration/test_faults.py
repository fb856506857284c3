"""Every call of a round meets every fault of Discord's: the round goes on, pauses or ends as it deserves."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from simcord.backend import serializers

from bot.charts.renderer import TypstCharts
from bot.services.boards import Board
from bot.text import steering
from tests.world import GRACE, LEAD, PAUSE, World, texts

MESSAGES, ONE_MESSAGE = r"/channels/\d+/messages$", r"/channels/\d+/messages/\d+$"

#: The calls of a round in their order: name, method, path.
CALLS = {
    "announcement": ("POST", MESSAGES),
    "thread": ("POST", r"/threads$"),
    "question": ("POST", MESSAGES),
    "receipt": ("POST", r"/interactions/.*/callback$"),
    "old receipt": ("DELETE", r"/webhooks/"),
    "count": ("PATCH", ONE_MESSAGE),
    "reveal": ("PATCH", ONE_MESSAGE),
    "result": ("POST", MESSAGES),
}


@dataclass(frozen=True)
class Fault:
    """What Discord does instead of answering, or what somebody between us and Discord does."""

    status: int = 0
    code: int = 0
    taken: bool = False  #: for a time-out: whether Discord took the call before it fell silent
    verdict: str = ""  #: what is true of the channel, and what the gateway says of it too


FAULTS = {
    "forbidden": Fault(403, 50013, verdict="closed"),
    "no access": Fault(403, 50001, verdict="closed"),
    "channel gone": Fault(404, 10003, verdict="gone"),
    "form refused": Fault(400, 50035, verdict="refused"),
    "message gone": Fault(404, 10008),
    "thread archived": Fault(400, 50083),
    "too late": Fault(404, 10062),
    "acknowledged already": Fault(400, 40060),
    "rate limited": Fault(429),
    "internal error": Fault(500),
    "overloaded": Fault(503),
    "time-out before it was taken": Fault(),
    "time-out after it was taken": Fault(taken=True),
    "forbidden without a code": Fault(403),
    "forbidden by Cloudflare": Fault(403, 40333),
    "forbidden, but the bot has every right": Fault(403, 50013),
    "no access, but the bot has every right": Fault(403, 50001),
    "not found without a code": Fault(404),
    "channel unknown, but it is there": Fault(404, 10003),
    "unauthorized, but the token is good": Fault(401),
    "bad request without a code": Fault(400),
    "request timeout": Fault(408),
    "conflict": Fault(409),
}
INTERACTION_FAULTS = {"too late", "acknowledged already"}
INTERACTION_CALLS = {"receipt", "old receipt"}


def expected(call: str, fault: str, seconds: float) -> str:
    """How the round deserves to go on."""
    verdict = FAULTS[fault].verdict
    if not verdict or call in INTERACTION_CALLS:
        return "finished"  # edits are posted anew; without an announcement there is no thread
    if call == "count" and not seconds:
        # The count can be left out; what comes next decides. A closed channel still shows edits.
        return {"closed": "held", "gone": "stopped", "refused": "finished"}[verdict]
    if call == "result":
        return "held" if verdict == "closed" else "finished without a card"
    if call == "thread" and verdict == "refused":
        return "finished"  # in the channel
    return "paused" if verdict == "closed" else "stopped"


def pairs() -> list[tuple[str, str]]:
    """Every call with every fault that Discord can give it."""
    found: list[tuple[str, str]] = []
    for call, (method, _) in CALLS.items():
        for name, fault in FAULTS.items():
            if name in INTERACTION_FAULTS and call != "receipt":
                continue
            if fault.verdict and call in INTERACTION_CALLS:
                continue
            if name == "message gone" and method == "POST" and call != "thread":
                continue
            if name == "thread archived" and method != "PATCH":
                continue
            found.append((call, name))
    return found


@dataclass
class FaultyLine:
    """The line between the bot and the simulated Discord, which can be made to fail.

    It also does what the simulation leaves out: a nonce that repeats gives the first message back.
    """

    world: World
    hits: int = 0
    _fault: Fault | None = None
    _verdict: str = ""  #: what is still to come true
    _call: tuple[str, str] = ("", "")
    _until: datetime | None = None  #: None: the next matching call only
    _nonces: dict[str, Any] = field(default_factory=dict)

    def install(self) -> None:
        lines: tuple[Any, ...] = (self.world.env.bot.http, self.world.env._webhook_adapter)
        for line in lines:
            line.request = self._through(line.request)

    def fail(self, call: str, fault: str, seconds: float) -> None:
        self._call, self._fault = CALLS[call], FAULTS[fault]
        self._until = self.world.env.now() + timedelta(seconds=seconds) if seconds else None
        self._verdict = self._fault.verdict
        if call not in {"announcement", "thread"}:  # else a round would not even begin
            self._come_true()

    def _come_true(self) -> None:
        verdict, self._verdict = self._verdict, ""
        if verdict == "closed":
            self.world.deny("send_messages")
        elif verdict == "gone":
            self.world.env.backend.delete_channel(self.world.channel.id)

    def mend(self) -> None:
        self._fault = None
        self.world.deny()

    def _through(self, request: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def send(route: Any, *args: Any, **kwargs: Any) -> Any:
            fault = self._fault_for(route)
            if fault is None:
                return await self._once(request, route, *args, **kwargs)
            if fault.status:
                # Not `env.inject_error`, which work of the bot's may not call.
                refusal = {"status": fault.status, "code": fault.code, "message": "refused by the test"}
                self.world.env.backend.faults.append({"method": "*", "path": "*", "times": 1, **refusal})
                return await request(route, *args, **kwargs)
            if fault.taken:
                await self._once(request, route, *args, **kwargs)
            raise TimeoutError

        return send

    def _fault_for(self, route: Any) -> Fault | None:
        fault, (method, path) = self._fault, self._call
        private = route.channel_id == self.world.moderator.user.dm_channel.id
        if fault is None or private or route.method != method or not re.search(path, route.url):
            return None
        if self._until is None:
            self._fault = None
        elif self.world.env.now() > self._until:
            self._fault = None
            return None
        self._come_true()
        self.hits += 1
        return fault

    async def _once(
        self, request: Callable[..., Awaitable[Any]], route: Any, *args: Any, **kwargs: Any
    ) -> Any:
        body = str(kwargs.get("json") or kwargs.get("form") or "")
        nonce = re.search(r"""nonce["']: ?["']([^"']+)""", body)
        if route.method != "POST" or nonce is None:
            return await request(route, *args, **kwargs)
        if nonce[1] not in self._nonces:
            self._nonces[nonce[1]] = await request(route, *args, **kwargs)
        return self._nonces[nonce[1]]


async def play(world: World, call: str, break_line: Callable[[], None]) -> None:
    """Play a round of one question, in which Ana answers; the line breaks just before the named call."""

    async def upto(name: str, act: Callable[[], Awaitable[Any]]) -> None:
        if name == call:
            break_line()
        await act()

    async def ana(letter: str) -> Any:
        return await world.members["Ana"].click(world.question, label=letter)

    threaded: dict[str, Any] = {"thread": True} if call == "thread" else {}
    if threaded:
        break_line()
    await upto("announcement", lambda: world.start(seconds=20, questions=1, **threaded))
    await upto("question", lambda: world.advance(LEAD))
    if call in {"announcement", "thread", "question"}:
        return
    await upto("receipt", lambda: ana("A"))
    await upto("old receipt", lambda: ana("B"))
    await upto("count", lambda: world.advance(4))
    await upto("reveal", lambda: world.advance(16 + GRACE))
    await upto("result", lambda: world.advance(PAUSE + 1))


def state_of(world: World) -> tuple[str, bool, bool]:
    """Return the round's state, whether it is settled, and whether it has a final card."""
    ((state, settled_at, result_id),) = world.rows("SELECT state, settled_at, result_id FROM rounds")
    return state, settled_at is not None, result_id is not None


@pytest.mark.parametrize("seconds", [0, 60], ids=["once", "for a minute"])
@pytest.mark.parametrize(("call", "fault"), pairs())
async def test_a_round_survives(world: World, call: str, fault: str, seconds: float) -> None:
    line = FaultyLine(world)
    line.install()
    await play(world, call, lambda: line.fail(call, fault, seconds))
    outcome = expected(call, fault, seconds)
    if outcome == "paused":
        assert state_of(world)[0] == "paused"
        line.mend()
        await world.moderator.slash(world.channel, "round resume")
    answered = world.rows("SELECT * FROM responses")
    for _ in range(30):
        await world.advance(10)
    assert line.hits, "the fault was never met"
    if outcome == "held":
        assert state_of(world) == ("finished", False, False)
        line.mend()
        await world.advance(600)

    state, settled, has_card = state_of(world)
    ended = "stopped" if outcome == "stopped" else "finished"
    assert (state, settled, has_card) == (ended, True, outcome in {"finished", "paused", "held"})
    assert world.rows("SELECT * FROM responses") == answered
    assert len(notices(world)) == (0 if outcome == "finished" else 1)
    if outcome == "finished" and call not in {"thread", "count", "reveal"}:
        assert [kind(message) for message in world.messages] == ["announcement", "question", "result"]


async def test_a_final_card_waits_for_its_channel_over_a_restart_and_its_host_hears_of_it_once(
    world: World,
) -> None:
    await play(world, "result", lambda: world.deny("send_messages"))
    for _ in range(10):
        await world.advance(100)
    await world.restart()
    for _ in range(10):
        await world.advance(100)
    assert state_of(world) == ("finished", False, False)
    assert world.rows("SELECT count(*) FROM standings") == [(1,)], "they count although nobody sees them"
    (notice,) = notices(world)
    assert (
        "its result has to wait, because I need **Send Messages** and **Attach Files** there"
        in notice.content
    )
    assert len(world.env.http_requests) < 60, "Discord counts what it refuses"
    world.deny()
    await world.advance(600)
    assert state_of(world) == ("finished", True, True)
    assert kind(world.messages[-1]) == "result"
    assert len(notices(world)) == 1


async def test_a_round_that_was_stopped_has_its_final_card_though_the_question_cannot_be_edited(
    world: World,
) -> None:
    line = FaultyLine(world)
    line.install()
    await world.start_and_open()
    line.fail("count", "form refused", 60)
    await world.stop()
    await world.advance(5)
    assert state_of(world) == ("stopped", True, True)
    assert kind(world.messages[-1]) == "result"


async def test_a_final_card_waits_no_longer_when_its_channel_is_gone(world: World) -> None:
    await play(world, "result", lambda: world.deny("send_messages"))
    world.env.backend.delete_channel(world.channel.id)
    for _ in range(7):
        await world.advance(100)
    assert state_of(world) == ("finished", True, False)


NO_THREAD = {
    "as many as there may be": Fault(400, 160006),
    "no right to open one": Fault(403, 50013),
    "its title is blocked": Fault(400, 200001),
    "the announcement was deleted": Fault(404, 10008),
}


@pytest.mark.parametrize("reason", NO_THREAD)
async def test_a_round_that_can_have_no_thread_plays_in_the_channel_and_says_so(
    world: World, reason: str
) -> None:
    FAULTS[reason] = NO_THREAD[reason]
    line = FaultyLine(world)
    line.install()
    line.fail("thread", reason, 0)
    await world.start(questions=2, thread=True)
    if reason == "no right to open one":
        world.deny("create_public_threads")
    await world.advance(2)
    assert "I could not open a thread, so the round takes place here." in texts(world.messages[0])
    await world.advance(LEAD)
    assert "question 1 of 2" in texts(world.question)
    assert "I could not open a thread, so the round takes place here." in texts(world.question)
    await world.restart()
    await world.close_question()
    assert "could not open" not in texts(await world.next_question())
    assert world.channel.threads == []
    assert notices(world) == []


async def test_nothing_is_concluded_while_the_gateway_calls_the_server_unavailable(world: World) -> None:
    backend, guild_id = world.env.backend, world.server.id
    line = FaultyLine(world)
    line.install()
    await world.start(seconds=20, questions=1)
    backend.emit("GUILD_DELETE", {"id": str(guild_id), "unavailable": True})
    line.fail("question", "channel unknown, but it is there", 60)
    await world.advance(LEAD + 50)
    assert line.hits > 1
    assert state_of(world) == ("asking", False, False)
    backend.emit("GUILD_CREATE", serializers.guild_create_payload(backend, backend.get_guild(guild_id)))
    await world.advance(100)
    assert state_of(world) == ("finished", True, True)
    assert notices(world) == []


async def test_a_round_outlasts_an_outage_of_twenty_minutes_and_can_be_steered(
    world: World,
) -> None:
    line = FaultyLine(world)
    line.install()
    await play(world, "question", lambda: line.fail("question", "overloaded", 20 * 60))
    for _ in range(60):
        await world.advance(10)
    status = await world.moderator.slash(world.channel, "round status")
    assert status.response
    assert steering.status_asking(1, 1, None, 0, 0) in texts(status.response.message)
    for _ in range(90):
        await world.advance(10)
    assert state_of(world) == ("finished", True, True)


async def test_a_question_whose_post_was_taken_in_silence_can_still_be_answered(world: World) -> None:
    line = FaultyLine(world)
    line.install()
    await play(world, "question", lambda: line.fail("question", "time-out after it was taken", 60))
    while world.rows("SELECT message_id FROM asked_questions") == [(None,)]:
        await world.advance(1)
    assert world.question.created_at < world.env.now() - timedelta(seconds=20)
    await world.advance(5)
    await world.members["Ana"].click(world.question, label="A")
    assert world.rows("SELECT count(*) FROM responses") == [(1,)]


async def test_a_round_ends_with_its_card_though_the_picture_cannot_be_drawn(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def break_down(_: TypstCharts, board: Board) -> bytes:
        raise RuntimeError(board.rows)

    monkeypatch.setattr(TypstCharts, "render_board", break_down)
    await play(world, "nothing", lambda: None)
    await world.advance(10)
    assert state_of(world) == ("finished", True, True)
    assert world.messages[-1].attachments == []
    assert "the result ·" in texts(world.messages[-1])


def kind(message: Any) -> str:
    content = texts(message)
    if "the result ·" in content or "stopped early" in content:
        return "result"
    return "question" if "question 1" in content else "announcement"


def notices(world: World) -> list[Any]:
    """What the host was told in private messages."""
    return world.moderator.user.dm_channel.history()
