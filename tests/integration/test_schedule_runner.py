"""Starting scheduled rounds: in time, late, missed, refused, twice at once; on a real database."""

import asyncio
import sqlite3
import zoneinfo
from collections.abc import AsyncGenerator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.schedule import RoundOptions, ScheduleState, Source, SourceKind
from bot.services.errors import (
    NoSuchSchedule,
    RoundAlreadyOpen,
    ScheduleStepNotPossible,
    TooManySchedules,
)
from bot.services.schedule_ports import Missed, Refusal
from bot.services.schedules import MAX_SCHEDULES
from tests.builders import make_question, make_quiz
from tests.fakes import VirtualClock
from tests.schedule_desk import DUE, FRIDAY, SERVER, Desk, open_desk, outcomes, rows, settle


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncGenerator[Desk]:
    async with open_desk(tmp_path) as opened:
        yield opened


# --- in time and late -------------------------------------------------------------------------------


async def test_nothing_starts_before_its_time(desk: Desk) -> None:
    await desk.add(FRIDAY)
    desk.clock.move_to(DUE - timedelta(milliseconds=1))
    await desk.look()
    assert desk.started == []
    desk.clock.move_to(DUE)
    await desk.look()
    assert [at for _, at in desk.started] == [DUE]
    await desk.look()
    assert len(desk.started) == 1


async def test_a_round_that_is_late_by_less_than_the_grace_starts_and_by_the_grace_does_not(
    desk: Desk, tmp_path: Path
) -> None:
    await desk.add(FRIDAY, "weekly")
    desk.clock.move_to(DUE + timedelta(minutes=15) - timedelta(seconds=1))
    await desk.look()
    assert len(desk.started) == 1
    desk.clock.move_to(DUE + timedelta(days=7, minutes=15))
    await desk.look()
    assert len(desk.started) == 1
    assert outcomes(tmp_path) == ["started", "missed"]
    (notice,) = desk.announcer.notices
    assert isinstance(notice, Missed)
    assert notice.due_at == [DUE + timedelta(days=7)]


@pytest.mark.parametrize(("grace", "late", "starts"), [("0", 59, True), ("0", 60, False), ("60", 3599, True)])
async def test_the_grace_is_the_server_s_but_the_minute_itself_is_always_in_time(
    desk: Desk, grace: str, late: int, *, starts: bool
) -> None:
    await desk.settings.change(SERVER, "grace_minutes", grace)
    await desk.add(FRIDAY)
    desk.clock.move_to(DUE + timedelta(seconds=late))
    await desk.look()
    assert len(desk.started) == starts


async def test_every_date_of_a_long_absence_is_noted_and_told_in_one_notice(
    desk: Desk, tmp_path: Path
) -> None:
    await desk.add(FRIDAY, "daily")
    desk.clock.move_to(DUE + timedelta(days=40, minutes=5))
    await desk.look()
    await desk.look()
    assert outcomes(tmp_path) == ["missed"] * 40 + ["started"]
    (notice,) = desk.announcer.notices
    assert isinstance(notice, Missed)
    assert len(notice.due_at) == 40


async def test_the_last_date_ends_the_schedule(desk: Desk) -> None:
    schedule = await desk.add(FRIDAY, "weekly", times=2)
    await desk.run_until(DUE + timedelta(days=30))
    assert [at for _, at in desk.started] == [DUE, DUE + timedelta(days=7)]
    stored = await desk.store.fetch(schedule.id)
    assert stored is not None
    assert (stored.state, stored.next_at) == (ScheduleState.ENDED, None)
    assert (await desk.service.list_kept(SERVER)).planned == []


# --- refused ----------------------------------------------------------------------------------------


