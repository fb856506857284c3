"""A demo in a process of its own, and a browser that looks at its page."""

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Generator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

#: How long anything in the page may take; enough for a busy machine, never waited for in vain.
PATIENCE_MS = 30_000
START_SECONDS = 60
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="module")  # not longer: its loop would be in the way of asynchronous tests
def browser() -> Generator[Browser]:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        reason = "no Chromium: install it (apt-get install chromium) or set CHROMIUM to its path"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def demo_url(tmp_path: Path) -> Generator[str]:
    """The address of a running demo's page."""
    command = [sys.executable, "-m", "bot", "demo", "--no-browser", "--port", "0"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        watchdog = threading.Timer(START_SECONDS, process.kill)
        watchdog.start()
        found = next((url for line in process.stdout if (url := re.search(r"http://\S+", line))), None)
        watchdog.cancel()
        assert found, "the demo ended without telling its address"
        yield found[0]
        process.terminate()
        process.communicate(timeout=START_SECONDS)


@pytest.fixture
def page(browser: Browser, demo_url: str) -> Generator[Page]:
    """The demo's page, with the channel in it."""
    # bypass_csp: the page forbids `eval`, by which Playwright asks it things.
    context = browser.new_context(viewport={"width": 760, "height": 1000}, bypass_csp=True)
    context.set_default_timeout(PATIENCE_MS)
    opened = context.new_page()
    opened.goto(demo_url)
    yield opened
    context.close()
