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
from bot.domain.quiz import Question
from bot.services.library import Library
from bot.ui.custom_ids import AnswerButton, decode
from bot.ui.escape import escape_quiz_text

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

    def __init__(self, people: Mapping[Colleague, simcord.MemberActor], library: Library, seed: int) -> None:
        self._people, self._library, self._seed = people, library, seed
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
            question = read_question(message, self._library, now)
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


def read_question(message: discord.Message, library: Library, now: datetime) -> OpenQuestion | None:
    """Return the open question that a message shows, or None if it shows none."""
    letters = answer_letters(message)
    content = text_of(message)
    closes = _MOMENT.search(content)
    found = _find(content, library)
    if not letters or closes is None or found is None:
        return None
    key = re.search(
        rf"^\*\*(.)\*\*  {re.escape(escape_quiz_text(found.option(found.key).text))}$", content, re.MULTILINE
    )
    if key is None:
        return None
    seconds = (datetime.fromtimestamp(int(closes[1]), UTC) - now).total_seconds()
    return OpenQuestion(found.stem, letters, key[1], seconds)


def answer_letters(message: discord.Message) -> list[str]:
    """Return the letters of the answer buttons that can be pressed."""
    return [
        button.label
        for button in buttons_of(message)
        if button.label and not button.disabled and isinstance(decode(button.custom_id or ""), AnswerButton)
    ]


def _find(content: str, library: Library) -> Question | None:
    """Look a shown question up by its stem, as somebody who knows the quizzes would."""
    for quiz in library.search(""):
        for question in quiz.questions:
            if escape_quiz_text(question.stem) in content:
                return question
    return None
