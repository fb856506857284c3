"""Messages as the stand-in keeps them: from a request's body to what Discord would show."""

import itertools
from collections.abc import Iterable, Mapping
from typing import Any

from tests.bench.standin.snowflakes import timestamp
from tests.bench.standin.world import Interaction, Json, World

_KEPT = ("content", "embeds", "flags", "tts")
REPLY = 19
#: How the custom ids below a question begin.
QUESTION = "q:a:"


class Upload:
    """A file of a multipart request."""

    def __init__(self, key: str, name: str, data: bytes) -> None:
        self.key, self.name, self.data = key, name, data


def new_message(
    world: World, channel_id: int, body: Mapping[str, Any], files: Iterable[Upload], **more: Any
) -> Json:
    """Return the message that a request creates."""
    message_id = world.ids.next()
    message: Json = {
        "id": str(message_id),
        "channel_id": str(channel_id),
        "type": 0,
        "author": world.user,
        "content": "",
        "embeds": [],
        "components": [],
        "attachments": [],
        "flags": 0,
        "tts": False,
        "timestamp": timestamp(message_id),
        "edited_timestamp": None,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "pinned": False,
        **more,
    }
    change_message(world, message, body, files)
    if "nonce" in body:
        message["nonce"] = body["nonce"]
    return message


def change_message(world: World, message: Json, body: Mapping[str, Any], files: Iterable[Upload]) -> None:
    """Change a message as a request asks; what it does not name stays."""
    for name in _KEPT:
        if body.get(name) is not None:
            message[name] = body[name]
    added = [_attachment(world, upload) for upload in files]
    if added or "attachments" in body:
        kept_ids = {str(one["id"]) for one in body.get("attachments") or [] if "id" in one}
        kept = [one for one in message["attachments"] if one["id"] in kept_ids]
        message["attachments"] = kept + added
    if body.get("components") is not None:
        urls = {one["filename"]: one["url"] for one in message["attachments"]}
        message["components"] = _components(body["components"], urls, itertools.count(1))


def edit_message(world: World, message: Json, body: Mapping[str, Any], files: Iterable[Upload]) -> Json:
    """Change a message that others may have seen."""
    was_open = has_live_buttons(message, QUESTION)
    change_message(world, message, body, files)
    now = world.ids.next()
    message["edited_timestamp"] = timestamp(now)
    message_id = int(message["id"])
    world.edits[message_id] = world.edits.get(message_id, 0) + 1
    world.first_edits.setdefault(message_id, now)
    if was_open and not has_live_buttons(message, QUESTION):
        world.closed.setdefault(message_id, now)
    return message


def reply_of(
    world: World, interaction: Interaction, data: Mapping[str, Any], files: Iterable[Upload]
) -> Json:
    """Return and remember a message that answers an interaction."""
    message = new_message(
        world,
        interaction.channel_id,
        data,
        files,
        webhook_id=str(world.application_id),
        application_id=str(world.application_id),
        interaction_metadata={
            "id": str(interaction.id),
            "type": interaction.kind,
            "user": {
                "id": str(interaction.user_id),
                "username": "member",
                "discriminator": "0",
                "avatar": None,
            },
            "authorizing_integration_owners": {"0": str(interaction.server_id)},
        },
    )
    pressed = interaction.source
    if pressed is not None:  # what answers a press is a reply to the message that was pressed
        place = {"channel_id": str(interaction.channel_id), "guild_id": str(interaction.server_id)}
        message |= {"type": REPLY, "message_reference": {"type": 0, "message_id": pressed["id"], **place}}
        message["referenced_message"] = pressed
    interaction.messages[int(message["id"])] = message
    return message


def texts(message: Json) -> str:
    """Return all text of a message."""
    found = [message["content"]] if message["content"] else []
    found += [one["content"] for one in walk(message["components"]) if one["type"] == 10]
    return "\n".join(found)


def buttons(message: Json) -> list[Json]:
    """Return all buttons of a message, as Discord has them."""
    return [one for one in walk(message["components"]) if one["type"] == 2]


def has_live_buttons(message: Json, prefix: str = "") -> bool:
    """Tell whether there is a button that can be pressed, with a custom id that begins like this."""
    return any(
        not one.get("disabled") and one.get("custom_id", "").startswith(prefix) for one in buttons(message)
    )


def walk(components: Iterable[Json]) -> Iterable[Json]:
    """Yield components and those inside them."""
    for one in components:
        yield one
        yield from walk(one.get("components", ()))
        if "accessory" in one:
            yield one["accessory"]


def _components(components: Iterable[Json], urls: Mapping[str, str], numbers: Any) -> list[Json]:
    """Give components their ids, and pictures the addresses of the files that came along."""
    result: list[Json] = []
    for one in components:
        shown = {**one, "id": next(numbers)}
        if "components" in one:
            shown["components"] = _components(one["components"], urls, numbers)
        if "items" in one:
            shown["items"] = [{**item, "media": _media(item["media"], urls)} for item in one["items"]]
        result.append(shown)
    return result


def _media(media: Json, urls: Mapping[str, str]) -> Json:
    url = media["url"]
    if url.startswith("attachment://"):
        url = urls.get(url.removeprefix("attachment://"), url)
    return {"url": url, "proxy_url": url, "width": 800, "height": 400, "content_type": "image/png"}


def _attachment(world: World, upload: Upload) -> Json:
    attachment_id = world.ids.next()
    url = f"https://cdn.invalid/{attachment_id}/{upload.name}"
    return {
        "id": str(attachment_id),
        "filename": upload.name,
        "size": len(upload.data),
        "url": url,
        "proxy_url": url,
        "content_type": "image/png",
    }
