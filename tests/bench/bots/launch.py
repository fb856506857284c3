"""Start Quizhost as its command line does, but facing the stand-in: `python -m tests.bench.bots.launch`.

The environment says where that is (STANDIN_API, STANDIN_GATEWAY); settings are Quizhost's own. Nothing
else of the bot is touched unless asked for, by names of `tests.bench.bots.options` in BENCH_OPTIONS.
"""

import os
import sys

import discord.gateway
import discord.http
import yarl

from bot import cli
from tests.bench.bots import options


def face_standin() -> None:
    """Point discord.py at the stand-in, for REST and for every kind of reconnect."""
    discord.http.Route.BASE = os.environ["STANDIN_API"]
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["STANDIN_GATEWAY"])


def main() -> None:
    """Run `quizhost run`."""
    face_standin()
    options.apply_from_environment()
    sys.argv = ["quizhost", "run"]
    cli.main()


if __name__ == "__main__":
    main()
