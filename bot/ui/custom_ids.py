"""The grammar of our buttons' custom ids: `q:<kind>:<number>:...`, at most 100 characters.

An id says which round and which button, nothing about keys or options. It is not a proof of
anything: whoever reads one still checks server, message and state.
"""

import re
from typing import NamedTuple

PREFIX = "q:"


class AnswerButton(NamedTuple):
    """A letter below a question."""

    round_number: int
    question_number: int
    slot: int  #: from 0, in the order shown


class ReportButton(NamedTuple):
    """*My result* on a final card, and the page buttons inside it."""

    round_number: int
    page: int  #: from 0
    opens: bool  #: whether the click opens a new private message or turns a page in it


_ANSWER = re.compile(r"q:a:([1-9]\d{0,8}):([1-9]\d?):(\d)", re.ASCII)
_REPORT = re.compile(r"q:r:([1-9]\d{0,8}):(\d{1,2}):([op])", re.ASCII)


def encode(button: AnswerButton | ReportButton) -> str:
    """Return the custom id of a button."""
    if isinstance(button, AnswerButton):
        return f"{PREFIX}a:{button.round_number}:{button.question_number}:{button.slot}"
    return f"{PREFIX}r:{button.round_number}:{button.page}:{'o' if button.opens else 'p'}"


def decode(custom_id: str) -> AnswerButton | ReportButton | None:
    """Return the button that a custom id names, or None if it is not one of ours."""
    if match := _ANSWER.fullmatch(custom_id):
        return AnswerButton(*map(int, match.groups()))
    if match := _REPORT.fullmatch(custom_id):
        return ReportButton(int(match[1]), int(match[2]), match[3] == "o")
    return None
