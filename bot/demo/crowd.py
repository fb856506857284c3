"""Colleagues at work: they see the question in the channel, and press when it is their time."""

import contextlib
import heapq
import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import discord
import simcord

from bot.demo.colleagues import Colleague, OpenQuestion, decide
from bot.demo.terminal import buttons_of, text_of
from bot.domain.round import RoundId
from bot.domain.tasks import Choice, Outcome, Presentation, Task
from bot.services.rounds import RoundService
from bot.ui.custom_ids import AnswerButton, decode

_MOMENT = re.compile(r"<t:(\d+):R>")


@dataclass(frozen=True, slots=True, order=True)
class Intent:
    """What somebody is going to press."""

    at: datetime
    order: int
    who: Colleague = field(compare=False)
    message: discord.Message = field(compare=False)
    letter: str = field(compare=False)


class Crowd:
    """Everybody who answers on their own."""

    def __init__(
        self, people: Mapping[Colleague, simcord.MemberActor], rounds: RoundService, seed: int
    ) -> None:
        self._people, self._rounds, self._seed = people, rounds, seed
        self._seen: set[int] = set()
        self._intents: list[Intent] = []
        self._order = itertools.count()

    @property
    def next_at(self) -> datetime | None:
        """When somebody presses next, as far as known."""
        return self._intents[0].at if self._intents else None

    def is_due(self, now: datetime) -> bool:
        """Tell whether somebody's moment has come."""
        return self.next_at is not None and self.next_at <= now

    def look(self, messages: Iterable[discord.Message], now: datetime) -> None:
        """Notice a new question, and decide who presses what."""
        for message in messages:
            if message.id in self._seen:
                continue
            self._seen.add(message.id)
            question = read_question(message, self._rounds, now)
            if question is None:
                continue
            for who in self._people:
                for press in decide(who, question, self._seed):
                    at = now + timedelta(seconds=press.after_seconds)
                    intent = Intent(at, next(self._order), who, message, press.letter)
                    heapq.heappush(self._intents, intent)

    async def press(self) -> None:
        """Let the one whose moment comes first press: one operation of the simulation."""
        intent = heapq.heappop(self._intents)
        with contextlib.suppress(simcord.SetupError):  # the question was closed before, or deleted
            await self._people[intent.who].click(intent.message, label=intent.letter)


def read_question(message: discord.Message, rounds: RoundService, now: datetime) -> OpenQuestion | None:
    """Return the open question that a message shows, or None if it shows none.

    Which answer is right is looked up in the round, as somebody would who knows the quizzes.
    """
    buttons = answer_buttons(message)
    closes = _MOMENT.search(text_of(message))
    if not buttons or closes is None or message.guild is None:
        return None
    shown = next(iter(buttons.values()))
    found = rounds.find_asked(RoundId(message.guild.id, shown.round_number), shown.question_number)
    if found is None:
        return None
    question, asked = found
    key = next(
        letter for letter, button in buttons.items() if _is_right(question.task, asked.shown, button.slot)
    )
    seconds = (datetime.fromtimestamp(int(closes[1]), UTC) - now).total_seconds()
    return OpenQuestion(question.stem, list(buttons), key, seconds)


def _is_right(task: Task, shown: Presentation, slot: int) -> bool:
    return task.grade(task.read(Choice((slot,)), shown)).outcome is Outcome.RIGHT


def answer_buttons(message: discord.Message) -> dict[str, AnswerButton]:
    """Return the answer buttons that can be pressed, by their letters."""
    found: dict[str, AnswerButton] = {}
    for button in buttons_of(message):
        target = decode(button.custom_id or "")
        if button.label and not button.disabled and isinstance(target, AnswerButton):
            found[button.label] = target
    return found
