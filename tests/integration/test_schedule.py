"""Rounds that start by themselves, end to end: `/schedule`, the reminder card, and the round."""

import asyncio
import os
import re
import sqlite3
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import discord
import pytest
import simcord

from bot.services import schedules as services
from bot.text import refusals, rounds
from bot.text.phrases import fewer_questions
from bot.ui import schedule_panel
from tests.world import LEAD, World, buttons, open_world, quiz_file, texts


async def run(world: World, command: str, **options: Any) -> str:
    """Run a `/schedule` command as the moderator; return what it says."""
    result = await world.moderator.slash(world.channel, f"schedule {command}", **options)
    assert result.response is not None
    assert result.response.ephemeral
    message = result.response.message
    return message.content or texts(message)


def when(world: World, **ahead: float) -> str:
    """Return a time so far ahead, to the minute, as a moderator types it."""
    at = world.env.now() + timedelta(**ahead)
    return f"{at:%Y-%m-%d %H:%M}"


async def add(world: World, minutes: float = 60, **options: Any) -> str:
    """Schedule a round of `capitals`."""
    return await run(world, "add", **{"quiz": "capitals", "when": when(world, minutes=minutes), **options})


async def test_more_questions_than_the_quiz_has_are_told(world: World) -> None:
    assert fewer_questions(40, 3) in await add(world, questions=40)
    assert fewer_questions(50, 3) in await run(world, "edit", schedule="1", questions=50)
    assert "The quiz has" not in await run(world, "edit", schedule="1", questions=3)
    assert "The quiz has" not in await add(world, minutes=600, quiz="category:geography", questions=40)


async def advance_to(world: World, at: str) -> None:
    """Let time pass until a minute has begun."""
    due = datetime.fromisoformat(at).replace(tzinfo=world.env.now().tzinfo)
    await world.advance((due - world.env.now()).total_seconds() + 1)


async def test_a_scheduled_round_is_announced_before_and_starts_at_its_minute(world: World) -> None:
    at = when(world, minutes=60)
    said = await add(world)
    assert "Schedule **1**: **Capitals** in <#" in said
    assert world.messages == []
    await world.advance(46 * 60)
    (reminder,) = world.messages
    assert "Starts <t:" in texts(reminder)
    assert [button.label for button in buttons(reminder)] == ["Remind me"]
    await advance_to(world, at)
    assert len(world.messages) == 2
    assert "First question" in texts(world.messages[-1])
    await world.advance(5)
    assert "It has begun" in texts(world.messages[0])
    assert buttons(world.messages[0]) == []
    await world.advance(60)
    assert "question 1 of 3" in texts(world.question)
    assert world.rows("SELECT outcome, round_number FROM occurrences") == [("started", 1)]
    assert world.rows("SELECT state, next_at FROM schedules") == [("ended", None)]


async def test_a_quiz_that_was_given_by_its_title_is_listed_announced_and_played(tmp_path: Path) -> None:
    files = {"q-17.yaml": quiz_file(title="Rivers & Lakes", category="Water")}
    async with open_world(tmp_path, files=files) as world:
        at = when(world, minutes=60)
        assert "**Rivers & Lakes** in <#" in await add(world, quiz=" rivers & LAKES ", repeat="weekly")
        assert world.rows("SELECT source_kind, source_name FROM schedules") == [("quiz", "q-17")]
        assert "· Rivers & Lakes ·" in await run(world, "list")
        assert "**Rivers & Lakes** starts" in await run(world, "run-now", schedule="1")
        await world.stop()
        await advance_to(world, at)
        await world.advance(5)
        assert "## Rivers & Lakes" in texts(world.messages[-1])
        assert world.rows("SELECT quiz_id FROM plays") == [("q-17",), ("q-17",)]


# --- adding -----------------------------------------------------------------------------------------


