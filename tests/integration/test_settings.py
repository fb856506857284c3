"""`/settings`: the panel, its forms, who may use them, and what holds afterwards."""

from datetime import timedelta
from typing import Any

import discord
import pytest
import simcord

from bot import text
from bot.domain.round import Scoring
from bot.domain.settings import SETTINGS, ServerSettings
from bot.ui.cards.settings import CONTROL, in_words
from bot.ui.custom_ids import SettingForm, SettingsMenu, encode
from bot.ui.settings_panel import TRUSTED_FOR
from tests.rig import forge_click, send_click
from tests.world import LEAD, PAUSE, World, texts

MENU = encode(SettingsMenu())


async def open_panel(world: World, actor: simcord.MemberActor | None = None) -> Any:
    """Run `/settings`; return the private panel."""
    result = await (actor or world.moderator).slash(world.channel, "settings")
    assert result.response is not None
    assert result.response.ephemeral
    assert not result.followups
    return result.response


async def change(world: World, name: str, value: Any, panel: Any = None) -> simcord.InteractionResult:
    """Choose a setting in the panel and fill its form."""
    shown = await world.moderator.select(panel or await open_panel(world), [name])
    assert shown.modal is not None
    assert shown.response is None
    return await world.moderator.submit_modal(shown, {} if value is None else {CONTROL: value})


async def told(world: World, name: str, value: Any) -> str:
    """Change a setting, which is refused; return the private sentence."""
    panel = await open_panel(world)
    before, stored = texts(panel.message), rows(world)
    result = await change(world, name, value, panel)
    assert result.response is not None
    assert result.response.ephemeral
    assert result.response.id != panel.id
    assert texts(panel.message) == before, "the panel stays as it was"
    assert rows(world) == stored
    return result.response.content


def rows(world: World) -> list[tuple[Any, ...]]:
    return world.rows("SELECT name, value FROM server_settings ORDER BY name")


async def settings(world: World) -> ServerSettings:
    return await world.app.settings.of(world.server.id)


# --- the panel ------------------------------------------------------------------------------------------


async def test_the_panel_shows_every_setting_with_its_value_and_a_line_of_help(world: World) -> None:
    shown = texts((await open_panel(world)).message)
    for one in SETTINGS.values():
        assert f"**{one.title}** · {in_words(one, one.default)}" in shown
        assert f"-# {one.help}" in shown
    assert text.own_pause("the bot's own", PAUSE) in shown
    assert not world.messages, "nobody else sees it"


NEW: dict[str, tuple[Any, Any, str]] = {
    "time_zone": ("berlin", "Europe/Berlin", "Europe/Berlin"),
    "seconds": (" 45 ", 45, "45 seconds"),
    "pause_seconds": ("0", 0, "none"),
    "scoring": ("speed", Scoring.SPEED, "speed: faster right answers count more"),
    "thread": ("yes", True, "yes"),
    "board_every": ("1", 1, "after each question"),
    "grace_minutes": ("60", 60, "60 minutes"),
}


async def test_each_setting_can_be_changed_in_the_panel_and_made_as_usual_again(world: World) -> None:
    place = world.server.create_text_channel("games")
    channels = {name: ([place], place.id, f"<#{place.id}>") for name in ("channel_id", "log_channel_id")}
    assert {*NEW, *channels} == set(SETTINGS), "every setting is tried"
    panel = await open_panel(world)
    for name, (given, value, said) in (NEW | channels).items():
        result = await change(world, name, given, panel)
        assert result.response is not None
        assert result.response.id == panel.id, "the panel itself is updated"
        assert text.setting_changed(SETTINGS[name].title, said) in texts(panel.message)
        assert getattr(await settings(world), name) == value
    assert len(rows(world)) == len(SETTINGS)
    usual = {"scoring": "accuracy", "thread": "no"}
    for name, declared in SETTINGS.items():
        await change(world, name, usual.get(name), panel)
        said = in_words(declared, declared.default)
        assert text.setting_changed(declared.title, said) in texts(panel.message)
    assert await settings(world) == ServerSettings()
    assert rows(world) == []
    assert not world.messages


async def test_a_form_begins_with_what_holds_and_says_what_an_empty_field_means(world: World) -> None:
    await change(world, "seconds", "45")
    await change(world, "scoring", "speed")
    await change(world, "channel_id", [world.channel])
    panel = await open_panel(world)
    controls: dict[str, Any] = {}
    for name in ("seconds", "scoring", "channel_id"):
        modal = (await world.moderator.select(panel, [name])).modal
        assert modal is not None
        controls[name] = modal["components"][0]["component"]
    assert controls["seconds"]["value"] == "45"
    assert controls["seconds"]["placeholder"] == text.empty_for("20 seconds")
    chosen = {one["value"]: one.get("default", False) for one in controls["scoring"]["options"]}
    assert chosen == {"accuracy": False, "speed": True}
    assert controls["channel_id"]["default_values"] == [{"id": world.channel.id, "type": "channel"}]


