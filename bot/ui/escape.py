"""Making text safe to show: names as plain text, quiz texts as the Markdown that authors meant.

discord.py's own `escape_markdown` and `escape_mentions` leave `<@id>`, `<t:..>`, bare links and lists
untouched, so these are ours.
"""

import re
import unicodedata
from functools import lru_cache

from bot.characters import FILLERS, JOINERS

MAX_NAME = 32
MAX_SHORT = 60
_MARKUP = re.compile(r"([\\*_~|`>#\-\[\]()<:@.!+=])")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MAX_MARKS = 3

#: Code, which keeps every character, and characters whose meaning the author has taken away. Code in a line
#: ends in it, as many backticks as it began with.
_LITERAL = re.compile(r"(```.+?```|(`+)(?!`)[^\n]*?[^`\n]\2(?!`)|\\[!-?\[-`{-~])", re.DOTALL)
#: What our own sentences are made of: an escaped character, code, bold.
_MARKDOWN = re.compile(r"\\([!-/:-@\[-`{-~])|`([^`]*)`|\*\*")
_MENTION = re.compile(r"<(?=@|#|/|id:|t:|a?:\w+:\d)")
_MASKED_LINK = re.compile(r"\](?=\()")
_UNDERSCORES = re.compile(r"_{2,}")


def escape_name(name: str) -> str:
    """Return a person's name as plain text: nothing in it formats, pings, links or hides."""
    return _MARKUP.sub(r"\\\1", plain_name(name))


def plain_name(name: str) -> str:
    """Return a name without invisible characters and stacked marks, at most 32 characters long."""
    kept: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", name):
        if character.isspace():
            character = " "  # noqa: PLW2901 - a line break is a control character, too, but divides words
        category = unicodedata.category(character)
        if (category in _INVISIBLE and character not in JOINERS) or character in FILLERS:
            continue
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if marks <= _MAX_MARKS:
            kept.append(character)
    text = " ".join("".join(kept).split())
    short = text if len(text) <= MAX_NAME else text[: MAX_NAME - 1].rstrip() + "…"
    return short if any(unicodedata.category(character)[0] in "LNPS" for character in short) else "somebody"


def escape_quiz_text(text: str) -> str:
    """Return an author's Markdown with blanks kept and mentions and masked links defused.

    Code keeps every character as it is.
    """
    text = text.strip()
    shown: list[str] = []
    end = 0
    for literal in _LITERAL.finditer(text):
        shown += _defuse(text[end : literal.start()]), literal.group()
        end = literal.end()
    return "".join((*shown, _defuse(text[end:])))


@lru_cache(maxsize=1024)
def shorten(text: str) -> str:
    """Return an author's text as a part of one line; of a long one its beginning, without its Markdown."""
    text = text.strip()
    if "\n" not in text and len(text) <= MAX_SHORT:
        return escape_quiz_text(text)
    line = " ".join(text.replace("```", " ").split())
    short = line if len(line) <= MAX_SHORT else f"{line[: MAX_SHORT - 1].rstrip()}…"
    return _MARKUP.sub(r"\\\1", short)


def plain_text(sentence: str) -> str:
    """Return one of our sentences without Markdown, for where Discord shows none: an option's choices."""
    return _MARKDOWN.sub(lambda found: found[1] or (f"“{found[2]}”" if found[2] else ""), sentence)


def _defuse(text: str) -> str:
    text = _MENTION.sub(r"\\<", text)
    text = _MASKED_LINK.sub("]\\\\", text)
    text = re.sub(r"@(?=everyone|here)", "@\u200b", text)
    text = text.replace("`", "\\`")  # a single one would make code with another one further down the card
    return _UNDERSCORES.sub(lambda blank: "\\_" * len(blank.group()), text)
