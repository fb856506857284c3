"""Changed quiz files reach the library while the bot runs."""

import asyncio
import logging
from collections.abc import Sequence
from typing import NoReturn

from bot.clock import Clock
from bot.content.library import QuizFiles
from bot.content.loader import LoadedQuiz
from bot.content.problems import Problem
from bot.services.library import Library
from bot.services.sleeper import Sleeper

log = logging.getLogger(__name__)

#: How often to look. A changed file is read once a second look finds it the same: nobody is still writing.
LOOK_SECONDS = 2


class QuizWatcher:
    """Checks the files of a library every now and then, and reads those that have changed.

    It checks instead of asking the operating system for notices, which do not come from network shares or
    from many container mounts, where quizzes often are. A check is a few system calls per file, in a thread.
    Rounds keep the quiz they began with; later ones have the new one.
    """

    def __init__(self, files: QuizFiles, library: Library, clock: Clock) -> None:
        self._files, self._library = files, library
        self._sleeper = Sleeper(clock, name="wait for changed quizzes")
        self._asked = False
        self._told = frozenset[Problem]()
        self._last_seen = self._last_read = files.stamps()

    def load(self) -> None:
        """Fill the library for the first time."""
        self._take(*self._files.load())

    async def run(self) -> NoReturn:
        """Look for changes forever; less often in a folder with very many files."""
        loop = asyncio.get_running_loop()
        pause: float = LOOK_SECONDS
        while True:
            if not self._asked:
                await self._sleeper.sleep(pause)
            asked, self._asked = self._asked, False
            began_at = loop.time()
            await self.look(at_once=asked)
            pause = max(LOOK_SECONDS, 50 * (loop.time() - began_at))

    def read_now(self) -> None:
        """Let `run` read what has changed without waiting for the next look."""
        self._asked = True
        self._sleeper.wake()

    async def look(self, *, at_once: bool = False) -> None:
        """Look once; read what has changed if it has not done so since the last look, or at once."""
        try:
            await self._look(at_once=at_once)
        except OSError as error:  # a share that is gone, or a folder that may not be looked into
            log.warning("the quizzes could not be looked at, trying again: %s", error)

    async def _look(self, *, at_once: bool) -> None:
        stamps = await asyncio.to_thread(self._files.stamps)
        is_changing = stamps != self._last_seen
        self._last_seen = stamps
        if not at_once and (is_changing or stamps == self._last_read):
            return
        self._last_read = stamps
        loaded, problems = await asyncio.to_thread(self._files.load)
        before = {quiz.id: quiz.content_hash for quiz in self._library.search("")}
        self._take(loaded, problems)
        _tell_changes(before, {quiz.id: quiz.content_hash for quiz in self._library.search("")})

    def _take(self, loaded: Sequence[LoadedQuiz], problems: Sequence[Problem]) -> None:
        self._library.replace(one.quiz for one in loaded)
        for problem in problems:
            if problem not in self._told:
                kept = any(one.path.is_relative_to(problem.path) for one in loaded)
                what = "kept the last good version" if kept else "not playable"
                log.warning("%s: %s", what, problem.headline)
        self._told = frozenset(problems)


def _tell_changes(before: dict[str, str], now: dict[str, str]) -> None:
    changes = {
        "new": now.keys() - before.keys(),
        "changed": {one for one in now.keys() & before.keys() if now[one] != before[one]},
        "gone": before.keys() - now.keys(),
    }
    told = "; ".join(f"{what}: {', '.join(sorted(ids))}" for what, ids in changes.items() if ids)
    log.info("read the quizzes again; %s", told or "nothing has changed")
