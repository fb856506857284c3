"""Publishing the commands: asks what Discord has, and replaces it if it differs."""

import logging
from collections.abc import Sequence
from typing import Any, cast

from discord import app_commands

from bot.clock import Clock
from bot.ui.guard import LINE_ERRORS

log = logging.getLogger(__name__)

#: How long to wait before trying again, doubling up to the last.
FIRST_RETRY_SECONDS, LAST_RETRY_SECONDS = 5.0, 600.0
Json = dict[str, Any]

_LOCALIZED = ("name_localizations", "description_localizations")
#: What makes a command what it is. The rest are ids and versions, `dm_permission`, which says what `contexts`
#: says, and the kinds of installation, which we leave to the application.
_FIELDS = frozenset(
    {
        *("type", "name", "description", "options", "nsfw", "default_member_permissions", "contexts"),
        *_LOCALIZED,
        *("required", "choices", "value", "autocomplete", "channel_types"),
        *("min_value", "max_value", "min_length", "max_length"),
    }
)
_TEXT = "default_member_permissions"  #: sent as a number, returned as text
_WITHOUT_ORDER = ("contexts", "channel_types")


async def publish_until_done(tree: app_commands.CommandTree[Any], clock: Clock) -> dict[str, int]:
    """Publish the commands if Discord has others, and keep trying while that fails; see `publish`."""
    seconds = FIRST_RETRY_SECONDS
    while True:
        try:
            return await publish(tree)
        except LINE_ERRORS as error:
            log.warning("the commands could not be published, trying again in %d s: %s", seconds, error)
        await clock.sleep(seconds)
        seconds = min(2 * seconds, LAST_RETRY_SECONDS)


async def publish(tree: app_commands.CommandTree[Any]) -> dict[str, int]:
    """Publish the commands if Discord has others; return the ids that it has given them, by name.

    Raises:
        Any of `LINE_ERRORS`: it could not be done.
    """
    client = tree.client
    ours: list[Json] = [command.to_dict(tree) for command in tree.get_commands()]
    # As Discord has them: discord.py's own objects leave out what it does not know about.
    theirs: Any = await client.http.get_global_commands(client.application_id or 0)
    if same_commands(ours, theirs):
        return {one["name"]: int(one["id"]) for one in theirs}
    published = await tree.sync()
    log.info("published %d commands", len(ours))
    return {command.name: command.id for command in published}


def same_commands(ours: Sequence[Json], theirs: Sequence[Json]) -> bool:
    """Tell whether the commands that Discord returns are those that would be sent."""
    return _by_name(ours) == _by_name(theirs)


def _by_name(commands: Sequence[Json]) -> dict[tuple[int, str], Any]:
    return {(one.get("type", 1), one["name"]): _plain(one) for one in commands}


def _plain(value: Any, field: str = "") -> Any:  # noqa: ANN401 - JSON
    """Leave out what means the same as nothing, and what Discord adds."""
    if isinstance(value, dict):
        inner = cast("Json", value)
        if field not in _LOCALIZED:
            inner = {name: _plain(one, name) for name, one in inner.items() if name in _FIELDS}
        return {name: one for name, one in inner.items() if not _is_nothing(one)}
    if isinstance(value, list):
        items = cast("list[Any]", value)
        return sorted(items) if field in _WITHOUT_ORDER else [_plain(one) for one in items]
    return str(value) if field == _TEXT and value is not None else value


def _is_nothing(value: Any) -> bool:  # noqa: ANN401 - JSON
    return value is None or value is False or value in ([], {})  # but 0 and "" are values