async def test_a_choice_that_is_taken_back_gives_a_fresh_menu(world: World) -> None:
    panel = await open_panel(world)
    await world.moderator.select(panel, ["seconds"])
    result = await world.moderator.select(panel, [])
    assert result.modal is None
    assert result.response is not None
    assert result.response.id == panel.id


async def test_what_was_set_survives_a_restart_and_an_open_panel_and_form_do_too(world: World) -> None:
    panel = await open_panel(world)
    await change(world, "seconds", "45", panel)
    form = await world.moderator.select(panel, ["grace_minutes"])
    await world.restart()
    assert (await settings(world)).seconds == 45
    await world.moderator.submit_modal(form, {CONTROL: "5"})
    assert (await settings(world)).grace_minutes == 5
    await change(world, "seconds", "50", panel)
    assert text.setting_changed("Seconds a question", "50 seconds") in texts(panel.message)


async def test_nothing_is_kept_in_discord_py_s_stores(world: World) -> None:
    panel = await open_panel(world)
    await change(world, "seconds", "45", panel)
    await world.moderator.select(panel, ["time_zone"])  # a form that nobody sends
    store = world.app.bot._connection._view_store
    assert not store._views
    assert not store._modals
    assert not store._dynamic_items
    assert not store._synced_message_views


async def test_two_moderators_forms_of_one_setting_do_not_meet(world: World) -> None:
    role = world.server.create_role("Hosts", permissions=discord.Permissions(manage_events=True))
    other = world.server.add_member(world.env.create_user("nia", global_name="Nia"), roles=[role])
    mine, theirs = await open_panel(world), await open_panel(world, other)
    first = await world.moderator.select(mine, ["seconds"])
    second = await other.select(theirs, ["seconds"])
    await world.moderator.submit_modal(first, {CONTROL: "45"})
    await other.submit_modal(second, {CONTROL: "50"})
    assert "45 seconds" in texts(mine.message)
    assert "50 seconds" in texts(theirs.message)
    assert (await settings(world)).seconds == 50


async def test_another_server_has_settings_of_its_own(world: World) -> None:
    await change(world, "seconds", "45")
    elsewhere = world.env.create_guild("Elsewhere")
    assert await world.app.settings.of(elsewhere.id) == ServerSettings()


async def test_a_stored_value_that_no_longer_fits_is_as_usual(world: World) -> None:
    await change(world, "seconds", "45")
    await world.app.settings._store.save_setting(world.server.id, "grace_minutes", "soon")
    await world.app.settings._store.save_setting(world.server.id, "colour", "red")
    await world.restart()
    assert await settings(world) == ServerSettings(seconds=45)


# --- wrong values ---------------------------------------------------------------------------------------

WRONG = {
    "seconds": ("4", "301", "-5", "2.5", "abc", "٣٠", "1e2", "99999999999"),
    "pause_seconds": ("-1", "301", "none"),
    "board_every": ("51", "never"),
    "grace_minutes": ("1441", "15 min"),
}


async def test_a_number_outside_its_bounds_is_refused_with_the_bounds_and_an_example(world: World) -> None:
    for name, wrong in WRONG.items():
        declared: Any = SETTINGS[name]
        kind = declared.kind
        for given in wrong:
            wanted = text.wanted_number(kind.least, kind.most, kind.example)
            assert f"for example `{kind.example}`" in wanted
            assert await told(world, name, given) == text.bad_setting(declared.title, given, wanted)


@pytest.mark.parametrize(
    ("given", "suggestions"),
    [
        ("Berln", ["Europe/Berlin", "America/Belem"]),
        ("Istanbul", ["Asia/Istanbul", "Europe/Istanbul"]),
        ("qqqq", []),
        ("GMT+1", []),
    ],
)
async def test_an_unknown_time_zone_is_refused_with_what_may_be_meant(
    world: World, given: str, suggestions: list[str]
) -> None:
    sentence = await told(world, "time_zone", given)
    wanted = text.wanted_time_zone(suggestions, "Europe/Berlin")
    assert sentence == text.bad_setting("Time zone", given, wanted)
    assert "Europe/Berlin" in sentence or "Istanbul" in sentence


async def test_what_was_typed_is_given_back_harmlessly(world: World) -> None:
    sentence = await told(world, "time_zone", "<@123> @everyone [a](b)")
    assert "\\<@123>" in sentence
    assert "@everyone" not in sentence
    assert "](" not in sentence


