"""`/leaderboard`: what weeks, months and all time add up to, and where one stands oneself."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import discord
import pytest
import pytest_asyncio

from bot.text import leaderboard
from tests.world import GRACE, LEAD, PAUSE, World, open_world, quiz_file, texts, without_isolates

pytestmark = pytest.mark.asyncio(loop_scope="module")

THURSDAY, MONDAY, NEXT_WEEK = (
    datetime(2026, month, day, tzinfo=UTC) for month, day in ((1, 1), (2, 2), (2, 11))
)
QUIZ = {"first.yaml": quiz_file(title="First"), "second.yaml": quiz_file(title="Second")}

#: When, which quiz, and who answers what after how many seconds.
ROUNDS = (
    (THURSDAY, "first", {"Ana": ("Paris", 2), "Bo": ("Paris", 4), "Cem": ("Lyon", 6)}),
    (MONDAY, "second", {"Ana": ("Lyon", 2), "Bo": ("Paris", 4)}),
    (NEXT_WEEK, "first", {"Bo": ("Lyon", 2), "Cem": ("Paris", 3)}),
)


async def play(world: World, at: datetime, quiz: str, answers: dict[str, tuple[str, int]]) -> None:
    await world.advance((at - world.env.now()).total_seconds())
    await world.start(quiz)
    await world.advance(LEAD)
    message, passed = world.question, 0
    for name, (option, second) in answers.items():
        await world.advance(second - passed)
        passed = second
        await world.answer(name, option, message)
    await world.advance(20 - passed + GRACE + PAUSE)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[World]:
    """Three rounds in six weeks, and a fourth that goes on; the tests look and change nothing."""
    folder = tmp_path_factory.mktemp("boards")
    async with open_world(folder, members=("Ana", "Bo", "Cem", "Dana"), files=QUIZ) as opened:
        for at, quiz, answers in ROUNDS:
            await play(opened, at, quiz, answers)
        await opened.start("second")
        await opened.advance(LEAD)
        await opened.answer("Dana", "Paris")
        yield opened


async def board(world: World, name: str, **options: str) -> discord.Message:
    result = await world.members[name].slash(world.channel, "leaderboard", **options)
    assert result.response is not None
    assert result.response.ephemeral
    assert not result.followups
    return result.response.message


def rows(message: discord.Message) -> list[str]:
    """Return the rows as the picture's alt text names them."""
    view = discord.ui.LayoutView.from_message(message)
    (gallery,) = (one for one in view.walk_children() if isinstance(one, discord.ui.MediaGallery))
    assert gallery.items[0].description is not None
    return without_isolates(gallery.items[0].description).split("\n")


async def test_all_time_adds_up_every_finished_round(world: World) -> None:
    # Bo 2 of 3; Ana and Cem 1 of 2 each, Ana in 4 s, Cem in 9 s.
    assert rows(await board(world, "Ana", period="all time")) == [
        "1. Bo: 2 points (3 rounds · 67 % right)",
        "2. Ana: 1 point (2 rounds · 50 % right)",
        "3. Cem: 1 point (2 rounds · 50 % right)",
    ]


async def test_a_month_begins_on_its_first_day(world: World) -> None:
    # Bo: 1 of 2 in 6 s. Cem: 1 of 1 in 3 s. Ana: 0 of 1.
    assert rows(await board(world, "Ana", period="month")) == [
        "1. Cem: 1 point (1 round · 100 % right)",
        "2. Bo: 1 point (2 rounds · 50 % right)",
    ], "Ana has no point, and nobody is named for that"


async def test_a_week_is_what_one_sees_unless_one_asks_for_more(world: World) -> None:
    shown = await board(world, "Ana")
    assert rows(shown) == ["1. Cem: 1 point (1 round · 100 % right)"]
    assert leaderboard.leaderboard_title("week", None) in texts(shown)
    assert texts(shown) == texts(await board(world, "Ana", period="week"))


async def test_a_board_can_be_about_one_quiz(world: World) -> None:
    shown = await board(world, "Bo", period="all time", quiz="first")
    assert leaderboard.leaderboard_title("all time", "First") in texts(shown)
    assert rows(shown) == [
        "1. Ana: 1 point (1 round · 100 % right)",
        "2. Bo: 1 point (2 rounds · 50 % right)",
        "3. Cem: 1 point (2 rounds · 50 % right)",
    ]
    assert leaderboard.own_rank(2, 100, 200, 2) in texts(shown)


async def test_everybody_is_told_privately_where_they_stand(world: World) -> None:
    ranks = {"Bo": (1, 2, 3, 3), "Ana": (2, 1, 2, 2), "Cem": (3, 1, 2, 2)}
    for name, (rank, points, out_of, rounds) in ranks.items():
        shown = await board(world, name, period="all time")
        assert leaderboard.own_rank(rank, 100 * points, 100 * out_of, rounds) in texts(shown)
    assert leaderboard.no_own_rank() in texts(await board(world, "Dana", period="all time")), (
        "her round goes on"
    )
    assert leaderboard.no_own_rank() in texts(await board(world, "Ana", period="week"))


async def test_the_board_is_drawn(world: World) -> None:
    (picture,) = (await board(world, "Ana", period="all time")).attachments
    data = world.env.backend.cdn.get(picture.url)
    assert data is not None
    assert data.startswith(b"\x89PNG\r\n\x1a\n")


async def test_another_server_has_a_board_of_its_own(world: World) -> None:
    server = world.env.create_guild("Elsewhere")
    channel = server.create_text_channel("games")
    ana = server.add_member(world.members["Ana"].user)
    result = await ana.slash(channel, "leaderboard", period="all time")
    assert result.response is not None
    assert leaderboard.leaderboard_empty() in texts(result.response.message)


@pytest.mark.asyncio(loop_scope="function")
async def test_a_week_begins_on_monday_at_midnight(tmp_path: Path) -> None:
    async with open_world(tmp_path, files=QUIZ) as early:
        before = MONDAY - timedelta(seconds=LEAD + 20 + GRACE + PAUSE + 1)
        await play(early, before, "first", {"Ana": ("Paris", 2)})
        await play(early, MONDAY, "first", {"Bo": ("Paris", 2)})
        assert rows(await board(early, "Bo", period="week")) == ["1. Bo: 1 point (1 round · 100 % right)"]
