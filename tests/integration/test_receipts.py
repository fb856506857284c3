"""Private receipts: what they say, which of them stays, and for how long they are remembered."""

import asyncio
from collections.abc import Mapping
from itertools import permutations
from pathlib import Path

import discord
import pytest

from bot.text import rounds
from bot.ui.acknowledge import Acknowledger
from bot.ui.guard import Interaction
from tests.facing import open_app
from tests.rig import SentClick, arrive_together, send_click
from tests.world import LEAD, World, buttons, chosen, letter_of, open_world, quiz_file

PRESSED = ("Paris", "Lyon", "Nice")


class SlowReplies(Acknowledger):
    """Replies take their time by the click's id, so that they overtake each other."""

    def __init__(self, world: World, seconds: Mapping[int, float]) -> None:
        super().__init__(world.app.bot)
        self._clock, self._seconds = world.clock, seconds

    async def send(self, interaction: Interaction, sentence: str) -> bool:
        await self._clock.sleep(self._seconds[interaction.id])
        return await super().send(interaction, sentence)


class LostReplies(Acknowledger):
    """No reply reaches anybody."""

    async def send(self, interaction: Interaction, sentence: str) -> bool:
        return False


def press(world: World, name: str, message: discord.Message, option: str) -> SentClick:
    """Press a letter; the click is under way."""
    letter = letter_of(message, option)
    custom_id = next(str(one.custom_id) for one in buttons(message) if one.label == letter)
    return send_click(world.members[name], message, custom_id)


def receipts(world: World, name: str) -> list[str]:
    """Return the receipts that this member sees."""
    return [one.content for one in world.private(name)]


@pytest.mark.parametrize("locked", [False, True])
async def test_whatever_the_order_of_clicks_and_replies_the_receipt_that_stays_tells_what_counts(
    tmp_path: Path, *, locked: bool
) -> None:
    names = tuple(f"Player {number}" for number in range(36))
    quiz = quiz_file(first_answer_locks=locked)
    counts = PRESSED[0] if locked else PRESSED[-1]
    orders = [(one, other) for one in permutations(range(3)) for other in permutations(range(3))]
    async with open_world(tmp_path, quiz=quiz, members=names) as world:
        message = await world.start_and_open(seconds=300)
        expected = rounds.receipt(chosen(letter_of(message, counts), counts), locked=locked)
        for name, (arrivals, replies) in zip(names, orders, strict=True):
            clicks = [press(world, name, message, option) for option in PRESSED]
            ids = [int(click.payload["id"]) for click in clicks]
            seconds = {click_id: place / 2 for click_id, place in zip(ids, replies, strict=True)}
            world.app.bot.acknowledger = SlowReplies(world, seconds)
            await arrive_together(*(clicks[place] for place in arrivals))
            await world.advance(2)
            assert receipts(world, name) == [expected], (arrivals, replies)


async def test_a_receipt_that_was_lost_takes_the_one_before_it_away_all_the_same(world: World) -> None:
    message = await world.start_and_open()
    usual = world.app.bot.acknowledger
    await world.answer("Ana", "Paris", message)
    world.app.bot.acknowledger = LostReplies(world.app.bot)
    await press(world, "Ana", message, "Lyon").arrive()
    assert receipts(world, "Ana") == [], "it would tell an answer that does not count any more"
    world.app.bot.acknowledger = usual
    await world.answer("Ana", "Nice", message)
    assert receipts(world, "Ana") == [
        rounds.receipt(chosen(letter_of(message, "Nice"), "Nice"), locked=False)
    ]


async def test_a_receipt_names_the_option_in_one_short_line(tmp_path: Path) -> None:
    options = ["**bold** and `code`", "```\nfor x in y:\n    pass\n```", "a word " * 20 + "**", "@everyone"]
    quiz = quiz_file({"options": options, "key": "@everyone"})
    async with open_world(tmp_path, quiz=quiz) as world:
        message = await world.start_and_open()
        told: set[str] = set()
        for button in buttons(message):
            result = await world.members["Ana"].click(message, label=button.label)
            assert result.response is not None
            line, _ = result.response.content.splitlines()
            told.add(line.partition(" · ")[2])
    assert told == {
        "**bold** and `code`",
        "for x in y\\: pass",
        f"{('a word ' * 20)[:59]}…",
        "@\u200beveryone",
    }


