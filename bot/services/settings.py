"""What each server has decided: read from memory, checked before it changes, stored in the database."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from bot.domain.settings import SETTINGS, BadSetting, Place, ServerSettings, Value, parse, time_zones, write
from bot.services.ports import Places

log = logging.getLogger(__name__)


class SettingsStore(Protocol):
    """Remembers what servers have decided."""

    async def fetch_settings(self, server_id: int) -> dict[str, str]:
        """Return what a server has set, as text by the setting's name."""
        ...

    async def save_setting(self, server_id: int, name: str, value: str | None) -> None:
        """Keep a setting's value; with None, forget it."""
        ...


class SettingsService:
    """The settings of every server. Only one process uses a database, so memory is always right."""

    def __init__(self, store: SettingsStore, places: Places) -> None:
        self._store, self._places = store, places
        self._known: dict[int, ServerSettings] = {}
        self._lock = asyncio.Lock()  #: so that reading does not put back what a change has replaced

    async def of(self, server_id: int) -> ServerSettings:
        """Return what a server has decided, with the defaults for the rest."""
        known = self._known.get(server_id)
        if known is not None:
            return known
        async with self._lock:
            return await self._load(server_id)

    async def log_channel(self, server_id: int) -> int | None:
        """Return the channel in which a server wants its notices, or None."""
        return (await self.of(server_id)).log_channel_id

    async def change(self, server_id: int, name: str, given: str) -> ServerSettings:
        """Give a setting a new value, as it was typed; if nothing was typed, its default.

        Raises:
            BadSetting: the setting cannot have this value.
            MissingPermissions, NotARoundChannel, NoticesNotAllowed, NotANoticeChannel: the bot cannot
                do there what the channel is for.
        """
        await asyncio.to_thread(time_zones)  # the first time this reads files
        value = parse(name, given)
        async with self._lock:
            before = await self._load(server_id)
            after = _with(before, {name: value})
            await self._check(server_id, name, after)
            # A default is not stored, so that it follows the default of a later version.
            usual = value == SETTINGS[name].default
            await self._store.save_setting(server_id, name, None if usual else write(name, value))
            self._known[server_id] = after
        return after

    def forget(self, server_id: int) -> None:
        """Let a server be as one that has decided nothing; what was stored is gone already."""
        self._known.pop(server_id, None)

    async def _check(self, server_id: int, name: str, after: ServerSettings) -> None:
        kind = SETTINGS[name].kind
        channel_id = getattr(after, name)
        if not isinstance(kind, Place) or channel_id is None:
            return
        await self._places.look_up(server_id, channel_id)
        if kind.plays:
            self._places.check(server_id, channel_id, thread=False)
        else:
            self._places.check_notices(server_id, channel_id)

    async def _load(self, server_id: int) -> ServerSettings:
        """Return the settings; what can no longer be read, perhaps from another version, has its default."""
        known = self._known.get(server_id)
        if known is not None:
            return known
        stored = await self._store.fetch_settings(server_id)
        if stored:
            await asyncio.to_thread(time_zones)
        values: dict[str, Value] = {}
        for name, text in stored.items():
            try:
                values[name] = parse(name, text)
            except (BadSetting, KeyError):
                log.warning("server %s: ignoring its setting %s, which says %r", server_id, name, text)
        self._known[server_id] = _with(ServerSettings(), values)
        return self._known[server_id]


def _with(settings: ServerSettings, values: Mapping[str, Any]) -> ServerSettings:
    """Return the settings with these values, each of which `parse` has made for its field."""
    return replace(settings, **values)