async def test_a_round_that_is_refused_starts_when_the_reason_is_gone(desk: Desk, tmp_path: Path) -> None:
    await desk.add(FRIDAY)
    desk.stage.refusal = RoundAlreadyOpen(10)
    desk.clock.move_to(DUE)
    for _ in range(3):
        await desk.look()
    (notice,) = desk.announcer.notices
    assert isinstance(notice, Refusal)
    assert (notice.error, notice.until) == (desk.stage.refusal, DUE + timedelta(minutes=15))
    desk.stage.refusal = None
    desk.clock.move_to(DUE + timedelta(minutes=14))
    await desk.look()
    assert len(desk.started) == 1
    assert outcomes(tmp_path) == ["started"]


async def test_a_round_that_is_refused_until_the_grace_is_over_is_told_once(
    desk: Desk, tmp_path: Path
) -> None:
    await desk.add(FRIDAY)
    desk.stage.refusal = RoundAlreadyOpen(10)
    for minutes in (0, 5, 15, 16):
        desk.clock.move_to(DUE + timedelta(minutes=minutes))
        await desk.look()
    assert len(desk.announcer.notices) == 1
    assert outcomes(tmp_path) == ["refused"]
    assert desk.started == []


async def test_a_channel_with_a_round_waits_and_the_database_says_so(desk: Desk) -> None:
    await desk.add(FRIDAY)
    await desk.add(FRIDAY)
    desk.clock.move_to(DUE)
    await desk.runner.look()
    assert len(desk.started) == 1
    (notice,) = desk.announcer.notices
    assert isinstance(notice, Refusal)
    assert isinstance(notice.error, RoundAlreadyOpen)
    await desk.rounds.end_all(0)
    await desk.look()
    assert len(desk.started) == 2


async def test_a_quiz_that_is_gone_is_told_and_others_start_all_the_same(desk: Desk) -> None:
    await desk.add(FRIDAY)
    lost = await desk.add(FRIDAY, channel_id=11)
    await desk.store.change(lost, replace(lost, source=Source(SourceKind.QUIZ, "gone")))
    desk.clock.move_to(DUE)
    await desk.look()
    assert len(desk.started) == 1
    assert [notice.schedule.id for notice in desk.announcer.notices] == [lost.id]


# --- exactly once -------------------------------------------------------------------------------------


async def test_two_processes_on_one_database_start_one_round(tmp_path: Path) -> None:
    clock = VirtualClock()
    async with open_desk(tmp_path, clock=clock) as one, open_desk(tmp_path, clock=clock) as other:
        await one.add(FRIDAY, "weekly", announce_minutes=15)
        ended = {one: 0, other: 0}
        for week in range(5):
            clock.move_to(DUE + timedelta(days=7 * week) - timedelta(minutes=15))
            await asyncio.gather(one.runner.look(), other.runner.look())
            await asyncio.gather(settle(one.runner), settle(other.runner))
            clock.move_to(DUE + timedelta(days=7 * week))
            await asyncio.gather(one.runner.look(), other.runner.look())
            for desk in (one, other):
                await desk.rounds.end_all(ended[desk])
                ended[desk] = len(desk.started)
        starts = sorted(at for desk in (one, other) for _, at in desk.started)
    assert starts == [DUE + timedelta(days=7 * week) for week in range(5)]
    assert rows(tmp_path, "SELECT count(*) FROM rounds") == [(5,)]
    assert outcomes(tmp_path) == ["started"] * 5


async def test_a_date_and_its_round_are_stored_together_or_not_at_all(desk: Desk, tmp_path: Path) -> None:
    schedule = await desk.add(FRIDAY, "weekly")
    desk.clock.move_to(DUE)
    with closing(sqlite3.connect(tmp_path / "quizhost.sqlite3")) as connection:
        connection.execute(
            "CREATE TRIGGER spoil BEFORE INSERT ON occurrences BEGIN SELECT RAISE(ABORT, 'spoiled'); END"
        )
        await desk.look()
        assert desk.started == []
        assert rows(tmp_path, "SELECT count(*) FROM rounds") == [(0,)]
        assert (await desk.store.fetch(schedule.id)) == schedule
        connection.execute("DROP TRIGGER spoil")
    await desk.look()
    assert len(desk.started) == 1


