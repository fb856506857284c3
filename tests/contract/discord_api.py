"""Discord's own description of its API, and whether a request is valid under it.

The description is the file `shared/discord-openapi.json` beside the repository, or wherever the environment
variable DISCORD_OPENAPI says (https://github.com/discord/discord-api-spec, `specs/openapi.json`).
"""

import copy
import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import simcord
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

BESIDE_THE_REPOSITORY = Path(__file__).parents[3] / "shared" / "discord-openapi.json"
FILE = Path(os.environ.get("DISCORD_OPENAPI") or BESIDE_THE_REPOSITORY)

needs_description = pytest.mark.skipif(
    not FILE.is_file() and os.environ.get("CI") != "true",
    reason="Discord's OpenAPI description is not here; DISCORD_OPENAPI may say where it is",
)

#: What discord.py sends and Discord takes, though the description does not have it.
TOLERATED = {
    # Documented for application commands (docs.discord.com, application command object).
    "ApplicationCommandUpdateRequest": {"nsfw": {"const": False}},
    # discord.py sends it with every message, edits too (http.py, handle_message_parameters); there Discord
    # passes it over.
    "MessageEditRequestPartial": {"tts": {"const": False}},
    "IncomingWebhookUpdateForInteractionCallbackRequestPartial": {"tts": {"const": False}},
    "IncomingWebhookUpdateRequestPartial": {"tts": {"const": False}},
}


class NoOperation(LookupError):
    """The description has no operation of this method and path."""


@cache
def description() -> dict[str, Any]:
    """Return the description in which every object has the keys that it names and no others."""
    document = json.loads(FILE.read_text(encoding="utf-8"))
    for name, schema in document["components"]["schemas"].items():
        properties = schema.get("properties")
        if properties is None:
            continue
        properties.update(TOLERATED.get(name, {}))
        schema.setdefault("additionalProperties", False)
    return document


@cache
def _registry() -> Registry[Any]:
    resource = Resource.from_contents(description(), default_specification=DRAFT202012)
    return Registry().with_resource("urn:discord", resource)


@cache
def _operations() -> list[tuple[str, re.Pattern[str], int, dict[str, Any]]]:
    found: list[tuple[str, re.Pattern[str], int, dict[str, Any]]] = []
    for path, methods in description()["paths"].items():
        pattern = re.compile(re.sub(r"\\\{[^/]+\\\}", "[^/]+", re.escape(path)))
        literal = len(re.sub(r"\{[^/]+\}", "", path))
        found += [
            (method.upper(), pattern, literal, operation)
            for method, operation in methods.items()
            if method in {"get", "post", "put", "patch", "delete"}
        ]
    return found


def operation_of(method: str, path: str) -> dict[str, Any]:
    """Return the operation that a request calls; `NoOperation` if the description has none."""
    fitting = [
        (literal, operation)
        for m, p, literal, operation in _operations()
        if m == method and p.fullmatch(path)
    ]
    if not fitting:
        raise NoOperation(f"{method} {path}")
    return max(fitting, key=lambda one: one[0])[1]


def schema_of(method: str, path: str) -> dict[str, Any] | None:
    """Return the schema of a request's body, or None if the operation takes none."""
    body = operation_of(method, path).get("requestBody")
    return None if body is None else body["content"]["application/json"]["schema"]


def complaint(request: simcord.HttpLogEntry) -> str | None:
    """Return what Discord's description says against a request, or None."""
    return complaint_about(request.method, request.path, request.json)


def complaint_about(method: str, path: str, body: Any) -> str | None:
    """Return what Discord's description says against this body of a request, or None."""
    schema = schema_of(method, path)
    if schema is None:
        return None if body is None else f"{method} {path} takes no body"
    validator = Draft202012Validator(_narrowed(schema, body), registry=_registry())
    error = best_match(validator.iter_errors(as_sent(body)))
    return None if error is None else f"{method} {path}: {error.json_path}: {error.message[:500]}"


def _narrowed(schema: dict[str, Any], body: Any) -> dict[str, Any]:
    """Return the schema; of several kinds of callback the one that the body says it is.

    Without this an error in one kind would be told as if another one had been meant.
    """
    schema = json.loads(json.dumps(schema).replace('"#/components', '"urn:discord#/components'))
    for alternative in schema.get("anyOf", ()):
        name = alternative.get("$ref", "").rsplit("/", 1)[-1]
        kind = description()["components"]["schemas"].get(name, {}).get("properties", {}).get("type", {})
        if isinstance(body, dict) and body.get("type") in kind.get("enum", ()):
            return alternative
    return schema


def as_sent(body: Any) -> Any:
    """Return a body in the description's spelling: snowflakes are texts there, some numbers in discord.py.

    Discord takes both (docs.discord.com, reference, snowflakes).
    """
    body = copy.deepcopy(body)
    if not isinstance(body, dict):
        return body
    if "recipient_id" in body:
        body["recipient_id"] = str(body["recipient_id"])
    for attachment in (body.get("data") or body).get("attachments") or ():
        attachment["id"] = str(attachment["id"])
    mentions = (body.get("data") or body).get("allowed_mentions") or {}
    for kind in mentions.keys() & {"users", "roles"}:
        mentions[kind] = [str(one) for one in mentions[kind]]
    for label in (body.get("data") or body).get("components") or ():
        for shown in label.get("component", {}).get("default_values", ()):
            shown["id"] = str(shown["id"])
    return body
