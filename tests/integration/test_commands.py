"""Slash commands: what they offer while one types, what they show, and when they are published."""

import math
import re
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord
from discord import app_commands
from discord.ext import commands

from bot.text import library
from bot.ui.publishing import FIRST_RETRY_SECONDS
from tests.world import LEAD, World, open_world, quiz_file, texts

QUIZZES = {
    "rivers-of-europe.yaml": quiz_file(
        title="Down to the Sea", category="Geography / Water", tags=["danube", "rhine"]
    ),
    "bones.yaml": quiz_file(
        title="Inside *Us*",
        category="Biology",
        introduction="What holds ______ up?\nMore than you think.",
        tags=["skeleton", "school"],
        author="The **biology** team",
        source="Gray's Anatomy, 42nd edition",
        tiers=[
            {"name": "Cartilage", "from_percent": 0},
            {"name": "Bone", "from_percent": 60, "message": "Solid."},
        ],
    ),
}


async def offered(world: World, command: str, option: str, typed: str) -> list[tuple[str, str]]:
    choices = await world.moderator.autocomplete(world.channel, command, option, typed)
    return [(choice["name"], choice["value"]) for choice in choices]


async def shown(world: World, command: str, **options: Any) -> str:
    """Run a command as a member; return the text of the one private answer."""
    result = await world.members["Ana"].slash(world.channel, command, **options)
    assert result.response is not None
    assert result.response.ephemeral
    assert not result.followups
    return texts(result.response.message)


# --- autocompletion -------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["quiz info", "round start", "leaderboard"])
async def test_a_quiz_is_found_by_title_category_tag_and_id(tmp_path: Path, command: str) -> None:
    rivers = ("Down to the Sea · Geography / Water", "rivers-of-europe")
    capitals = ("Capitals · Geography", "capitals")
    async with open_world(tmp_path, files=QUIZZES) as world:
        assert await offered(world, command, "quiz", "to the sea") == [rivers]
        assert await offered(world, command, "quiz", "DOWN") == [rivers]
        assert await offered(world, command, "quiz", "geography") == [capitals, rivers], "by title"
        assert await offered(world, command, "quiz", "danube") == [rivers]
        assert await offered(world, command, "quiz", "of-eur") == [rivers]
        assert await offered(world, command, "quiz", "rhine sea water") == [rivers], "every word counts"
        assert await offered(world, command, "quiz", "rhine mlops") == []
        everything = [value for _, value in await offered(world, command, "quiz", "")]
        assert everything == ["capitals", "rivers-of-europe", "bones", "mlops-basics"]


async def test_what_is_offered_can_be_chosen(tmp_path: Path) -> None:
    async with open_world(tmp_path, files=QUIZZES) as world:
        ((_, value),) = await offered(world, "round start", "quiz", "danube")
        await world.start(value)
        await world.advance(LEAD)
        assert "Down to the Sea · question 1 of 1" in texts(world.question)


async def test_a_category_is_found_by_any_part_of_it(tmp_path: Path) -> None:
    async with open_world(tmp_path, files=QUIZZES) as world:
        assert await offered(world, "quiz list", "category", "GEO") == [
            ("Geography", "Geography"),
            ("Geography / Water", "Geography / Water"),
        ]
        assert await offered(world, "quiz list", "category", "nothing like it") == []


async def test_at_most_twenty_five_quizzes_are_offered(tmp_path: Path) -> None:
    many = {f"quiz-{number}.yaml": quiz_file(title=f"Number {number:02} {'x' * 80}") for number in range(30)}
    async with open_world(tmp_path, files=many) as world:
        choices = await offered(world, "round start", "quiz", "number")
        assert len(choices) == 25
        assert all(1 <= len(name) <= 100 for name, _ in choices)


# --- the library ----------------------------------------------------------------------------------------


async def test_the_list_shows_every_quiz_by_category(tmp_path: Path) -> None:
    async with open_world(tmp_path, files=QUIZZES) as world:
        listed = await shown(world, "quiz list")
        lines = [line for line in listed.split("\n") if line.startswith(("**", "- "))]
        assert lines == [
            "**Biology**",
            library.quiz_line("Inside *Us*", "bones", 1),
            "**Geography**",
            library.quiz_line("Capitals", "capitals", 3),
            "**Geography / Water**",
            library.quiz_line("Down to the Sea", "rivers-of-europe", 1),
            "**Predictive / AI-Driven Analytics**",
            library.quiz_line("MLOps Basics: From Notebook to Production", "mlops-basics", 10),
        ]
        only = await shown(world, "quiz list", category="water")
        assert "rivers-of-europe" in only
        assert "capitals" not in only
        assert await shown(world, "quiz list", category="astronomy") == library.no_quizzes()


async def test_a_long_list_is_cut_short_and_says_so(tmp_path: Path) -> None:
    many = {f"quiz-{number}.yaml": quiz_file(title=f"Number {number:02} {'x' * 80}") for number in range(80)}
    async with open_world(tmp_path, files=many) as world:
        listed = await shown(world, "quiz list")
        hidden = re.search(r"and (\d+) more", listed)
        assert hidden is not None
        assert listed.count("\n- ") + int(hidden[1]) == 82
        assert listed.count("\n- ") > 20
        one_category = await shown(world, "quiz list", category="Geography")
        assert one_category.count("\n- ") > 20, "a category that is too long is shown in part"