async def test_what_is_typed_is_shown_as_it_is_understood_and_can_be_chosen(world: World) -> None:
    await world.app.settings.change(world.server.id, "time_zone", "Europe/Berlin")
    choices = await world.moderator.autocomplete(world.channel, "schedule add", "when", "fri 16:00")
    ((name, value),) = [(choice["name"], choice["value"]) for choice in choices]
    assert re.fullmatch(r"Fri \d+ \w+ 20\d\d, 16:00 Berlin, in \d days?", name)
    said = await run(world, "add", quiz="capitals", when=value)
    (at,) = re.findall(r"It starts <t:(\d+):F>", said)
    assert datetime.fromtimestamp(int(at), UTC).weekday() == 4


@pytest.mark.parametrize(
    ("option", "typed", "name"),
    [
        (
            "when",
            "1*2_3",
            "⚠ Try “fri 16:00” or “tomorrow 9am”. I cannot read “1*2_3” as a day and a time.",
        ),
        ("until", "2020-01-01", "⚠ Try “31 dec” or “in 3 months”. “2020-01-01” has passed."),
    ],
)
async def test_a_refusal_among_the_choices_is_plain_text(
    world: World, option: str, typed: str, name: str
) -> None:
    (choice,) = await world.moderator.autocomplete(world.channel, "schedule add", option, typed)
    assert choice["name"] == name


async def test_a_rule_among_the_choices_is_in_words(world: World) -> None:
    await add(world, repeat="FREQ=DAILY;INTERVAL=3")
    (choice,) = await world.moderator.autocomplete(world.channel, "schedule pause", "schedule", "")
    assert choice["name"] == "1 · Capitals · every three days, 01:00 UTC"


async def test_the_number_that_was_typed_is_the_first_choice_even_if_dates_hold_it(
    world: World,
) -> None:
    await add(world, when="2027-01-12 16:00", repeat="weekly")
    await add(world, when="2027-01-11 12:00", repeat="weekly")
    for number in ("1", "2"):
        choices = await world.moderator.autocomplete(world.channel, "schedule skip-next", "schedule", number)
        assert len(choices) == 2, "both have these figures in their dates"
        assert choices[0]["value"].startswith(f"{number}@")


async def test_a_choice_says_what_the_clocks_do_however_far_off_that_is(world: World) -> None:
    await world.app.settings.change(world.server.id, "time_zone", "Europe/Berlin")
    (choice,) = await world.moderator.autocomplete(world.channel, "schedule add", "when", "2026-10-25 02:30")
    assert choice["name"].endswith("so it runs the first time)")


async def test_a_category_with_a_long_name_is_offered_as_what_finds_it(tmp_path: Path) -> None:
    category = f"Geography / {'very ' * 17}far"
    files = {"far.yaml": quiz_file(title="Far away", category=category)}
    async with open_world(tmp_path, files=files) as world:
        choices = await world.moderator.autocomplete(world.channel, "schedule add", "quiz", "category:geo")
        values = [choice["value"] for choice in choices]
        assert values == ["category:Geography", category]
        said = await run(world, "add", quiz=values[1], when=when(world, minutes=60))
        assert f"**A quiz from {category}**" in said


@pytest.mark.parametrize("typed", ["", "fri", "yesterday", "31 feb 16:00", "25:00", "x" * 100])
async def test_completion_of_when_says_what_is_missing_and_never_fails(world: World, typed: str) -> None:
    choices = await world.moderator.autocomplete(world.channel, "schedule add", "when", typed)
    assert choices
    assert all(1 <= len(choice["name"]) <= 100 and 1 <= len(choice["value"]) <= 100 for choice in choices)


async def test_quizzes_categories_and_tags_are_offered(tmp_path: Path) -> None:
    files = {"rivers.yaml": quiz_file(title="Rivers", category="Geography / Water", tags=["water", "blue"])}
    async with open_world(tmp_path, files=files) as world:

        async def offered(typed: str) -> list[str]:
            choices = await world.moderator.autocomplete(world.channel, "schedule add", "quiz", typed)
            return [choice["value"] for choice in choices]

        assert await offered("water") == ["rivers", "category:Geography / Water", "tag:water"]
        assert {"capitals", "category:Geography", "tag:blue"} <= set(await offered(""))
        said = await run(world, "add", quiz="category:geography", when=when(world, minutes=60))
        assert "**A quiz from geography**" in said
        said = await run(world, "add", quiz="Water", when=when(world, minutes=300))
        assert "**A quiz tagged Water**" in said


