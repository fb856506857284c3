"""What the stand-in knows of one application: its servers, messages, commands and interactions."""

from dataclasses import dataclass, field
from typing import Any

from tests.bench.standin import errors
from tests.bench.standin.snowflakes import Snowflakes, timestamp

Json = dict[str, Any]

TEXT_CHANNEL, DIRECT, THREAD = 0, 1, 11
EPHEMERAL = 1 << 6
#: View and send, attach, history, threads: what the README asks a server to grant.
BOT_PERMISSIONS = (1 << 10) | (1 << 11) | (1 << 14) | (1 << 15) | (1 << 16) | (1 << 35) | (1 << 38)
MEMBER_PERMISSIONS = (1 << 10) | (1 << 11) | (1 << 16) | (1 << 31)
MANAGE_EVENTS = 1 << 33


@dataclass(slots=True)
class Interaction:
    """One interaction and what the bot made of it. Times are seconds of the machine's monotonic clock."""

    id: int
    token: str
    kind: int  #: 2 command, 3 component, 4 autocomplete
    server_id: int
    channel_id: int
    user_id: int
    sent_at: float = 0.0
    acked_at: float | None = None
    raw: bytes = b""  #: the body of its callback, parsed when somebody asks
    repeated: int = 0  #: callbacks after the first one
    source: Json | None = None  #: the message whose component was pressed
    messages: dict[int, Json] = field(default_factory=dict)  #: the reply and its follow-ups
    original_id: int | None = None
    deleted: set[int] = field(default_factory=set)

    @property
    def promised(self) -> Json | None:
        """The reply that was promised and says nothing yet."""
        reply = self.messages.get(self.original_id or 0)
        unkept = b'"type":5' in self.raw and reply is not None and reply["edited_timestamp"] is None
        return reply if unkept else None


@dataclass(slots=True)
class Server:
    """A server with its channels; members are made when they are needed."""

    id: int
    name: str
    channels: dict[int, Json]
    roles: list[Json]


class World:
    """Everything that one application sees. Each token has a world of its own."""

    def __init__(self, token: str, ids: Snowflakes, *, servers: int, channels: int) -> None:
        self.token = token
        self.ids = ids
        self.application_id = ids.next()
        self.user = user(self.application_id, "quizhost", bot=True)
        self.servers: dict[int, Server] = {}
        self.messages: dict[int, dict[int, Json]] = {}
        self.direct: dict[int, Json] = {}  #: channels with one person
        self.nonces: dict[tuple[int, str], int] = {}
        self.commands: list[Json] = []
        self.interactions: dict[int, Interaction] = {}
        self.unknown_routes: list[str] = []
        self.edits: dict[int, int] = {}  #: by message id: how often it was edited
        self.first_edits: dict[int, int] = {}  #: by message id, as an id of that instant
        self.closed: dict[int, int] = {}  #: the same of the edit that closed a question
        for number in range(1, servers + 1):
            self.add_server(f"server {number}", channels)

    def add_server(self, name: str, channels: int) -> Server:
        """Add a server with that many text channels."""
        server = Server(self.ids.next(), name, {}, [])
        bot_role = self.ids.next()
        server.roles = [
            role(server.id, "@everyone", MEMBER_PERMISSIONS, 0),
            role(bot_role, "quizhost", BOT_PERMISSIONS, 1) | {"managed": True},
        ]
        for position in range(channels):
            channel_id = self.ids.next()
            server.channels[channel_id] = channel(channel_id, server.id, f"quiz-{position + 1}", position)
            self.messages[channel_id] = {}
        self.servers[server.id] = server
        return server

    def channel(self, channel_id: int) -> Json:
        """Return a channel or thread; unknown channels are refused."""
        for server in self.servers.values():
            if channel_id in server.channels:
                return server.channels[channel_id]
        if channel_id in self.direct:
            return self.direct[channel_id]
        raise errors.unknown_channel()

    def message(self, channel_id: int, message_id: int) -> Json:
        """Return a message; unknown ones are refused."""
        self.channel(channel_id)
        found = self.messages[channel_id].get(message_id)
        if found is None:
            raise errors.unknown_message()
        return found

    def find_message(self, message_id: int) -> Json:
        """Return a message, public or private, wherever it is."""
        for by_id in self.messages.values():
            if message_id in by_id:
                return by_id[message_id]
        for interaction in self.interactions.values():
            if message_id in interaction.messages:
                return interaction.messages[message_id]
        raise errors.unknown_message()

    def guild_create(self, server: Server) -> Json:
        """Return the server as GUILD_CREATE shows it, with the bot as the only known member."""
        threads = [one for one in server.channels.values() if one["type"] == THREAD]
        me = member(self.user, [server.roles[1]["id"]])
        return {
            **_GUILD,
            "id": str(server.id),
            "name": server.name,
            "owner_id": str(server.id + 1),
            "channels": [one for one in server.channels.values() if one["type"] != THREAD],
            "threads": threads,
            "roles": server.roles,
            "members": [me],
            "member_count": 5000,
            "joined_at": timestamp(server.id),
        }