async def test_info_tells_what_a_quiz_is_about_and_gives_nothing_away(tmp_path: Path) -> None:
    async with open_world(tmp_path, files=QUIZZES) as world:
        told = await shown(world, "quiz info", quiz="bones")
        assert told.split("\n") == [
            "-# Biology",
            "## Inside *Us*",
            "What holds \\_\\_\\_\\_\\_\\_ up?",
            "More than you think.",
            "",
            "1 question · `bones` · skeleton, school",
            library.tiers([("Cartilage", 0), ("Bone", 60)]),
            "-# The **biology** team · Gray's Anatomy, 42nd edition",
            "",
            library.how_to_start("bones"),
        ]
        assert "It has been for centuries" not in told
        assert await shown(world, "quiz info", quiz="inside *us*") == told, "the title does as well"


async def help_for(world: World, actor: simcord.MemberActor) -> str:
    result = await actor.slash(world.channel, "help")
    assert result.response is not None
    assert result.response.ephemeral
    return texts(result.response.message)


def mentioned(told: str) -> dict[str, int]:
    """Return the commands that can be pressed, with their ids."""
    return {name: int(number) for name, number in re.findall(r"</([a-z][a-z -]*):(\d+)>", told)}


async def test_help_offers_commands_to_press_and_moderators_theirs(world: World) -> None:
    ids = {command.name: command.id for command in await world.app.bot.tree.fetch_commands()}
    for actor, whose in ((world.moderator, "moderator"), (world.members["Ana"], "member")):
        offered = mentioned(await help_for(world, actor))
        for name, number in offered.items():
            assert name in actor.available_commands(world.channel), f"{name} is of no use to a {whose}"
            assert number == ids[name.partition(" ")[0]]
        groups = {name.partition(" ")[0] for name in actor.available_commands(world.channel)}
        assert {name.partition(" ")[0] for name in offered} == groups - {"help"}


async def test_help_fits_one_screen_of_a_phone(world: World) -> None:
    for actor, most in ((world.members["Ana"], 12), (world.moderator, 18)):
        lines = (await help_for(world, actor)).splitlines()
        rows = sum(math.ceil(len(re.sub(r":\d+>", ">", line)) / 42) for line in lines)
        assert rows <= most


async def test_help_names_commands_as_one_types_them_while_their_ids_are_not_known(world: World) -> None:
    world.app.bot.command_ids = {}
    told = await help_for(world, world.moderator)
    assert not mentioned(told)
    assert "`/quiz list`" in told


async def test_every_command_and_option_is_described(world: World) -> None:
    def walk(command: Any) -> None:
        assert re.fullmatch(r"[-\w]{1,32}", command["name"])
        assert len(command["description"]) > 5, command
        assert "…" not in command["description"], "discord.py's own placeholder"
        for option in command.get("options", []):
            walk(option)

    for command in published(world)[-1]:
        walk(command)


# --- publishing -----------------------------------------------------------------------------------------


def published(world: World) -> list[Any]:
    """Return every set of commands that was sent to Discord."""
    return [
        request.json
        for request in world.env.http_requests
        if request.method == "PUT" and request.path.endswith("/commands")
    ]


async def test_commands_are_published_once_and_not_again_at_the_next_start(world: World) -> None:
    assert [{command["name"] for command in commands} for commands in published(world)] == [
        {"round", "schedule", "quiz", "leaderboard", "settings", "help"}
    ]
    for _ in range(2):
        await world.restart()
    assert len(published(world)) == 1
    assert await shown(world, "help"), "and they still work"


class Extra(commands.Cog):
    @app_commands.command(name="extra")
    async def extra(self, interaction: discord.Interaction[Any]) -> None:
        """A command that an older version did not have"""
        await interaction.response.send_message("extra", ephemeral=True)


async def test_commands_are_published_again_when_they_have_changed(world: World) -> None:
    await world.restart(lambda app: app.bot.include(Extra()))
    assert len(published(world)) == 2
    assert "extra" in {command["name"] for command in published(world)[-1]}
    await world.restart(lambda app: app.bot.include(Extra()))
    assert len(published(world)) == 2
    await world.restart()
    assert len(published(world)) == 3
    assert "extra" not in {command["name"] for command in published(world)[-1]}


async def test_commands_that_vanished_at_discord_are_published_at_the_next_start(world: World) -> None:
    bot = world.app.bot
    await bot.http.bulk_upsert_global_commands(bot.application_id or 0, payload=[])
    await world.restart()
    assert len(published(world)) == 3, "the first, the empty one, and the one that mends it"
    assert await shown(world, "help")


async def test_a_round_goes_on_though_the_commands_cannot_be_published(world: World) -> None:
    await world.start_and_open()
    world.env.inject_error("GET", "/applications/*/commands", status=403, code=20012, times=2)
    await world.restart(lambda app: app.bot.include(Extra()))
    answered = await world.answer("Ana", "Paris")
    assert answered.response is not None
    assert "Your answer" in str(answered.response.content)
    assert len(published(world)) == 1

    await world.advance(3 * FIRST_RETRY_SECONDS)
    assert "extra" in {command["name"] for command in published(world)[-1]}, "it was tried again"
