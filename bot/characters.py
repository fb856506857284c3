"""Which characters people see, and which act on a screen or hide in a text instead."""

import re
import unicodedata

#: Invisible, but a part of emoji and of Persian and Indic words.
JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
#: Controls, formats (bidi marks are among them), halves of characters, and the line ends of Unicode.
_ACTING = {"Cc", "Cf", "Cs", "Zl", "Zp"}

#: Letters and a symbol that are drawn as a blank: favourites for texts and names that look empty.
FILLERS = "\u115f\u1160\u2800\u3164\uffa0"
_FILLER = re.compile(f"[{FILLERS}]")
#: What is drawn as nothing (Unicode's Default_Ignorable_Code_Point), but for the letters that make a flag.
_HIDING = re.compile(
    "(?P<flag>\U0001f3f4[\U000e0020-\U000e007f]+)|(?P<joiner>[\u200c\u200d])"
    "|[\u00ad\u034f\u061c\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
#: The combining class of signs that fuse the letters around them in Indic scripts.
_VIRAMA = 9


def printable(text: object) -> str:
    """Return a text on one line, every character visible: none can control a terminal or forge a log line.

    Every name and path that goes to a terminal or a log comes through here.
    """
    return "".join(_shown(character) for character in str(text))


def _shown(character: str) -> str:
    acting = unicodedata.category(character) in _ACTING and character not in JOINERS
    return "\N{REPLACEMENT CHARACTER}" if acting else character


def seen(text: str) -> str:
    """Return a text as the eye takes it in: without what shows nothing, a space for what shows as one."""
    return text if text.isascii() else _HIDING.sub(_kept, _FILLER.sub(" ", text))


def _kept(found: re.Match[str]) -> str:
    """Keep what makes a flag another one, and a joiner where it changes what is drawn."""
    if found["flag"]:
        return found["flag"]
    before = found.string[: found.start()][-1:]
    joins = (
        found["joiner"]
        and before
        and (
            unicodedata.combining(before) == _VIRAMA
            or unicodedata.bidirectional(before) == "AL"
            or unicodedata.category(before) in {"So", "Sk"}
            or before == "\N{VARIATION SELECTOR-16}"
        )
    )
    return found["joiner"] if joins else ""
