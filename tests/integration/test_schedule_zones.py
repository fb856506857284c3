"""A schedule whose time zone the machine does not know, among others that play on."""

import asyncio
import os
import sqlite3
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest

from bot.services.errors import ZoneUnknown
from bot.services.schedule_ports import ZoneLost
from bot.ui.guard import describe
from tests.schedule_desk import DUE, FRIDAY, SERVER, open_desk, outcomes, settle
from tests.world import World, texts

LOST = "Mars/Olympus"


def lose_zone(database: Path, number: int = 1, zone: str = LOST) -> None:
    """Let a schedule be of a zone that a newer machine had."""
    with closing(sqlite3.connect(database)) as connection, connection:
        values = (zone, number)
        connection.execute("UPDATE schedules SET zone = ?, revision = revision + 1 WHERE number = ?", values)


@pytest.mark.parametrize("zone", [LOST, "", "Europe", "../etc/passwd", "Europe/Berlin\0"])
@pytest.mark.parametrize("announced", [0, 15])
async def test_it_rests_moderators_are_told_once_and_the_others_play(
    tmp_path: Path, zone: str, announced: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.add(FRIDAY, "weekly", announce_minutes=announced)
        await desk.add(FRIDAY, "weekly", channel_id=11)
        lose_zone(tmp_path / "quizhost.sqlite3", zone=zone)
        await desk.run_until(DUE + timedelta(days=8))
        assert [played.channel_id for played, _ in desk.started] == [11, 11]
        (notice,) = desk.announcer.notices
        assert isinstance(notice, ZoneLost)
        assert notice.schedule.id.number == 1
        assert outcomes(tmp_path) == ["started", "started"]
        planned = (await desk.service.list_kept(SERVER)).planned
        assert {one.schedule.id.number: bool(one.dates) for one in planned} == {1: False, 2: True}
        with pytest.raises(ZoneUnknown) as refused:
            await desk.service.resume(SERVER, "1")
        assert (describe(refused.value) or "").startswith("The machine I run on does not know")
        lose_zone(tmp_path / "quizhost.sqlite3", zone="Europe/Berlin")
        assert (await desk.service.resume(SERVER, "1")).dates == [
            DUE + timedelta(days=7 * n) for n in (2, 3, 4)
        ]
        assert "Traceback" not in caplog.text


async def test_it_rests_from_the_start_of_the_bot_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.add(FRIDAY, "weekly")
        lose_zone(tmp_path / "quizhost.sqlite3")
        await desk.runner.derive_again()
        await settle(desk.runner)
        assert len(desk.announcer.notices) == 1
        assert "Traceback" not in caplog.text


async def test_the_list_the_calendar_and_the_export_show_the_others(world: World) -> None:
    for hours, quiz in ((1, "capitals"), (5, "mlops-basics")):
        options = {"quiz": quiz, "when": f"{world.env.now() + timedelta(hours=hours):%Y-%m-%d %H:%M}"}
        await world.moderator.slash(world.channel, "schedule add", repeat="weekly", **options)
    lose_zone(world.database)
    result = await world.moderator.slash(world.channel, "schedule list")
    assert result.response is not None
    listed = texts(result.response.message)
    assert "does not know the time zone Mars/Olympus" in listed
    assert "MLOps" in listed
    calendar: Any = icalendar.Calendar.from_ical(await result.response.message.attachments[0].read())
    assert len(calendar.walk("VEVENT")) == 1
    choices = await world.moderator.autocomplete(world.channel, "schedule skip-next", "schedule", "")
    assert [choice["value"].partition("@")[0] for choice in choices] == ["2"]
    refused = await world.moderator.slash(world.channel, "schedule skip-next", schedule="1")
    assert refused.response is not None
    assert "does not know this schedule's time zone, Mars/Olympus" in refused.response.content
    folders = {"QUIZHOST_DATA": str(world.database.parent), "QUIZHOST_QUIZZES": str(world.config.quizzes)}
    for more in ((), ("--ics",)):
        exporting = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "schedule", "export", *more),
            env=os.environ | folders,
            stdout=asyncio.subprocess.PIPE,
        )
        printed = (await exporting.communicate())[0].decode()
        assert exporting.returncode == 0
        assert "MLOps" in printed
        assert ("does not know the time zone Mars/Olympus" in printed) is not bool(more)