async def test_a_receipt_is_forgotten_when_discord_does_not_take_changes_any_more(world: World) -> None:
    def removals() -> int:
        return sum(request.method == "DELETE" for request in world.env.http_requests)

    message = await world.start_and_open()
    for minutes, expected in ((14, 1), (16, 0)):
        await world.answer("Ana", "Paris", message)
        await world.moderator.slash(world.channel, "round pause")
        await world.advance(minutes * 60)
        await world.moderator.slash(world.channel, "round resume")
        before = removals()
        await world.answer("Ana", "Lyon", message)
        assert removals() - before == expected, minutes


# --- after the reveal ---------------------------------------------------------------------------------


async def test_after_the_reveal_a_receipt_tells_its_player_how_it_went(world: World) -> None:
    first = await world.start_and_open()
    await world.answer("Ana", "Lyon")
    await world.answer("Bo", "Lyon")
    await world.advance(5)
    await world.answer("Ana", "Paris")
    await world.close_question(15)
    right, wrong = rounds.was_right(100), rounds.was_wrong(0)
    for name, option, verdict, points, rank in (("Ana", "Paris", right, 1, 1), ("Bo", "Lyon", wrong, 0, 2)):
        standing = rounds.where_you_stand(f"{points} of 1", rank, 2)
        expected = rounds.judged_receipt(chosen(letter_of(first, option), option), verdict, standing)
        assert receipts(world, name) == [expected]
    assert receipts(world, "Cem") == []
    second = await world.next_question()
    await world.answer("Bo", "Canberra")
    await world.close_question()
    standing = rounds.where_you_stand("1 of 2", 1, 2)
    told = rounds.judged_receipt(chosen(letter_of(second, "Canberra"), "Canberra"), right, standing)
    assert receipts(world, "Bo")[-1] == told
    assert len(receipts(world, "Ana")) == 1, "nothing new for whoever did not answer"


async def test_a_standing_on_a_receipt_knows_what_was_played_before_a_restart(world: World) -> None:
    await world.start_and_open()
    await world.answer("Ana", "Paris")
    await world.close_question()
    await world.next_question()
    await world.restart()
    await world.answer("Ana", "Canberra")
    await world.close_question()
    assert rounds.where_you_stand("2 of 2", 1, 1) in receipts(world, "Ana")[-1]


async def test_what_receipts_wait_for_when_the_bot_ends_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    busy = True
    monkeypatch.setattr(Acknowledger, "is_busy", property(lambda _: busy))
    settings = {"QUIZHOST_LEAD_SECONDS": 0, "QUIZHOST_PAUSE_SECONDS": 60}
    async with open_app(tmp_path, **settings) as (app, bot, _):
        await bot.slash("round start", quiz="capitals", seconds=5)
        question = await bot.wait_for_message("question 1", enabled=True)
        await bot.burst(question, 20)
        await bot.wait_for_message("question 1", enabled=False)
        await app.bot.close()
        busy = False
        await asyncio.sleep(0.2)
    assert [one.getMessage() for one in caplog.records if one.levelname == "ERROR"] == []


async def test_a_skipped_question_leaves_its_receipts_as_they_are(world: World) -> None:
    message = await world.start_and_open()
    await world.answer("Ana", "Paris")
    await world.moderator.slash(world.channel, "round skip")
    assert receipts(world, "Ana") == [
        rounds.receipt(chosen(letter_of(message, "Paris"), "Paris"), locked=False)
    ]


async def test_a_server_may_want_receipts_to_stay_as_they_are(world: World) -> None:
    await world.app.settings.change(world.server.id, "tells_players", "no")
    message = await world.start_and_open()
    await world.answer("Ana", "Paris")
    await world.close_question()
    assert receipts(world, "Ana") == [
        rounds.receipt(chosen(letter_of(message, "Paris"), "Paris"), locked=False)
    ]


async def test_what_a_wrong_answer_cost_and_what_speed_earned_is_told(tmp_path: Path) -> None:
    async with open_world(tmp_path, quiz=quiz_file({"points": 3}, penalty=2)) as world:
        await world.start(scoring="speed")
        await world.advance(LEAD)
        await world.answer("Ana", "Paris")
        await world.answer("Bo", "Lyon")
        await world.close_question()
        (ana,), (bo,) = receipts(world, "Ana"), receipts(world, "Bo")
        assert rounds.was_wrong(100 * 2_000) in bo
        assert rounds.was_right(100 * 3_000) in ana
        assert rounds.where_you_stand("-2\u202f000 points", 2, 2) in bo