# --- clocks -------------------------------------------------------------------------------------------


async def test_the_time_of_day_stays_when_clocks_change(desk: Desk) -> None:
    await desk.add(datetime(2027, 3, 26, 16, 0), "weekly", times=2)
    await desk.run_until(datetime(2027, 5, 1, tzinfo=UTC))
    assert [at for _, at in desk.started] == [
        datetime(2027, 3, 26, 15, 0, tzinfo=UTC),
        datetime(2027, 4, 2, 14, 0, tzinfo=UTC),
    ]


async def test_two_dates_that_fall_on_one_instant_are_one_round(desk: Desk) -> None:
    # Samoa left out 30 December 2011: its midnight, and the next one, are the same instant.
    desk.clock.move_to(datetime(2011, 12, 20, tzinfo=UTC))
    await desk.add(datetime(2011, 12, 29, 0, 0), "daily", times=4, zone="Pacific/Apia")
    await desk.run_until(datetime(2012, 1, 5, tzinfo=UTC))
    days = [at.astimezone(ZoneInfo("Pacific/Apia")).day for _, at in desk.started]
    assert days == [29, 31, 1]


async def test_a_change_of_the_zone_database_keeps_the_wall_time(desk: Desk, tmp_path: Path) -> None:
    schedule = await desk.add(FRIDAY, "weekly", announce_minutes=60)
    desk.clock.move_to(DUE - timedelta(hours=1))
    await desk.look()
    assert [due for _, due in desk.announcer.reminders] == [DUE]
    # The government decides: Berlin takes over Moscow's time.
    zones = tmp_path / "zones" / "Europe"
    zones.mkdir(parents=True)
    (zones / "Berlin").write_bytes(zone_file("Europe/Moscow"))
    zoneinfo.reset_tzpath([str(tmp_path / "zones")])
    ZoneInfo.clear_cache()
    try:
        await desk.runner.derive_again()
        moved = await desk.store.fetch(schedule.id)
        assert moved is not None
        assert (moved.next_wall, moved.next_at) == (FRIDAY, datetime(2026, 11, 27, 13, 0, tzinfo=UTC))
        await desk.look()
        assert [card.due_at for card in desk.announcer.outcomes] == [DUE], "the old card is taken back"
    finally:
        zoneinfo.reset_tzpath()
        ZoneInfo.clear_cache()


def zone_file(name: str) -> bytes:
    """Return a zone's rules as the machine or the package has them."""
    for folder in zoneinfo.TZPATH:
        if (found := Path(folder) / name).is_file():
            return found.read_bytes()
    import tzdata

    return (Path(tzdata.__file__).parent / "zoneinfo" / name).read_bytes()


# --- moderators ---------------------------------------------------------------------------------------


async def test_a_skipped_date_is_left_out_and_the_next_one_comes(desk: Desk, tmp_path: Path) -> None:
    schedule = await desk.add(FRIDAY, "weekly")
    planned = await desk.service.skip_next(SERVER, "1")
    assert planned.dates[0] == DUE + timedelta(days=7)
    await desk.run_until(DUE + timedelta(days=8))
    assert [at for _, at in desk.started] == [DUE + timedelta(days=7)]
    assert outcomes(tmp_path) == ["skipped", "started"]
    assert (await desk.service.list_kept(SERVER)).skipped == {schedule.id: [DUE]}


async def test_what_is_paused_starts_nothing_and_is_not_missed(desk: Desk, tmp_path: Path) -> None:
    await desk.add(FRIDAY, "weekly")
    await desk.service.pause(SERVER, "1")
    desk.clock.move_to(DUE + timedelta(days=15))
    await desk.look()
    planned = await desk.service.resume(SERVER, "1")
    assert planned.dates[0] == DUE + timedelta(days=21)
    await desk.run_until(DUE + timedelta(days=22))
    assert outcomes(tmp_path) == ["started"]
    assert desk.announcer.notices == []


