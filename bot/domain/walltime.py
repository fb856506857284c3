"""Between what a clock on the wall shows and the instant that it means.

Schedules keep wall times: "Fridays at 16:00" is 16:00 in summer and in winter, and a country that changes
its rules changes what that means. Only what is due next becomes an instant, here and nowhere else.
"""

from datetime import UTC, datetime, timedelta, tzinfo

_MINUTE = timedelta(minutes=1)


def instant_of(wall: datetime, zone: tzinfo) -> datetime:
    """Return the instant of a naive wall time in whole minutes, as aware UTC.

    Nearly every wall time comes once. When clocks go back, some come twice: the first counts, because
    people waiting for 02:30 get up at the first. When clocks go forward, some never come: the first minute
    after the gap counts, because somebody who looks up sees that 02:30 has just passed. A round is late by
    the length of the gap at most; it is never early, never played twice and never missed.

    RFC 5545, 3.3.5 also takes the first of two, but moves a time in a gap by the gap's length (02:30
    becomes 03:30). We prefer the earliest possible.
    """
    before = _offset(wall.replace(tzinfo=zone, fold=0))
    after = _offset(wall.replace(tzinfo=zone, fold=1))
    if before >= after:  # it comes once or twice (PEP 495: fold=0 is the first of two)
        return (wall - before).replace(tzinfo=UTC, fold=0)
    change = change_between(wall - after, wall - before, zone)
    seconds_over = (change + after - _EPOCH) % _MINUTE  # local mean times had gaps that end within a minute
    return (change + (_MINUTE - seconds_over) % _MINUTE).replace(tzinfo=UTC)


def wall_of(instant: datetime, zone: tzinfo) -> datetime:
    """Return what clocks in the zone show at an aware instant, as a naive time."""
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def _offset(at: datetime) -> timedelta:
    return at.utcoffset() or timedelta()


def change_between(low: datetime, high: datetime, zone: tzinfo) -> datetime:
    """Return the first second, in naive UTC, at which a zone's offset is no longer the one at `low`."""
    old = _offset_at(low, zone)
    span = (high - low) // timedelta(seconds=1)
    first, last = 0, span
    while first < last:
        middle = (first + last) // 2
        if _offset_at(low + timedelta(seconds=middle), zone) == old:
            first = middle + 1
        else:
            last = middle
    return low + timedelta(seconds=first)


def _offset_at(naive_utc: datetime, zone: tzinfo) -> timedelta:
    return _offset(naive_utc.replace(tzinfo=UTC).astimezone(zone))
