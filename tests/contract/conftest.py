"""Everything that rounds and commands send to Discord, recorded once for all contract tests."""

import base64
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
import simcord

from bot.domain.settings import SETTINGS, Place
from bot.text import results, schedule_panel, schedules
from bot.ui.cards.settings import CONTROL
from tests.panel import ask
from tests.rig import forge_click
from tests.world import GRACE, LEAD, PAUSE, World, buttons, open_world, quiz_file

#: The kind of answer to an interaction that shows a form.
FORM = 9

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

ALL_KINDS = quiz_file(
    {"image": "map.png", "options": list("0123456789"), "key": "7"},
    {"stem": "What is `__all__`?\n```python\n__all__ = ['a']\n```", "points": 3, "seconds": 30},
    {"explanation": "Because. " * 150},
    {"explanation": "Moreover. " * 140},
    {"explanation": "Therefore. " * 130},
    title="All kinds of questions",
    penalty=1,
)


@dataclass(frozen=True)
class Recorded:
    """The requests of one eventful evening, and the commands that were published."""

    requests: tuple[simcord.HttpLogEntry, ...]

    def bodies(self, method: str, ending: str) -> list[Any]:
        """Return the bodies of the requests whose path ends so."""
        return [one.json for one in self.requests if one.method == method and one.path.endswith(ending)]

    @property
    def commands(self) -> list[dict[str, Any]]:
        """The commands as they were published."""
        (commands,) = self.bodies("PUT", "/commands")
        return commands

    @property
    def forms(self) -> list[dict[str, Any]]:
        """Every form that was shown."""
        bodies = [one for one in self.bodies("POST", "/callback") if one["type"] == FORM]
        return [one["data"] for one in bodies]

    @property
    def messages(self) -> list[tuple[str, dict[str, Any]]]:
        """Every message and every edit of one, with the request that carried it."""
        found: list[tuple[str, dict[str, Any]]] = []
        for one in self.requests:
            if not isinstance(one.json, dict):
                continue
            body = one.json.get("data") if one.path.endswith("/callback") else one.json
            if body and not _is_form(one) and ("components" in body or "content" in body):
                found.append((f"{one.method} {one.path}", body))
        return found


def _is_form(request: simcord.HttpLogEntry) -> bool:
    body: Any = request.json
    return request.path.endswith("/callback") and body["type"] == FORM


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def recorded(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Recorded]:
    folder = tmp_path_factory.mktemp("recorded")
    files = {"all-kinds.yaml": ALL_KINDS, "map.png": PNG}
    async with open_world(folder, files=files) as world:
        await play_everything(world)
        requests = tuple(world.env.http_requests)
    yield Recorded(requests)


async def play_everything(world: World) -> None:
    await settings_of_every_kind(world)
    await whole_round(world)
    await stopped_round_in_a_thread(world)
    await schedule_with_everything(world)
    await round_that_is_shut_out(world)
    for command in ("help", "quiz list", "leaderboard"):
        await world.members["Ana"].slash(world.channel, command)
    await world.members["Ana"].slash(world.channel, "leaderboard", period="all time", quiz="all-kinds")
    await world.members["Ana"].slash(world.channel, "quiz info", quiz="mlops-basics")
    await world.members["Ana"].slash(world.channel, "quiz info", quiz="no such quiz")
    await world.moderator.autocomplete(world.channel, "round start", "quiz", "q")
    await world.moderator.autocomplete(world.channel, "quiz list", "category", "")


async def settings_of_every_kind(world: World) -> None:
    """Change each setting, twice: from its default, and from another value; one of them wrongly."""
    games = world.server.create_text_channel("games")
    panel = (await world.moderator.slash(world.channel, "settings")).response
    assert panel is not None
    other: dict[str, Any] = {
        "scoring": "speed",
        "thread": "yes",
        "tells_players": "no",
        "time_zone": "berlin",
    }
    usual: dict[str, Any] = {
        "scoring": "accuracy",
        "thread": "no",
        "tells_players": "yes",
        "time_zone": "Berln",
    }
    for values in (other, usual):
        for name, declared in SETTINGS.items():
            form = await ask(world.moderator, panel, name)
            given = [games] if isinstance(declared.kind, Place) else "7"
            typed = values.get(name, given if values is other else None)
            await world.moderator.submit_modal(form, {} if typed is None else {CONTROL: typed})
    await world.app.settings.change(world.server.id, "board_every", "1")


