"""Every error has its sentence; one that nobody expected has a reference, and its traceback is in the log."""

import dataclasses
import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.responses import GivenAnswer
from bot.domain.round import RoundState
from bot.domain.settings import SETTINGS, BadSetting
from bot.domain.tasks import Presentation
from bot.domain.transitions import IllegalStep
from bot.services import errors
from bot.text import refusals
from bot.ui.guard import describe
from tests.builders import choice, make_question
from tests.world import LEAD, World

#: A value for each field that an error carries, and how it shows in the sentence.
SAMPLES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "query": ("mlops-basic", ("mlops-basic",)),
    "suggestions": (("mlops-basics", "sql-basics"), ("`mlops-basics`", "`sql-basics`")),
    "channel_id": (1234567890, ("<#1234567890>",)),
    "permissions": (("send_messages", "attach_files"), ("Send Messages", "Attach Files")),
    "counted": (
        GivenAnswer(choice(make_question()), Presentation(("1", "2", "3")), "3"),
        ("**C**",),
    ),
    "at": (datetime(2026, 11, 27, 16, tzinfo=UTC), ("<t:1795795200:F>",)),
    "name": ("geograpy", ("geograpy",)),
    "number": ("77", ("77",)),
    "role_id": (4711, ("<@&4711>",)),
    "most": (50, ("50",)),
    "until": (datetime(2026, 11, 28, 12, tzinfo=UTC), ("<t:1795867200:R>",)),
    "step": ("skip", ("skip",)),
    "state": ("paused", ("paused",)),
    "given": ("every blue moon", ("“every blue moon”",)),
    "zone": ("Europe/Berlin", ("Europe/Berlin",)),
    "detail": ("daily", ("daily",)),
    "BadWhen.reason": (errors.WhenProblem.PAST, ("future",)),
    "BadDate.reason": (errors.WhenProblem.PAST, ("passed",)),
    "BadRepeat.reason": (errors.RepeatProblem.UNKNOWN_NAME, ("do not understand",)),
}


def subclasses(kind: type[Exception]) -> Iterator[type[Exception]]:
    for one in kind.__subclasses__():
        yield one
        yield from subclasses(one)


KINDS = sorted(subclasses(errors.QuizhostError), key=lambda kind: kind.__name__)


def fields(kind: type[Exception]) -> list[str]:
    return [field.name for field in dataclasses.fields(kind)] if dataclasses.is_dataclass(kind) else []


def sample(kind: type[Exception], name: str) -> tuple[Any, tuple[str, ...]]:
    return SAMPLES.get(f"{kind.__name__}.{name}") or SAMPLES[name]


def is_sentence(sentence: str | None) -> bool:
    return sentence is not None and re.fullmatch(r"[A-Z<“*].{10,400}[.!?]", sentence) is not None


@pytest.mark.parametrize("kind", KINDS)
def test_every_refusal_has_a_sentence_that_names_what_it_is_about(kind: type[Exception]) -> None:
    sentence = describe(kind(*(sample(kind, name)[0] for name in fields(kind))))
    assert is_sentence(sentence), sentence
    assert sentence is not None
    assert kind.__name__ not in sentence, "users never see the name of a class"
    for name in fields(kind):
        for shown in sample(kind, name)[1]:
            assert shown in sentence


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_that_cannot_be_has_a_sentence_that_says_what_would_be_right(name: str) -> None:
    for suggestions in ((), ("Europe/Berlin", "Asia/Tokyo")):
        sentence = describe(BadSetting(name, "`x` @everyone", suggestions))
        assert is_sentence(sentence), sentence
        assert sentence is not None
        assert SETTINGS[name].title in sentence
        assert "@everyone" not in sentence
        assert "for example" in sentence or "Did you mean `Europe/Berlin` or `Asia/Tokyo`?" in sentence


def test_no_two_refusals_say_the_same() -> None:
    sentences = [describe(kind(*(sample(kind, name)[0] for name in fields(kind)))) for kind in KINDS]
    assert len(set(sentences)) == len(KINDS) >= 13


