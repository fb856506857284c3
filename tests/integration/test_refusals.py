"""What does not count is refused with exactly one private sentence, and nothing is posted or recorded."""

from collections.abc import Awaitable
from typing import Any

import discord
import pytest
import simcord
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.text import library, refusals, steering
from tests.rig import forge_click, send_click
from tests.world import GRACE, LEAD, World, buttons, letter_of

TABLES = ("rounds", "asked_questions", "responses", "standings", "players", "server_settings")


def state(world: World) -> Any:
    """Return everything that others can see or that lasts."""
    posted = [
        (channel_id, one.id, repr(one.components), one.content)
        for channel_id, messages in world.env.backend.messages.items()
        for one in messages.values()
        if not one.is_ephemeral
    ]
    return posted, [world.rows(f"SELECT * FROM {table}") for table in TABLES]


async def refusal(world: World, act: Awaitable[simcord.InteractionResult]) -> str:
    """Return the one private sentence that an act is answered with; nothing else may come of it."""
    before, requests = state(world), len(world.env.http_requests)
    result = await act
    assert state(world) == before
    made = world.env.http_requests[requests:]
    deferred = made[:-1]
    assert all((one.json or {}).get("type") == 5 for one in deferred), "one answer and nothing else"
    assert len(deferred) <= 1
    assert result.response is not None
    assert result.response.ephemeral
    assert not result.response.components
    return result.response.content


async def open_question(world: World) -> discord.Message:
    await world.start()
    await world.advance(LEAD)
    return world.question


def first_button(message: discord.Message) -> str:
    return str(buttons(message)[0].custom_id)


# --- clicks and time ------------------------------------------------------------------------------------


async def test_a_click_at_the_deadline_itself_counts(world: World) -> None:
    message = await open_question(world)
    await world.advance(20)
    result = await world.answer("Ana", "Paris", message)
    assert result.response is not None
    assert "Your answer" in result.response.content
    assert world.rows("SELECT player_id, elapsed_ms FROM responses") == [(world.members["Ana"].id, 20_000)]


async def test_a_click_a_millisecond_after_the_deadline_does_not(world: World) -> None:
    message = await open_question(world)
    await world.advance(20.0015)  # an id holds whole milliseconds, rounded down
    click = send_click(world.members["Ana"], message, first_button(message))
    late = discord.utils.snowflake_time(click.interaction.id) - message.created_at
    assert late.total_seconds() == 20.001
    assert not buttons(world.question)[0].disabled, "the reveal waits for clicks that are under way"
    assert await refusal(world, click.arrive()) == refusals.question_closed()


async def test_a_click_that_was_in_time_counts_although_it_arrives_late(world: World) -> None:
    message = await open_question(world)
    await world.advance(19.5)
    click = send_click(world.members["Ana"], message, first_button(message))
    await world.advance(GRACE)
    result = await click.arrive()
    assert result.response is not None
    assert "Your answer" in result.response.content
    assert world.rows("SELECT elapsed_ms FROM responses") == [(19_500,)]


async def test_a_click_on_a_closed_question_is_refused(world: World) -> None:
    message = await open_question(world)
    await world.close_question()
    click = forge_click(world.members["Ana"], message, first_button(message))
    assert await refusal(world, click) == refusals.question_closed()
    await world.next_question()
    click = forge_click(world.members["Ana"], message, first_button(message))
    assert await refusal(world, click) == refusals.question_closed()


async def test_a_click_during_a_pause_is_refused(world: World) -> None:
    message = await open_question(world)
    await world.moderator.slash(world.channel, "round pause")
    click = forge_click(world.members["Ana"], message, first_button(message))
    assert await refusal(world, click) == refusals.round_paused()


@pytest.mark.parametrize("end", ["finished", "stopped"])
async def test_a_button_of_an_old_round_is_refused(world: World, end: str) -> None:
    message = await open_question(world)
    if end == "stopped":
        await world.stop()
    else:
        await world.advance(3 * 30)
    click = forge_click(world.members["Ana"], message, first_button(message))
    assert await refusal(world, click) == refusals.round_over()
    await open_question(world)
    click = forge_click(world.members["Ana"], message, first_button(message))
    assert await refusal(world, click) == refusals.round_over()


# --- forged and foreign buttons -------------------------------------------------------------------------