async def test_a_form_that_says_what_no_app_would_send_is_refused(world: World) -> None:
    panel = await open_panel(world)
    for name, value in (("scoring", "luck"), ("thread", "perhaps"), ("channel_id", "somewhere")):
        sentence = await forge_form(world.moderator, panel.message, name, value)
        assert sentence.startswith(f"**{SETTINGS[name].title}** cannot be “{value}”.")
        assert "for example" in sentence
    unknown = await forge_form(world.moderator, panel.message, "channel_id", "123")
    assert unknown == text.not_a_round_channel(123)
    unknown = await forge_form(world.moderator, panel.message, "log_channel_id", "123")
    assert unknown == text.not_a_notice_channel(123)
    assert rows(world) == []


async def test_a_channel_that_the_bot_cannot_use_is_refused_by_what_is_missing(
    world: World,
) -> None:
    me = world.server.me
    assert me is not None
    silent = world.server.create_text_channel(
        "silent", overwrites={me: discord.PermissionOverwrite(send_messages=False)}
    )
    bare = world.server.create_text_channel(
        "bare", overwrites={me: discord.PermissionOverwrite(attach_files=False, read_message_history=False)}
    )
    sentence = await told(world, "channel_id", [silent])
    assert sentence == text.missing_permissions(silent.id, ["Send Messages", "Attach Files"])
    sentence = await told(world, "log_channel_id", [silent])
    assert sentence == text.notices_not_allowed(silent.id, ["Send Messages"])
    sentence = await told(world, "channel_id", [bare])
    assert sentence == text.missing_permissions(bare.id, ["Attach Files", "Read Message History"])
    await change(world, "log_channel_id", [bare])
    assert (await settings(world)).log_channel_id == bare.id, "a notice needs less than a round"


# --- who may --------------------------------------------------------------------------------------------


def form_data(name: str, value: str) -> dict[str, Any]:
    control = {"type": 4, "custom_id": CONTROL, "value": value}
    return {
        "custom_id": encode(SettingForm(name)),
        "components": [{"type": 18, "id": 1, "component": control | {"id": 2}}],
    }


async def forge_form(
    actor: simcord.MemberActor, message: discord.Message, name: str, value: str, **overrides: Any
) -> str:
    """Send a form that was never shown; return the private sentence."""
    data = form_data(name, value)
    sent = send_click(actor, message, data["custom_id"], type=5, data=data, **overrides)
    return private_sentence(await sent.arrive())


async def forge_choice(
    actor: simcord.MemberActor, message: discord.Message, chosen: str, **overrides: Any
) -> str:
    """Choose in a menu that the message does not have; return the private sentence."""
    data = {"custom_id": MENU, "component_type": 3, "values": [chosen]}
    return private_sentence(await send_click(actor, message, MENU, data=data, **overrides).arrive())


def private_sentence(result: simcord.InteractionResult) -> str:
    assert result.modal is None
    assert result.response is not None
    assert result.response.ephemeral
    assert not result.response.components
    return result.response.content


async def test_members_are_not_offered_the_command(world: World) -> None:
    assert "settings" in world.moderator.available_commands(world.channel)
    assert "settings" not in world.members["Ana"].available_commands(world.channel)


async def test_forged_ids_change_nothing_whoever_sends_them(world: World) -> None:
    await world.start_and_open()
    receipt = await world.answer("Ana", "Paris")
    assert receipt.response is not None
    own = await world.moderator.slash(world.channel, "help")
    assert own.response is not None
    for actor, message in (
        (world.members["Ana"], world.question),
        (world.members["Ana"], receipt.response.message),
        (world.moderator, world.question),
        (world.moderator, own.response.message),
    ):
        assert await forge_form(actor, message, "seconds", "45") == text.unknown_button()
        assert await forge_choice(actor, message, "seconds") == text.unknown_button()
    assert rows(world) == []


async def test_somebody_else_s_panel_serves_nobody(world: World) -> None:
    panel = (await open_panel(world)).message
    assert await forge_form(world.members["Ana"], panel, "seconds", "45") == text.unknown_button()
    assert await forge_choice(world.members["Ana"], panel, "seconds") == text.unknown_button()
    assert rows(world) == []


