"""Puts the prototypes into a running Quizhost, without changing it: measured before they are built."""

from typing import Any

import aiohttp
import discord
import discord.gateway
import discord.http
import orjson

from bot import tasks
from bot.services.ports import QuestionCard
from bot.ui import receipts, stage
from bot.ui.guard import Interaction

MESSAGE, EPHEMERAL = 4, 64
OK = range(200, 300)
WARM_CONNECTIONS = 256


def acknowledge_with(library: str) -> None:
    """Send receipts through a pool of our own: "httptools", "pyreqwest" or "aiohttp"."""
    pools: list[Any] = []

    def pool() -> Any:
        if not pools:
            pools.append(_make_pool(library))
        return pools[0]

    async def tell(interaction: Interaction, sentence: str) -> int | None:
        data = {"content": sentence, "flags": EPHEMERAL, "allowed_mentions": {"parse": []}}
        body = orjson.dumps({"type": MESSAGE, "data": data})
        path = f"/interactions/{interaction.id}/{interaction.token}/callback"
        interaction.response._response_type = discord.InteractionResponseType.channel_message
        status = await pool().request("POST", path, body)
        return 0 if status in OK else None

    async def remove(_: receipts.Receipts, sent: Any) -> None:
        await pool().request("DELETE", f"/webhooks/{sent.application_id}/{sent.token}/messages/@original")

    post = stage.DiscordStage.post

    async def warm_and_post(self: Any, card: Any) -> Any:
        """Open connections before the clicks come."""
        if isinstance(card, QuestionCard) and hasattr(pool(), "warm"):
            tasks.spawn(pool().warm(WARM_CONNECTIONS), name="warm connections")
        return await post(self, card)

    _replace(stage.DiscordStage, "post", warm_and_post)
    receipts.tell = tell
    _replace(receipts.Receipts, "_remove", remove)


def _replace(owner: Any, name: str, by: Any) -> None:
    setattr(owner, name, by)


def _make_pool(library: str) -> Any:
    base = discord.http.Route.BASE
    if library == "httptools":
        from tests.bench.prototypes import acknowledge_httptools

        return acknowledge_httptools.Pool(base)
    if library == "aiohttp":
        from tests.bench.prototypes import acknowledge_aiohttp

        return acknowledge_aiohttp.Pool(base)
    from tests.bench.prototypes import acknowledge_pyreqwest

    return acknowledge_pyreqwest.Pool(base)


def yield_every(argument: str) -> None:
    """Let the event loop come round after that many gateway messages, however many are buffered."""
    every = int(argument)
    base = discord.gateway.DiscordClientWebSocketResponse
    received = 0

    class Yielding(base):
        async def receive(self, timeout: float | None = None) -> aiohttp.WSMessage:  # noqa: ASYNC109 - its signature
            nonlocal received
            received += 1
            if received % every == 0:
                await _come_round()
            return await super().receive(timeout)

    discord.http.DiscordClientWebSocketResponse = Yielding  # type: ignore[attr-defined]


class _ComeRound:
    """What `asyncio.sleep(0)` is: one bare yield."""

    def __await__(self) -> Any:
        yield


async def _come_round() -> None:
    await _ComeRound()


def lean() -> None:
    """Answer our clicks from the gateway's own JSON, before discord.py builds its objects."""
    from datetime import UTC, datetime

    from bot import text
    from bot.domain.round import RoundId
    from bot.services.errors import QuizhostError
    from bot.services.live_round import Click
    from bot.ui.client import QuizBot
    from bot.ui.custom_ids import AnswerButton, decode
    from bot.ui.router import ButtonRouter

    routers: list[Any] = []
    pools: list[Any] = []
    init, setup_hook = ButtonRouter.__init__, QuizBot.setup_hook

    def remember(self: Any, **arguments: Any) -> None:
        init(self, **arguments)
        routers.append(self)

    async def answer(data: Any, button: AnswerButton) -> None:
        interaction_id, user = int(data["id"]), data["member"]["user"]
        click = Click(
            question_number=button.question_number,
            slot=button.slot,
            message_id=int(data["message"]["id"]),
            interaction_id=interaction_id,
            player_id=int(user["id"]),
            player_name=data["member"]["nick"] or user["global_name"] or user["username"],
            at=datetime.fromtimestamp(((interaction_id >> 22) + 1420070400000) / 1000, UTC),
        )
        round_id = RoundId(int(data["guild_id"]), button.round_number)
        try:
            receipt = await routers[0]._rounds.answer(round_id, click)
            sentence = text.receipt(receipt.letter, receipt.closes_at, locked=receipt.locked)
        except QuizhostError as error:
            sentence = repr(error)
        if not pools:
            pools.append(_make_pool("httptools"))
        message = {"content": sentence, "flags": EPHEMERAL, "allowed_mentions": {"parse": []}}
        body = orjson.dumps({"type": MESSAGE, "data": message})
        await pools[0].request("POST", f"/interactions/{interaction_id}/{data['token']}/callback", body)

    async def hook(self: Any) -> None:
        parsers = self._connection.parsers
        usual = parsers["INTERACTION_CREATE"]

        def parse(data: Any) -> None:
            button = decode(data["data"].get("custom_id", "")) if data["type"] == 3 else None
            if isinstance(button, AnswerButton) and "member" in data:
                tasks.spawn(answer(data, button), name="answer")
            else:
                usual(data)

        parsers["INTERACTION_CREATE"] = parse
        await setup_hook(self)

    ButtonRouter.__init__ = remember
    QuizBot.setup_hook = hook
