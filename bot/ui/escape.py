"""Making text safe to show: names as plain text, quiz texts as the Markdown that authors meant.

discord.py's own `escape_markdown` and `escape_mentions` leave `<@id>`, `<t:..>`, bare links and lists
untouched, so these are ours.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from bot.characters import FILLERS, JOINERS

MAX_NAME = 32
MAX_SHORT = 60
_MARKUP = re.compile(r"([\\*_~|`>#\-\[\]()<:@.!+=])")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MAX_MARKS = 3

#: What stays as it is: code, which keeps every character; characters whose meaning the author has taken away;
#: addresses; bullets below the first line. Code in a line ends in it, as many backticks as it began with.
_LITERAL = (
    r"```(?=\s*[^\s`]).+?```|(?<!`)(`{1,2})(?!`)[^\n]*?[^`\n]\2(?!`)|\\(?!@everyone|@here)[!-/:-@\[-`{-~]"
    r"|<https?://[^\s<>]+>|(?<=\n)[ \t]*[-*](?=[ \t])"
)
_ADDRESS = r"https?://(?:[^\s<>*~|`\\_]|_+(?=[^\W_]))+"
#: What makes a block of a line that begins with it, or a list of a text; and either, within marks.
_BLOCK = r"(?:^|(?<=\n))[ \t]*(?:>|\#|-\#)|^(?:[-*+]|\d+\.)(?=\s)"
_BLOCK_INSIDE = re.compile(r"(?:>|#{1,3}|-#|[-*+]|\d+\.)\s")
_TOKEN = re.compile(
    rf"(?P<literal>{_LITERAL})|(?P<address>{_ADDRESS})|(?P<block>{_BLOCK})|(?P<mark>\*+|_+|~~+|\|\|+)|(?P<end>\n|\\(?=\s|$))",
    re.DOTALL,
)
#: Marks that an author may put around something. Two underscores are a blank to be filled in.
_PAIRED = frozenset({"*", "**", "***", "_", "~~", "||"})
#: Around a text that must not reorder its neighbours: first strong isolate, pop directional isolate.
_ISOLATE, _END_OF_ISOLATE = "\u2068", "\u2069"
#: What our own sentences are made of: an escaped character, code, bold.
_MARKDOWN = re.compile(r"\\([!-/:-@\[-`{-~])|`([^`]*)`|\*\*")
_MENTION = re.compile(r"<(?=@|#|/|id:|t:|a?:\w+:\d)")
_MASKED_LINK = re.compile(r"\](?=\()")


def escape_name(name: str) -> str:
    """Return a name as plain text: nothing in it formats, pings, links, hides or reorders."""
    return isolate(_MARKUP.sub(r"\\\1", plain_name(name)))


def isolate(text: str) -> str:
    """Return a text that leaves the order of its neighbours alone, whichever way it is written."""
    return f"{_ISOLATE}{text}{_END_OF_ISOLATE}"


def beside_others(text: str) -> str:
    """Return a line's text ready to be put next to others: isolated if any of it runs right to left.

    Not if it has an address, because the end of the isolate would become part of it.
    """
    from_right = any(unicodedata.bidirectional(one) in {"R", "AL"} for one in text)
    return isolate(text) if from_right and "://" not in text else text


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


def escape_quiz_text(text: str, *, within_bold: bool = False) -> str:
    """Return an author's Markdown so that it ends where the text ends, mentions and masked links defused.

    Marks around something in a line work. All others are shown as written, as in `x**2`, and so is whatever
    would turn the line that begins with it into a block. Code keeps every character.

    Args:
        text: what the author wrote.
        within_bold: whether it will be inside bold, which cannot contain bold again.
    """
    text = text.strip()
    tokens = list(_TOKEN.finditer(text))
    paired = _find_pairs(text, tokens)
    shown: list[str] = []
    end = 0
    for number, token in enumerate(tokens):
        shown += _defuse(text[end : token.start()]), _show(token, number in paired, within_bold=within_bold)
        end = token.end()
    return "".join((*shown, _defuse(text[end:])))


def _find_pairs(text: str, tokens: Sequence[re.Match[str]]) -> set[int]:
    """Return which tokens are marks whose other half is in the same line."""
    paired: set[int] = set()
    waiting: list[int] = []
    for number, token in enumerate(tokens):
        mark, written = token["mark"], token.group()
        if mark is None:
            # A mark that is also in code or an address might be read there as the end of a pair.
            ends_all = "\n" in written or written.startswith("```")
            waiting = [] if ends_all else [one for one in waiting if tokens[one].group()[0] not in written]
            continue
        before, after = text[: token.start()][-1:], text[token.end() :][:1]
        place = next(
            (at for at in reversed(range(len(waiting))) if tokens[waiting[at]].group() == mark), None
        )
        closes = not before.isspace() and not after.isalnum()
        if place is not None and closes and tokens[waiting[place]].end() < token.start():
            paired |= {waiting[place], number}
            del waiting[place:]
        elif mark in _PAIRED and _opens(text, token):
            waiting.append(number)
    return paired


def _opens(text: str, token: re.Match[str]) -> bool:
    """Tell whether a mark is before something that it may enclose."""
    follows = text[token.end() :][:1]
    within_word = text[: token.start()][-1:].isalnum()
    return bool(follows.strip()) and not within_word and not _BLOCK_INSIDE.match(text, token.end())


def _show(token: re.Match[str], paired: bool, *, within_bold: bool) -> str:
    written = token.group()
    if token["mark"] is not None:
        kept = written.removeprefix("**") if within_bold else written
        return kept if paired else re.sub(r"(?=.)", r"\\", written)
    if token["block"] is not None:
        return re.sub(r"(?=[^\s\d])", r"\\", written, count=1)
    if token["end"] is not None:
        return written.replace("\\", r"\\")
    if token["address"] is not None and token.string[token.end() :][:1].strip():
        return f"<{written}>"  # or what follows would be a part of it, and a backslash there escape nothing
    return written


@lru_cache(maxsize=1024)
def shorten(text: str) -> str:
    """Return an author's text as part of a line; if it is long, only its beginning, without Markdown."""
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
    return text.replace("`", "\\`")  # a single one would make code with another one further down the card
