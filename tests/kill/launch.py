"""Start Quizhost facing the stand-in, and die at a chosen commit.

Commits are counted here, from outside: SQLite's connections are given a `commit` that counts. Only
commits that wrote something count. KILL_AT is "before 7" or "after 7"; COMMITS names a file that gets a
byte for every commit.
"""

import functools
import os
import signal
import sqlite3
import sqlite3.dbapi2
from pathlib import Path

from tests.bench.bots import launch


class CountedConnection(sqlite3.Connection):
    """A connection whose commits are counted over the whole process."""

    commits = 0
    written = 0

    def commit(self) -> None:
        """Commit, or die just before or after it."""
        if self.total_changes == self.written:
            super().commit()
            return
        self.written = self.total_changes
        CountedConnection.commits += 1
        self._die_if("before")
        super().commit()
        with Path(os.environ["COMMITS"]).open("ab") as file:
            file.write(b".")
        self._die_if("after")

    def _die_if(self, when: str) -> None:
        if os.environ.get("KILL_AT") == f"{when} {CountedConnection.commits}":
            os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Run `quizhost run` with counted commits."""
    sqlite3.connect = functools.partial(sqlite3.connect, factory=CountedConnection)
    sqlite3.dbapi2.connect = sqlite3.connect
    launch.main()
