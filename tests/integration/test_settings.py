"""`/settings`: the panel, its forms, who may use them, and what holds afterwards."""

from typing import Any

import discord

from bot.domain.round import Scoring
from bot.domain.settings import SETTINGS, ServerSettings
from bot.text import refusals
from bot.text import settings as words
from bot.ui.cards.settings import CONTROL, in_words
from tests.panel import ask, change, open_panel, rows, send_form, settings
from tests.world import PAUSE, World, texts


async def told(world: World, name: str, value: Any, panel: Any = None) -> str:
    """Change a setting, which is refused; return what the panel says about that."""
    panel = panel or await open_panel(world)
    stored = rows(world)
    result = await change(world, name, value, panel)
    assert result.response is not None
    assert result.response.id == panel.id, "the panel itself says so"
    assert not result.followups
    assert rows(world) == stored
    return refusal(panel)


def refusal(panel: Any) -> str:
    """Return why the panel says that a setting was not changed."""
    mark = words.setting_refused("")
    (line,) = [line for line in texts(panel.message).splitlines() if line.startswith(mark)]
    return line.removeprefix(mark)


# --- the panel ------------------------------------------------------------------------------------------


async def test_the_panel_shows_every_setting_with_its_value_and_a_line_of_help(world: World) -> None:
    shown = texts((await open_panel(world)).message)
    for one in SETTINGS.values():
        assert f"**{one.title}** · {in_words(one, one.default)}" in shown
        assert f"-# {one.help}" in shown
    assert words.own_pause("the bot's default", PAUSE) in shown
    assert not world.messages, "nobody else sees it"


