"""Fixtures that several kinds of tests share."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.world import World, open_world

# How long one example takes says nothing on a busy machine.
settings.register_profile("quizhost", deadline=None)
settings.load_profile("quizhost")


@pytest.fixture
async def world(tmp_path: Path) -> AsyncGenerator[World]:
    async with open_world(tmp_path) as opened:
        yield opened


@pytest.fixture
async def unchecked_world(tmp_path: Path) -> AsyncGenerator[World]:
    """A world in which the bot may fail: commands report their errors to simcord, too."""
    async with open_world(tmp_path, check_errors=False) as opened:
        yield opened


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that nobody waits for it in the end."""
    items.sort(key=lambda item: "test_kill.py" not in item.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests have to tell beyond having passed, whichever process they ran in."""
    for reports in terminalreporter.stats.values():
        for report in reports:
            told = [value for name, value in getattr(report, "user_properties", ()) if name == "told"]
            if told and report.when == "call":
                terminalreporter.write_line(f"{report.nodeid}: {told[0]}")
