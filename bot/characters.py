"""Which characters people see, and which act on a screen or hide in a text instead."""

import unicodedata

#: Invisible, but a part of emoji and of Persian and Indic words.
JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
#: Controls, formats (bidi marks are among them), halves of characters, and the line ends of Unicode.
_ACTING = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def printable(text: object) -> str:
    """Return a text in one line whose characters are all seen: none acts on a terminal or forges a log line.

    Every name and path that goes to a terminal or a log comes through here.
    """
    return "".join(_shown(character) for character in str(text))


def _shown(character: str) -> str:
    acting = unicodedata.category(character) in _ACTING and character not in JOINERS
    return "\N{REPLACEMENT CHARACTER}" if acting else character
