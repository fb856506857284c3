"""The demo as a person plays it: typed, clicked and read in a browser."""

import itertools
import os
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.channel import Channel
from tests.browser.conftest import PATIENCE_MS
from tests.browser.picture import save_picture

README_PICTURE = Path(__file__).parents[2] / ".github" / "round.png"

expect.set_options(timeout=PATIENCE_MS)


def test_the_channel_says_what_to_type(page: Page) -> None:
    expect(Channel(page).message("Ana")).to_contain_text("Type /round start")


def test_a_person_plays_a_round(page: Page) -> None:
    channel = Channel(page)
    channel.start_round(seconds=6, questions=2)
    expect(channel.message("First question")).to_contain_text("2 questions · 6 seconds each")

    question = channel.await_question(1, of=2)
    channel.answer(question, "B")
    expect(question).to_contain_text("answered")
    reveal = channel.await_reveal(1, of=2)
    expect(reveal).to_contain_text("Why:")
    expect(reveal).to_contain_text("of 4 right")
    expect(channel.letter(reveal, "A")).to_have_count(0)  # there is nothing left to press

    channel.answer(channel.await_question(2, of=2), "C")
    result = channel.message("the result ·")
    expect(result).to_contain_text("4 players · 2 questions")
    picture = result.get_by_role("img", name="1. ")
    expect(picture).to_have_js_property("naturalWidth", 576)

    my_result = result.get_by_role("button", name="My result")
    expect(my_result).to_be_in_viewport()  # the page has followed the round without being scrolled
    my_result.click()
    report = channel.message("Only you can see this")
    expect(report).to_contain_text("You chose B")
    expect(report).to_contain_text("You chose C")
    assert channel.failures() == []


def test_a_change_of_mind_counts_however_busy_the_channel_is(page: Page) -> None:
    channel = Channel(page)
    channel.start_round(seconds=20, questions=1)
    question = channel.await_question(1, of=1)
    letters = itertools.cycle("ABCD")
    while "4 have answered" not in question.inner_text():  # the three colleagues and this person
        channel.answer(question, next(letters))
    assert channel.failures() == []


def test_a_press_counts_though_the_question_is_drawn_anew_under_it(page: Page) -> None:
    channel = Channel(page)
    channel.start_round(seconds=15, questions=1)
    question = channel.await_question(1, of=1)
    channel.letter(question, "D").hover()
    page.mouse.down()
    expect(question).to_contain_text("answered")  # a colleague has, so the message was edited
    page.mouse.up()
    channel.await_receipt("D")


def test_a_refusal_is_one_private_sentence_and_no_failure(page: Page) -> None:
    channel = Channel(page)
    channel.run_command("/round pause")
    channel.message("has no round running").filter(has_text="Only you can see this").wait_for()
    expect(page.locator("#channel-composer-input")).to_be_visible()
    assert channel.failures() == []


def test_times_count_down(page: Page) -> None:
    channel = Channel(page)
    channel.start_round(seconds=20, questions=1)
    announcement = channel.message("First question")
    expect(announcement).to_contain_text(re.compile("in [1-3] second"))
    expect(channel.message("20 seconds")).to_contain_text("Started at")  # and not on: "seconds ago"


def test_a_round_looks_good_enough_for_the_readme(page: Page, tmp_path: Path) -> None:
    """Draws `.github/round.png` anew where QUIZHOST_SCREENSHOT is set, and just tries it elsewhere."""
    path = README_PICTURE if os.environ.get("QUIZHOST_SCREENSHOT") else tmp_path / "round.png"
    save_picture(page, path)
    assert path.read_bytes().startswith(b"\x89PNG")