async def offered(world: World, typed: str, **given: Any) -> list[tuple[str, str]]:
    """Return the repetitions that are offered, each with what is sent for it."""
    add_repeat = ("schedule add", "repeat", typed)
    choices = await world.moderator.autocomplete(world.channel, *add_repeat, quiz="capitals", **given)
    return [(choice["name"], choice["value"]) for choice in choices]


async def test_repetitions_are_offered_as_they_are_understood(world: World) -> None:
    first = "2026-11-27 16:00"  # a Friday
    assert ("every week on Friday", "weekly") in await offered(world, "", when=first)
    assert ("every month on the fourth Friday", "monthly") in await offered(world, "", when=first)
    assert ("every week", "weekly") in await offered(world, "")
    assert (await offered(world, "biweekly", when=first)) == [("every two weeks on Friday", "biweekly")]
    assert (await offered(world, "mon and wed"))[0] == ("every week on Monday and Wednesday", "mon and wed")
    assert ("every two weeks", "every two weeks") in await offered(world, "every two w")
    assert await offered(world, "FREQ=DAILY;INTERVAL=3") == [("every three days", "FREQ=DAILY;INTERVAL=3")]
    assert await offered(world, "FREQ=DAILY;" + " " * 100) == []


@pytest.mark.parametrize("typed", ["every blue moon", "weekley", "FREQ=HOURLY", "every second friday"])
async def test_a_repetition_that_is_not_understood_is_offered_as_a_refusal(world: World, typed: str) -> None:
    ((name, value),) = await offered(world, typed)
    assert name.startswith("⚠ ")
    assert len(name) <= 100
    assert value == typed


async def test_a_rule_can_be_typed_and_is_said_in_words(world: World) -> None:
    said = await add(world, repeat="rrule:freq=daily;interval=3", times=4)
    assert "every three days, 4 times" in said
    assert "FREQ" not in said
    assert "After that: <t:" in said


WRONG: dict[str, dict[str, Any]] = {
    "no such quiz": {"quiz": "nothing"},
    "an empty category": {"quiz": "category:Astronomy"},
    "no time of day": {"when": "fri"},
    "the past": {"when": "yesterday 16:00"},
    "no such day": {"when": "31 feb 16:00"},
    "no such time": {"when": "25:00"},
    "an unknown repetition": {"repeat": "every blue moon"},
    "too often": {"repeat": "FREQ=MINUTELY"},
    "an end in the past": {"repeat": "daily", "until": "2020-01-01"},
    "two ends": {"repeat": "daily", "until": "2030-01-01", "times": 3},
    "a channel that cannot be played in": {},
}


@pytest.mark.parametrize("name", WRONG)
async def test_a_schedule_that_cannot_be_is_refused_in_one_private_sentence(world: World, name: str) -> None:
    options: dict[str, Any] = WRONG[name]
    if not options:
        assert world.server.me is not None
        nothing = discord.PermissionOverwrite(view_channel=False)
        options = {
            "channel": world.server.create_text_channel("hidden", overwrites={world.server.me: nothing})
        }
    said = await add(world, **options)
    assert re.fullmatch(r"[A-Z“<].{20,}[.]", said), said
    assert world.rows("SELECT count(*) FROM schedules") == [(0,)]
    assert world.messages == []


async def test_a_default_channel_that_is_gone_is_named_with_what_can_be_done(world: World) -> None:
    gone = world.server.create_text_channel("gone")
    await world.app.settings.change(world.server.id, "channel_id", str(gone.id))
    world.env.backend.delete_channel(gone.id)
    await world.advance(1)
    said = await add(world)
    assert said == refusals.default_channel_gone(gone.id)
    assert world.rows("SELECT count(*) FROM schedules") == [(0,)]
    assert "Schedule **1**" in await add(world, channel=world.channel)


