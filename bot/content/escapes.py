r"""What a backslash does in double quotes, and whether its author knows: YAML reads `\times` as tab, "imes".

YAML stops at an escape that it does not know. So what it would refuse is hidden from it before it reads,
and reported afterwards, along with every escape that its author seems to read differently.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.content.source import FORBIDDEN, describe_character

#: Stands for a backslash that YAML must not see. No file holds it: it is one of the forbidden characters.
_HIDDEN = "\u202a"
#: A backslash, and what makes it an escape that YAML knows and that stands for a whole character.
_BACKSLASH = re.compile(
    r"\\(?P<known>"
    r'[0abt\tnvfre "/\\N_LP\n]|x[0-9A-Fa-f]{2}|u(?![dD][89A-Fa-f])[0-9A-Fa-f]{4}'
    r"|U(?:0000(?![dD][89A-Fa-f])|000[1-9A-Fa-f]|0010)[0-9A-Fa-f]{4}|$)?"
)
#: How JSON writes what lies beyond its four digits.
_PAIR = re.compile(rf"{_HIDDEN}u([dD][89ABab][0-9A-Fa-f]{{2}}){_HIDDEN}u([dD][C-Fc-f][0-9A-Fa-f]{{2}})")
_FORBIDDEN = re.compile(f"[{FORBIDDEN}]")
_CHARACTERS = {
    "0": "\0", "a": "\a", "b": "\b", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b",
    "N": "\x85", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
#: How much of a text is judged; no text in a quiz may be nearly that long, and that is reported.
_JUDGED = 20_000
#: Where the beginning of a path or of a line is looked for.
_NEAR = 300
#: What begins where a path does: a drive, a server, or a folder told from here.
_IN_PATH = re.compile(r"""(?:^|[\s"'(`=])(?:[C-Hc-h]:|\\\\[^\s\\]+|\.{1,2})(?:\\+[^\s\\]+)*$""")
#: Commands of LaTeX that begin as a line break does: such as are no word without their n, and others.
_COMMAND = re.compile(
    "(?:nabla|natural|nearrow|neq|newcommand|newline|newpage|nicefrac|nobreak|noindent|nolimits|nonumber|"
    "normalsize|not|notin|nwarrow)(?![A-Za-z])"
)
_COMMAND_OR_WORD = re.compile(
    "(?:ncong|ne|neg|nexists|ngeq|ngtr|ni|nleftarrow|nleq|nless|nmid|nparallel|nprec|nrightarrow|nsim|"
    "nsubseteq|nsucc|nsupseteq|nu|num|nvdash)(?![A-Za-z])"
)


@dataclass(frozen=True, slots=True)
class Misread:
    """An escape that says something other than its author seems to mean."""

    line: int  #: counted from the first line of the text
    column: int  #: counted from the first character of that line's part
    message: str


def hide_unknown(text: str) -> str:
    """Return a file's text with each backslash hidden at which YAML would stop; no position changes."""
    return _BACKSLASH.sub(lambda found: found[0] if found["known"] is not None else _HIDDEN, text)


def restore(value: str) -> str:
    """Return what YAML has read with its backslashes."""
    return value.replace(_HIDDEN, "\\")


def restore_quoted(value: str) -> str:
    """Return what YAML has read between double quotes, with characters for JSON's pairs of escapes."""
    return restore(_PAIR.sub(_join, value))


def unescaped(segments: list[str]) -> str:
    """Return what a text in double quotes would be if each of its backslashes were one."""
    return re.sub(r'\\(["\\])', r"\1", " ".join(segment.strip() for segment in segments))


def find_misread(segments: list[str]) -> Misread | None:
    """Return the first escape in a text in double quotes that its author seems not to know.

    Args:
        segments: the text as it is written, by lines, without its quotes.
    """
    left = _JUDGED
    for number, whole in enumerate(segments):
        segment = whole[: max(left, 0)]
        left -= len(whole)
        for found in _backslashes(segment):
            if message := _judge(segment, found):
                return Misread(number, found.start(), message)
    return None


def _backslashes(segment: str) -> Iterator[re.Match[str]]:
    pairs = {at for pair in _PAIR.finditer(hide_unknown(segment)) for at in (pair.start(), pair.start() + 6)}
    for found in _BACKSLASH.finditer(segment):
        if found["known"] is not None or found.start() not in pairs:
            yield found


def _judge(segment: str, found: re.Match[str]) -> str | None:
    """Return what is wrong with an escape, or None if it may well be meant."""
    known = found["known"]
    if known is None:
        return _judge_unknown(segment[found.start() :])
    if known[:1] in {"x", "u", "U"}:
        return _judge_number(segment, found)
    if known == "r" and segment.startswith("\\n", found.end()):
        return "contains \\r\\n; write \\n alone for a line break"
    if known in _CHARACTERS:
        return _advise(found[0], f"the invisible character {describe_character(_CHARACTERS[known])}")
    reading = {"t": "a tab", "n": "a line break", "_": "a space", " ": "a space"}.get(known)
    return _advise(found[0], reading) if reading and _is_meant(segment, found) else None


def _judge_unknown(rest: str) -> str:
    if half := re.match(r"\\u[dD][89A-Fa-f][0-9A-Fa-f]{2}", rest):
        return f"contains {half[0]}, which is half a character; write the character itself"
    if rest.startswith("\\'"):
        return "contains \\', which YAML does not know; in double quotes, write ' alone"
    return _advise(rest[:2], "nothing that YAML knows")


def _judge_number(segment: str, found: re.Match[str]) -> str | None:
    character = chr(int(found["known"][1:], 16))
    if _IN_PATH.search(segment[: found.start()][-_NEAR:]):
        return _advise(found[0], f"the character {describe_character(character)}")
    if _FORBIDDEN.match(character):
        return f"contains the invisible character {describe_character(character)}; delete it"
    return None


def _is_meant(segment: str, found: re.Match[str]) -> bool:
    """Tell whether the backslash itself seems to be meant, not the escape it forms with the next letter."""
    before, after = segment[: found.start()], segment[found.end() :]
    letter = after[:1].isascii() and after[:1].isalpha()
    in_formula = before.count("$") % 2 == 1 and "$" in after
    in_code = "```" not in segment and before.count("`") % 2 == 1 and "`" in after
    if found["known"] == " ":
        return in_formula
    if found["known"] == "_":
        return in_formula or (letter and before[-1:].isalpha())
    if in_code or _IN_PATH.search(before[-_NEAR:]):
        return True
    if found["known"] == "t":
        return letter and re.search(r"(?:^|\\n)(?:\\t| )*$", before[-_NEAR:]) is None
    rest = segment[found.start() + 1 :]
    return bool(_COMMAND.match(rest) or (in_formula and _COMMAND_OR_WORD.match(rest)))


def _advise(escape: str, reading: str) -> str:
    hint = "use single quotes, or write the backslash twice"
    return f"contains {escape}, which in double quotes is {reading}; {hint}"


def _join(pair: re.Match[str]) -> str:
    high, low = int(pair[1], 16), int(pair[2], 16)
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
