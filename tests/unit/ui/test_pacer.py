"""What is sent as the bot takes turns: never too much in a second, and the nearest deadline first."""

import asyncio
from datetime import timedelta

import discord.http
import pytest
import yarl

from bot.ui.pacer import AT_ONCE, KEPT_FREE, PATIENCE_SECONDS, PER_SECOND, Pacer, _counts, due
from tests.builders import NOW
from tests.fakes import VirtualClock

#: What Discord takes from a bot in a second.
DISCORD_TAKES = 50


class Line:
    """A pacer, and what went past it when."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.pacer = Pacer(self.clock)
        self.sent: list[tuple[float, str]] = []
        self.tasks: list[asyncio.Task[None]] = []

    def send(self, name: str = "", *, due_in: float | None = None) -> asyncio.Task[None]:
        """Send something; without a time it has no deadline."""

        async def send() -> None:
            if due_in is None:
                await self.pacer.turn()
            else:
                with due(self.clock.now() + timedelta(seconds=due_in)):
                    await self.pacer.turn()
            self.sent.append(((self.clock.now() - NOW).total_seconds(), name))

        self.tasks.append(asyncio.create_task(send()))
        return self.tasks[-1]

    async def advance(self, seconds: float) -> None:
        await asyncio.sleep(0)
        await self.clock.advance(seconds, lambda: self.clock.sleeping == 1 or not self.pacer._waiting)
        await asyncio.sleep(0)

    async def fill(self) -> None:
        """Use up what can be sent at once."""
        for _ in range(AT_ONCE):
            self.send("earlier", due_in=0)
        await asyncio.sleep(0)
        self.sent.clear()


@pytest.fixture
def line() -> Line:
    return Line()


async def test_four_hundred_at_once_are_sent_evenly_and_never_too_many_in_a_second(line: Line) -> None:
    for _ in range(400):
        line.send(due_in=0)
    await line.advance(13)
    times = [at for at, _ in line.sent]
    assert len(times) == 400
    assert max(sum(begin <= at < begin + 1.25 for at in times) for begin in times) < DISCORD_TAKES
    assert times[-1] == pytest.approx((400 - AT_ONCE) / PER_SECOND, abs=0.1)


async def test_a_few_are_sent_at_once(line: Line) -> None:
    for _ in range(AT_ONCE):
        line.send()
    await line.advance(0)
    assert [at for at, _ in line.sent] == [0] * AT_ONCE


async def test_the_nearest_deadline_goes_first_and_of_the_same_one_who_came_first(line: Line) -> None:
    await line.fill()
    line.send("an announcement", due_in=10)
    line.send("a notice")
    line.send("a reveal", due_in=-2)
    line.send("a question", due_in=0)
    line.send("another question", due_in=0)
    await line.advance(1)
    order = [name for _, name in line.sent]
    assert order == ["a reveal", "a question", "another question", "a notice", "an announcement"]


async def test_what_has_no_deadline_waits_for_some_seconds_at_most(line: Line) -> None:
    await line.fill()
    line.send("a notice")
    for second in range(20):
        for _ in range(PER_SECOND):
            line.send("a post", due_in=0)
        await line.advance(1)
        if (second + 1) > PATIENCE_SECONDS + 1:
            break
    (at,) = (at for at, name in line.sent if name == "a notice")
    assert at <= PATIENCE_SECONDS + 1


async def test_what_can_be_left_out_has_room_only_where_nobody_waits_and_some_stay_free(line: Line) -> None:
    assert line.pacer.has_room()
    for _ in range(AT_ONCE - KEPT_FREE):
        line.send()
    await line.advance(0)
    assert not line.pacer.has_room(), "the rest is for what a round cannot do without"
    await line.advance(1)
    assert line.pacer.has_room()
    for _ in range(AT_ONCE + 5):
        line.send()
    await asyncio.sleep(0)
    assert not line.pacer.has_room()


async def test_the_delay_is_known_before_it_happens(line: Line) -> None:
    assert line.pacer.delay(NOW) == 0
    await line.fill()
    for _ in range(100):
        line.send(due_in=0)
    for _ in range(100):
        line.send(due_in=30)
    await asyncio.sleep(0)
    foreseen = line.pacer.delay(NOW)
    line.send("the one", due_in=0)
    await line.advance(20)
    ((at, _),) = (one for one in line.sent if one[1] == "the one")
    assert at == pytest.approx(foreseen, abs=0.05)


async def test_whoever_is_called_off_takes_no_turn(line: Line) -> None:
    await line.fill()
    gone = [line.send("gone", due_in=0) for _ in range(40)]
    line.send("still here", due_in=0)
    await asyncio.sleep(0)
    for task in gone:
        task.cancel()
    await line.advance(0.1)
    assert [name for _, name in line.sent] == ["still here"]
    line.send("and later", due_in=0)
    await line.advance(1)
    assert len(line.sent) == 2


@pytest.mark.parametrize(
    ("path", "counted"),
    [
        ("/channels/1/messages", True),
        ("/channels/1/messages/2", True),
        ("/guilds/1/scheduled-events?with_user_count=false", True),
        ("/users/@me/channels", True),
        ("/interactions/1/token/callback", False),
        ("/webhooks/1/token", False),
        ("/webhooks/1/token/messages/@original", False),
    ],
)
def test_all_but_replies_to_interactions_counts(path: str, counted: bool) -> None:
    assert _counts(yarl.URL(discord.http.Route.BASE + path)) is counted


def test_what_does_not_go_to_the_api_does_not_count() -> None:
    assert not _counts(yarl.URL("wss://gateway.discord.gg/?v=10"))
    assert not _counts(yarl.URL("https://cdn.discordapp.com/attachments/1/2/a.png"))
