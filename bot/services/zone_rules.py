"""What a time zone's clocks do over some years, in the form of a calendar file (RFC 5545, 3.6.5).

icalendar can also write a zone, but it samples every 64 days and misses what was changed back by then (in
Morocco, for a month each year), and it makes clocks go forward an hour late.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from bot.domain.walltime import change_between

if TYPE_CHECKING:
    import icalendar

#: Shorter than the gap between any two changes of a zone; the shortest is Morocco's month.
_STEP = timedelta(days=7)


class Change(NamedTuple):
    """An instant at which a zone's clocks are set."""

    at: datetime  #: naive UTC
    before: timedelta  #: the offset until then
    after: timedelta

    @property
    def wall(self) -> datetime:
        """What the clocks show when they are set."""
        return self.at + self.before


@lru_cache(maxsize=128)  # a zone takes some milliseconds, and many schedules share one
def changes_of(zone: ZoneInfo, first_year: int, last_year: int) -> tuple[Change, ...]:
    """Return each change of a zone's offset in these years."""
    found: list[Change] = []
    at, end = datetime(first_year, 1, 1), datetime(last_year + 1, 1, 1)  # noqa: DTZ001 - naive UTC
    before = _offset(zone, at)
    while at < end:
        after = _offset(zone, at + _STEP)
        if after != before:
            found.append(Change(change_between(at, at + _STEP, zone), before, after))
        at, before = at + _STEP, after
    return tuple(found)


def write_zone(zone: ZoneInfo, first_year: int, last_year: int) -> "icalendar.Timezone":
    """Return the zone as a calendar's component, right within these years."""
    import icalendar  # noqa: PLC0415 - see `bot.services.calendar`

    start = datetime(first_year, 1, 1)  # noqa: DTZ001 - naive UTC
    known = _offset(zone, start)
    onsets: dict[tuple[timedelta, timedelta, str, bool], list[datetime]] = {
        (known, known, *_name(zone, start)): [start + known]
    }
    for change in changes_of(zone, first_year, last_year):
        onsets.setdefault((change.before, change.after, *_name(zone, change.at)), []).append(change.wall)
    written = icalendar.Timezone()
    written.add("tzid", zone.key)
    for (before, after, name, in_summer), (first, *others) in onsets.items():
        part = icalendar.TimezoneDaylight() if in_summer else icalendar.TimezoneStandard()
        part.add("dtstart", first)
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("tzname", name)
        if others:
            part.add("rdate", others)
        written.add_component(part)
    return written


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.replace(tzinfo=UTC).astimezone(zone).utcoffset() or timedelta()


def _name(zone: ZoneInfo, at: datetime) -> tuple[str, bool]:
    shown = at.replace(tzinfo=UTC).astimezone(zone)
    return shown.tzname() or zone.key, bool(shown.dst())