def user(user_id: int, name: str, *, bot: bool = False) -> Json:
    """Return a user as Discord shows it."""
    return {
        "id": str(user_id),
        "username": name.lower().replace(" ", "_"),
        "global_name": None if bot else name,
        "discriminator": "0001" if bot else "0",
        "avatar": None,
        "avatar_decoration_data": None,
        "collectibles": None,
        "clan": None,
        "primary_guild": None,
        "public_flags": 0,
        "bot": bot,
    }


def member(of: Json, roles: list[str], permissions: int | None = None) -> Json:
    """Return a member; with permissions as interactions show it."""
    shown = {} if permissions is None else {"permissions": str(permissions)}
    return {
        "user": of,
        "roles": roles,
        "nick": None,
        "avatar": None,
        "banner": None,
        "joined_at": "2026-01-05T09:30:00.000000+00:00",
        "premium_since": None,
        "communication_disabled_until": None,
        "unusual_dm_activity_until": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
        **shown,
    }


def role(role_id: int, name: str, permissions: int, position: int) -> Json:
    """Return a role as Discord shows it."""
    colours = {"primary_color": 0, "secondary_color": None, "tertiary_color": None}
    return {
        "id": str(role_id),
        "name": name,
        "permissions": str(permissions),
        "position": position,
        "color": 0,
        "colors": colours,
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "flags": 0,
        "icon": None,
        "unicode_emoji": None,
    }


def channel(channel_id: int, server_id: int, name: str, position: int) -> Json:
    """Return a text channel as Discord shows it."""
    return {
        "id": str(channel_id),
        "type": TEXT_CHANNEL,
        "guild_id": str(server_id),
        "name": name,
        "position": position,
        "permission_overwrites": [],
        "parent_id": None,
        "topic": None,
        "nsfw": False,
        "rate_limit_per_user": 0,
        "last_message_id": None,
        "flags": 0,
    }


_GUILD: Json = {
    "unavailable": False,
    "large": True,
    "features": ["COMMUNITY"],
    "icon": None,
    "splash": None,
    "discovery_splash": None,
    "banner": None,
    "description": None,
    "vanity_url_code": None,
    "afk_channel_id": None,
    "afk_timeout": 300,
    "system_channel_id": None,
    "system_channel_flags": 0,
    "rules_channel_id": None,
    "public_updates_channel_id": None,
    "verification_level": 1,
    "default_message_notifications": 1,
    "explicit_content_filter": 2,
    "mfa_level": 0,
    "nsfw_level": 0,
    "premium_tier": 0,
    "premium_subscription_count": 0,
    "premium_progress_bar_enabled": False,
    "preferred_locale": "en-US",
    "emojis": [],
    "stickers": [],
    "presences": [],
    "voice_states": [],
    "stage_instances": [],
    "guild_scheduled_events": [],
    "soundboard_sounds": [],
}
