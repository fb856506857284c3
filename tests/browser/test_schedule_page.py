"""Schedules and settings in the demo, as a moderator types and clicks them."""

import re

from playwright.sync_api import Page, expect

from tests.browser.channel import Channel


def test_a_round_is_scheduled_and_somebody_asks_to_be_reminded(page: Page) -> None:
    channel = Channel(page)
    channel.schedule(
        "in 10 minutes", understood=re.compile(r"^\w{3} \d+ \w{3} 20\d\d, \d\d:\d\d UTC, in \d+ min")
    )
    said = channel.message("Schedule 1:").filter(has_text="Only you can see this")
    expect(said).to_contain_text("MLOps Basics")
    reminder = channel.message("Starts ")
    reminder.get_by_role("button", name="Remind me").click()
    expect(channel.message("I will mention you")).to_contain_text("Only you can see this")
    channel.run_command("/schedule list")
    listed = channel.message("Scheduled rounds")
    expect(listed).to_contain_text("reminder 15 minutes before")
    expect(listed).to_contain_text("quizhost.ics")
    assert channel.failures() == []


def test_the_server_s_time_zone_is_set_in_the_panel(page: Page) -> None:
    channel = Channel(page)
    channel.run_command("/settings")
    panel = channel.message("Server settings")
    panel.get_by_role("button", name="Change").first.click()  # the time zone is the first setting
    form = page.get_by_role("dialog")
    form.get_by_role("textbox").fill("berlin")
    form.get_by_role("button", name="Submit").click()
    expect(panel).to_contain_text("Time zone is now: Europe/Berlin")
    assert channel.failures() == []
