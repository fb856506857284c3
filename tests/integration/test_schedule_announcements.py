"""What goes with scheduled rounds: reminder cards, calls and mirrored events; on a real database."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain import transitions
from bot.domain.schedule import (
    Occurrence,
    Outcome,
    RoundOptions,
    ScheduleId,
    Source,
    SourceKind,
    note_event,
)
from bot.services.errors import ReminderOver, RoundAlreadyOpen
from bot.services.schedule_dates import turn
from bot.services.schedule_ports import EventLost, Refusal
from bot.storage.schedules import SqlScheduleStore
from tests.schedule_desk import DUE, FRIDAY, SERVER, Desk, open_desk, outcomes, rows, settle


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncGenerator[Desk]:
    async with open_desk(tmp_path) as opened:
        yield opened


# --- reminder cards and calls ---------------------------------------------------------------------------


async def test_the_reminder_comes_once_and_those_who_asked_are_called_when_it_starts(desk: Desk) -> None:
    schedule = await desk.add(FRIDAY, announce_minutes=30, ping_role_id=99)
    desk.clock.move_to(DUE - timedelta(minutes=31))
    await desk.look()
    assert desk.announcer.reminders == {}
    for minutes in (30, 20):
        desk.clock.move_to(DUE - timedelta(minutes=minutes))
        await desk.look()
    assert list(desk.announcer.reminders) == [(schedule.id, DUE)]
    assert await desk.service.toggle_reminder(schedule.id, DUE, 7)
    assert await desk.service.toggle_reminder(schedule.id, DUE, 8)
    assert not await desk.service.toggle_reminder(schedule.id, DUE, 7)
    desk.clock.move_to(DUE)
    await desk.runner.look()
    await desk.show_announcement()
    await desk.look()
    (ping,) = desk.announcer.pings
    assert (ping.role_id, list(ping.player_ids)) == (None, [8]), "the card has called the role already"
    assert [card.occurrence and card.occurrence.outcome for card in desk.announcer.outcomes] == ["started"]
    await desk.look()
    assert len(desk.announcer.pings) == 1


async def test_without_a_reminder_card_the_role_is_called_at_the_start(desk: Desk) -> None:
    await desk.add(FRIDAY, announce_minutes=0, ping_role_id=99)
    desk.clock.move_to(DUE)
    await desk.runner.look()
    await desk.show_announcement()
    await desk.look()
    assert [(ping.role_id, list(ping.player_ids)) for ping in desk.announcer.pings] == [(99, [])]


@pytest.mark.parametrize("step", ["pause", "remove", "skip_next"])
async def test_a_reminder_card_of_a_date_that_does_not_come_says_so(desk: Desk, step: str) -> None:
    schedule = await desk.add(FRIDAY, "weekly", announce_minutes=30)
    desk.clock.move_to(DUE - timedelta(minutes=30))
    await desk.look()
    await getattr(desk.service, step)(SERVER, "1")
    await desk.look()
    (card,) = desk.announcer.outcomes
    assert card.due_at == DUE
    assert card.quiz is not None, "it is still called by its quiz's title"
    assert card.occurrence is not None
    assert card.occurrence.outcome.value == ("skipped" if step == "skip_next" else "cancelled")
    with pytest.raises(ReminderOver):
        await desk.service.toggle_reminder(schedule.id, DUE, 7)


async def test_a_date_that_was_called_off_and_called_on_again_still_starts(
    desk: Desk, tmp_path: Path
) -> None:
    await desk.add(FRIDAY, "weekly", announce_minutes=30)
    desk.clock.move_to(DUE - timedelta(minutes=30))
    await desk.look()
    await desk.service.pause(SERVER, "1")
    await desk.look()
    await desk.service.resume(SERVER, "1")
    await desk.run_until(DUE)
    assert len(desk.started) == 1
    assert outcomes(tmp_path) == ["started"]


async def test_nobody_is_reminded_of_a_date_that_is_none(desk: Desk) -> None:
    schedule = await desk.add(FRIDAY, "weekly")
    for wrong in (DUE + timedelta(days=7), DUE - timedelta(days=7)):
        with pytest.raises(ReminderOver):
            await desk.service.toggle_reminder(schedule.id, wrong, 7)
    with pytest.raises(ReminderOver):
        await desk.service.toggle_reminder(ScheduleId(SERVER, 99), DUE, 7)


async def test_nobody_is_put_on_the_list_of_a_date_whose_round_has_just_been_started(
    desk: Desk, tmp_path: Path
) -> None:
    schedule = await desk.add(FRIDAY, "weekly")
    desk.clock.move_to(DUE)
    await desk.look()
    with pytest.raises(ReminderOver):  # as the database sees it, however long ago the service looked
        await desk.store.toggle_reminder(schedule.id, DUE, 7)
    assert rows(tmp_path, "SELECT count(*) FROM reminders") == [(0,)]


async def test_a_card_that_cannot_be_posted_is_told_before_the_round(desk: Desk) -> None:
    await desk.add(FRIDAY, announce_minutes=30)
    desk.stage.refusal = RoundAlreadyOpen(10)
    desk.clock.move_to(DUE - timedelta(minutes=30))
    await desk.look()
    await desk.look()
    assert [type(notice) for notice in desk.announcer.notices] == [Refusal]
    desk.stage.refusal = None
    await desk.run_until(DUE)
    assert len(desk.started) == 1


@pytest.mark.parametrize("step", ["pause", "remove", "skip_next"])
async def test_a_card_whose_date_is_called_off_while_it_is_posted_says_so(
    desk: Desk, tmp_path: Path, step: str
) -> None:
    await desk.add(FRIDAY, "weekly", announce_minutes=30)
    desk.announcer.meanwhile = lambda: getattr(desk.service, step)(SERVER, "1")
    desk.clock.move_to(DUE - timedelta(minutes=30))
    await desk.look()
    await desk.look()
    (card,) = desk.announcer.outcomes
    ((_, message_id),) = desk.announcer.reminders.items()
    assert card.occurrence is not None
    assert card.occurrence.reminder_id == message_id
    assert outcomes(tmp_path) == ["skipped" if step == "skip_next" else "cancelled"]


async def test_a_card_is_posted_once_though_its_schedule_is_changed_while_it_is_posted(desk: Desk) -> None:
    schedule = await desk.add(FRIDAY, "weekly", announce_minutes=30)

    async def change_something_else() -> None:
        now = await desk.store.fetch(schedule.id)
        assert now is not None
        await desk.store.change(now, note_event(now, 5, None))

    desk.announcer.meanwhile = change_something_else
    desk.clock.move_to(DUE - timedelta(minutes=30))
    await desk.look()
    await desk.look()
    assert desk.announcer.posts == 1
    stored = await desk.store.fetch(schedule.id)
    assert stored is not None
    assert (stored.is_reminded, stored.event_id) == (True, 5)


async def test_a_card_whose_date_is_missed_while_it_is_posted_says_that(desk: Desk, tmp_path: Path) -> None:
    schedule = await desk.add(FRIDAY, "weekly", announce_minutes=30)

    async def miss() -> None:
        now = await desk.store.fetch(schedule.id)
        assert now is not None
        past = Occurrence(schedule.id, DUE, Outcome.MISSED)
        await desk.store.change(now, turn(now, now.next_wall), past)

    desk.announcer.meanwhile = miss
    desk.clock.move_to(DUE - timedelta(minutes=30))
    await desk.look()
    await desk.look()
    assert outcomes(tmp_path) == ["missed"]
    (card,) = desk.announcer.outcomes
    assert card.occurrence is not None
    assert card.occurrence.outcome is Outcome.MISSED


async def test_a_card_that_cannot_be_noted_is_not_posted_again_at_once(desk: Desk, tmp_path: Path) -> None:
    await desk.add(FRIDAY, announce_minutes=30, has_event=True)
    with closing(sqlite3.connect(tmp_path / "quizhost.sqlite3")) as other:
        other.execute("CREATE TRIGGER full BEFORE UPDATE ON schedules BEGIN SELECT RAISE(ABORT, 'full'); END")
    desk.clock.move_to(DUE - timedelta(minutes=30))
    desk.runner._woken = False
    await desk.look()
    assert desk.announcer.posts == 2, "a card and an event"
    assert not desk.runner._woken


async def test_a_card_of_a_date_that_is_on_again_is_not_greyed_afterwards(desk: Desk) -> None:
    schedule = await desk.add(FRIDAY, "weekly", announce_minutes=30)
    desk.clock.move_to(DUE - timedelta(minutes=30))
    await desk.look()
    before = await desk.store.fetch(schedule.id)
    assert before is not None
    await desk.service.pause(SERVER, "1")
    await desk.service.resume(SERVER, "1")
    again = await desk.store.fetch(schedule.id)
    assert again is not None
    await desk.store.change(again, replace(again, reminded_at=DUE, reminder_id=before.reminder_id))
    await desk.look()
    assert desk.announcer.outcomes == []


async def test_people_are_called_however_late_their_round_starts(desk: Desk) -> None:
    await desk.settings.change(SERVER, "grace_minutes", "600")
    await desk.add(FRIDAY, announce_minutes=0, ping_role_id=99)
    desk.clock.move_to(DUE + timedelta(hours=3))
    await desk.runner.look()
    await desk.show_announcement()
    await desk.look()
    assert [ping.role_id for ping in desk.announcer.pings] == [99]


async def test_people_are_called_into_the_thread_once_it_is_open(desk: Desk) -> None:
    await desk.add(FRIDAY, announce_minutes=0, ping_role_id=99, options=RoundOptions(thread=True))
    desk.clock.move_to(DUE)
    await desk.runner.look()
    await desk.show_announcement()
    await desk.runner.look()
    await settle(desk.runner)
    assert desk.announcer.pings == []
    announced, _ = desk.started[-1]
    await desk.rounds_store.change(announced, transitions.note_thread(announced, 78))
    await desk.runner.look()
    await settle(desk.runner)
    assert [ping.round.place_id for ping in desk.announcer.pings] == [78]


async def test_nobody_is_called_to_a_round_that_began_long_ago(desk: Desk) -> None:
    await desk.add(FRIDAY, announce_minutes=0, ping_role_id=99)
    desk.clock.move_to(DUE)
    await desk.runner.look()
    await desk.show_announcement()
    desk.clock.move_to(DUE + timedelta(minutes=61))
    await desk.look()
    assert desk.announcer.pings == []


async def test_a_look_that_overlaps_another_one_calls_nobody_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.add(FRIDAY, announce_minutes=0, ping_role_id=99)
    desk.clock.move_to(DUE)
    await desk.runner.look()
    await desk.show_announcement()
    has_read, may_go_on = asyncio.Event(), asyncio.Event()

    async def fetch_all_and_wait(schedule_id: ScheduleId | None = None) -> list[Occurrence]:
        found = await SqlScheduleStore.fetch_unfollowed(desk.store, schedule_id)
        if schedule_id is None and not has_read.is_set():
            has_read.set()
            await may_go_on.wait()
        return found

    monkeypatch.setattr(desk.store, "fetch_unfollowed", fetch_all_and_wait)
    stale = asyncio.create_task(desk.runner.look())
    await has_read.wait()
    await desk.look()
    may_go_on.set()
    await stale
    await settle(desk.runner)
    assert len(desk.announcer.pings) == 1


# --- events ---------------------------------------------------------------------------------------------


async def test_the_event_follows_the_next_date(desk: Desk) -> None:
    schedule = await desk.add(FRIDAY, "weekly", times=3, has_event=True)
    await desk.look()
    assert desk.announcer.events == {schedule.id: DUE}
    await desk.service.skip_next(SERVER, "1")
    await desk.look()
    assert desk.announcer.events == {schedule.id: DUE + timedelta(days=7)}
    await desk.service.pause(SERVER, "1")
    await desk.look()
    assert desk.announcer.events == {}
    await desk.service.resume(SERVER, "1")
    await desk.look()
    assert desk.announcer.events == {schedule.id: DUE + timedelta(days=7)}
    desk.clock.move_to(DUE + timedelta(days=7))
    await desk.look()
    await desk.look()
    assert desk.announcer.events == {schedule.id: DUE + timedelta(days=14)}
    await desk.run_until(DUE + timedelta(days=14))
    await desk.look()
    assert desk.announcer.events == {}


async def test_an_event_that_may_not_be_kept_is_given_up_and_told(desk: Desk) -> None:
    schedule = await desk.add(FRIDAY, has_event=True)
    desk.announcer.event_refused = True
    await desk.look()
    await desk.look()
    assert desk.announcer.notices == [EventLost(schedule)]
    await desk.run_until(DUE)
    assert len(desk.started) == 1


async def test_an_event_whose_schedule_is_removed_while_it_is_posted_is_removed_too(desk: Desk) -> None:
    await desk.add(FRIDAY, has_event=True)
    desk.announcer.meanwhile = lambda: desk.service.remove(SERVER, "1")
    await desk.look()
    assert len(desk.announcer.events) == 1
    await desk.look()
    assert desk.announcer.events == {}


async def test_an_event_of_a_quiz_that_is_gone_stays(desk: Desk) -> None:
    schedule = await desk.add(FRIDAY, has_event=True)
    await desk.store.change(schedule, replace(schedule, source=Source(SourceKind.QUIZ, "gone")))
    await desk.look()
    assert desk.announcer.events == {schedule.id: DUE}
    assert desk.announcer.notices == []
