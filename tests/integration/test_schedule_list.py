"""What moderators see of their schedules, and what they do in the list."""

import re
from datetime import datetime, timedelta
from typing import Any

import discord
import icalendar
import simcord

from bot.services.schedules import MAX_SCHEDULES
from bot.text import refusals
from bot.ui.custom_ids import ScheduleButton, ScheduleMenu, ScheduleStep
from tests.rig import send_click
from tests.world import World, buttons, texts


async def slash(world: World, command: str, **options: Any) -> Any:
    """Run a `/schedule` command; return the private message."""
    result = await world.moderator.slash(world.channel, f"schedule {command}", **options)
    assert result.response is not None
    assert result.response.ephemeral
    return result.response


async def add(world: World, when: str, **options: Any) -> Any:
    return await slash(world, "add", **{"quiz": "capitals", "when": when, **options})


def ahead(world: World, **time: float) -> str:
    return f"{world.env.now() + timedelta(**time):%Y-%m-%d %H:%M}"


async def choose(world: World, number: int) -> Any:
    """Open the list, and choose a schedule in its menu."""
    result = await world.moderator.select(await slash(world, "list"), [str(number)])
    assert result.response is not None
    return result.response


async def click(world: World, card: Any, label: str) -> Any:
    """Press a button; return the card as it is then, or the private refusal."""
    result = await world.moderator.click(card, label=label)
    assert result.response is not None
    return result.followups[-1] if result.followups else result.response


def menu_ids(message: discord.Message) -> set[str]:
    view = discord.ui.LayoutView.from_message(message)
    return {item.custom_id for item in view.walk_children() if isinstance(item, discord.ui.Select)}


def labels(card: Any) -> list[str | None]:
    return [button.label for button in buttons(card.message)]


async def test_confirmation_and_list_show_every_option_that_was_given(world: World) -> None:
    role = world.server.create_role("Quizzers", mentionable=True)
    given = {"ping": role, "announce": 30, "seconds": 7, "questions": 2, "scoring": "speed", "thread": True}
    said = await add(world, ahead(world, hours=2), repeat="weekly", event=True, **given)
    shown = (
        f"reminder 30 minutes before · pings <@&{role.id}> · 7 seconds per question · 2 questions · "
        "speed counts · in a thread · with an event"
    )
    assert shown in said.content
    assert shown in texts((await slash(world, "list")).message)
    said = await add(world, ahead(world, hours=9), announce=0, thread=False, scoring="accuracy")
    assert "no reminder · being right counts · not in a thread" in said.content


async def test_the_list_is_by_day_with_short_dates_and_brings_a_calendar(world: World) -> None:
    assert "Nothing is scheduled" in texts((await slash(world, "list")).message)
    await world.app.settings.change(world.server.id, "time_zone", "Europe/Berlin")
    now = world.env.now()  # 1 January 2026, a Thursday
    assert (now.year, now.month, now.day, now.weekday()) == (2026, 1, 1, 3)
    await add(world, "2026-01-09 16:00", repeat="weekly")
    await add(world, "2026-01-05 09:00", quiz="mlops-basics", repeat="daily", until="2027-01-01")
    await add(world, "2026-01-05 00:30", channel=world.server.create_text_channel("late"))
    await add(world, "2026-12-31 16:00", repeat="yearly")
    await slash(world, "skip-next", schedule="1")
    await add(world, "2026-01-05 18:00", quiz="mlops-basics")
    await slash(world, "pause", schedule="5")
    message = (await slash(world, "list")).message
    lines = [line for line in texts(message).splitlines() if line.startswith(("#", "**", "-#"))]
    assert [
        re.sub(r" · <#\d+>", "", line.removesuffix(" · reminder 15 minutes before")) for line in lines
    ] == [
        "## Scheduled rounds",
        "### Mon 5 Jan",
        "**3** · Capitals · once, 00:30 Berlin",
        "-# reminder 15 minutes before",
        "**2** · MLOps Basics: From Notebook to Production · every day, until 1 Jan 2027, 09:00 Berlin",
        "-# then Tue 6 Jan, Wed 7 Jan",
        "### Fri 16 Jan",
        "**1** · Capitals · every week on Friday, 16:00 Berlin",
        "-# then Fri 23 Jan, Fri 30 Jan",
        "### Thu 31 Dec",
        "**4** · Capitals · every year on 31 December, 16:00 Berlin",
        "-# then Fri 31 Dec 2027, Sun 31 Dec 2028",
        "### Paused",
        "**5** · MLOps Basics: From Notebook to Production · once, 18:00 Berlin",
        "-# reminder 15 minutes before",
    ]
    calendar: Any = icalendar.Calendar.from_ical(await message.attachments[0].read())
    assert len(calendar.walk("VEVENT")) == 4
    (event,) = (one for one in calendar.walk("VEVENT") if one.get("rrule", {}).get("FREQ") == ["WEEKLY"])
    assert str(event["SUMMARY"]) == "Quiz: Capitals"
    assert event["EXDATE"].dts[0].dt == event["DTSTART"].dt
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Berlin"]