#: Grammatical or nearly so, and none of them a button of the open question of round 1.
FORGED = (
    *("q:a:1:1:4", "q:a:1:1:9", "q:a:1:2:0", "q:a:1:3:0", "q:a:1:4:0", "q:a:1:99:0", "q:a:2:1:0"),
    *("q:a:999999999:1:0", "q:a:0:1:0", "q:a:1:0:0", "q:a:01:1:0", "q:a:1:01:0", "q:a:-1:1:0", "q:a:1:1:-1"),
    *(
        "q:a:1:1:0 ",
        " q:a:1:1:0",
        "q:a:1:1:0\n",
        "q:a:1:1:00",
        "q:a:1:1",
        "q:a:1:1:",
        "q:a:1:1:0:0",
        "q:a::1:0",
    ),
    *(
        "q:a:1:1:a",
        "q:A:1:1:0",
        "q:a:١:1:0",
        "q:a:1:1:０",
        "q:a:1:1:²",
        "q:a:1.0:1:0",
        "q:a:1e0:1:0",
        "q:a:+1:1:0",
    ),
    *("q:", "q::", "q:b:1:1:0", "q:a", "q:a:1:1:0'--", "q:a:1:1:0;DROP TABLE rounds", "q:" + "9" * 98),
    *(
        "q:r:1:0:o",
        "q:r:1:0:p",
        "q:r:2:0:o",
        "q:r:1:0:x",
        "q:r:1:-1:o",
        "q:r:1:100:o",
        "q:r:1:0",
        "q:r:0:0:o",
    ),
)


async def test_forged_buttons_are_refused(world: World) -> None:
    message = await open_question(world)
    for custom_id in FORGED:
        if custom_id.startswith("q:"):
            answer = await refusal(world, forge_click(world.members["Ana"], message, custom_id))
            assert answer == refusals.unknown_button(), custom_id


async def test_buttons_of_others_are_left_to_them(world: World) -> None:
    message = await open_question(world)
    before, requests = state(world), len(world.env.http_requests)
    for custom_id in (" q:a:1:1:0", "Q:a:1:1:0", "a:1:1:0", "", "0123456789abcdef" * 2):
        result = await forge_click(world.members["Ana"], message, custom_id)
        assert not result.acknowledged
    assert state(world) == before
    assert len(world.env.http_requests) == requests


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    custom_id=st.from_regex(r"q:[ar]?:?[-\d]{0,3}:?[-\d]{0,3}:?[\dop]{0,2}", fullmatch=True)
    | st.text(max_size=98).map("q:{}".format)
)
async def test_whatever_a_button_s_id_is_only_four_are_right(world: World, custom_id: str) -> None:
    if not world.messages:
        await open_question(world)
    message = world.messages[1]
    if custom_id in {str(button.custom_id) for button in buttons(message)}:
        return
    answer = await refusal(world, forge_click(world.members["Ana"], message, custom_id))
    assert answer == refusals.unknown_button()


async def test_a_right_id_on_another_message_is_refused(world: World) -> None:
    message = await open_question(world)
    click = forge_click(world.members["Ana"], world.messages[0], first_button(message))
    assert await refusal(world, click) == refusals.unknown_button()


async def test_another_server_s_button_is_refused(world: World) -> None:
    message = await open_question(world)
    elsewhere = world.env.create_guild("Elsewhere")
    channel = elsewhere.create_text_channel("games")
    ana = elsewhere.add_member(world.members["Ana"].user)
    click = forge_click(ana, message, first_button(message), channel=channel)
    assert await refusal(world, click) == refusals.unknown_button()


async def test_the_same_custom_id_in_another_server_answers_that_server_s_round(world: World) -> None:
    message = await open_question(world)
    elsewhere = world.env.create_guild("Elsewhere")
    channel = elsewhere.create_text_channel("games")
    host = elsewhere.create_role("Hosts", permissions=discord.Permissions(manage_events=True))
    boss = elsewhere.add_member(world.moderator.user, roles=[host])
    ana = elsewhere.add_member(world.members["Ana"].user)
    await boss.slash(channel, "round start", quiz="capitals")
    await world.advance(LEAD)
    theirs = next(one for one in reversed(channel.history()) if not one.flags.ephemeral)
    assert first_button(theirs) == first_button(message)
    click = forge_click(ana, message, first_button(message), channel=channel)
    assert await refusal(world, click) == refusals.unknown_button()
    await ana.click(theirs, label=letter_of(theirs, "Paris"))
    assert world.rows("SELECT server_id, player_id FROM responses") == [(elsewhere.id, ana.id)]


async def test_a_click_from_a_direct_message_is_refused(world: World) -> None:
    message = await open_question(world)
    user = {"id": str(world.members["Ana"].id), "username": "ana", "discriminator": "0", "avatar": None}
    click = send_click(
        world.members["Ana"], message, first_button(message), guild_id=None, member=None, user=user
    )
    assert await refusal(world, click.arrive()) == refusals.unknown_button()


async def test_a_forged_page_turn_never_puts_a_private_report_into_the_channel(world: World) -> None:
    message = await open_question(world)
    await world.answer("Ana", "Paris", message)
    await world.advance(3 * 30)
    before = state(world)
    result = await forge_click(world.members["Ana"], world.question, "q:r:1:0:p")
    assert state(world) == before
    assert result.response is not None
    assert result.response.ephemeral


# --- moderators -----------------------------------------------------------------------------------------


