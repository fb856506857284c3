"""Private replies to clicks and commands, sent well within Discord's three seconds.

With discord.py this one call is most of what a click costs (measured: the whole click takes 2.4 times the
processor time), and thousands of clicks at once cost a connection each. So it is made here: plain HTTP/1.1 on
a few connections that stay open. Only in the usual case, though: through a proxy, without Discord (the demo,
tests), for a second reply, and whenever anything goes wrong, discord.py sends the reply as always.
Nobody else has to know.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

import discord
import discord.http
import orjson
from discord.webhook.async_ import async_context

from bot.ui.gateway import is_known_discordpy
from bot.ui.guard import LINE_ERRORS, Interaction
from bot.ui.reply_pool import Overloaded, ReplyPool, Unsent

log = logging.getLogger(__name__)

MAX_CONNECTIONS = 512
#: How many connections are opened before a question is posted.
FEW, MAX_WARM = 16, 256
#: Discord accepts a first reply for three seconds; what we have not sent by then is left to discord.py.
DISCORD_SECONDS, DEADLINE_SECONDS = 3.0, 2.5
#: Problems are collected for this long and then logged in one line.
GATHER_SECONDS = 1.0

#: What Discord calls an error code (docs.discord.com, opcodes and status codes).
UNKNOWN_INTERACTION, ALREADY_ACKNOWLEDGED = 10062, 40060
#: The kinds of first replies (interaction callback types), and the flag for what only one person sees.
MESSAGE, THINKING, UPDATE_LATER = 4, 5, 6
EPHEMERAL, COMPONENTS_V2 = 1 << 6, 1 << 15
#: How long sending a promised reply may take; Discord waits fifteen minutes for it.
PROMISED_SECONDS = 15.0


_Send = Callable[[], Awaitable[None]]


class Acknowledger:
    """Sends private replies."""

    def __init__(self, client: discord.Client, *, limit: int = MAX_CONNECTIONS) -> None:
        self._client, self._limit = client, limit
        self._pool: ReplyPool | None = None
        self._expected = 0
        self._troubles: Counter[str] = Counter()
        self._telling: asyncio.TimerHandle | None = None
        self.late = 0  #: replies that Discord no longer accepted
        self.repeated = 0  #: replies that Discord had already accepted
        self.fallbacks = 0  #: replies left to discord.py because of a problem

    @property
    def is_busy(self) -> bool:
        """Whether so many replies are under way that everything else should wait."""
        return self._pool is not None and self._pool.under_way > FEW

    def warm(self) -> None:
        """Open connections for the coming clicks: as many as there were at once lately."""
        if self._is_usual():
            pool = self._ready_pool()
            self._expected, pool.peak = max(pool.peak, self._expected // 2), 0
            pool.warm(min(max(self._expected, FEW), MAX_WARM))

    async def send(self, interaction: Interaction, sentence: str) -> bool:
        """Reply privately and return whether the reply was delivered.

        A reply that comes too late, or twice, or not at all, is only logged: what it reports has happened
        anyway.
        """
        data = {
            "tts": False,
            "content": sentence,
            "flags": EPHEMERAL,
            "allowed_mentions": {"parse": ()},
        }

        async def send() -> None:
            if interaction.response.is_done():
                await interaction.followup.send(sentence, ephemeral=True, wait=True)
            else:
                await interaction.response.send_message(sentence, ephemeral=True)

        return await self._reply(interaction, {"type": MESSAGE, "data": data}, send)

    async def take_time(self, interaction: Interaction, *, in_place: bool) -> bool:
        """Say that the real reply follows; return whether Discord took that in time.

        Args:
            interaction: what is to be replied to, privately.
            in_place: whether the reply will change the message that was pressed instead of being a new one.
        """

        async def defer() -> None:
            await interaction.response.defer(ephemeral=True, thinking=not in_place)

        thinking: dict[str, Any] = {"type": THINKING, "data": {"flags": EPHEMERAL}}
        return await self._reply(interaction, {"type": UPDATE_LATER} if in_place else thinking, defer)

    async def show(self, interaction: Interaction, view: discord.ui.LayoutView) -> bool:
        """Show what was promised with `take_time`, where it was promised."""

        async def edit() -> None:
            await interaction.edit_original_response(view=view)

        if not self._is_usual():
            return await self._through_discordpy(edit)
        data = {"components": view.to_components(), "flags": COMPONENTS_V2, "allowed_mentions": {"parse": ()}}
        token = quote(interaction.token, safe="")
        path = f"/webhooks/{interaction.application_id}/{token}/messages/@original"
        deadline = asyncio.get_running_loop().time() + PROMISED_SECONDS
        try:
            reply = await self._ready_pool().send(
                path, orjson.dumps(data), deadline=deadline, latest=deadline, method="PATCH"
            )
            trouble = "" if 200 <= reply.status < 300 else f"status {reply.status}"
        except Unsent as error:
            trouble = str(error)
        if not trouble:
            return True
        self.fallbacks += 1
        self._note(f"left to discord.py ({trouble})")
        return await self._through_discordpy(edit)

    async def close(self) -> None:
        """Let replies under way arrive, and close the connections."""
        try:
            if self._pool is not None:
                await self._pool.close()
        finally:
            if self._telling is not None:
                self._telling.cancel()
                self._tell_troubles()

    def _is_usual(self) -> bool:
        """Return whether discord.py is the one we know, and talks to Discord itself without a proxy."""
        http = self._client.http
        return _KNOWN and type(http) is discord.http.HTTPClient and http.proxy is None

    def _ready_pool(self) -> ReplyPool:
        if self._pool is None:
            self._pool = ReplyPool(discord.http.Route.BASE, self._client.http.user_agent, self._limit)
        return self._pool

    async def _reply(
        self, interaction: Interaction, callback: dict[str, Any], through_discordpy: _Send
    ) -> bool:
        """Make a callback ourselves or, where that is not possible or fails, through discord.py."""
        if interaction.response.is_done() or not self._is_usual():
            return await self._through_discordpy(through_discordpy)
        begun = asyncio.get_running_loop().time()
        try:
            delivered = await self._post(interaction, orjson.dumps(callback), begun)
        except Overloaded:  # discord.py would only be slower, and make others late as well
            self.late += 1
            self._note("too late (too many at once)")
            return False
        except Unsent as trouble:
            self.fallbacks += 1
            self._note(f"left to discord.py ({trouble})")
            return await self._through_discordpy(through_discordpy, until=begun + DISCORD_SECONDS)
        _mark_done(interaction, callback["type"])
        return delivered

    async def _post(self, interaction: Interaction, body: bytes, begun: float) -> bool:
        """Send a callback; after a fault of Discord's, send it once more at once."""
        path = f"/interactions/{interaction.id}/{quote(interaction.token, safe='')}/callback"
        pool = self._ready_pool()
        deadline, latest = begun + DEADLINE_SECONDS, begun + DISCORD_SECONDS
        reply = await pool.send(path, body, deadline=deadline, latest=latest)
        if reply.status >= 500:
            reply = await pool.send(path, body, deadline=deadline, latest=latest)
        if 200 <= reply.status < 300:
            return True
        code = _error_code(reply.body)
        if code == ALREADY_ACKNOWLEDGED:
            self.repeated += 1
            return True
        if code == UNKNOWN_INTERACTION:
            self.late += 1
            self._note("too late")
            return False
        raise Unsent(f"status {reply.status}, code {code}")

    async def _through_discordpy(self, send: _Send, *, until: float | None = None) -> bool:
        try:
            async with asyncio.timeout_at(until):
                await send()
        except LINE_ERRORS as error:  # whose own text may show the address, and with it the token
            code = error.code if isinstance(error, discord.HTTPException) else None
            self.repeated += code == ALREADY_ACKNOWLEDGED
            self.late += code == UNKNOWN_INTERACTION
            if code != ALREADY_ACKNOWLEDGED:
                self._note(f"not delivered ({type(error).__name__}{f', code {code}' if code else ''})")
            return code == ALREADY_ACKNOWLEDGED
        return True

    def _note(self, trouble: str) -> None:
        self._troubles[trouble] += 1
        if self._telling is None:
            loop = asyncio.get_running_loop()
            self._telling = loop.call_later(GATHER_SECONDS, self._tell_troubles)

    def _tell_troubles(self) -> None:
        shown = "; ".join(f"{number} {trouble}" for trouble, number in self._troubles.most_common())
        log.warning("private replies: %s", shown)
        self._telling = None
        self._troubles.clear()