async def whole_round(world: World) -> None:
    await world.start("all-kinds", scoring="speed")
    await steer(world, "status")
    await world.advance(LEAD)
    first = world.question
    for name, slot in (("Ana", 0), ("Bo", 1), ("Ana", 9), ("Cem", 5)):
        await world.advance(1.5)
        await world.members[name].click(first, custom_id=str(buttons(first)[slot].custom_id))
    await steer(world, "pause")
    await forge_click(world.members["Ana"], first, str(buttons(first)[0].custom_id))
    await steer(world, "resume")
    await world.close_question()
    await world.next_question()
    await steer(world, "skip")
    for _ in range(3):
        await world.next_question()
        await world.members["Ana"].click(world.question, label="A")
        await world.close_question()
    await world.advance(PAUSE)
    opened = await world.members["Ana"].click(world.question, label=results.my_result_button())
    assert opened.response is not None
    await world.members["Ana"].click(opened.response, label="▶")
    await world.members["Dana"].click(world.question, label=results.my_result_button())


async def schedule_with_everything(world: World) -> None:
    """A schedule that is reminded of, mirrored by an event, skipped, played, listed, changed and removed."""
    role = world.server.create_role("Quizzers", mentionable=True)
    channel = world.server.create_text_channel("scheduled")
    options: dict[str, Any] = {"quiz": "capitals", "when": "in 10 minutes", "repeat": "daily"}
    await world.moderator.slash(
        world.channel, "schedule add", **options, channel=channel, ping=role, event=True
    )
    await world.advance(1)
    await world.members["Ana"].click(channel.history()[-1], label=schedules.reminder_button())
    await in_the_list(world)
    clash = await world.moderator.slash(world.channel, "schedule add", **options, channel=channel)
    assert clash.response is not None
    await world.moderator.click(clash.response, label=schedules.clash_no())
    await world.moderator.slash(world.channel, "schedule edit", schedule="1", seconds=20)
    for option, typed in (("quiz", ""), ("when", "fri 16:00"), ("until", "31 dec"), ("repeat", "")):
        await world.moderator.autocomplete(world.channel, "schedule add", option, typed)
    await world.moderator.autocomplete(world.channel, "schedule pause", "schedule", "")
    await world.advance(10 * 60)
    await world.stop(channel)
    for command in ("skip-next", "pause", "resume", "remove"):
        await world.moderator.slash(world.channel, f"schedule {command}", schedule="1")
        await world.advance(1)


async def in_the_list(world: World) -> None:
    """Choose a schedule in the list, and press the buttons that change nothing."""
    shown = await world.moderator.slash(world.channel, "schedule list")
    assert shown.response is not None
    card = await world.moderator.select(shown.response, ["1"])
    for label in (schedule_panel.remove_button(), schedule_panel.keep_button(), schedule_panel.back_button()):
        assert card.response is not None
        card = await world.moderator.click(card.response, label=label)


async def stopped_round_in_a_thread(world: World) -> None:
    await world.start("mlops-basics", thread=True, questions=3)
    await world.advance(LEAD)
    (thread,) = world.channel.threads
    await world.members["Bo"].click(thread.history()[-1], label="A")
    await world.advance(20 + GRACE + PAUSE)
    await world.stop()


async def round_that_is_shut_out(world: World) -> None:
    """Take a right away from the bot before its first question, so that the host is told."""
    await world.start()
    await world.start()
    world.deny("send_messages")
    await world.advance(LEAD)
    world.deny()
    await world.stop()
    await steer(world, "stop")


async def steer(world: World, step: str) -> None:
    await world.moderator.slash(world.channel, f"round {step}")