async def test_a_second_round_in_the_same_channel_is_refused(world: World) -> None:
    await world.start()
    assert await refusal(world, world.start()) == refusals.round_already_open(world.channel.id)
    await world.advance(LEAD)
    assert await refusal(world, world.start("mlops-basics")) == refusals.round_already_open(world.channel.id)
    other = world.server.create_text_channel("games")
    started = await world.start(channel=other)
    assert started.response is not None
    assert started.response.content == steering.round_started("Capitals", other.id)


async def test_a_quiz_that_does_not_exist_is_refused_with_a_suggestion(world: World) -> None:
    answer = await refusal(world, world.start("mlops-basic"))
    assert answer == library.quiz_not_found("mlops-basic", ["mlops-basics"])
    assert await refusal(world, world.start("zzz")) == library.quiz_not_found("zzz", [])


async def test_what_was_typed_is_given_back_harmlessly(world: World) -> None:
    answer = await refusal(world, world.start("<@123> @everyone [a](b)"))
    assert "\\<@123>" in answer
    assert "@everyone" not in answer
    assert "](" not in answer


#: What the bot is denied, and what it then asks for: who may not see may do nothing, who may not write may
#: not attach either.
MISSING = {
    "view_channel": ["View Channel", "Send Messages", "Attach Files", "Read Message History"],
    "send_messages": ["Send Messages", "Attach Files"],
    "attach_files": ["Attach Files"],
    "read_message_history": ["Read Message History"],
}
MISSING_FOR_A_THREAD = {
    "create_public_threads": ["Create Public Threads"],
    "send_messages_in_threads": ["Send Messages In Threads"],
}


async def test_a_channel_where_the_bot_may_not_play_is_refused_by_what_is_missing(world: World) -> None:
    for denied, named in (MISSING | MISSING_FOR_A_THREAD).items():
        closed = world.server.create_text_channel(denied, overwrites={bot_of(world): deny(denied)})
        start = world.start(channel=closed, thread=denied in MISSING_FOR_A_THREAD)
        assert await refusal(world, start) == refusals.missing_permissions(closed.id, named)


def bot_of(world: World) -> discord.Member:
    assert world.server.me is not None
    return world.server.me


def deny(permission: str) -> discord.PermissionOverwrite:
    return discord.PermissionOverwrite(**{permission: False})


async def test_a_thread_in_a_voice_channel_is_refused(world: World) -> None:
    voice = world.server.create_voice_channel("talk")
    answer = await refusal(world, world.start(channel=voice, thread=True))
    assert answer == refusals.not_a_round_channel(voice.id)


async def test_steering_nothing_is_refused(world: World) -> None:
    steps = ("pause", "resume", "skip", "stop", "status")
    for step in steps:
        act = world.moderator.slash(world.channel, f"round {step}")
        assert await refusal(world, act) == refusals.no_round_here(world.channel.id)
    await world.start()
    await world.stop()
    for step in steps:
        act = world.moderator.slash(world.channel, f"round {step}")
        assert await refusal(world, act) == refusals.no_round_here(world.channel.id), "it has ended"


async def test_another_server_s_round_cannot_be_steered(world: World) -> None:
    await world.start()
    elsewhere = world.env.create_guild("Elsewhere")
    channel = elsewhere.create_text_channel("games")
    host = elsewhere.create_role("Hosts", permissions=discord.Permissions(manage_events=True))
    boss = elsewhere.add_member(world.moderator.user, roles=[host])
    assert await refusal(world, boss.slash(channel, "round stop")) == refusals.no_round_here(channel.id)


async def test_resuming_what_is_not_paused_and_pausing_twice_are_refused(world: World) -> None:
    await open_question(world)
    act = world.moderator.slash(world.channel, "round resume")
    assert await refusal(world, act) == refusals.step_not_possible("resume", "asking")
    await world.moderator.slash(world.channel, "round pause")
    act = world.moderator.slash(world.channel, "round pause")
    assert await refusal(world, act) == refusals.step_not_possible("pause", "paused")


async def test_a_wait_cannot_be_skipped_while_it_is_paused(world: World) -> None:
    await world.start()
    await world.moderator.slash(world.channel, "round pause")
    act = world.moderator.slash(world.channel, "round skip")
    assert await refusal(world, act) == refusals.step_not_possible("skip", "paused")


async def test_a_leaderboard_of_an_unknown_quiz_is_refused(world: World) -> None:
    before = state(world)
    result = await world.members["Ana"].slash(world.channel, "leaderboard", quiz="capital")
    assert state(world) == before
    assert result.response is not None
    assert result.response.ephemeral
    assert result.response.content == library.quiz_not_found("capital", ["capitals"])


async def test_only_moderators_are_offered_round(world: World) -> None:
    assert not [
        one for one in world.members["Ana"].available_commands(world.channel) if one.startswith("round")
    ]
    assert "round start" in world.moderator.available_commands(world.channel)


async def test_a_direct_message_is_offered_help_and_nothing_that_needs_a_server(world: World) -> None:
    assert world.members["Ana"].user.available_commands() == ("help",)