async def test_a_paused_schedule_whose_dates_are_over_cannot_go_on(desk: Desk) -> None:
    await desk.add(FRIDAY)
    await desk.service.pause(SERVER, "1")
    desk.clock.move_to(DUE + timedelta(days=1))
    with pytest.raises(ScheduleStepNotPossible) as refused:
        await desk.service.resume(SERVER, "1")
    assert refused.value.state == "ended"


async def test_in_the_repeated_hour_a_paused_schedule_goes_on_with_a_date_that_is_to_come(desk: Desk) -> None:
    await desk.add(datetime(2027, 10, 29, 2, 30), "daily")
    await desk.service.pause(SERVER, "1")
    second_time = datetime(2027, 10, 31, 1, 15, tzinfo=UTC)  # 02:15 in Berlin, where 02:30 was the first one
    desk.clock.move_to(second_time)
    resumed = await desk.service.resume(SERVER, "1")
    assert resumed.schedule.next_at == datetime(2027, 11, 1, 1, 30, tzinfo=UTC)


async def test_what_is_removed_is_gone_and_its_number_is_not_used_again(desk: Desk) -> None:
    await desk.add(FRIDAY)
    await desk.service.remove(SERVER, "1")
    for step in (desk.service.remove, desk.service.pause, desk.service.run_now):
        with pytest.raises(NoSuchSchedule):
            await step(SERVER, "1")
    assert (await desk.add(FRIDAY)).id.number == 2
    await desk.run_until(DUE)
    assert len(desk.started) == 1


@pytest.mark.parametrize("number", ["0", "2", "-1", "1.0", "x", "", "١", "9" * 30])
async def test_a_number_that_is_none_finds_nothing(desk: Desk, number: str) -> None:
    await desk.add(FRIDAY)
    with pytest.raises(NoSuchSchedule):
        await desk.service.pause(SERVER, number)


async def test_schedules_of_another_server_are_not_found(desk: Desk) -> None:
    await desk.add(FRIDAY)
    with pytest.raises(NoSuchSchedule):
        await desk.service.remove(SERVER + 1, "1")
    assert (await desk.service.list_kept(SERVER + 1)).planned == []


async def test_steps_that_make_no_sense_are_refused(desk: Desk) -> None:
    await desk.add(FRIDAY, "weekly")
    with pytest.raises(ScheduleStepNotPossible):
        await desk.service.resume(SERVER, "1")
    await desk.service.pause(SERVER, "1")
    for step in (desk.service.pause, desk.service.skip_next):
        with pytest.raises(ScheduleStepNotPossible):
            await step(SERVER, "1")


async def test_a_server_has_only_so_many_schedules(desk: Desk) -> None:
    for _ in range(MAX_SCHEDULES):
        await desk.add(FRIDAY)
    with pytest.raises(TooManySchedules):
        await desk.add(FRIDAY)
    await desk.add(FRIDAY, server_id=SERVER + 1)
    await desk.service.remove(SERVER, "7")
    assert (await desk.add(FRIDAY)).id.number == MAX_SCHEDULES + 1


async def test_run_now_starts_a_round_beside_the_dates(desk: Desk, tmp_path: Path) -> None:
    schedule = await desk.add(FRIDAY, "weekly", options=RoundOptions(seconds=7))
    played = await desk.service.run_now(SERVER, "1")
    assert played.rules.seconds == 7
    assert await desk.store.fetch(schedule.id) == schedule
    assert outcomes(tmp_path) == []


