"""Changing a schedule, and schedules that play in one channel at the same time."""

from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.round import Scoring
from bot.domain.schedule import RoundOptions, Schedule, Source, SourceKind
from bot.services.errors import BadRepeat, NoChange, NoSuchSchedule, ScheduleClash
from bot.services.schedule_edits import Changes, Reset
from bot.text import schedules as words
from bot.ui.moderators import TRUSTED_FOR
from tests.builders import make_quiz
from tests.integration.test_schedule_list import add, ahead, click, slash
from tests.schedule_desk import DUE, FRIDAY, SERVER, Desk, open_desk, outcomes
from tests.world import World, texts


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncGenerator[Desk]:
    async with open_desk(tmp_path, make_quiz(), make_quiz(id="rivers", title="Rivers")) as opened:
        yield opened


async def edit(desk: Desk, *, confirmed: bool = True, **changes: Any) -> Schedule:
    options = RoundOptions(**changes.pop("options", {}))
    planned = await desk.service.edit(
        SERVER,
        "1",
        Changes(zone="Europe/Berlin", options=options, **changes),
        host_may_mention=False,
        confirmed=confirmed,
    )
    return planned.schedule


# --- what is changed --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("repeat", "changes", "rule", "first"),
    [
        ("weekly", {"first": datetime(2026, 11, 30, 18)}, "FREQ=WEEKLY", "2026-11-30 18:00"),
        ("every friday", {"first": datetime(2026, 11, 30, 18)}, "FREQ=WEEKLY;BYDAY=MO", "2026-11-30 18:00"),
        ("mon and fri", {"first": datetime(2026, 11, 30, 18)}, "FREQ=WEEKLY;BYDAY=MO,FR", "2026-11-30 18:00"),
        ("monthly", {"first": datetime(2026, 12, 1, 18)}, "FREQ=MONTHLY;BYDAY=+1TU", "2026-12-01 18:00"),
        ("once", {"first": datetime(2026, 11, 30, 18)}, "", "2026-11-30 18:00"),
        ("weekly", {"repeat": "daily"}, "FREQ=DAILY", "2026-11-27 16:00"),
        ("weekly", {"repeat": "once"}, "", "2026-11-27 16:00"),
        ("once", {"repeat": "weekly", "times": 3}, "FREQ=WEEKLY;COUNT=3", "2026-11-27 16:00"),
        ("FREQ=WEEKLY;COUNT=5", {"repeat": "daily"}, "FREQ=DAILY;COUNT=5", "2026-11-27 16:00"),
        ("FREQ=WEEKLY;COUNT=5", {"times": 9}, "FREQ=WEEKLY;COUNT=9", "2026-11-27 16:00"),
        (
            "FREQ=WEEKLY;COUNT=5",
            {"until": date(2026, 12, 31)},
            "FREQ=WEEKLY;UNTIL=20261231T235900",
            "2026-11-27 16:00",
        ),
        ("FREQ=WEEKLY;COUNT=5", {"reset": Reset.END}, "FREQ=WEEKLY", "2026-11-27 16:00"),
    ],
)
async def test_the_dates_are_changed_and_what_is_not_named_stays(
    desk: Desk, repeat: str, changes: dict[str, Any], rule: str, first: str
) -> None:
    await desk.add(FRIDAY, repeat, options=RoundOptions(seconds=30))
    changed = await edit(desk, **changes)
    assert (changed.rule, changed.next_wall) == (rule, datetime.fromisoformat(first))
    assert changed.options == RoundOptions(seconds=30)
    assert await desk.store.fetch(changed.id) == changed


async def test_what_is_played_and_how_can_be_changed_and_made_as_usual_again(desk: Desk) -> None:
    await desk.add(FRIDAY, "weekly", options=RoundOptions(seconds=30, thread=True), ping_role_id=7)
    source = Source(SourceKind.QUIZ, "rivers")
    changed = await edit(desk, source=source, options={"scoring": Scoring.SPEED}, announce_minutes=60)
    assert changed.source == source
    assert changed.options == RoundOptions(seconds=30, scoring=Scoring.SPEED, thread=True)
    assert (changed.announce_minutes, changed.ping_role_id, changed.next_at) == (60, 7, DUE)
    assert (await edit(desk, reset=Reset.SECONDS)).options.seconds is None
    assert (await edit(desk, reset=Reset.PING)).ping_role_id is None


