"""What a server's settings do: rounds that go by them, and the moderators' log."""

from bot.text import refusals, rounds, steering
from tests.panel import change
from tests.world import LEAD, PAUSE, World

# --- what they do ---------------------------------------------------------------------------------------


RULES = (
    "SELECT channel_id, in_thread, rules ->> 'seconds', rules ->> 'scoring', rules ->> 'pause_seconds', "
    "rules ->> 'board_every' FROM rounds"
)


async def test_a_round_takes_from_the_settings_what_its_command_leaves_out(world: World) -> None:
    games = world.server.create_text_channel("games")
    for name, given in (
        ("channel_id", [games]),
        ("seconds", "45"),
        ("scoring", "speed"),
        ("thread", "yes"),
        ("pause_seconds", "3"),
        ("board_every", "2"),
    ):
        await change(world, name, given)
    started = await world.start()
    assert started.response is not None
    assert started.response.content == steering.round_started("Capitals", games.id), (
        "the answer names the place"
    )
    await world.start(channel=world.channel, seconds=30, scoring="accuracy", thread=False)
    assert world.rows(RULES) == [
        (games.id, 1, 45, "speed", 3, 2),
        (world.channel.id, 0, 30, "accuracy", 3, 2),
    ]
    await world.advance(LEAD)
    assert len(games.threads) == 1


async def test_a_default_channel_that_is_gone_is_named_with_what_can_be_done(world: World) -> None:
    games = world.server.create_text_channel("games")
    await change(world, "channel_id", [games])
    world.env.backend.delete_channel(games.id)
    await world.advance(0)
    refused = await world.start()
    assert refused.response is not None
    assert refused.response.content == refusals.default_channel_gone(games.id)
    assert world.rows(RULES) == []
    await world.start(channel=world.channel)
    assert len(world.rows(RULES)) == 1


async def test_without_settings_a_round_is_as_it_always_was(world: World) -> None:
    await world.start()
    assert world.rows(RULES) == [(world.channel.id, 0, 20, "accuracy", PAUSE, 0)]


async def test_the_usual_thread_gives_way_where_there_can_be_none(world: World) -> None:
    await change(world, "thread", "yes")
    voice = world.server.create_voice_channel("talk")
    await world.start(channel=voice)
    assert world.rows(RULES) == [(voice.id, 0, 20, "accuracy", PAUSE, 0)]
    asked = await world.start(channel=voice, thread=True)
    assert asked.response is not None
    assert asked.response.content == refusals.not_a_round_channel(voice.id), "one that was asked for does not"


# --- the moderators' log --------------------------------------------------------------------------------


async def shut_out(world: World) -> str:
    """Let the bot lose a right before a round's question; return the notice that is due."""
    await world.start()
    world.deny("send_messages")
    await world.advance(LEAD)
    world.deny()
    obstacle = rounds.lacks_permissions(["Send Messages", "Attach Files"])
    return rounds.notice("paused_place_closed", "Capitals", world.channel.id, obstacle)


def sent_to_host(world: World) -> list[str]:
    return [one.content for one in world.moderator.user.dm_channel.history()]


async def test_a_notice_goes_to_the_moderators_log_and_pings_nobody(world: World) -> None:
    notices = world.server.create_text_channel("log")
    await change(world, "log_channel_id", [notices])
    notice = await shut_out(world)
    (posted,) = notices.history()
    assert posted.content == rounds.notice_in_log(world.moderator.id, notice)
    (body,) = (one.json for one in world.env.http_requests if str(notices.id) in one.path)
    assert body is not None
    assert body["allowed_mentions"] == {"parse": []}
    assert sent_to_host(world) == []


async def test_a_notice_that_the_line_keeps_back_is_sent_again(world: World) -> None:
    notices = world.server.create_text_channel("log")
    await change(world, "log_channel_id", [notices])
    world.env.inject_error("POST", f"/channels/{notices.id}/messages", status=403, code=40333)
    notice = await shut_out(world)
    await world.advance(2)
    assert [one.content for one in notices.history()] == [rounds.notice_in_log(world.moderator.id, notice)]
    assert sent_to_host(world) == []
    await world.stop()
    await change(world, "log_channel_id", None)
    world.env.inject_error("POST", f"/channels/{world.moderator.user.dm_channel.id}/messages", status=408)
    await shut_out(world)
    await world.advance(2)
    assert sent_to_host(world) == [notice]


async def test_a_notice_goes_to_the_host_where_there_is_no_log_or_it_cannot_be_written_to(
    world: World,
) -> None:
    notices = world.server.create_text_channel("log")
    await change(world, "log_channel_id", [notices])
    world.deny("send_messages", channel=notices)
    notice = await shut_out(world)
    assert sent_to_host(world) == [notice]
    await world.stop()
    await change(world, "log_channel_id", None)
    await shut_out(world)
    assert sent_to_host(world) == [notice, notice]
    assert not notices.history()
