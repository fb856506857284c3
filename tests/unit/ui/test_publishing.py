"""Which commands are published again: those that are not as Discord has them, and no others."""

import copy
from typing import Any

import pytest

from bot.ui.publishing import same_commands

OURS: dict[str, Any] = {
    "name": "round",
    "description": "Run a round",
    "type": 1,
    "nsfw": False,
    "dm_permission": False,
    "default_member_permissions": 8589934592,
    "contexts": [0],
    "integration_types": None,
    "options": [
        {
            "name": "start",
            "description": "Start it",
            "type": 1,
            "options": [
                {
                    "name": "channel",
                    "description": "Where",
                    "type": 7,
                    "required": False,
                    "channel_types": [0, 5, 2],
                },
                {
                    "name": "wait",
                    "description": "How long",
                    "type": 4,
                    "required": True,
                    "min_value": 0,
                    "max_value": 300,
                },
                {
                    "name": "scoring",
                    "description": "What counts",
                    "type": 4,
                    "required": False,
                    "choices": [{"name": "none", "value": 0}, {"name": "all", "value": 1}],
                },
            ],
        }
    ],
}
HELP: dict[str, Any] = {"name": "help", "description": "Help", "type": 1, "options": [], "contexts": None}


def as_discord_returns_them() -> list[dict[str, Any]]:
    """Return the commands with what Discord adds, leaves out and writes differently."""
    added = {
        "id": "1",
        "application_id": "2",
        "version": "3",
        "default_permission": True,
        "name_localizations": None,
        "description_localizations": None,
        "integration_types": [0],
        "nsfw": False,
    }
    round_: Any = copy.deepcopy(OURS) | added | {"default_member_permissions": "8589934592"}
    channel, wait, scoring = round_["options"][0]["options"]
    del channel["required"], scoring["required"]
    channel["channel_types"].reverse()
    wait["name_localizations"] = None
    help_: Any = HELP | added | {"dm_permission": True, "default_member_permissions": None}
    del help_["options"]
    return [help_, round_]


def test_what_discord_adds_is_no_difference() -> None:
    assert same_commands([OURS, HELP], as_discord_returns_them())


def test_a_command_that_vanished_and_one_that_is_not_ours_are_differences() -> None:
    theirs = as_discord_returns_them()
    assert not same_commands([OURS, HELP], theirs[1:])
    assert not same_commands([OURS], theirs)
    assert not same_commands([OURS, HELP], [])


START = ("options", 0, "options")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("description",), "Run a quiz"),
        (("default_member_permissions",), "0"),
        (("contexts",), None),
        ((*START, 0, "channel_types"), [0]),
        ((*START, 1, "required"), False),
        ((*START, 1, "min_value"), None),
        ((*START, 1, "max_length"), 5),
        ((*START, 2, "autocomplete"), True),
        ((*START, 2, "choices", 0, "value"), 1),
        ((*START,), []),
    ],
)
def test_whatever_a_command_is_made_of_is_compared(path: tuple[str | int, ...], value: Any) -> None:
    theirs = as_discord_returns_them()
    inner: Any = theirs[1]
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    assert not same_commands([OURS, HELP], theirs)


def test_the_order_of_options_is_compared() -> None:
    theirs = as_discord_returns_them()
    theirs[1]["options"][0]["options"].reverse()
    assert not same_commands([OURS, HELP], theirs)
