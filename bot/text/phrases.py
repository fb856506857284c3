"""Phrases that sentences about several things share."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: "1 player", "2 players"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def seconds(milliseconds: int) -> str:
    """Return a duration in seconds with one decimal."""
    return f"{milliseconds / 1000:.1f} s"


def thousands(number: int) -> str:
    """Return a number with thin spaces between thousands."""
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def hundredths(number: int, *, grouped: bool = False) -> str:
    """Return hundredths without needless zeros: "9", "9.5", "9.25"; grouped: "1 500"."""
    whole, part = divmod(abs(number), 100)
    sign = "-" if number < 0 else ""
    digits = thousands(whole) if grouped else str(whole)
    return f"{sign}{digits}" + (f".{part:02}".rstrip("0") if part else "")


def points(number: int, *, grouped: bool = False) -> str:
    """Return points, which come in hundredths: "1 point", "2.5 points"."""
    return f"{hundredths(number, grouped=grouped)} {'point' if number == 100 else 'points'}"


def score(reached: int, most: int, scoring: str) -> str:
    """Return what somebody scored in a round, in hundredths: out of all there is, unless speed counts."""
    if scoring == "speed":
        return points(reached, grouped=True)
    return f"{hundredths(reached)} of {hundredths(most)}"


def percent_range(least: int, most: int) -> str:
    """Return a range of percentages: "80 to 100 %", or "100 %" if that is all of it."""
    return f"{least} %" if least == most else f"{least} to {most} %"


def moment(at: datetime) -> str:
    """Return an instant that every reader's Discord shows as "in 20 seconds"."""
    return f"<t:{int(at.timestamp())}:R>"


def full_moment(at: datetime) -> str:
    """Return an instant that every reader's Discord shows as date and time, in their own zone."""
    return f"<t:{int(at.timestamp())}:F>"


def clock_time(at: datetime) -> str:
    """Return an instant that every reader's Discord shows as "16:00"."""
    return f"<t:{int(at.timestamp())}:t>"


def exact_time(at: datetime) -> str:
    """Return an instant that every reader's Discord shows as "16:00:20"."""
    return f"<t:{int(at.timestamp())}:T>"


def enumeration(items: Sequence[str], word: str = "and") -> str:
    """Return "a", "a and b" or "a, b and c", or the same with another word than "and"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {word} {items[-1]}"


def did_you_mean(suggestions: Sequence[str]) -> str:
    """Return a question about what somebody typed."""
    return f"Did you mean {enumeration([f'`{one}`' for one in suggestions], 'or')}?"


class Advice(NamedTuple):
    """What is wrong with something that was typed, and what works instead."""

    problem: str  #: a sentence
    examples: Sequence[str]  #: must work on any day; may be empty


def advise(advice: Advice) -> str:
    """Return the problem, then what to write instead."""
    examples = enumeration([f"`{example}`" for example in advice.examples], "or")
    return f"{advice.problem} Write, for example, {examples}." if examples else advice.problem


def advise_briefly(advice: Advice) -> str:
    """Return what to write, then the problem: Discord cuts off the end of a choice."""
    examples = " or ".join(f"“{example}”" for example in advice.examples[:2])
    return f"Try {examples}. {advice.problem}" if examples else advice.problem


def and_more(number: int) -> str:
    """That a list goes on."""
    return f"{number} more"


def fewer_questions(asked_for: int, there_are: int) -> str:
    """That a quiz does not have as many questions as were asked for."""
    return f"The quiz has {count(there_are, 'question')}, not {asked_for}; all of them will be asked."


def why(explanation: str) -> str:
    """The explanation, introduced."""
    return f"**Why:** {explanation}"
