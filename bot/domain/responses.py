"""What players have answered, and which of a player's answers to a question counts."""

from collections.abc import Iterable
from typing import NamedTuple

from bot.domain.round import Answer
from bot.domain.tasks import Presentation, Response, Task


class GivenAnswer(NamedTuple):
    """A response with what it takes to say it in words."""

    task: Task
    shown: Presentation
    response: Response


def is_outdone(known: Answer, other: Answer, *, first_counts: bool) -> bool:
    """Tell whether of two answers by one player to one question the other counts, by Discord's own order."""
    return (other.interaction_id < known.interaction_id) is first_counts


def counting(log: Iterable[Answer], *, first_counts: bool) -> list[Answer]:
    """Return what counts out of every answer that was given, in whatever order the log is read."""
    current: dict[tuple[int, int], Answer] = {}
    for answer in log:
        place = answer.question_number, answer.player_id
        known = current.get(place)
        if known is None or is_outdone(known, answer, first_counts=first_counts):
            current[place] = answer
    return list(current.values())