async def test_members_cannot_schedule(world: World) -> None:
    assert "schedule add" not in world.members["Ana"].available_commands(world.channel)


# --- reminding and calling --------------------------------------------------------------------------


def bodies(world: World, part: str, path: str = "/messages") -> list[dict[str, Any]]:
    """Return what was posted with this text, to a path that ends so."""
    return [
        cast("dict[str, Any]", request.json)
        for request in world.env.http_requests
        if request.method == "POST" and request.path.endswith(path) and part in str(request.json)
    ]


async def test_who_pressed_remind_me_is_mentioned_where_it_plays_and_nobody_else(world: World) -> None:
    role = world.server.create_role("Quizzers", mentionable=True)
    at = when(world, minutes=60)
    await add(world, ping=role)
    await world.advance(46 * 60)
    (reminder,) = world.messages
    assert f"<@&{role.id}>" in texts(reminder)
    (posted,) = bodies(world, "Starts <t:")
    assert posted["allowed_mentions"] == {"parse": [], "roles": [role.id]}
    for name, answer in (("Ana", "I will mention you"), ("Bo", "I will mention you"), ("Bo", "Cancelled")):
        result = await world.members[name].click(reminder, label="Remind me")
        assert result.response is not None
        assert result.response.ephemeral
        assert answer in result.response.message.content
        assert ":R>" not in result.response.message.content
    assert ":R>" not in texts(reminder), "a card that stays must not count on"
    await advance_to(world, at)
    await world.advance(5)
    ping = world.messages[-1]
    assert ":R>" not in ping.content
    ana = world.members["Ana"].id
    assert ping.content.startswith(f"<@{ana}> **Capitals** starts at <t:")
    (posted,) = bodies(world, f"<@{ana}>")
    assert posted["allowed_mentions"] == {"parse": [], "users": [ana]}
    assert world.rows("SELECT count(*) FROM reminders") == [(0,)]
    late = (
        await world.members["Cem"].click(reminder, label="Remind me") if buttons(world.messages[0]) else None
    )
    assert late is None, "the button is gone"


async def test_a_call_goes_to_the_thread_in_which_the_round_plays(world: World) -> None:
    role = world.server.create_role("Quizzers", mentionable=True)
    at = when(world, minutes=60)
    await add(world, ping=role, announce=0, thread=True)
    await advance_to(world, at)
    await world.advance(5)
    (thread,) = world.app.bot.guilds[0].threads
    (call,) = bodies(world, f"<@&{role.id}> **", path=f"/channels/{thread.id}/messages")
    assert call["content"].startswith(f"<@&{role.id}> **Capitals** starts at <t:")


async def test_a_scheduled_round_that_may_have_no_thread_any_more_plays_in_the_channel_and_says_so(
    world: World,
) -> None:
    at = when(world, minutes=60)
    await add(world, thread=True)
    world.deny("create_public_threads")
    await advance_to(world, at)
    await world.advance(60)
    assert "question 1 of 3" in texts(world.question)
    assert rounds.thread_lost() in texts(world.question)
    assert world.moderator.user.dm_channel.history() == []


async def open_thread(world: World) -> simcord.ChannelHandle:
    """Open a thread in the channel."""
    channel = world.app.bot.guilds[0].get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.create_thread(name="Fridays", type=discord.ChannelType.public_thread)
    (thread,) = world.channel.threads
    return thread


async def archive(world: World, thread: simcord.ChannelHandle, *, locked: bool = False) -> None:
    """Close a thread, as Discord does by itself after a while without messages."""
    world.env.backend.edit_channel(thread.id, {}, thread_metadata={"archived": True, "locked": locked})
    await world.advance(1)
    assert not world.app.bot.guilds[0].get_thread(thread.id)


