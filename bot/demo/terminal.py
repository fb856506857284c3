"""A message as text in a terminal: what Discord draws as a card becomes a box."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import discord
from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.text import Text

from bot.text.phrases import count

WIDTH = 88

_INLINE = re.compile(
    r"\\(?P<escaped>.)|`(?P<code>[^`\n]+)`|\*\*(?P<bold>.+?)\*\*|<t:(?P<moment>\d+):(?P<as>[RtT])>"
    r"|(?P<here><#\d+>)"
)
_LINE = re.compile(r"(?P<mark>-# |#{1,3} |> |- )?(?P<rest>.*)")
_STYLES = {"-# ": "dim", "# ": "bold", "## ": "bold", "### ": "bold", "> ": "italic"}
_FENCE = "```"
_ISOLATES = {0x2068: None, 0x2069: None}  # many a terminal draws them as boxes
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def text_of(message: discord.Message) -> str:
    """Return all text of a message, in Discord's Markdown."""
    return "\n".join([message.content, *_texts(message.components)]).strip()


def buttons_of(message: discord.Message) -> list[discord.Button]:
    """Return the buttons on a message's cards."""
    return [
        button
        for card in message.components
        if isinstance(card, discord.Container)
        for row in card.children
        if isinstance(row, discord.ActionRow)
        for button in row.children
        if isinstance(button, discord.Button)
    ]


def render(message: discord.Message, now: datetime) -> RenderableType:
    """Return a message as Discord would show it: a private sentence, a card, or what somebody wrote."""
    reader = _Reader(now, here=f"#{message.channel}")
    if message.flags.ephemeral:
        said = Text("\n").join(map(reader.line, text_of(message).split("\n")))
        return _indented(Text.assemble(("only you see this: ", "dim"), said))
    cards = [reader.card(item) for item in message.components if isinstance(item, discord.Container)]
    if cards:
        return Group(*cards)
    return Text.assemble((f"{message.author.display_name}  ", "bold"), reader.line(message.content))


def describe_moment(at: datetime, now: datetime) -> str:
    """Return what Discord makes of a relative time: "in 20 seconds", "2 minutes ago"."""
    seconds = round((at - now).total_seconds())
    for size, unit in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute"), (1, "second")):
        if abs(seconds) >= size:
            amount = count(abs(seconds) // size, unit)
            return f"in {amount}" if seconds > 0 else f"{amount} ago"
    return "now"


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns components and Markdown into what a terminal shows."""

    now: datetime
    here: str  #: the channel's name; the demo has one channel, so every mention means it

    def card(self, container: discord.Container) -> Panel:
        colour = container.accent_colour
        shown = [shown for item in container.children if (shown := self._item(item)) is not None]
        return Panel(
            Group(*_spaced(shown)),
            box=box.ROUNDED,
            border_style=str(colour) if colour else "none",
            padding=(0, 2),
            width=WIDTH,
        )

    def line(self, line: str) -> Text:
        """Return one line; its mark, such as "-# ", becomes a style."""
        match = _LINE.fullmatch(line := line.translate(_ISOLATES))
        if match is None:  # it holds a line break: a sentence that an author wrote
            return self._inline(line)
        content = self._inline(match["rest"])
        content.stylize(_STYLES.get(match["mark"] or "", ""))
        return Text.assemble("• " if match["mark"] == "- " else "", content)

    def _item(self, item: object) -> RenderableType | None:
        match item:
            case discord.TextDisplay():
                return self._text(item.content)
            case discord.SeparatorComponent():
                return Rule(style="dim") if item.visible else None
            case discord.ActionRow():
                return _buttons(child for child in item.children if isinstance(child, discord.Button))
            case discord.MediaGalleryComponent():
                return _indented(
                    Text("\n".join(one.description or "a picture" for one in item.items).translate(_ISOLATES))
                )
            case _:
                return None

    def _text(self, content: str) -> RenderableType:
        """Return a block of text, in which quotes and code are indented."""
        blocks: list[RenderableType] = []
        in_code = False
        for line in content.split("\n"):
            if line.startswith(_FENCE):
                in_code = not in_code
            elif in_code:
                blocks.append(_indented(Text(line, "cyan")))
            else:
                shown = self.line(line)
                blocks.append(_indented(shown) if line.startswith("> ") else shown)
        return Group(*blocks)

    def _inline(self, content: str) -> Text:
        result = Text()
        end = 0
        for match in _INLINE.finditer(content):
            result.append(content[end : match.start()]).append_text(self._token(match))
            end = match.end()
        return result.append(content[end:])

    def _token(self, match: re.Match[str]) -> Text:
        if match["escaped"]:
            return Text(match["escaped"])
        if match["code"]:
            return Text(match["code"], "cyan")
        if match["bold"]:
            bold = self._inline(match["bold"])
            bold.stylize("bold")
            return bold
        if match["here"]:
            return Text(self.here, "cyan")
        at = datetime.fromtimestamp(int(match["moment"]), UTC)
        if match["as"] == "R":
            return Text(describe_moment(at, self.now))
        return Text(f"{at:%H:%M:%S}" if match["as"] == "T" else f"{at:%H:%M}")


def _indented(content: RenderableType) -> Padding:
    return Padding(content, (0, 0, 0, 2))


def _buttons(buttons: Iterable[discord.Button]) -> RenderableType | None:
    """Return the buttons that can be pressed; the others would only be noise here."""
    labels = [f"[ {button.label} ]" for button in buttons if not button.disabled]
    return Text("  ".join(labels), "bold") if labels else None


def _spaced(shown: list[RenderableType]) -> Iterator[RenderableType]:
    """Put an empty line between blocks, but not around a rule."""
    for number, item in enumerate(shown):
        if number and not isinstance(item, Rule) and not isinstance(shown[number - 1], Rule):
            yield ""
        yield item


def _texts(items: Iterable[object]) -> Iterator[str]:
    for item in items:
        if isinstance(item, discord.TextDisplay):
            yield item.content
        elif isinstance(item, discord.Container):
            yield from _texts(item.children)
