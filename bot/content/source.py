"""From bytes to text: size, encoding and characters, before YAML sees anything."""

import re
from dataclasses import dataclass
from pathlib import Path

from bot.content.problems import Problem, QuizFileError

#: A quiz of fifty questions is 30 KiB; beyond this it is not a quiz file.
MAX_FILE_BYTES = 256 * 1024

#: What no text of a quiz may hold: control characters other than line feed and tab, the line ends that
#: editors do not count, bidi controls, which make a text read differently from what it is, and byte order
#: marks and their like, which are no characters of a text.
#: Written as a character class, because the JSON Schema uses it as well.
FORBIDDEN = r"\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff"
#: A file may hold none of these anywhere, comments included: YAML refuses most, reviewers overlook the rest.
_FORBIDDEN_IN_FILE = re.compile(rf"[{FORBIDDEN}]")


@dataclass(frozen=True, slots=True)
class Source:
    """A quiz file's text by lines, so that a problem can show its own."""

    path: Path
    text: str
    lines: tuple[str, ...]
    last: int  #: the number of the last line that is not blank

    def problem(self, line: int, column: int, key: str, message: str) -> Problem:
        """Return a problem at a line and column, both counted from one."""
        line, column = self.within(line, column)
        return Problem(self.path, line, column, key, message, self.lines[line - 1])

    def within(self, line: int, column: int) -> tuple[int, int]:
        """Return a place, or the end of the last line with text on it if the place is behind that."""
        return (line, column) if line <= self.last else (self.last, len(self.lines[self.last - 1]) + 1)


def read_bytes(path: Path) -> bytes:
    """Read a quiz file, but never more of it than a quiz file may have."""
    try:
        if not path.is_file():
            raise _refusal(path, "is not a file; give the path of a quiz file")
        if path.stat().st_size > MAX_FILE_BYTES:
            raise _too_large(path)
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: the path holds a NUL
        reason = getattr(error, "strerror", None) or "its name is not one a file can have"
        raise _refusal(path, f"cannot be read ({reason}); check the path and the permissions") from error
    return data


def decode(path: Path, data: bytes) -> tuple[Source, list[Problem]]:
    """Turn a file's bytes into text, with a problem for each character that no quiz may hold.

    Such characters are replaced one for one, so that the rest can be checked at the same time and every
    position still fits.

    Raises:
        QuizFileError: if the bytes are not UTF-8 text of a sensible size.
    """
    if len(data) > MAX_FILE_BYTES:
        raise _too_large(path)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or _looks_like_utf16(data):
        raise _refusal(path, "is UTF-16 text; save it as UTF-8")
    if b"\0" in data:
        raise _refusal(path, "is not text but binary data; a quiz file is YAML, saved as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise QuizFileError((_not_utf8(path, data, error.start),)) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    allowed = _FORBIDDEN_IN_FILE.sub("\N{REPLACEMENT CHARACTER}", text)
    last = allowed.rstrip().count("\n") + 1
    source = Source(path, allowed, tuple(allowed.split("\n")), last)
    return source, ([] if allowed == text else _forbidden_characters(source, text))


def describe_character(character: str) -> str:
    """Return a character nobody can see as its code point: U+202E."""
    return f"U+{ord(character):04X}"


def _forbidden_characters(source: Source, text: str) -> list[Problem]:
    problems: list[Problem] = []
    for number, line in enumerate(text.split("\n"), start=1):
        for match in _FORBIDDEN_IN_FILE.finditer(line):
            message = f"contains the invisible character {describe_character(match.group())}; delete it"
            problems.append(source.problem(number, match.start() + 1, "file", message))
    return problems


def _looks_like_utf16(data: bytes) -> bool:
    """Text saved as UTF-16 without a mark has a zero in nearly every other byte, and in no others."""
    sample = data[:1024]
    fewer, more = sorted((sample[0::2].count(0), sample[1::2].count(0)))
    return len(sample) >= 8 and fewer == 0 and more > 0.3 * len(sample)


def _not_utf8(path: Path, data: bytes, at: int) -> Problem:
    before = data[:at].decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    rest = re.split(rb"[\r\n]", data[at : at + 200], maxsplit=1)[0].decode("utf-8", errors="replace")
    line_start = before.rfind("\n") + 1
    message = f"contains the byte 0x{data[at]:02X}, which is not UTF-8; save the file as UTF-8"
    line, column = before.count("\n") + 1, len(before) - line_start + 1
    return Problem(path, line, column, "file", message, before[line_start:] + rest)


def _too_large(path: Path) -> QuizFileError:
    limit = MAX_FILE_BYTES // 1024
    return _refusal(path, f"is larger than {limit} KiB; split it into several quizzes")


def _refusal(path: Path, message: str) -> QuizFileError:
    return QuizFileError((Problem(path, 1, 1, "file", message),))