REASONS = [
    *(errors.BadWhen("12", reason, "Europe/Berlin") for reason in errors.WhenProblem),
    *(errors.BadRepeat("12", reason, "34") for reason in errors.RepeatProblem),
]


def test_every_reason_of_a_refused_schedule_has_a_sentence_of_its_own() -> None:
    sentences = [describe(error) for error in REASONS]
    assert all(map(is_sentence, sentences)), sentences
    assert len(set(sentences)) == len(REASONS)


@pytest.mark.parametrize("reason", errors.WhenProblem)
def test_every_refused_day_has_a_sentence(reason: errors.WhenProblem) -> None:
    assert is_sentence(describe(errors.BadDate("12", reason)))


def test_what_somebody_typed_is_quoted_in_one_short_line_that_pings_nobody() -> None:
    typed = "@everyone\n<@123> [x](https://example.com) " + "a" * 300
    for error in (
        errors.BadWhen(typed, errors.WhenProblem.PAST, "UTC"),
        errors.BadDate(typed, errors.WhenProblem.PAST),
        errors.BadRepeat(typed, errors.RepeatProblem.BAD_VALUE, typed),
    ):
        sentence = describe(error)
        assert is_sentence(sentence), sentence
        assert sentence is not None
        assert "@everyone" not in sentence
        assert "](" not in sentence


@pytest.mark.parametrize("state", RoundState)
@pytest.mark.parametrize("step", ["pause", "resume", "skip", "stop"])
def test_every_step_that_is_not_possible_has_a_sentence(step: str, state: RoundState) -> None:
    sentence = describe(IllegalStep(step, state))
    assert is_sentence(sentence), sentence
    assert sentence is not None
    assert step in sentence


@pytest.mark.parametrize("error", [ValueError("secret"), KeyError("secret"), errors.QuizhostError("secret")])
def test_anything_else_has_none(error: Exception) -> None:
    assert describe(error) is None


def broken(*_: object, **__: object) -> Any:
    raise RuntimeError("a secret detail")


def logged_under(caplog: pytest.LogCaptureFixture, reference: str) -> logging.LogRecord:
    (record,) = (one for one in caplog.records if reference in one.getMessage())
    return record


def reference_in(sentence: str) -> str:
    found = re.search(r"`([0-9a-f]{6,8})`", sentence)
    assert found is not None, sentence
    assert sentence == refusals.unexpected(found[1])
    return found[1]


def check_log(caplog: pytest.LogCaptureFixture, reference: str, door: str) -> None:
    record = logged_under(caplog, reference)
    assert record.levelno == logging.ERROR
    assert door in record.getMessage()
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], RuntimeError)
    assert record.exc_info[2] is not None, "the traceback is there"
    assert "broken" in caplog.text


async def test_an_unexpected_error_of_a_command_gives_a_reference_to_the_log(
    unchecked_world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(unchecked_world.app.library, "get", broken)
    result = await unchecked_world.members["Ana"].slash(unchecked_world.channel, "quiz info", quiz="capitals")
    assert result.response is not None
    assert result.response.ephemeral
    assert not result.followups
    assert "secret" not in result.response.content
    check_log(caplog, reference_in(result.response.content), "quiz")


async def test_an_unexpected_error_after_a_deferral_replaces_the_waiting_message(
    unchecked_world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(unchecked_world.app.library, "get", broken)
    result = await unchecked_world.members["Ana"].slash(
        unchecked_world.channel, "leaderboard", quiz="capitals"
    )
    assert result.response is not None
    assert result.response.ephemeral
    assert not result.followups
    check_log(caplog, reference_in(result.response.content), "leaderboard")


async def test_an_unexpected_error_of_a_button_gives_a_reference_to_the_log(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await world.start()
    await world.advance(LEAD)
    monkeypatch.setattr(world.app.rounds, "answer", broken)
    result = await world.members["Ana"].click(world.question, label="A")
    assert result.response is not None
    assert result.response.ephemeral
    check_log(caplog, reference_in(result.response.content), "q:a:1:1:0")
    monkeypatch.undo()
    again = await world.members["Ana"].click(world.question, label="A")
    assert again.response is not None
    assert "Your answer" in again.response.content, "one error does not break the next click"