async def test_a_schedule_in_a_thread_goes_on_when_the_thread_was_archived(world: World) -> None:
    thread = await open_thread(world)
    at = when(world, minutes=60)
    assert f"**Capitals** in <#{thread.id}>" in await add(world, channel=thread, announce=0)
    await archive(world, thread)
    await advance_to(world, at)
    assert world.rows("SELECT outcome FROM occurrences") == [("started",)]
    assert "First question" in texts(thread.history()[-1])


async def test_a_thread_that_was_archived_is_a_place_for_schedules_unless_it_is_locked(world: World) -> None:
    thread = await open_thread(world)
    await world.app.settings.change(world.server.id, "channel_id", str(thread.id))
    await set_rights(world, discord.Permissions(309237746688))
    await archive(world, thread)
    assert f"Schedule **1**: **Capitals** in <#{thread.id}>" in await add(world, repeat="weekly")
    assert (await world.app.settings.change(world.server.id, "channel_id", str(thread.id))).channel_id
    await archive(world, thread, locked=True)
    said = await add(world, repeat="weekly")
    assert f"<#{thread.id}>" in said
    assert "Manage Threads" in said


async def test_a_thread_that_was_archived_can_be_named(world: World) -> None:
    thread = await open_thread(world)
    await archive(world, thread)
    assert f"**Capitals** in <#{thread.id}>" in await add(world, channel=thread)
    started = await world.moderator.slash(world.channel, "round start", quiz="capitals", channel=thread)
    assert started.response is not None
    assert f"<#{thread.id}>" in started.response.content
    await world.advance(LEAD)
    assert "question 1 of 3" in texts(thread.history()[-1])


async def test_a_thread_that_is_gone_is_no_place_for_rounds(world: World) -> None:
    thread = await open_thread(world)
    at = when(world, minutes=60)
    await add(world, channel=thread, announce=0)
    await archive(world, thread)
    world.env.backend.delete_channel(thread.id)
    await advance_to(world, at)
    assert world.rows("SELECT count(*) FROM rounds") == [(0,)]
    assert world.rows("SELECT state FROM schedules") == [("active",)], "it is tried until the grace is over"


async def test_a_role_that_may_not_be_mentioned_is_refused(world: World) -> None:
    role = world.server.create_role("Quiet", mentionable=False)
    assert f"I cannot ping <@&{role.id}>" in await add(world, ping=role)
    assert "I cannot ping" in await add(world, ping=world.server.default_role)


@pytest.mark.parametrize("there", [False, True])
async def test_who_makes_a_schedule_must_be_allowed_to_mention_where_it_calls_not_where_it_is_made(
    world: World, *, there: bool
) -> None:
    role = world.server.create_role("Quiet", mentionable=False)
    may = discord.PermissionOverwrite(mention_everyone=True)
    elsewhere = world.server.create_text_channel("elsewhere", overwrites={world.moderator: may})
    made_in, called_in = (world.channel, elsewhere) if there else (elsewhere, world.channel)
    options = {"quiz": "capitals", "when": when(world, minutes=60), "channel": called_in, "ping": role}
    result = await world.moderator.slash(made_in, "schedule add", **options)
    assert result.response is not None
    said = result.response.message.content
    assert ("Schedule **1**" in said) if there else (f"I cannot ping <@&{role.id}>" in said)


async def test_a_schedule_keeps_zone_and_channel_and_takes_the_rest_as_it_is_set_at_each_date(
    world: World,
) -> None:
    async def change(**values: str) -> None:
        for name, value in values.items():
            await world.app.settings.change(world.server.id, name, value)

    at = when(world, minutes=60)
    other = world.server.create_text_channel("other")
    await change(channel_id=str(world.channel.id))
    await run(world, "add", quiz="capitals", when=at, repeat="weekly")
    await change(
        time_zone="Asia/Tokyo", channel_id=str(other.id), seconds="33", scoring="speed", thread="yes"
    )
    await advance_to(world, at)
    rounds = world.rows("SELECT channel_id, rules ->> 'seconds', rules ->> 'scoring', in_thread FROM rounds")
    assert rounds == [(world.channel.id, 33, "speed", 1)]
    assert world.rows("SELECT zone FROM schedules") == [("UTC",)]


