"""Every sentence about the settings of a server, and what is wrong with a value."""

from collections.abc import Sequence

from bot.text.phrases import count, did_you_mean, enumeration

# --- the panel ------------------------------------------------------------------------------------


def settings_heading() -> str:
    """Above a server's settings."""
    return "## Server settings\nThey apply to rounds that start from now on."


def setting_line(title: str, value: str) -> str:
    """One setting with its value."""
    return f"**{title}** · {value}"


def own_pause(unset: str, seconds: int) -> str:
    """The pause of a server that has not set one."""
    return f"{unset}, {count(seconds, 'second')}"


def setting_changed(title: str, value: str) -> str:
    """That a setting has a new value."""
    return f"✅ **{title}** is now: {value}"


def setting_refused(why: str) -> str:
    """That a setting was not changed, and why."""
    return f"⚠️ {why}"


def change_button() -> str:
    """Opens the form of a setting."""
    return "Change"


def empty_for(value: str) -> str:
    """What a form's empty field means."""
    return f"empty: {value}"


# --- what can go wrong ----------------------------------------------------------------------------


def bad_setting(title: str, given: str, wanted: str) -> str:
    """A setting cannot have this value."""
    return f"**{title}** cannot be “{given}”. {wanted} Nothing was changed."


def wanted_number(least: int, most: int, example: int) -> str:
    """What a number may be."""
    return f"It must be a whole number from {least} to {most}, for example `{example}`."


def wanted_choice(keys: Sequence[str]) -> str:
    """What a choice may be."""
    return f"It must be one of {enumeration([f'`{key}`' for key in keys])}, for example `{keys[0]}`."


def wanted_time_zone(suggestions: Sequence[str], example: str) -> str:
    """What a time zone may be."""
    if suggestions:
        return did_you_mean(suggestions)
    return f"Give its region and city, for example `{example}`, or just its city."


def wanted_channel() -> str:
    """What a channel may be."""
    return "Choose one of this server's channels, for example the one you are in."


def notices_not_allowed(channel_id: int, permissions: Sequence[str]) -> str:
    """The bot may not post notices here."""
    names = enumeration([f"**{name}**" for name in permissions])
    return f"I cannot post notices in <#{channel_id}>: I need {names} there. Nothing was changed."


def not_a_notice_channel(channel_id: int) -> str:
    """The channel is of the wrong kind or not visible."""
    where = "Notices go to text channels and threads that I can see"
    return f"{where}; <#{channel_id}> is not one. Nothing was changed."


def panel_expired() -> str:
    """A panel that is too old to use."""
    return "These settings were opened a while ago. Run `/settings` again to change them."
