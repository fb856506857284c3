"""The simulated colleagues: what they press and when, as a pure decision.

Seeing questions and pressing buttons is `bot.demo.crowd`'s business.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

#: The quickest press; even somebody who knows the answer has to read the question.
LEAST_SECONDS = 1.2
#: Nobody presses for the first time after this share of a question's time.
LATEST_SHARE = 0.7


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who plays along with you."""

    name: str
    username: str
    skill: float  #: how often the last answer is right, from 0 to 1
    pace: float  #: the share of a question's time after which they usually answer
    doubt: float  #: how often they press something else first, from 0 to 1


ANA = Colleague("Ana", "ana.castro", skill=0.9, pace=0.2, doubt=0.1)
BJOERN = Colleague("Björn", "bjoern", skill=0.7, pace=0.35, doubt=0.3)
SAKURA = Colleague("さくら", "sakura", skill=0.45, pace=0.5, doubt=0.2)
COLLEAGUES = (ANA, BJOERN, SAKURA)

#: Who sits at the keyboard; the numbers are for when the demo plays by itself. A name, and not "You", because
#: it stands on cards for everybody.
YOU = Colleague("Robin", "robin", skill=0.8, pace=0.4, doubt=0.2)


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question as somebody sees it, with the key that they know or do not know."""

    stem: str
    letters: Sequence[str]
    key: str  #: the key's letter
    seconds: float  #: how long it is open from now on


@dataclass(frozen=True, slots=True)
class Press:
    """One press on a letter."""

    after_seconds: float
    letter: str


def decide(colleague: Colleague, question: OpenQuestion, seed: int) -> tuple[Press, ...]:
    """Return what a colleague presses; always the same for the same seed."""
    rng = random.Random(f"{seed}/{colleague.username}/{question.stem}")  # noqa: S311 - a game
    knows = rng.random() < colleague.skill
    letter = question.key if knows else _other_than(question.key, question, rng)
    share = rng.triangular(0.0, LATEST_SHARE, colleague.pace)
    at = max(LEAST_SECONDS, share * question.seconds)
    if rng.random() >= colleague.doubt:
        return (Press(at, letter),)
    later = at + rng.uniform(0.08, 0.2) * question.seconds
    return Press(at, _other_than(letter, question, rng)), Press(later, letter)


def _other_than(letter: str, question: OpenQuestion, rng: random.Random) -> str:
    return rng.choice([other for other in question.letters if other != letter])