# --- looking after them -----------------------------------------------------------------------------


async def test_what_is_scheduled_is_printed_beside_the_running_bot(world: World) -> None:
    at = when(world, minutes=60)
    await add(world, repeat="weekly")
    folders = {"QUIZHOST_DATA": str(world.database.parent), "QUIZHOST_QUIZZES": str(world.config.quizzes)}
    exporting = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "schedule", "export"),
        env=os.environ | folders,
        stdout=asyncio.subprocess.PIPE,
    )
    printed = (await exporting.communicate())[0].decode()
    assert exporting.returncode == 0
    assert printed.startswith(f"Server {world.server.id}, schedule 1: Capitals, every week on ")
    assert f"{at[-5:]} UTC\n" in printed


async def test_schedules_are_offered_by_number_and_title(world: World) -> None:
    await add(world, repeat="weekly")
    await add(world, quiz="mlops-basics", minutes=300)
    choices = await world.moderator.autocomplete(world.channel, "schedule pause", "schedule", "")
    assert [choice["value"] for choice in choices] == ["1", "2"]
    choices = await world.moderator.autocomplete(world.channel, "schedule pause", "schedule", "mlops")
    assert [choice["value"] for choice in choices] == ["2"]


async def test_a_choice_of_skip_next_says_which_date_and_skips_no_other(world: World) -> None:
    at = when(world, minutes=60)
    await add(world, repeat="weekly")
    await add(world, quiz="mlops-basics", minutes=120)
    await run(world, "pause", schedule="2")
    (choice,) = await world.moderator.autocomplete(world.channel, "schedule skip-next", "schedule", "cap")
    date = datetime.fromisoformat(at)
    assert choice["name"].startswith(
        f"1 · {date:%a} {date.day} {date:%b %Y}, {date:%H:%M} · Capitals · every"
    )
    await advance_to(world, at)
    assert "nothing was skipped" in await run(world, "skip-next", schedule=choice["value"])
    (choice,) = await world.moderator.autocomplete(world.channel, "schedule skip-next", "schedule", "")
    assert "is skipped. The next round is <t:" in await run(world, "skip-next", schedule=choice["value"])
    assert world.rows("SELECT outcome FROM occurrences ORDER BY due_at") == [("started",), ("skipped",)]


