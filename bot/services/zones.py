"""The rules of a stored time zone, which the machine may no longer know."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.services.errors import ZoneUnknown


def zone_of(name: str) -> ZoneInfo:
    """Return a zone by its IANA name, or raise `ZoneUnknown`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # no such file, no such name, a folder
        raise ZoneUnknown(name) from None


def knows_zone(name: str) -> bool:
    """Return whether this machine has a zone's rules."""
    try:
        zone_of(name)
    except ZoneUnknown:
        return False
    return True
