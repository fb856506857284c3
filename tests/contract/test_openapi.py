"""Every request that the bot makes is valid under Discord's own description of its API."""

import copy
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.conftest import Recorded
from tests.contract.discord_api import (
    NoOperation,
    complaint,
    complaint_about,
    needs_description,
    operation_of,
)
from tests.contract.limits import walk

pytestmark = needs_description

#: What the recorded evening must have in it, so that "all are valid" says something.
OPERATIONS = {
    "bulk_set_application_commands": 1,
    "create_message": 15,
    "update_message": 15,
    "create_thread_from_message": 1,
    "create_interaction_response": 25,
    "execute_webhook": 2,
    "delete_original_webhook_message": 1,
    "create_dm": 1,
    "create_guild_scheduled_event": 1,
    "update_guild_scheduled_event": 1,
    "delete_guild_scheduled_event": 1,
}


def test_every_request_is_valid(recorded: Recorded) -> None:
    complaints = [found for request in recorded.requests if (found := complaint(request)) is not None]
    assert not complaints, "\n".join(complaints)


def test_every_kind_of_request_was_among_them(recorded: Recorded) -> None:
    made = Counter(operation_of(one.method, one.path)["operationId"] for one in recorded.requests)
    assert {name: least for name, least in OPERATIONS.items() if made[name] < least} == {}, made
    kinds = Counter(body["type"] for body in recorded.bodies("POST", "/callback"))
    assert set(kinds) == {4, 5, 6, 7, 8, 9}, (
        "message, deferred message, deferred page turn, page turn, autocompletion, form"
    )
    controls = {form["components"][0]["component"]["type"] for form in recorded.forms}
    assert controls == {4, 8, 21}, "a text, a channel, a choice"
    attached = [body for _, body in recorded.messages if body.get("attachments")]
    assert len(attached) >= 3, "a question's picture, a result's board, a leaderboard"


def test_a_path_that_the_description_does_not_have_is_no_operation() -> None:
    with pytest.raises(NoOperation):
        operation_of("POST", "/channels/1/massages")
    with pytest.raises(NoOperation):
        operation_of("PUT", "/channels/1/messages")


# --- the validator bites --------------------------------------------------------------------------------

Body = dict[str, Any]
MESSAGES, MESSAGE, CALLBACK = (
    "/channels/1/messages",
    "/channels/1/messages/2",
    "/interactions/1/token/callback",
)


def container(body: Body) -> Body:
    return body["components"][0]


def part(body: Body, kind: int) -> Body:
    return next(one for one in container(body)["components"] if one["type"] == kind)


def button(body: Body) -> Body:
    return part(body, 1)["components"][0]


def menus(body: Body) -> list[Body]:
    return [one for one in walk(body.get("components") or []) if one["type"] == 3]


def change(target: Callable[[Body], Body], **fields: Any) -> Callable[[Body], None]:
    return lambda body: target(body).update(fields)


def drop(target: Callable[[Body], Body], key: str) -> Callable[[Body], None]:
    return lambda body: target(body).__delitem__(key)


def whole(body: Body) -> Body:
    return body


BREAKS: dict[str, Callable[[Body], None]] = {
    "an unknown key": change(whole, colour=1),
    "an unknown key of the container": change(container, accent_colour=1),
    "an unknown key of a button": change(button, title="A"),
    "an unknown key of a text": change(lambda body: part(body, 10), text="A"),
    "an unknown key of a picture": change(lambda body: part(body, 12)["items"][0], alt="A"),
    "an unknown key of allowed mentions": change(lambda body: body["allowed_mentions"], all=False),
    "an unknown kind of component": change(container, type=99),
    "a component without its kind": drop(container, "type"),
    "a button without a style": drop(button, "style"),
    "a button of an unknown style": change(button, style=9),
    "a label of 81 characters": change(button, label="x" * 81),
    "a custom id of 101 characters": change(button, custom_id="x" * 101),
    "a custom id without characters": change(button, custom_id=""),
    "six buttons in a row": lambda body: part(body, 1).update(components=[button(body)] * 6),
    "a row without buttons": lambda body: part(body, 1).update(components=[]),
    "a button outside a row": lambda body: container(body)["components"].append(button(body)),
    "a text without characters": change(lambda body: part(body, 10), content=""),
    "a text of 4001 characters": change(lambda body: part(body, 10), content="x" * 4001),
    "a text that is a number": change(lambda body: part(body, 10), content=1),
    "an alt text of 1025 characters": change(lambda body: part(body, 12)["items"][0], description="x" * 1025),
    "a colour beyond white": change(container, accent_color=0x1000000),
    "a nonce of 26 characters": change(whole, nonce="x" * 26),
    "an unknown kind of mention": change(lambda body: body["allowed_mentions"], parse=["all"]),
    "flags that are a text": change(whole, flags="32768"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_message_is_found_out(recorded: Recorded, name: str) -> None:
    body = next(
        copy.deepcopy(body)
        for request, body in recorded.messages
        if request.startswith("POST /channels")
        and {1, 12} <= {one["type"] for one in container(body)["components"]}
    )
    assert complaint_about("POST", MESSAGES, body) is None
    BREAKS[name](body)
    assert complaint_about("POST", MESSAGES, body) is not None


@pytest.mark.parametrize("broken", [{"colour": 1}, {"custom_id": ""}, {"type": 2}, {"required": "yes"}])
def test_a_broken_form_is_found_out(recorded: Recorded, broken: Body) -> None:
    for form in recorded.forms:
        shown: Body = {"type": 9, "data": copy.deepcopy(form)}
        assert complaint_about("POST", CALLBACK, shown) is None
        shown["data"]["components"][0]["component"].update(broken)
        assert complaint_about("POST", CALLBACK, shown) is not None


def test_a_broken_edit_callback_thread_or_command_is_found_out(recorded: Recorded) -> None:
    edit = copy.deepcopy(
        next(body for request, body in recorded.messages if request.startswith("PATCH /channels"))
    )
    edit["nonce"] = "only for new messages"
    assert complaint_about("PATCH", MESSAGE, edit) is not None
    answer = copy.deepcopy(next(one for one in recorded.bodies("POST", "/callback") if one["type"] == 4))
    assert complaint_about("POST", CALLBACK, answer) is None
    assert complaint_about("POST", CALLBACK, answer | {"type": 44}) is not None
    assert complaint_about("POST", CALLBACK, {"type": 4, "data": {"content": "x" * 2001}}) is not None
    menu = copy.deepcopy(next(body for _, body in recorded.messages if menus(body)))
    assert complaint_about("POST", CALLBACK, {"type": 7, "data": menu}) is None
    menus(menu)[0]["options"] = menus(menu)[0]["options"][:1] * 26
    assert complaint_about("POST", CALLBACK, {"type": 7, "data": menu}) is not None, "26 of 25 options"
    (thread,) = recorded.bodies("POST", "/threads")
    assert complaint_about("POST", f"{MESSAGE}/threads", thread | {"name": "x" * 101}) is not None
    commands = copy.deepcopy(recorded.commands)
    commands[0]["options"][0]["description"] = "x" * 101
    assert complaint_about("PUT", "/applications/1/commands", commands) is not None
    assert complaint_about("DELETE", "/webhooks/1/token/messages/2", {"content": ""}) is not None
