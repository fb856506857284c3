"""The REST routes: what each call does to the world and what it answers."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson

from tests.bench.standin import errors, messages
from tests.bench.standin.application import Application
from tests.bench.standin.messages import Upload
from tests.bench.standin.world import DIRECT, THREAD, Json, user

PREFIX = "/api/v10"


@dataclass(slots=True)
class Request:
    """One REST call."""

    method: str
    path: str  #: without the prefix
    query: str = ""
    content_type: str = ""
    authorization: str = ""
    body: bytes = b""
    #: Set by `parts`.
    _uploads: list[Upload] = field(default_factory=list[Upload])

    def parts(self) -> tuple[Any, list[Upload]]:
        """Return the JSON of the body and the files that came with it."""
        if not self.content_type.startswith("multipart/"):
            return (orjson.loads(self.body) if self.body else {}), []
        data: Any = {}
        uploads: list[Upload] = []
        boundary = self.content_type.split("boundary=", 1)[1].strip('"').encode()
        for part in self.body.split(b"--" + boundary)[1:-1]:
            head, _, content = part.partition(b"\r\n\r\n")
            content = content.removesuffix(b"\r\n")
            name = re.search(rb' name="([^"]*)"', head)
            filename = re.search(rb'filename="([^"]*)"', head)
            if name and name[1] == b"payload_json":
                data = orjson.loads(content)
            elif name and filename:
                uploads.append(Upload(name[1].decode(), filename[1].decode(), content))
        return data, uploads


Handler = Callable[..., Any]
_routes: list[tuple[str, re.Pattern[str], Handler]] = []


def route(method: str, pattern: str) -> Callable[[Handler], Handler]:
    """Register a handler; `{id}` in the pattern stands for a number, `{token}` for anything."""
    expression = re.sub(r"\{token\}", r"([^/]+)", re.sub(r"\{id\}", r"(\\d+)", pattern))
    compiled = re.compile(expression)

    def register(handler: Handler) -> Handler:
        _routes.append((method, compiled, handler))
        return handler

    return register


def carry_out(app: Application, request: Request) -> Any:
    """Do what a call asks for and return the JSON to answer; None for an empty answer."""
    for method, pattern, handler in _routes:
        if method == request.method and (match := pattern.fullmatch(request.path)):
            arguments = [int(one) if one.isdecimal() else one for one in match.groups()]
            return handler(app, request, *arguments)
    app.world.unknown_routes.append(f"{request.method} {request.path}")
    raise errors.not_here(request.method, request.path)


# --- the application itself -----------------------------------------------------------------------


@route("GET", "/users/@me")
def _me(app: Application, _: Request) -> Json:
    return app.world.user


@route("GET", "/oauth2/applications/@me")
@route("GET", "/applications/@me")
def _application(app: Application, _: Request) -> Json:
    world = app.world
    return {
        "id": str(world.application_id),
        "name": "quizhost",
        "icon": None,
        "description": "",
        "summary": "",
        "rpc_origins": [],
        "bot_public": True,
        "bot_require_code_grant": False,
        "owner": world.user,
        "team": None,
        "verify_key": "00" * 32,
        "flags": 0,
        "tags": [],
        "approximate_guild_count": len(world.servers),
    }


@route("GET", "/gateway/bot")
def _gateway(app: Application, _: Request) -> Json:
    limit = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1}
    return {"url": app.gateway_url, "shards": 1, "session_start_limit": limit}


@route("GET", "/applications/{id}/commands")
def _commands(app: Application, _: Request, __: int) -> list[Json]:
    return app.world.commands


@route("PUT", "/applications/{id}/commands")
def _put_commands(app: Application, request: Request, application_id: int) -> list[Json]:
    world = app.world
    known = {one["name"]: one["id"] for one in world.commands}
    world.commands = [
        {
            "type": 1,
            "default_member_permissions": None,
            "nsfw": False,
            "options": [],
            **command,
            "id": known.get(command["name"]) or str(world.ids.next()),
            "application_id": str(application_id),
            "version": str(world.ids.next()),
        }
        for command in request.parts()[0]
    ]
    return world.commands


# --- channels and messages ------------------------------------------------------------------------


@route("GET", "/channels/{id}")
def _channel(app: Application, _: Request, channel_id: int) -> Json:
    return app.world.channel(channel_id)


@route("POST", "/users/@me/channels")
def _open_direct(app: Application, request: Request) -> Json:
    world, person = app.world, int(request.parts()[0]["recipient_id"])
    opened = {
        "id": str(person + 1),
        "type": DIRECT,
        "last_message_id": None,
        "recipients": [user(person, "A person")],
    }
    world.messages.setdefault(person + 1, {})
    return world.direct.setdefault(person + 1, opened)


@route("GET", "/channels/{id}/messages")
def _history(app: Application, _: Request, channel_id: int) -> list[Json]:
    app.world.channel(channel_id)
    return list(reversed(app.world.messages[channel_id].values()))[:50]


@route("POST", "/channels/{id}/messages")
def _post_message(app: Application, request: Request, channel_id: int) -> Json:
    world = app.world
    world.channel(channel_id)
    body, uploads = request.parts()
    nonce = (channel_id, str(body.get("nonce", "")))
    if body.get("enforce_nonce") and nonce in world.nonces:
        first = world.messages[channel_id].get(world.nonces[nonce])
        if first is not None:
            return first
    message = messages.new_message(world, channel_id, body, uploads)
    world.messages[channel_id][int(message["id"])] = message
    world.nonces[nonce] = int(message["id"])
    app.changed()
    return message


@route("GET", "/channels/{id}/messages/{id}")
def _message(app: Application, _: Request, channel_id: int, message_id: int) -> Json:
    return app.world.message(channel_id, message_id)


@route("PATCH", "/channels/{id}/messages/{id}")
def _patch_message(app: Application, request: Request, channel_id: int, message_id: int) -> Json:
    message = app.world.message(channel_id, message_id)
    edited = messages.edit_message(app.world, message, *request.parts())
    app.changed()
    return edited


@route("DELETE", "/channels/{id}/messages/{id}")
def _delete_message(app: Application, _: Request, channel_id: int, message_id: int) -> None:
    app.world.message(channel_id, message_id)
    del app.world.messages[channel_id][message_id]
    app.changed()


@route("POST", "/channels/{id}/messages/{id}/threads")
def _open_thread(app: Application, request: Request, channel_id: int, message_id: int) -> Json:
    world = app.world
    message = world.message(channel_id, message_id)
    if "thread" in message:
        raise errors.thread_exists()
    body, _ = request.parts()
    parent = world.channel(channel_id)
    thread = {
        "id": str(message_id),
        "type": THREAD,
        "guild_id": parent["guild_id"],
        "parent_id": str(channel_id),
        "owner_id": world.user["id"],
        "name": body["name"],
        "last_message_id": None,
        "message_count": 0,
        "member_count": 1,
        "total_message_sent": 0,
        "rate_limit_per_user": 0,
        "flags": 0,
        "thread_metadata": {
            "archived": False,
            "auto_archive_duration": body.get("auto_archive_duration") or 1440,
            "archive_timestamp": message["timestamp"],
            "locked": False,
            "create_timestamp": message["timestamp"],
        },
    }
    world.servers[int(parent["guild_id"])].channels[message_id] = thread
    world.messages[message_id] = {}
    message["thread"] = thread
    app.session.dispatch("THREAD_CREATE", {**thread, "newly_created": True})
    app.changed()
    return thread


# --- interactions ---------------------------------------------------------------------------------


@route("POST", "/interactions/{id}/{token}/callback")
def _callback(app: Application, request: Request, interaction_id: int, token: str) -> Json | None:
    body, uploads = request.parts()
    return app.acknowledge(
        interaction_id, token, body, uploads, request.body, with_response="with_response=" in request.query
    )


@route("GET", "/webhooks/{id}/{token}/messages/@original")
def _original(app: Application, _: Request, __: int, token: str) -> Json:
    interaction = app.by_token(token)
    return app.reply(interaction, interaction.original_id)


@route("PATCH", "/webhooks/{id}/{token}/messages/@original")
def _patch_original(app: Application, request: Request, __: int, token: str) -> Json:
    interaction = app.by_token(token)
    if interaction.original_id is None:
        raise errors.unknown_message()
    return _patch_reply(app, request, __, token, interaction.original_id)


@route("PATCH", "/webhooks/{id}/{token}/messages/{id}")
def _patch_reply(app: Application, request: Request, _: int, token: str, message_id: int) -> Json:
    reply = app.reply(app.by_token(token), message_id)
    edited = messages.edit_message(app.world, reply, *request.parts())
    app.changed()
    return edited


@route("DELETE", "/webhooks/{id}/{token}/messages/@original")
def _delete_original(app: Application, _: Request, __: int, token: str) -> None:
    app.delete_reply(app.by_token(token), None)


@route("DELETE", "/webhooks/{id}/{token}/messages/{id}")
def _delete_reply(app: Application, _: Request, __: int, token: str, message_id: int) -> None:
    app.delete_reply(app.by_token(token), message_id)


@route("POST", "/webhooks/{id}/{token}")
def _follow_up(app: Application, request: Request, _: int, token: str) -> Json:
    interaction = app.by_token(token)
    body, uploads = request.parts()
    if interaction.promised is not None:  # Discord puts what follows first in its place
        message = messages.edit_message(app.world, interaction.promised, body, uploads)
    else:
        message = messages.reply_of(app.world, interaction, body, uploads)
    app.changed()
    return message
