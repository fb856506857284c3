"""The panel of a server's settings, and the form for each of them."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.domain.settings import SETTINGS, Choice, Declaration, Number, Place, ServerSettings, Value, write
from bot.text import settings as words
from bot.ui.cards import parts
from bot.ui.custom_ids import SettingButton, SettingForm

#: The one control of a form has the same id in each; ids of controls are their form's own.
CONTROL = "value"
MAX_TYPED = 64

CHANNEL_TYPES = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
]


def in_words(declared: Declaration, value: Value) -> str:
    """Return a setting's value as people would say it."""
    kind = declared.kind
    if value is None:
        return declared.unset
    if isinstance(kind, Number):
        return dict(kind.named).get(int(value), kind.form.format(value))
    if isinstance(kind, Choice):
        return next(option.label for option in kind.options if option.value == value)
    return f"<#{value}>" if isinstance(kind, Place) else str(value)


def panel(
    settings: ServerSettings, *, own_pause: int, submitted: str | None = None, refusal: str | None = None
) -> ui.LayoutView:
    """Show every setting with its value, and next to it a button to change it.

    Args:
        settings: what the server has decided.
        own_pause: the bot's default pause, used if the server has not set one.
        submitted: the setting whose form was just sent, if one was. The outcome is shown at the setting:
            the panel is longer than a phone's screen, and that is where people look.
        refusal: why that setting was not changed; None if it was.
    """
    colour = parts.BLURPLE if submitted is None else parts.GREEN if refusal is None else parts.GOLD
    rows: list[parts.Item] = []
    for declared in SETTINGS.values():
        outcome = _outcome(settings, declared, refusal) if declared.name == submitted else []
        rows.append(_row(settings, declared, own_pause, outcome))
    return parts.card(colour, parts.text(words.settings_heading()), ui.Separator(), *rows)


def _outcome(settings: ServerSettings, declared: Declaration, refusal: str | None) -> list[str]:
    if refusal is not None:
        return [words.setting_refused(refusal)]
    return [words.setting_changed(declared.title, in_words(declared, _current(settings, declared.name)))]


def _row(
    settings: ServerSettings, declared: Declaration, own_pause: int, outcome: Sequence[str]
) -> parts.Item:
    """Return one setting. Its button has no state: it opens the form however the last one ended."""
    value = _current(settings, declared.name)
    said = in_words(declared, value)
    if declared.name == "pause_seconds" and value is None:
        said = words.own_pause(said, own_pause)
    shown = parts.text(words.setting_line(declared.title, said), parts.small(declared.help), *outcome)
    change = parts.button(words.change_button(), SettingButton(declared.name))
    return ui.Section[ui.LayoutView](shown, accessory=change)


def form(settings: ServerSettings, declared: Declaration, *, prefill: bool = True) -> ui.Modal:
    """Ask for one setting's value, prefilled with the current one unless that can no longer be shown.

    The form is stopped before it is sent: discord.py would keep it until a restart, under an id shared by all
    who change this setting. What is sent back goes through `bot.ui.router`, by custom id.
    """
    modal = ui.Modal(title=declared.title, custom_id=SettingForm(declared.name).custom_id, timeout=None)
    label = ui.Label[ui.Modal](
        text=declared.title,
        description=declared.help,
        component=_control(declared, _current(settings, declared.name) if prefill else None),
    )
    modal.add_item(label)
    modal.stop()
    return modal


def _control(declared: Declaration, value: Value) -> ui.Item[Any]:
    usual = words.empty_for(in_words(declared, declared.default))
    if isinstance(declared.kind, Choice):
        options = [
            discord.RadioGroupOption(label=one.label, value=one.key, default=one.value == value)
            for one in declared.kind.options
        ]
        return ui.RadioGroup(custom_id=CONTROL, options=options)
    if isinstance(declared.kind, Place):
        shown: Sequence[discord.SelectDefaultValue] = (
            [discord.SelectDefaultValue.from_channel(discord.Object(int(value)))] if value else []
        )
        return ui.ChannelSelect(
            custom_id=CONTROL,
            channel_types=CHANNEL_TYPES,
            placeholder=usual,
            min_values=0,
            required=False,
            default_values=shown,
        )
    return ui.TextInput(
        custom_id=CONTROL,
        default=write(declared.name, value) or None,
        placeholder=usual,
        required=False,
        max_length=MAX_TYPED,
    )


def _current(settings: ServerSettings, name: str) -> Value:
    value: Value = getattr(settings, name)
    return value
