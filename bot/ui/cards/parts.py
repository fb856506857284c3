"""The few parts that every card is made of, and Discord's limits on them."""

from collections.abc import Mapping, Sequence
from typing import Any

import discord
from discord import ui

from bot.text.phrases import and_more, enumeration
from bot.ui.custom_ids import Control
from bot.ui.escape import escape_name

BLURPLE = discord.Colour(0x5865F2)
GREEN = discord.Colour(0x23A55A)
GREY = discord.Colour(0x80848E)
GOLD = discord.Colour(0xF0B232)

BUTTONS_PER_ROW = 5

#: Components of a message, nested ones counted (docs.discord.com, components reference).
MAX_COMPONENTS = 40
#: Characters of all text displays of a message together (discord-api-docs#8562).
MAX_CHARACTERS = 4000
#: UTF-8 bytes of all text displays plus 12 for each; beyond it Discord answers 500 (discord-api-docs#8554).
MAX_BYTES = 10_170
BYTES_PER_DISPLAY = 12
#: Alt text of a picture (docs.discord.com, unfurled media item).
MAX_ALT_TEXT = 1024

Item = ui.Item[Any]


def card(colour: discord.Colour, *items: Item) -> ui.LayoutView:
    """Return a finished view with one container.

    It is stopped before it is sent, so that discord.py does not keep it and cannot unregister anybody's
    buttons. Clicks are answered by `bot.ui.router`, by custom id.
    """
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container[ui.LayoutView](*items, accent_colour=colour))
    view.stop()
    return view


def text(*lines: str) -> ui.TextDisplay[ui.LayoutView]:
    """Return one block of text."""
    return ui.TextDisplay("\n".join(lines))


def small(line: str) -> str:
    """Return a line of small print."""
    return f"-# {line}"


def heading(content: str) -> str:
    """Return a heading; only the first line is one, code blocks and further lines follow as plain text."""
    first, newline, rest = content.partition("\n")
    if first.startswith("```"):
        return content
    return f"### {first}{newline}{rest}"


def quote(content: str) -> str:
    """Return a block quote, line by line, so that it ends where the text ends; with code, the text itself.

    Not every app removes the marks at the beginnings of lines in a code block.
    """
    if "```" in content:
        return content
    return "\n".join(f"> {line}" for line in content.split("\n"))


def players(player_ids: Sequence[int], names: Mapping[int, str], most: int) -> str:
    """Return the first players by name, and how many more there are."""
    shown = [escape_name(names.get(player_id, "")) for player_id in player_ids[:most]]
    if more := len(player_ids) - len(shown):
        shown.append(and_more(more))
    return enumeration(shown)


def rows(buttons: Sequence[ui.Button[ui.LayoutView]]) -> list[Item]:
    """Return buttons in rows of five."""
    return [
        ui.ActionRow[ui.LayoutView](*buttons[start : start + BUTTONS_PER_ROW])
        for start in range(0, len(buttons), BUTTONS_PER_ROW)
    ]


def button(
    label: str,
    target: Control,
    *,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    disabled: bool = False,
) -> ui.Button[ui.LayoutView]:
    """Return one of our buttons."""
    return ui.Button(label=label, custom_id=target.custom_id, style=style, disabled=disabled)


def link(label: str, url: str) -> ui.Button[ui.LayoutView]:
    """Return a button that links somewhere."""
    return ui.Button(label=label, url=url)


def picture(name: str, alt_text: str | None = None) -> ui.MediaGallery[ui.LayoutView]:
    """Return a picture attached to the same message under this name."""
    item = discord.MediaGalleryItem(f"attachment://{name}", description=alt_text and alt_text[:MAX_ALT_TEXT])
    return ui.MediaGallery(item)


def excess(view: ui.LayoutView, *, spare: int = 0) -> str | None:
    """Return which of Discord's limits a view breaks, in words, or None if it fits.

    Args:
        view: what would be sent.
        spare: how many more one-byte characters it may have at other times.
    """
    displays = [item for item in view.walk_children() if isinstance(item, ui.TextDisplay)]
    characters = sum(len(display.content) for display in displays) + spare
    size = sum(len(display.content.encode()) + BYTES_PER_DISPLAY for display in displays) + spare
    components = sum(1 for _ in view.walk_children())
    if characters > MAX_CHARACTERS:
        return f"{characters} characters, but a message can hold {MAX_CHARACTERS}"
    if size > MAX_BYTES:
        return f"{size} bytes, but a message can hold {MAX_BYTES}"
    if components > MAX_COMPONENTS:
        return f"{components} components, but a message can hold {MAX_COMPONENTS}"
    return None
