"""What every post has in common: it can be repeated, and pings nobody unasked."""

import discord

#: discord.py passes the client's setting on with new messages, but not with an edit that has no content.
NO_MENTIONS = discord.AllowedMentions.none()

MAX_NONCE = 25


def make_nonce(*parts: int | str) -> str:
    """Return what identifies a post if it is repeated: its last 25 characters count."""
    return ".".join(_base36(part) if isinstance(part, int) else part for part in parts)[-MAX_NONCE:]


def _base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    result = ""
    while number:
        number, digit = divmod(number, 36)
        result = digits[digit] + result
    return result or "0"