async def test_the_dates_and_the_calendar_of_a_list_are_computed_beside_the_event_loop(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[tuple[str, bool]] = []

    def watched(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            threads.append((name, threading.current_thread() is threading.main_thread()))
            return function(*arguments, **named)

        return call

    await add(world, repeat="weekly")
    await add(world, repeat="daily", minutes=300)
    monkeypatch.setattr(services, "dates_ahead", watched("dates", services.dates_ahead))
    monkeypatch.setattr(schedule_panel, "to_calendar", watched("calendar", schedule_panel.to_calendar))
    await run(world, "list")
    (first,) = [one.json for one in world.env.http_requests if one.path.endswith("/callback")][-1:]
    assert cast("dict[str, Any]", first)["type"] == 5, "it is acknowledged before anything is computed"
    assert threads == [("dates", False), ("dates", False), ("calendar", False)]


async def test_every_step_says_what_it_did(world: World) -> None:
    await add(world, repeat="weekly")
    for command, said in (
        ("skip-next", "is skipped. The next round is <t:"),
        ("pause", "is paused"),
        ("pause", "is already paused"),
        ("skip-next", "there is no date to skip"),
        ("resume", "is on again: next round <t:"),
        ("resume", "nothing to resume"),
        ("remove", "has been removed"),
        ("remove", "There is no schedule “1”"),
    ):
        assert said in await run(world, command, schedule="1"), command


async def test_run_now_starts_at_once(world: World) -> None:
    await add(world, repeat="weekly", seconds=7)
    assert "**Capitals** starts in <#" in await run(world, "run-now", schedule="1")
    await world.advance(12)
    assert "question 1 of 3" in texts(world.question)
    assert world.rows("SELECT rules ->> 'seconds' FROM rounds") == [(7,)]


async def test_run_now_is_offered_for_a_schedule_that_has_ended_but_not_for_one_that_was_removed(
    world: World,
) -> None:
    at = when(world, minutes=60)
    await add(world)
    await add(world, quiz="mlops-basics", repeat="weekly", minutes=120)
    await add(world, repeat="weekly", minutes=120)
    await run(world, "remove", schedule="3")
    await advance_to(world, at)
    choices = await world.moderator.autocomplete(world.channel, "schedule run-now", "schedule", "")
    assert [choice["value"] for choice in choices] == ["2", "1"]
    await world.stop()
    await world.advance(5)
    assert "**Capitals** starts in <#" in await run(world, "run-now", schedule="1")
    assert "There is no schedule “3”" in await run(world, "run-now", schedule="3")


async def test_a_schedule_survives_a_restart_and_its_button_works_after_it(world: World) -> None:
    at = when(world, minutes=60)
    await add(world)
    await world.advance(46 * 60)
    await world.restart()
    result = await world.members["Ana"].click(world.messages[0], label="Remind me")
    assert result.response is not None
    assert "I will mention you" in result.response.message.content
    await advance_to(world, at)
    await world.advance(5)
    assert world.messages[-1].content.startswith(f"<@{world.members['Ana'].id}>")
    assert len(world.messages) == 3, "one card, one announcement, one call"


async def test_a_missed_round_is_told_in_the_moderators_log(world: World) -> None:
    log = world.server.create_text_channel("log")
    await world.app.settings.change(world.server.id, "log_channel_id", str(log.id))
    await add(world, repeat="weekly")
    await world.app.rounds.close()  # the bot is about to end, and starts nothing
    await world.advance(3 * 3600)
    await world.restart()
    await world.advance(5)
    (told,) = log.history()
    assert "Schedule **1** (**Capitals**) missed 1 date" in told.content
    assert world.rows("SELECT outcome FROM occurrences") == [("missed",)]


# --- the event --------------------------------------------------------------------------------------


async def test_the_discord_event_follows_the_schedule(world: World) -> None:
    guild = world.app.bot.guilds[0]

    async def shown() -> list[tuple[str, datetime]]:
        return [(event.name, event.start_time) for event in await guild.fetch_scheduled_events()]

    at = when(world, minutes=60)
    await add(world, repeat="weekly", event=True)
    await world.advance(1)
    due = datetime.fromisoformat(at).replace(tzinfo=world.env.now().tzinfo)
    assert await shown() == [("Quiz: Capitals", due)]
    await run(world, "skip-next", schedule="1")
    await world.advance(1)
    assert await shown() == [("Quiz: Capitals", due + timedelta(days=7))]
    await run(world, "remove", schedule="1")
    await world.advance(1)
    assert await shown() == []


async def test_an_event_that_an_earlier_process_could_not_note_is_taken_over(world: World) -> None:
    await add(world, repeat="weekly", event=True)
    await world.advance(1)
    forget(world)
    await world.restart()
    await world.advance(1)
    assert len(await world.app.bot.guilds[0].fetch_scheduled_events()) == 1


def forget(world: World) -> None:
    """Let the database be as if the bot had died between creating the event and noting it."""
    with closing(sqlite3.connect(world.database)) as connection, connection:
        connection.execute("UPDATE schedules SET event_id = NULL, event_at = NULL, revision = revision + 1")


async def test_without_the_permission_for_events_it_is_refused(world: World) -> None:
    await set_rights(world, discord.Permissions.text())
    assert "I need **Create Events**" in await add(world, event=True)


async def set_rights(world: World, permissions: discord.Permissions) -> None:
    """Let the bot have these permissions and no others."""
    me = world.app.bot.guilds[0].me
    assert isinstance(me, discord.Member)
    world.env.backend.edit_role(world.server.id, me.top_role.id, {"permissions": permissions.value})
    await world.advance(1)
