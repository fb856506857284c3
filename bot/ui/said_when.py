"""A day and time said back to whoever typed it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.walltime import instant_of, wall_of
from bot.text import dates


def describe_when(wall: datetime, zone: ZoneInfo, now: datetime, *, most: int | None = None) -> str:
    """Say a wall time with its place, its distance, and what happens if the clocks change then.

    In at most `most` characters: to fit, the distance is left out first, then the place.
    """
    instant = instant_of(wall, zone)
    shown = wall_of(instant, zone)
    minutes = round((instant - now) / timedelta(minutes=1))
    days = (shown.date() - wall_of(now, zone).date()).days
    change = ""
    if shown != wall:
        change = dates.clocks_skip(wall, shown)
    elif wall.replace(tzinfo=zone, fold=0).utcoffset() != wall.replace(tzinfo=zone, fold=1).utcoffset():
        change = dates.clocks_repeat()
    place, distance = dates.city(zone.key), dates.from_now(minutes, days)
    ways = ((place, distance), (place, ""), ("", ""))
    said = [dates.when_in_words(wall, *way, change) for way in ways]
    return next((one for one in said if most is None or len(one) <= most), said[-1])