async def test_rounds_that_were_played_count_when_the_time_is_changed(desk: Desk) -> None:
    await desk.add(FRIDAY, "weekly", times=5)
    await desk.run_until(DUE + timedelta(days=8))
    changed = await edit(desk, first=datetime(2026, 12, 14, 18))
    assert changed.rule == "FREQ=WEEKLY;COUNT=3"


async def test_a_changed_schedule_plays_at_its_new_dates_only(desk: Desk, tmp_path: Path) -> None:
    await desk.add(FRIDAY, "weekly")
    await edit(desk, first=datetime(2026, 11, 28, 10), repeat="every two weeks")
    await desk.run_until(DUE + timedelta(days=16))
    at = datetime(2026, 11, 28, 9, tzinfo=UTC)
    assert [started for _, started in desk.started] == [at, at + timedelta(days=14)]
    assert outcomes(tmp_path) == ["started", "started"]


async def test_the_reminder_card_of_a_date_that_was_moved_says_so_and_the_new_one_gets_its_own(
    desk: Desk,
) -> None:
    await desk.add(FRIDAY, "weekly", announce_minutes=60)
    desk.clock.move_to(DUE - timedelta(minutes=30))
    await desk.look()
    await edit(desk, first=FRIDAY + timedelta(minutes=15))
    await desk.look()
    assert [card.due_at for card in desk.announcer.outcomes] == [DUE]
    assert [due for _, due in desk.announcer.reminders] == [DUE, DUE + timedelta(minutes=15)]


async def test_a_card_that_stays_right_is_not_posted_again(desk: Desk) -> None:
    await desk.add(FRIDAY, "weekly", announce_minutes=60)
    desk.clock.move_to(DUE - timedelta(minutes=30))
    await desk.look()
    changed = await edit(desk, options={"seconds": 30})
    await desk.look()
    assert changed.is_reminded
    assert (desk.announcer.posts, desk.announcer.outcomes) == (1, [])


async def test_a_card_in_the_channel_that_was_left_is_taken_back_there(desk: Desk) -> None:
    await desk.add(FRIDAY, "weekly", announce_minutes=60)
    desk.clock.move_to(DUE - timedelta(minutes=30))
    await desk.look()
    await edit(desk, channel_id=11)
    assert [card.schedule.channel_id for card in desk.announcer.outcomes] == [10]


async def test_a_paused_schedule_can_be_changed_and_stays_paused(desk: Desk) -> None:
    await desk.add(FRIDAY, "weekly")
    await desk.service.pause(SERVER, "1")
    desk.clock.move_to(DUE + timedelta(days=1))
    changed = await edit(desk, repeat="daily")
    assert changed.state.value == "paused"
    assert (await desk.service.resume(SERVER, "1")).dates[0] == DUE + timedelta(days=2)


async def test_what_changes_nothing_or_leaves_no_date_is_refused(desk: Desk) -> None:
    await desk.add(FRIDAY, "weekly")
    nothing: list[dict[str, Any]] = [{}, {"announce_minutes": 0}, {"repeat": "weekly"}]
    for changes in nothing:
        with pytest.raises(NoChange):
            await edit(desk, **changes)
    with pytest.raises(BadRepeat):
        await edit(desk, until=date(2026, 11, 20))
    await desk.service.remove(SERVER, "1")
    with pytest.raises(NoSuchSchedule):
        await edit(desk, repeat="daily")


# --- at the same time -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "repeat", "channel", "clashes"),
    [
        (0, "once", 10, True),
        (1, "weekly", 10, True),
        (-1, "weekly", 10, True),
        (60, "weekly", 10, False),
        (0, "weekly", 11, False),
        (7 * 24 * 60, "daily", 10, True),
        (24 * 60, "weekly", 10, False),
        (24 * 60, "every 3 days", 10, True),  # three weeks on
    ],
)
async def test_a_schedule_within_the_length_of_another_one_in_its_channel_is_asked_about(
    desk: Desk, minutes: int, repeat: str, channel: int, *, clashes: bool
) -> None:
    await desk.add(FRIDAY, "weekly")
    first = FRIDAY + timedelta(minutes=minutes)
    if not clashes:
        await desk.add(first, repeat, channel_id=channel, confirmed=False)
        return
    with pytest.raises(ScheduleClash) as clash:
        await desk.add(first, repeat, channel_id=channel, confirmed=False)
    assert (clash.value.number, clash.value.channel_id) == (1, 10)
    assert (await desk.add(first, repeat, channel_id=channel)).id.number == 2