async def test_run_now_makes_up_for_a_last_date_that_was_missed(desk: Desk) -> None:
    schedule = await desk.add(FRIDAY)
    desk.clock.move_to(DUE + timedelta(days=1))
    await desk.look()
    ended = await desk.store.fetch(schedule.id)
    assert ended is not None
    assert ended.state is ScheduleState.ENDED
    assert await desk.service.fetch_ended(SERVER, 5) == [ended]
    played = await desk.service.run_now(SERVER, "1")
    assert played.channel_id == schedule.channel_id
    assert await desk.store.fetch(schedule.id) == ended


async def test_the_date_that_a_moderator_saw_is_skipped_or_none(desk: Desk, tmp_path: Path) -> None:
    await desk.add(FRIDAY, "weekly")
    await desk.run_until(DUE)
    with pytest.raises(ScheduleStepNotPossible) as refused:
        await desk.service.skip_next(SERVER, "1", due_at=DUE)
    assert (refused.value.step, refused.value.state) == ("skip", "passed")
    skipped = await desk.service.skip_next(SERVER, "1", due_at=DUE + timedelta(days=7))
    assert skipped.schedule.next_at == DUE + timedelta(days=14)
    assert outcomes(tmp_path) == ["started", "skipped"]


async def test_a_date_whose_round_starts_while_it_is_skipped_does_not_cost_the_date_after(
    desk: Desk, tmp_path: Path
) -> None:
    await desk.add(FRIDAY, "weekly")
    desk.clock.move_to(DUE)
    asked = await asyncio.gather(desk.service.skip_next(SERVER, "1"), desk.look(), return_exceptions=True)
    assert outcomes(tmp_path) in (["started"], ["skipped"])
    assert isinstance(asked[0], ScheduleStepNotPossible) == (outcomes(tmp_path) == ["started"])


# --- rotation -------------------------------------------------------------------------------------------


async def test_no_quiz_comes_again_before_the_others_have_been_played(tmp_path: Path) -> None:
    quizzes = [
        make_quiz(id=name, title=name, category=category)
        for name, category in (("a", "Geo"), ("b", "Geo / Europe"), ("c", "geo"), ("d", "Geology"))
    ]
    async with open_desk(tmp_path, *quizzes) as desk:
        await desk.add(FRIDAY, "daily", times=7, source=Source(SourceKind.CATEGORY, "Geo"))
        await desk.run_until(DUE + timedelta(days=10))
        assert [played.quiz.id for played, _ in desk.started] == ["a", "b", "c", "a", "b", "c", "a"]


async def test_another_server_s_rounds_do_not_count(tmp_path: Path) -> None:
    quizzes = [make_quiz(id=name, title=name, tags=("water",)) for name in ("a", "b")]
    async with open_desk(tmp_path, *quizzes) as desk:
        source = Source(SourceKind.TAG, "Water")
        await desk.add(FRIDAY, server_id=SERVER + 1, source=source)
        await desk.add(FRIDAY + timedelta(days=1), "daily", times=2, source=source)
        await desk.run_until(DUE + timedelta(days=10))
        assert [played.quiz.id for played, _ in desk.started] == ["a", "a", "b"]


async def test_no_question_comes_again_before_the_others_have_been_asked(tmp_path: Path) -> None:
    quiz = make_quiz(*(make_question(stem=f"Question {number}") for number in range(7)))
    async with open_desk(tmp_path, quiz) as desk:
        await desk.add(FRIDAY, "daily", times=4, options=RoundOptions(questions=3))
        stems: list[str] = []
        for day in range(4):
            desk.clock.move_to(DUE + timedelta(days=day))
            await desk.runner.look()
            played, _ = desk.started[-1]
            await desk.ask_all(played)
            stems += [played.question(asked).stem for asked in played.asked]
            await desk.rounds.end_all(len(desk.started) - 1)
        assert len(set(stems[:6])) == 6
        assert set(stems[:7]) | set(stems[7:9]) == {question.stem for question in quiz.questions}
        assert len(set(stems[:9])) == 7