async def test_a_schedule_is_skipped_paused_and_removed_in_the_list(world: World) -> None:
    await add(world, ahead(world, hours=2), repeat="weekly")
    card = await choose(world, 1)
    skip, *others = labels(card)
    assert others == ["Pause", "Remove", "All schedules"]
    card = await click(world, card, str(skip))
    assert "is skipped. The next round is <t:" in texts(card.message)
    assert world.rows("SELECT outcome FROM occurrences") == [("skipped",)]
    card = await click(world, card, "Undo")
    assert "is back on" in texts(card.message)
    assert labels(card)[0] == skip
    card = await click(world, card, "Pause")
    assert "Paused" in texts(card.message)
    assert labels(card) == ["Resume", "Remove", "All schedules"]
    card = await click(world, await click(world, card, "Resume"), "Remove")
    assert "Remove schedule **1** (**Capitals**)?" in texts(card.message)
    assert world.rows("SELECT state FROM schedules") == [("active",)], "it asks once"
    card = await click(world, await click(world, card, "Keep it"), "All schedules")
    assert "## Scheduled rounds" in texts(card.message)
    assert [one.filename for one in card.message.attachments] == ["quizhost.ics"]
    card = await click(world, await click(world, await choose(world, 1), "Remove"), "Remove it")
    assert "has been removed" in texts(card.message)
    assert world.rows("SELECT state FROM schedules") == [("removed",)]
    assert "Nothing is scheduled" in texts((await click(world, card, "All schedules")).message)


async def test_skip_next_names_the_date_and_can_be_undone_until_the_date_is_over(world: World) -> None:
    at = datetime.fromisoformat(ahead(world, hours=2)).replace(tzinfo=world.env.now().tzinfo)
    await add(world, f"{at:%Y-%m-%d %H:%M}", repeat="weekly", announce=0)
    skipped = await slash(world, "skip-next", schedule="1")
    assert f"<t:{int(at.timestamp())}:F> is skipped." in texts(skipped.message)
    later = await slash(world, "skip-next", schedule="1")
    refused = await click(world, skipped, "Undo")
    assert refused.content == "The schedule has changed since, so that date cannot be put back."
    await click(world, later, "Undo")
    assert f"<t:{int(at.timestamp())}:F> is back on" in texts((await click(world, skipped, "Undo")).message)
    await world.advance(2 * 3600 + 5)
    assert world.rows("SELECT outcome FROM occurrences ORDER BY due_at LIMIT 1") == [("started",)]


async def test_the_last_date_can_be_skipped_and_called_on_again(world: World) -> None:
    await add(world, ahead(world, hours=2), announce=0)
    skipped = await slash(world, "skip-next", schedule="1")
    assert "It was the last one." in texts(skipped.message)
    assert world.rows("SELECT state FROM schedules") == [("ended",)]
    await click(world, skipped, "Undo")
    await world.advance(2 * 3600 + 5)
    assert world.rows("SELECT outcome FROM occurrences") == [("started",)]


async def test_a_date_that_is_over_is_not_called_on_again(world: World) -> None:
    await add(world, ahead(world, minutes=5), repeat="weekly", announce=0)
    skipped = await slash(world, "skip-next", schedule="1")
    await world.advance(6 * 60)
    assert (await click(world, skipped, "Undo")).content.startswith("That date has passed")


async def test_fifty_schedules_are_all_in_the_menus_and_inside_discords_limits(world: World) -> None:
    for number in range(MAX_SCHEDULES):
        rule = "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29,-1;BYDAY=MO"
        channel = world.server.create_text_channel(f"c{number}")
        await add(world, ahead(world, hours=number + 1), repeat=rule, channel=channel)
    message = (await slash(world, "list")).message
    assert "more; the menu and the calendar file have them all" in texts(message)
    menus = [
        item
        for item in discord.ui.LayoutView.from_message(message).walk_children()
        if isinstance(item, discord.ui.Select)
    ]
    assert sorted(int(option.value) for menu in menus for option in menu.options) == list(range(1, 51))
    assert all(len(option.description or "") <= 100 for menu in menus for option in menu.options)


async def test_a_list_that_is_shown_again_has_a_new_menu_in_which_nothing_is_chosen(world: World) -> None:
    await add(world, ahead(world, hours=2), repeat="weekly")
    before = await slash(world, "list")
    first = menu_ids(before.message)
    await world.moderator.select(before, ["1"])
    await world.advance(2)
    await click(world, before, "All schedules")
    assert len(first) == 1
    assert menu_ids(before.message).isdisjoint(first), (
        "in a menu of the same id, what was chosen stays chosen"
    )
    await world.moderator.select(before, ["1"])


# --- who may ----------------------------------------------------------------------------------------


async def forge(
    actor: simcord.MemberActor, message: discord.Message, step: ScheduleStep = ScheduleStep.REMOVE_FOR_GOOD
) -> str:
    result = await send_click(actor, message, ScheduleButton(1, step).custom_id).arrive()
    assert result.response is not None
    return result.response.content


async def test_a_forged_button_or_menu_does_nothing(world: World) -> None:
    await add(world, ahead(world, hours=2), repeat="weekly")
    await world.start()
    for actor in (world.members["Ana"], world.moderator):
        assert await forge(actor, world.question) == refusals.unknown_button()
        custom_id = ScheduleMenu(0, 1).custom_id
        data = {"custom_id": custom_id, "component_type": 3, "values": ["1"]}
        forged = await send_click(actor, world.question, custom_id, data=data).arrive()
        assert forged.response is not None
        assert forged.response.content == refusals.unknown_button()
    card = await choose(world, 1)
    assert await forge(world.members["Ana"], card.message) == refusals.unknown_button()
    assert world.rows("SELECT state FROM schedules") == [("active",)]


async def test_the_list_works_after_a_restart(world: World) -> None:
    await add(world, ahead(world, hours=2), repeat="weekly")
    card = await choose(world, 1)
    await world.restart()
    await click(world, card, "Pause")
    assert world.rows("SELECT state FROM schedules") == [("paused",)]