async def test_what_is_paused_is_in_nobodys_way_and_a_move_onto_another_is_asked_about(desk: Desk) -> None:
    await desk.add(FRIDAY + timedelta(hours=3), "weekly")
    await desk.add(FRIDAY, "weekly", confirmed=False)
    with pytest.raises(ScheduleClash):
        await edit(desk, confirmed=False, first=FRIDAY)
    await edit(desk, confirmed=False, announce_minutes=5)
    await desk.service.pause(SERVER, "2")
    await edit(desk, confirmed=False, first=FRIDAY)


# --- as moderators do it ----------------------------------------------------------------------------


async def test_a_clash_is_named_and_scheduled_once_that_was_confirmed(world: World) -> None:
    await add(world, ahead(world, hours=2), repeat="weekly")
    asked = await add(world, ahead(world, hours=2, minutes=1), quiz="mlops-basics")
    assert "Schedule **1** (capitals) has a round in <#" in texts(asked.message)
    assert world.rows("SELECT count(*) FROM schedules") == [(1,)]
    left = await click(world, asked, words.clash_no())
    assert texts(left.message) == "Nothing was changed."
    asked = await add(world, ahead(world, hours=2, minutes=1), quiz="mlops-basics")
    done = await click(world, asked, words.clash_yes())
    assert "Schedule **2**: **MLOps Basics" in texts(done.message)
    assert world.rows("SELECT count(*) FROM schedules") == [(2,)]


async def test_a_question_from_before_a_restart_says_to_ask_again(world: World) -> None:
    await add(world, ahead(world, hours=2), repeat="weekly")
    asked = await add(world, ahead(world, hours=2))
    await world.restart()
    said = await click(world, asked, words.clash_yes())
    assert said.content == "That has expired. Run the command again."
    assert world.rows("SELECT count(*) FROM schedules") == [(1,)]


async def test_a_moderator_who_is_none_any_more_confirms_nothing_after_a_while(world: World) -> None:
    await add(world, ahead(world, hours=2), repeat="weekly")
    asked = await add(world, ahead(world, hours=2))
    world.env.backend.get_guild(world.server.id).members[world.moderator.id].role_ids.clear()
    await world.advance(TRUSTED_FOR / timedelta(seconds=1) + 1)
    said = await click(world, asked, words.clash_yes())
    assert said.content == "That has expired. Run the command again."
    assert world.rows("SELECT count(*) FROM schedules") == [(1,)]


async def test_a_schedule_is_edited_by_what_is_named(world: World) -> None:
    await add(world, "2026-01-09 16:00", repeat="weekly", seconds=7)
    said = await slash(world, "edit", schedule="1", when="every monday at 18:00", thread=True)
    assert "Schedule **1** is now: **Capitals** in <#" in said.content
    assert "every week on Monday, 18:00 UTC" in said.content
    assert "7 seconds per question · in a thread" in said.content
    said = await slash(world, "edit", schedule="1", reset="seconds", quiz="mlops-basics")
    assert "**MLOps Basics" in said.content
    assert "7 seconds" not in said.content
    assert (await slash(world, "edit", schedule="1")).content.startswith("The schedule is already like that")
    said = await slash(world, "edit", schedule="1", when="every monday at 18:00", repeat="daily")
    assert "**when** says “every monday”" in said.content
    choices = await world.moderator.autocomplete(world.channel, "schedule edit", "schedule", "mlops")
    assert [choice["value"] for choice in choices] == ["1"]


async def test_when_the_first_day_does_not_fit_the_repetition_that_is_said(world: World) -> None:
    said = await add(world, "2026-01-10 16:00", repeat="weekdays")
    assert (
        "Sat 10 Jan 2026 does not fit that repetition, so the first round is on Mon 12 Jan 2026."
        in said.content
    )
