"""Makes text that people chose fit to be drawn on one line: keeps letters, drops what breaks a picture."""

import unicodedata
from collections.abc import Iterable

from bot.characters import FILLERS

#: Letters in no living script carry more (Hebrew: a dot, a dagesh, a vowel); piles of marks are a prank.
MARKS_PER_LETTER = 3

#: Controls, halves of surrogate pairs, and characters that mean something in one font only.
_UNDRAWABLE = frozenset({"Cc", "Cs", "Co"})

#: Bidirectional embeddings, overrides and isolates (a name has its line to itself), soft hyphens, zero-width
#: spaces. Joiners stay, as Persian, Hindi and emoji need them; so do tags, as the flag of Wales does.
_INVISIBLE = frozenset("\u00ad\u200b\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

#: Ornaments around names, from scripts we have no font for: without them instead of boxes in their place.
_ORNAMENTS = str.maketrans({"༼": "(", "༽": ")", "꒰": "(", "꒱": ")"} | dict.fromkeys("꧁꧂༺༻༒࿐𓆩𓆪𖤐", ""))


def make_legible(text: str) -> str:
    """Return the text as it can be drawn on one line; empty if a reader would see nothing."""
    kept = (char for char in text.translate(_ORNAMENTS) if char.isspace() or _is_drawable(char))
    drawn = " ".join(_thin_out(kept).split())
    return drawn if any(_is_seen(char) for char in drawn) else ""


def _is_drawable(char: str) -> bool:
    return char not in _INVISIBLE and unicodedata.category(char) not in _UNDRAWABLE


def _is_seen(char: str) -> bool:
    return char not in FILLERS and unicodedata.category(char) not in {"Cf", "Mn", "Me", "Zs"}


def _thin_out(text: Iterable[str]) -> str:
    """Drop marks that pile up on a letter beyond what any script needs."""
    kept: list[str] = []
    marks, last = 0, ""
    for char in text:
        # Vowel signs mostly have class 0 and are not counted, but no script writes the same one twice.
        marks = marks + 1 if unicodedata.combining(char) else 0
        repeated = char == last and unicodedata.category(char) in {"Mn", "Me"}
        last = char
        if marks <= MARKS_PER_LETTER and not repeated:
            kept.append(char)
    return "".join(kept)
