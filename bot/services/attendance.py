"""Who has said that they will play: a count for everybody, names for those in charge of the round."""

import asyncio
from collections.abc import Mapping
from typing import Protocol

from bot.domain.round import RoundId


class AttendanceStore(Protocol):
    """Remembers who will play which round."""

    async def fetch_attendance(self, round_id: RoundId) -> dict[int, str]:
        """Return the names of those who will, by player id."""
        ...

    async def save_attendance(self, round_id: RoundId, changes: Mapping[int, str | None]) -> None:
        """Store players with their names; with None instead of a name, forget them."""
        ...


class Attendance:
    """Those who will play one round. Presses that arrive together are stored together."""

    def __init__(self, round_id: RoundId, store: AttendanceStore) -> None:
        self._round_id, self._store = round_id, store
        self._names: dict[int, str] = {}
        self._unsaved: set[int] = set()
        self._saving = asyncio.Lock()

    @property
    def names(self) -> Mapping[int, str]:
        """Those who will play, by player id."""
        return self._names

    async def recall(self) -> None:
        """Load what was said before this process started."""
        self._names = await self._store.fetch_attendance(self._round_id) | self._names

    async def toggle(self, player_id: int, name: str) -> bool:
        """Add a player, or remove one who was in; return whether they are in, once that is stored."""
        joins = player_id not in self._names
        if joins:
            self._names[player_id] = name
        else:
            del self._names[player_id]
        self._unsaved.add(player_id)
        async with self._saving:
            await self._save()
        return joins

    async def _save(self) -> None:
        unsaved, self._unsaved = self._unsaved, set()
        if not unsaved:  # somebody before us has stored ours, too
            return
        try:
            changes = {player_id: self._names.get(player_id) for player_id in unsaved}
            await self._store.save_attendance(self._round_id, changes)
        except BaseException:
            self._unsaved |= unsaved
            raise
