"""Discord's limits on messages and commands, measured on what is sent; from docs.discord.com if not said."""

from collections.abc import Iterator
from typing import Any

from discord import ui

V2, ACTION_ROW, BUTTON, MENU, INPUT, TEXT, GALLERY, RADIO = 1 << 15, 1, 2, 3, 4, 10, 12, 21

MAX_COMPONENTS = 40
MAX_CHARACTERS = 4000  #: of all text displays together (discord-api-docs#8562)
MAX_BYTES, BYTES_PER_TEXT = 10_170, 12  #: of all text displays, in UTF-8 (discord-api-docs#8554)
MAX_COMMAND_CHARACTERS = 8000


def payload_of(view: ui.LayoutView) -> dict[str, Any]:
    """Return what of a message comes from its view."""
    return {"components": view.to_components(), "flags": V2}


def walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield every component, nested ones too."""
    for one in components:
        yield one
        yield from walk(one.get("components", []))
        yield from walk([one["accessory"]] if "accessory" in one else [])


def breaches(body: dict[str, Any]) -> list[str]:
    """Return in which ways a message is outside Discord's limits."""
    return [
        *_content_breaches(body),
        *_text_breaches(body),
        *_component_breaches(body),
        *_file_breaches(body),
    ]


def _content_breaches(body: dict[str, Any]) -> Iterator[str]:
    content, nonce = body.get("content"), body.get("nonce", "")
    if content is not None and not 1 <= len(content) <= 2000:
        yield f"content of {len(content)} characters"
    if len(str(nonce)) > 25:
        yield f"nonce of {len(str(nonce))} characters"
    if body.get("components") and not body.get("flags", 0) & V2:
        yield "components without their flag"
    if body.get("components") and (content or body.get("embeds") or body.get("poll")):
        yield "components beside content"


def _text_breaches(body: dict[str, Any]) -> Iterator[str]:
    texts = [one["content"] for one in walk(body.get("components") or []) if one["type"] == TEXT]
    characters = sum(map(len, texts))
    size = sum(len(text.encode()) + BYTES_PER_TEXT for text in texts)
    if characters > MAX_CHARACTERS:
        yield f"{characters} characters of text"
    if size > MAX_BYTES:
        yield f"{size} bytes of text"
    if not all(text.strip() for text in texts):
        yield "an empty text"


def _component_breaches(body: dict[str, Any]) -> Iterator[str]:
    components = list(walk(body.get("components") or []))
    ids = [one["custom_id"] for one in components if "custom_id" in one]
    if len(components) > MAX_COMPONENTS:
        yield f"{len(components)} components"
    if len(set(ids)) != len(ids):
        yield f"the same custom id twice: {ids}"
    for custom_id in ids:
        if not 1 <= len(custom_id) <= 100:
            yield f"a custom id of {len(custom_id)} characters"
    for one in components:
        yield from _single_breaches(one)


def _single_breaches(one: dict[str, Any]) -> Iterator[str]:
    kinds = [inner["type"] for inner in one.get("components", ())]
    if one["type"] == ACTION_ROW and not 1 <= len(one["components"]) <= 5:
        yield f"{len(one['components'])} buttons in a row"
    if one["type"] == ACTION_ROW and len(one["components"]) > 1 and MENU in kinds:
        yield "a menu that shares its row"
    if one["type"] == MENU:
        yield from menu_breaches(one)
    if one["type"] == BUTTON and not 1 <= len(one["label"]) <= 80:
        yield f"a label of {len(one['label'])} characters"
    if one["type"] == GALLERY and not 1 <= len(one["items"]) <= 10:
        yield f"{len(one['items'])} pictures in a gallery"
    for item in one.get("items", ()):
        if len(item.get("description") or "") > 1024:
            yield f"an alt text of {len(item['description'])} characters"


def menu_breaches(menu: dict[str, Any]) -> Iterator[str]:
    """Yield in which ways a menu, or the options of a choice, are outside Discord's limits."""
    least, most = (2, 10) if menu["type"] == RADIO else (1, 25)
    if not least <= len(menu["options"]) <= most:
        yield f"{len(menu['options'])} options"
    if len({option["value"] for option in menu["options"]}) != len(menu["options"]):
        yield "the same option twice"
    for option in menu["options"]:
        sizes = [len(option[key]) for key in ("label", "value", "description") if option.get(key) is not None]
        if not all(1 <= size <= 100 for size in sizes):
            yield f"an option of {sizes} characters"
    if len(menu.get("placeholder") or "") > 150:
        yield f"a placeholder of {len(menu['placeholder'])} characters"


def form_breaches(form: dict[str, Any]) -> list[str]:
    """Return in which ways a form is outside Discord's limits."""
    found: list[str] = []
    if not 1 <= len(form["title"]) <= 45:
        found.append(f"a title of {len(form['title'])} characters")
    if not 1 <= len(form["components"]) <= 5:
        found.append(f"{len(form['components'])} controls")
    for label in form["components"]:
        control = label["component"]
        if not 1 <= len(label["label"]) <= 45 or len(label.get("description") or "") > 100:
            found.append(f"the label {label['label']}")
        if control["type"] == RADIO:
            found += menu_breaches(control)
        if control["type"] == INPUT and len(control.get("placeholder") or "") > 100:
            found.append(f"a placeholder of {len(control['placeholder'])} characters")
    return found


def _file_breaches(body: dict[str, Any]) -> Iterator[str]:
    components = list(walk(body.get("components") or []))
    media = [item["media"] for one in components for item in one.get("items", ())]
    media += [one["file"] for one in components if "file" in one]
    shown = {one["url"].removeprefix("attachment://") for one in media}
    attached = {one["filename"] for one in body.get("attachments") or ()}
    if attached - shown:
        yield f"files that no component shows: {attached - shown}"
    if "nonce" in body and shown - attached:
        yield f"pictures that are not attached: {shown - attached}"


def command_breaches(command: dict[str, Any]) -> list[str]:
    """Return in which ways a command is outside Discord's limits."""
    found = [f"{command['name']}: {one}" for one in _option_breaches(command)]
    characters = _characters(command)
    if characters > MAX_COMMAND_CHARACTERS:
        found.append(f"{command['name']}: {characters} characters in all")
    return found


def _characters(option: dict[str, Any]) -> int:
    own = len(option["name"]) + len(option.get("description", ""))
    choices = sum(len(one["name"]) + len(str(one["value"])) for one in option.get("choices") or ())
    return own + choices + sum(map(_characters, option.get("options") or ()))


def _option_breaches(option: dict[str, Any]) -> Iterator[str]:
    name, description = option["name"], option["description"]
    if not 1 <= len(name) <= 32 or name != name.lower():
        yield f"the name {name}"
    if not 1 <= len(description) <= 100:
        yield f"a description of {len(description)} characters"
    if len(option.get("options") or ()) > 25 or len(option.get("choices") or ()) > 25:
        yield f"too many options or choices of {name}"
    required = [one.get("required", False) for one in option.get("options") or ()]
    if required != sorted(required, reverse=True):
        yield f"an option of {name} that must be given after one that need not"
    for one in option.get("options") or ():
        yield from _option_breaches(one)