NEW: dict[str, tuple[Any, Any, str]] = {
    "time_zone": ("berlin", "Europe/Berlin", "Europe/Berlin"),
    "seconds": (" 45 ", 45, "45 seconds"),
    "pause_seconds": ("0", 0, "none"),
    "scoring": ("speed", Scoring.SPEED, "speed: faster right answers count more"),
    "thread": ("yes", True, "yes"),
    "board_every": ("1", 1, "after each question"),
    "tells_players": ("no", False, "no"),
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
        assert words.setting_changed(SETTINGS[name].title, said) in texts(panel.message)
        assert getattr(await settings(world), name) == value
    assert len(rows(world)) == len(SETTINGS)
    usual = {"scoring": "accuracy", "thread": "no", "tells_players": "yes"}
    for name, declared in SETTINGS.items():
        await change(world, name, usual.get(name), panel)
        said = in_words(declared, declared.default)
        assert words.setting_changed(declared.title, said) in texts(panel.message)
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
        modal = (await ask(world.moderator, panel, name)).modal
        assert modal is not None
        controls[name] = modal["components"][0]["component"]
    assert controls["seconds"]["value"] == "45"
    assert controls["seconds"]["placeholder"] == words.empty_for("20 seconds")
    chosen = {one["value"]: one.get("default", False) for one in controls["scoring"]["options"]}
    assert chosen == {"accuracy": False, "speed": True}
    assert controls["channel_id"]["default_values"] == [{"id": world.channel.id, "type": "channel"}]


async def test_a_channel_that_is_gone_can_be_replaced(world: World) -> None:
    games = world.server.create_text_channel("games")
    await change(world, "channel_id", [games])
    world.env.backend.delete_channel(games.id)
    panel = await open_panel(world)
    form = await ask(world.moderator, panel, "channel_id")
    assert form.modal is not None
    assert "default_values" not in form.modal["components"][0]["component"]
    await world.moderator.submit_modal(form, {CONTROL: [world.channel]})
    assert (await settings(world)).channel_id == world.channel.id


async def test_a_form_opens_again_after_it_was_put_away_or_refused(world: World) -> None:
    panel = await open_panel(world)
    for given in (None, "4", "301"):
        form = await ask(world.moderator, panel, "seconds")
        assert form.modal is not None
        if given is not None:
            await world.moderator.submit_modal(form, {CONTROL: given})
    await change(world, "seconds", "45", panel)
    await change(world, "seconds", "50", panel)
    assert (await settings(world)).seconds == 50


async def test_each_refusal_replaces_the_one_before_and_a_change_replaces_both(world: World) -> None:
    panel = await open_panel(world)
    first = await told(world, "seconds", "4", panel)
    assert await told(world, "grace_minutes", "x", panel) != first
    assert first not in texts(panel.message)
    await change(world, "seconds", "45", panel)
    assert "cannot be" not in texts(panel.message)


async def test_what_came_of_a_form_stands_at_its_own_setting(world: World) -> None:
    panel = await open_panel(world)
    for given in ("4", "45"):  # refused, and taken
        await change(world, "grace_minutes", "x" if given == "4" else "5", panel)
        await change(world, "seconds", given, panel)
        shown = texts(panel.message)
        outcome = shown.index("⚠️" if given == "4" else "✅")
        assert shown.index("**Seconds per question**") < outcome < shown.index("**Pause**")


async def test_what_was_set_survives_a_restart_and_an_open_panel_and_form_do_too(world: World) -> None:
    panel = await open_panel(world)
    await change(world, "seconds", "45", panel)
    form = await ask(world.moderator, panel, "grace_minutes")
    await world.restart()
    assert (await settings(world)).seconds == 45
    await world.moderator.submit_modal(form, {CONTROL: "5"})
    assert (await settings(world)).grace_minutes == 5
    await change(world, "seconds", "50", panel)
    assert words.setting_changed("Seconds per question", "50 seconds") in texts(panel.message)


async def test_nothing_is_kept_in_discord_py_s_stores(world: World) -> None:
    panel = await open_panel(world)
    await change(world, "seconds", "45", panel)
    await ask(world.moderator, panel, "time_zone")  # a form that nobody sends
    store = world.app.bot._connection._view_store
    assert not store._views
    assert not store._modals
    assert not store._dynamic_items
    assert not store._synced_message_views


async def test_two_moderators_forms_of_one_setting_do_not_meet(world: World) -> None:
    role = world.server.create_role("Hosts", permissions=discord.Permissions(manage_events=True))
    other = world.server.add_member(world.env.create_user("nia", global_name="Nia"), roles=[role])
    mine, theirs = await open_panel(world), await open_panel(world, other)
    first = await ask(world.moderator, mine, "seconds")
    second = await ask(other, theirs, "seconds")
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
            wanted = words.wanted_number(kind.least, kind.most, kind.example)
            assert f"for example `{kind.example}`" in wanted
            assert await told(world, name, given) == words.bad_setting(declared.title, given, wanted)


async def test_an_unknown_time_zone_is_refused_with_what_may_be_meant(world: World) -> None:
    for given, suggestions in {
        "Berln": ["Europe/Berlin", "America/Belem"],
        "Istanbul": ["Asia/Istanbul", "Europe/Istanbul"],
        "qqqq": [],
        "GMT+1": [],
    }.items():
        wanted = words.wanted_time_zone(suggestions, "Europe/Berlin")
        assert all(one in wanted for one in suggestions or ["for example `Europe/Berlin`"])
        assert await told(world, "time_zone", given) == words.bad_setting("Time zone", given, wanted)


async def test_what_was_typed_is_given_back_harmlessly(world: World) -> None:
    sentence = await told(world, "time_zone", "<@123> @everyone [a](b)")
    assert "\\<@123>" in sentence
    assert "@everyone" not in sentence
    assert "](" not in sentence


async def test_a_form_that_says_what_no_app_would_send_is_refused(world: World) -> None:
    panel = await open_panel(world)
    for name, value in (("scoring", "luck"), ("thread", "perhaps"), ("channel_id", "somewhere")):
        await send_form(world.moderator, panel.message, name, value).arrive()
        sentence = refusal(panel)
        assert sentence.startswith(f"**{SETTINGS[name].title}** cannot be “{value}”.")
        assert "for example" in sentence
    await send_form(world.moderator, panel.message, "channel_id", "123").arrive()
    assert refusal(panel) == refusals.not_a_round_channel(123)
    await send_form(world.moderator, panel.message, "log_channel_id", "123").arrive()
    assert refusal(panel) == words.not_a_notice_channel(123)
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
    assert sentence == refusals.missing_permissions(silent.id, ["Send Messages", "Attach Files"])
    sentence = await told(world, "log_channel_id", [silent])
    assert sentence == words.notices_not_allowed(silent.id, ["Send Messages"])
    sentence = await told(world, "channel_id", [bare])
    assert sentence == refusals.missing_permissions(bare.id, ["Attach Files", "Read Message History"])
    await change(world, "log_channel_id", [bare])
    assert (await settings(world)).log_channel_id == bare.id, "a notice needs less than a round"
