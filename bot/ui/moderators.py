"""Who counts as a moderator when a control is used.

Who may run `/round` or `/settings` is the server's own decision: usually whoever has Manage Events, but
*Server Settings → Integrations* can allow or deny it to anybody, and Discord tells an app nothing about that
with a click. What proves that somebody was let in is a private message that only such a command makes:
Discord says which message a click was on, and for whom it was made. A custom id alone, sent on another
message, proves nothing, and neither does just any private message of ours: every receipt is one.

A private message outlives the right to open it. Somebody with Manage Events is still a moderator; all we
know of anybody else is that they were let in a while ago, so it works for them for a while.
"""

from datetime import timedelta
from typing import Any

from discord import ui

from bot.services.errors import QuizhostError, UnknownButton
from bot.ui.custom_ids import Control, decode
from bot.ui.guard import Interaction

#: How long a private card works for somebody who cannot be seen to be a moderator.
TRUSTED_FOR = timedelta(minutes=15)


def has_right(interaction: Interaction) -> bool:
    """Tell whether somebody has the permission that our moderators' commands usually ask for."""
    may = interaction.permissions
    return may.manage_events or may.administrator


def is_on_own_card(interaction: Interaction, control: type[Control]) -> bool:
    """Tell whether a control was used on the private card that a moderators' command made for this person.

    Args:
        interaction: the click, choice or form.
        control: something that only such a card has.
    """
    message = interaction.message
    if message is None or not message.flags.ephemeral:
        return False
    opened = message.interaction_metadata
    if opened is None or opened.user.id != interaction.user.id:
        return False
    items: Any = ui.LayoutView.from_message(message, timeout=None).walk_children()
    return any(isinstance(decode(getattr(item, "custom_id", None) or ""), control) for item in items)


def check_card(interaction: Interaction, control: type[Control], too_old: QuizhostError) -> None:
    """Raise unless a control was used on such a card, by somebody who may still be a moderator.

    Args:
        interaction: the click, choice or form.
        control: something that only such a card has.
        too_old: what is raised where the card proves nothing any more.
    """
    if not is_on_own_card(interaction, control):
        raise UnknownButton
    if not (has_right(interaction) or is_fresh(interaction)):
        raise too_old


def is_fresh(interaction: Interaction) -> bool:
    """Tell whether the message is young enough to show that this person was let in."""
    message = interaction.message
    return message is not None and interaction.created_at - message.created_at <= TRUSTED_FOR