async def test_an_id_that_is_right_on_another_kind_of_control_is_refused(world: World) -> None:
    panel = (await open_panel(world)).message
    for custom_id in (MENU, encode(SettingForm("seconds")), "q:s:f:colour", "q:s:", "q:s:f:", "q:s:m:1"):
        clicked = await forge_click(world.moderator, panel, custom_id)
        assert private_sentence(clicked) == text.unknown_button(), custom_id
    for data in (form_data("seconds", "45") | {"custom_id": "q:a:1:1:0"}, form_data("colour", "red")):
        sent = send_click(world.moderator, panel, data["custom_id"], type=5, data=data)
        assert private_sentence(await sent.arrive()) == text.unknown_button()
    assert await forge_choice(world.moderator, panel, "colour") == text.unknown_button()
    empty: dict[str, Any] = form_data("seconds", "45") | {"components": []}
    sent = send_click(world.moderator, panel, empty["custom_id"], type=5, data=empty)
    assert private_sentence(await sent.arrive()) == text.unknown_button()
    assert rows(world) == []


async def test_whom_the_server_s_integrations_allow_may_change_settings_for_a_while(world: World) -> None:
    ana = world.members["Ana"]
    (command,) = [one for one in await world.app.bot.tree.fetch_commands() if one.name == "settings"]
    world.server.set_command_permissions(command, {ana: True})
    panel = await open_panel(world, ana)
    form = await ana.select(panel, ["seconds"])
    await ana.submit_modal(form, {CONTROL: "45"})
    assert (await settings(world)).seconds == 45
    world.server.set_command_permissions(command, {ana: False})
    late = await ana.select(panel, ["seconds"])
    await world.advance(TRUSTED_FOR / timedelta(seconds=1) + 1)
    assert private_sentence(await ana.select(panel, ["seconds"])) == text.panel_expired()
    assert private_sentence(await ana.submit_modal(late, {CONTROL: "50"})) == text.panel_expired()
    assert (await settings(world)).seconds == 45


async def test_a_moderator_s_panel_serves_for_as_long_as_they_are_one(world: World) -> None:
    panel = await open_panel(world)
    await world.advance(2 * (TRUSTED_FOR / timedelta(seconds=1)))
    await change(world, "seconds", "45", panel)
    assert (await settings(world)).seconds == 45


async def test_a_moderator_who_is_none_any_more_is_refused_after_a_while(world: World) -> None:
    panel = (await open_panel(world)).message
    await world.advance(TRUSTED_FOR / timedelta(seconds=1) + 1)
    gone = world.env.backend.get_guild(world.server.id).members[world.moderator.id]
    gone.role_ids.clear()
    assert await forge_form(world.moderator, panel, "seconds", "45") == text.panel_expired()
    assert rows(world) == []


# --- what they do ---------------------------------------------------------------------------------------


RULES = "SELECT channel_id, in_thread, seconds, scoring, pause_seconds, board_every FROM rounds"


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
    assert started.response.content == text.round_started("Capitals", games.id), "the answer names the place"
    await world.start(channel=world.channel, seconds=30, scoring="accuracy", thread=False)
    assert world.rows(RULES) == [
        (games.id, 1, 45, "speed", 3, 2),
        (world.channel.id, 0, 30, "accuracy", 3, 2),
    ]
    await world.advance(LEAD)
    assert len(games.threads) == 1


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
    assert asked.response.content == text.not_a_round_channel(voice.id), "one that was asked for does not"


# --- the moderators' log --------------------------------------------------------------------------------


async def shut_out(world: World) -> str:
    """Let Discord refuse a round's question; return the notice that is due."""
    await world.start()
    world.env.inject_error("POST", f"/channels/{world.channel.id}/messages", status=403, code=50013)
    await world.advance(LEAD)
    return text.notice("paused_place_closed", "Capitals", world.channel.id)


def sent_to_host(world: World) -> list[str]:
    return [one.content for one in world.moderator.user.dm_channel.history()]


async def test_a_notice_goes_to_the_moderators_log_and_pings_nobody(world: World) -> None:
    notices = world.server.create_text_channel("log")
    await change(world, "log_channel_id", [notices])
    notice = await shut_out(world)
    (posted,) = notices.history()
    assert posted.content == text.notice_in_log(world.moderator.id, notice)
    (body,) = (one.json for one in world.env.http_requests if str(notices.id) in one.path)
    assert body is not None
    assert body["allowed_mentions"] == {"parse": []}
    assert sent_to_host(world) == []


async def test_a_notice_goes_to_the_host_where_there_is_no_log_or_it_cannot_be_written_to(
    world: World,
) -> None:
    notices = world.server.create_text_channel("log")
    await change(world, "log_channel_id", [notices])
    world.env.inject_error("POST", f"/channels/{notices.id}/messages", status=404, code=10003)
    notice = await shut_out(world)
    assert sent_to_host(world) == [notice]
    await world.moderator.slash(world.channel, "round stop")
    await change(world, "log_channel_id", None)
    await shut_out(world)
    assert sent_to_host(world) == [notice, notice]
    assert not notices.history()
