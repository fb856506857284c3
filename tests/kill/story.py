"""One round as its players see it, told again and again while the bot dies and comes back.

A person whose click is not answered clicks again; a moderator whose command is not answered looks
whether the round is there and otherwise runs it again. That is all that the story assumes of people.
"""

import contextlib
import re
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.domain.quiz import stable_id
from tests.bench.processes import BotProcess, bot_process
from tests.bench.standin.client import Bot, ControlError, StandIn
from tests.bench.standin.messages import texts
from tests.kill.nursery import fork_bot

QUIZ = """\
title: Capitals
category: Geography
introduction: Two cities.
questions:
  - stem: The capital of Australia is ______.
    options: [Sydney, Canberra]
    key: Canberra
    explanation: It was built between Sydney and Melbourne. Both wanted to be it.
    seconds: 5
  - stem: The capital of France is ______.
    options: [Paris, Lyon]
    key: Paris
    explanation: It has been for centuries. Lyon is a large city, too.
    seconds: 40
"""
#: Who answers what, in this order. Nobody answers the first question, so it may be short; the second is
#: open for longer than any restart takes, and its first player changes their mind once.
ANSWERS = {2: [(1, "Lyon"), (2, "Lyon"), (1, "Paris")]}
#: Player, score and rank in the end.
BOARD = [(1, 100, 1), (2, 0, 2)]
PATIENCE = 4.0


@dataclass
class RoundStory:
    """A scripted round over a real process and its database."""

    standin: StandIn
    token: str
    folder: Path
    acknowledged: list[tuple[int, int, str, int]] = field(
        default_factory=list
    )  #: question, player, option, id
    starts: int = 0

    @property
    def bot(self) -> Bot:
        """The stand-in's world of this bot."""
        return self.standin.bot(self.token)

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "data" / "quizhost.sqlite3"

    async def prepare(self) -> None:
        """Nothing comes before the bot."""

    def start_bot(self, **settings: str) -> contextlib.AbstractAsyncContextManager[BotProcess]:
        """Start the bot as a process."""
        quizzes = self.folder / "quizzes"
        quizzes.mkdir(parents=True, exist_ok=True)
        (quizzes / "capitals.yaml").write_text(QUIZ, encoding="utf-8")
        self.starts += 1
        settings = {
            "QUIZHOST_QUIZZES": str(quizzes),
            "QUIZHOST_LEAD_SECONDS": "0",
            "QUIZHOST_PAUSE_SECONDS": "0",
            "COMMITS": str(self.folder / "commits"),
            **settings,
        }
        return bot_process(self.standin, self.token, self.folder / "data", spawn=fork_bot, settings=settings)

    async def play(self) -> None:
        """Play the round to its end, however often the bot dies meanwhile."""
        await self._start()
        for number, answers in ANSWERS.items():
            for player, option in answers:
                await self._answer(number, player, option)
        await self.bot.wait_for_message("the result ·", seconds=120)

    async def _start(self) -> None:
        while not await self.bot.list_messages():
            outcome = await self._try(
                "slash",
                name="round start",
                channel=await self.bot.channel(),
                options={"quiz": "capitals"},
            )
            if outcome is not None:
                assert re.search("starts in|already has a round", outcome["texts"][0]), outcome["texts"]
                return

    async def _answer(self, number: int, player: int, option: str) -> None:
        while True:
            message = await self.bot.wait_for_message(f"question {number} of", seconds=120)
            letter = re.search(rf"\*\*([A-J])\*\*  {option}", texts(message))
            assert letter, texts(message)
            outcome = await self._try("click", message=int(message["id"]), member=player, label=letter[1])
            if outcome is None:
                continue
            said = outcome["texts"][0]
            if "not** recorded" in said:
                continue
            assert f"Your answer: **{letter[1]}**" in said, said
            self.acknowledged.append((number, player, option, outcome["interaction"]))
            return

    async def _try(self, do: str, **arguments: Any) -> dict[str, Any] | None:
        """Do something as a person; None if the bot did not answer in time."""
        await self.bot.wait_until("connected", 60)
        try:
            return await self.standin.call(self.token, do, PATIENCE, {**arguments, "seconds": PATIENCE})
        except (TimeoutError, ControlError):
            return None

    # --- what must be true ------------------------------------------------------------------------

    async def check(self) -> None:
        """Compare what Discord and the database hold with what people were told."""
        cards = [texts(message) for message in await self.bot.list_messages()]
        kinds = ["two cities", "question 1 of 2", "question 2 of 2", "the result ·"]
        assert [sum(kind in card.lower() for card in cards) for kind in kinds] == [1, 1, 1, 1], cards
        assert len(cards) == len(kinds), cards
        with contextlib.closing(sqlite3.connect(self.database)) as connection:
            for number, player, option, interaction in self.acknowledged:
                self._is_recorded(connection, number, player, option, interaction)
            board = connection.execute(
                "SELECT player_id % 1000, score, rank FROM standings ORDER BY rank"
            ).fetchall()
            assert board == BOARD
            counting = "SELECT count(*) FROM (SELECT DISTINCT question_number, player_id FROM responses)"
            assert connection.execute(counting).fetchone() == (2,)

    @staticmethod
    def _is_recorded(connection: sqlite3.Connection, *said: Any) -> None:
        """An acknowledged answer is in the log, under its own click or an earlier one that said the same."""
        number, player, option, interaction = said
        found = connection.execute(
            "SELECT count(*) FROM responses WHERE question_number = ? AND player_id % 1000 = ? "
            "AND interaction_id <= ? AND response = ?",
            (number, player, interaction, stable_id(option)),
        ).fetchone()
        assert found[0] >= 1, said
