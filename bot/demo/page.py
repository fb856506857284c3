"""`quizhost demo`: the simulated server as a page in the browser, in real time."""

import asyncio
import contextlib
import os
import signal
import threading
import webbrowser
from collections.abc import AsyncGenerator, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import simcord

from bot import tasks
from bot.demo.colleagues import YOU
from bot.demo.simulation import TurnTakingPreview
from bot.demo.world import DemoWorld, open_world

#: How often the simulation catches up with the machine's clock, and the page with the simulation.
TICK_SECONDS = 0.4
#: A machine that slept does not catch up: the round continues where it was.
LONGEST_STEP_SECONDS = 2.0
#: What a colleague has written in the channel before you come.
HINT = (
    f"Hi {YOU.name}! "
    "Type `/round start`, press Enter, and type `{quiz}` to find the quiz. For a quick round, choose "
    "**more** and set `seconds` to 10. We'll play along."
)


async def serve(quiz_id: str, quiz_paths: Sequence[Path] = (), *, port: int, open_browser: bool) -> None:
    """Serve the page until Ctrl+C, or until somebody ends the session there.

    Args:
        quiz_id: the quiz that visitors are told to try.
        quiz_paths: where it and others are; the shipped quizzes unless given.
        port: where; 0 picks a free one, and so does one that is in use.
        open_browser: whether to show the page right away.
    """
    stop = _await_signals()
    turn = asyncio.Lock()
    async with open_world(quiz_paths) as world, _open_page(world, turn, port) as page:
        await world.colleagues[0].send(world.channel, HINT.format(quiz=quiz_id))
        _tell_what_to_do(page.url, quiz_id)
        if open_browser:
            _open_browser(page.url)
        await _until_stopped(stop, page, _keep_going(world, page, turn))
    print("\nThe demo has ended and left nothing behind.")


async def _keep_going(world: DemoWorld, page: TurnTakingPreview, turn: asyncio.Lock) -> None:
    """Let time pass and colleagues answer, one operation per turn, so that nobody waits long."""
    env, crowd = world.env, world.crowd
    loop = asyncio.get_running_loop()
    before = loop.time()
    while True:
        await asyncio.sleep(TICK_SECONDS)
        now = loop.time()
        async with turn:
            await env.advance_time(min(now - before, LONGEST_STEP_SECONDS))
            crowd.look(world.channel.history(), env.now())
        before = now
        while crowd.is_due(env.now()):
            async with turn:
                await crowd.press()
        async with turn:
            await page.refresh()
        await world.quizzes.look()  # an author may fix a quiz and start the next round


@asynccontextmanager
async def _open_page(world: DemoWorld, turn: asyncio.Lock, port: int) -> AsyncGenerator[TurnTakingPreview]:
    viewers = (world.you, *world.colleagues)
    async with contextlib.AsyncExitStack() as stack:
        page = TurnTakingPreview(world.env, world.channel, viewers, turn=turn, port=port)
        try:
            await stack.enter_async_context(page)
        except simcord.SetupError as error:
            if not isinstance(error.__cause__, OSError):
                raise
            print(f"Port {port} is in use, so this is on another one.\n")
            page = TurnTakingPreview(world.env, world.channel, viewers, turn=turn, port=0)
            await stack.enter_async_context(page)
        yield page


async def _until_stopped(
    stop: asyncio.Event, page: TurnTakingPreview, game: Coroutine[Any, Any, None]
) -> None:
    """Run the game until a signal, or until somebody ends the session in the page.

    Raises:
        SystemExit: the game broke down; the log says how.
    """
    playing = tasks.spawn(game, name="demo")
    ends = [
        tasks.spawn(page.wait_closed(), name="end of the session"),
        tasks.spawn(stop.wait(), name="wait for a signal"),
    ]
    await asyncio.wait([playing, *ends], return_when=asyncio.FIRST_COMPLETED)
    broke_down = playing.done()
    for task in (playing, *ends):
        await tasks.cancel(task)
    if broke_down:
        raise SystemExit(1)


def _await_signals() -> asyncio.Event:
    """Return what Ctrl+C and SIGTERM set; a second one ends the process at once."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    names = (signal.SIGTERM, signal.SIGINT)

    def note() -> None:
        stop.set()
        for name in names:
            loop.remove_signal_handler(name)

    with contextlib.suppress(NotImplementedError):  # Windows: Ctrl+C ends `asyncio.run` there
        for name in names:
            loop.add_signal_handler(name, note)
    return stop


def _tell_what_to_do(url: str, quiz_id: str) -> None:
    print(
        "This is the real bot on a simulated Discord: no token, no server, nothing leaves this machine.\n\n"
        f"  Open  {url}\n"
        f"  Type  /round start, and {quiz_id} to find the quiz\n"
        "  Stop  Ctrl+C\n\n"
        f"You are {YOU.name} there, and three simulated colleagues play along.",
        flush=True,
    )


def _open_browser(url: str) -> None:
    """Show the page, if there is a browser with a window; one in this terminal would cover our words."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return
    in_terminal = type(browser) is webbrowser.GenericBrowser and "BROWSER" not in os.environ
    if not in_terminal:
        threading.Thread(target=browser.open, args=(url,), daemon=True).start()