# --- what discord.py offers no public way for -----------------------------------------------------

#: pyproject.toml asks for this discord.py; with any other, discord.py sends every reply.
_KNOWN = is_known_discordpy()


def _mark_done(interaction: Interaction, kind: int) -> None:
    """Tell discord.py that an interaction has its first response, so that another one is a follow-up.

    An interaction and its response refer to each other and keep alive whatever came with them, which only the
    garbage collector could free; at 1,000 clicks a second that stopped everybody for 90 ms at a time. A
    response that is done no longer needs its interaction, so it lets go.
    """
    response: Any = interaction.response
    response._response_type = discord.InteractionResponseType(kind)  # noqa: SLF001
    response._parent = None  # noqa: SLF001


async def remove_reply(client: discord.Client, application_id: int, token: str) -> None:
    """Delete an interaction's first reply; its message id need not be known."""
    webhook = discord.Webhook.partial(application_id, token, client=client)
    await async_context.get().delete_original_interaction_response(
        application_id,
        token,
        session=webhook.session,
        proxy=client.http.proxy,
        proxy_auth=client.http.proxy_auth,
    )


async def edit_reply(client: discord.Client, application_id: int, token: str, sentence: str) -> None:
    """Change what an interaction's first reply says."""
    webhook = discord.Webhook.partial(application_id, token, client=client)
    await async_context.get().edit_original_interaction_response(
        application_id,
        token,
        session=webhook.session,
        proxy=client.http.proxy,
        proxy_auth=client.http.proxy_auth,
        payload={"content": sentence, "allowed_mentions": {"parse": []}},
    )


def _error_code(body: bytes) -> int | None:
    """Return Discord's error code, if this is such an error."""
    try:
        code = orjson.loads(body)["code"]
    except (ValueError, LookupError, TypeError):
        return None
    return code if isinstance(code, int) else None
