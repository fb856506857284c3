"""The one entrance for commands, forms and buttons: whatever comes a second time is ignored.

Discord may send an event again, after a reconnect for example. The second of two equal ids is not a second
request: it must not add a schedule twice or skip anything twice.
"""

import logging
from collections.abc import Callable
from typing import Any

import discord

from bot.ui.gateway import is_known_discordpy

log = logging.getLogger(__name__)

#: At least this many ids are remembered, more than arrive during a reconnect; at most twice as many.
KEPT = 20_000


class Seen:
    """The newest ids, in two halves: the older is dropped whole, so that a check costs next to nothing."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._newer: set[str] = set()
        self._older: set[str] = set()

    def is_new(self, id_: str) -> bool:
        """Tell whether an id is new, and remember it."""
        if id_ in self._newer or id_ in self._older:
            return False
        self._newer.add(id_)
        if len(self._newer) >= self._kept:
            self._older, self._newer = self._newer, set()
        return True


def take_once(client: discord.Client) -> None:
    """Let each interaction come in once. Call it last: what parses interactions by then stands behind it."""
    if not is_known_discordpy():
        log.warning("discord.py %s is new to us: what Discord sends twice is done twice", discord.__version__)
        return
    state: Any = client._connection  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - see bot.ui.presses
    parse: Callable[[Any], None] = state.parsers["INTERACTION_CREATE"]
    seen = Seen()

    def parse_once(payload: Any) -> None:  # noqa: ANN401 - JSON
        if seen.is_new(payload["id"]):
            parse(payload)
        else:
            log.info("interaction %s came twice", payload["id"])

    state.parsers["INTERACTION_CREATE"] = parse_once
