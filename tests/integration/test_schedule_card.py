"""Reminder cards over real sockets, where Discord gives the first message of a nonce back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.text import schedules as words
from tests.facing import open_app


async def test_the_card_of_a_date_that_is_on_again_is_live_again(tmp_path: Path) -> None:
    when = f"{datetime.now(UTC) + timedelta(minutes=9):%Y-%m-%d %H:%M}"
    button = words.reminder_button()
    async with open_app(tmp_path) as (_, bot, _):
        await bot.slash("schedule add", quiz="capitals", when=when, repeat="weekly")
        card = await bot.wait_for_message(enabled=True)
        await bot.slash("schedule pause", schedule="1")
        await bot.wait_for_message(enabled=False)
        await bot.slash("schedule resume", schedule="1")
        again = await bot.wait_for_message(enabled=True)
        assert again["id"] == card["id"], "Discord gives the first card back"
        assert len(await bot.list_messages()) == 1
        outcome = await bot.click(again, member=7, label=button)
        assert outcome["private"]
