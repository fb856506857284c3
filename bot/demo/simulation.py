"""simcord, made quicker, with its page taking turns with everything else that happens.

Whatever we use of simcord's private parts is in this module and nowhere else; simcord is pinned, and the
browser tests show when it changes.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import simcord
from simcord.preview import Preview
from simcord.preview._server import PreviewServer  # pyright: ignore[reportPrivateUsage] - see above

from bot.ui.guard import describe

_SCRIPT = Path(__file__).with_name("as_in_discord.js")
#: How often to look whether the bot only waits; simcord's own 50 ms would be most of the time spent.
_LOOK_SECONDS = 0.002


class QuickEnv(simcord.Env):
    """Notices sooner that the bot is only waiting."""

    async def _settle_internal(self, *, idle: float = _LOOK_SECONDS, **options: Any) -> None:  # noqa: ANN401 - simcord's
        await super()._settle_internal(idle=min(idle, _LOOK_SECONDS), **options)

    def _record_error(self, error: BaseException) -> None:
        """Ignore refusals: the bot has answered them with a sentence, so they are not failures."""
        if describe(getattr(error, "original", error)) is None:
            super()._record_error(error)


class TurnTakingPreview(Preview):
    """The page of one channel, whose every action waits for its turn.

    simcord carries out one operation at a time and refuses an action of the page that overlaps another
    operation; it also refuses one that was sent before the page had heard of the newest publication. In
    the demo somebody else is always acting, so here an action waits instead, and applies to what is
    published by then. Whether its button still exists and can be pressed is checked as usual.
    """

    def __init__(
        self,
        env: simcord.Env,
        channel: simcord.ChannelHandle,
        viewers: tuple[simcord.MemberActor, ...],
        *,
        turn: asyncio.Lock,
        port: int,
    ) -> None:
        super().__init__(
            env,
            channel,
            viewers,
            layout="channel",
            display="responsive",
            width=960,
            height=720,
            locale="en-US",
            timezone="UTC",
            presentation_time=None,
            assets=None,
            port=port,
        )
        self._server = _Server(self, port)
        self._turn = turn

    async def _action(self, context_id: str | None, body: Mapping[str, Any]) -> dict[str, Any]:
        async with self._turn:
            page = self._pages.get(context_id or "")
            if page is not None and "published_revision" in body:
                body = {**body, "published_revision": page.revision}
            return await super()._action(context_id, body)


class _Server(PreviewServer):
    """Adds a script to the page, for what it lacks."""

    _STATIC_FILES: ClassVar[dict[str, str]] = {
        **PreviewServer._STATIC_FILES,  # noqa: SLF001 - a class extends what its base has
        f"/{_SCRIPT.name}": str(_SCRIPT),
    }

    async def _index(self, request: Any) -> Any:  # noqa: ANN401 - aiohttp's request, as simcord declares it
        response = await super()._index(request)
        script = f'<script type="module" src="/{_SCRIPT.name}"></script></head>'
        response.text = response.text.replace("</head>", script)
        return response
