"""The README's picture: a reveal, an open question with its private receipt, and the final card."""

import base64
import re
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from bot.config import shipped_quizzes
from bot.wiring import load_quizzes
from tests.browser.channel import Channel
from tests.builders import key_text

#: CSS pixels: what of a message is shown, from the avatar to the card's right edge.
MESSAGE_WIDTH = 700
SHARPNESS = 2
QUESTIONS = 4
BACKGROUND = "#323339"  # the page's own


def save_picture(page: Page, path: Path) -> None:
    """Play a round and draw its best moments side by side."""
    assert page.context.browser is not None
    context = page.context.browser.new_context(
        viewport={"width": 900, "height": 1300}, device_scale_factor=SHARPNESS, bypass_csp=True
    )
    try:
        sharp = context.new_page()
        sharp.goto(page.url)
        columns = _moments(Channel(sharp))
        sharp.goto("about:blank")
        sharp.set_content(_side_by_side(columns))
        path.parent.mkdir(exist_ok=True)
        sharp.locator("main").screenshot(path=path)
    finally:
        context.close()


def _moments(channel: Channel) -> list[list[bytes]]:
    channel.start_round(seconds=10, questions=QUESTIONS)
    reveal = b""
    for number in range(1, QUESTIONS):
        _answer(channel, number)
        reveal = _shoot(channel, channel.await_reveal(number, of=QUESTIONS))
    question = _answer(channel, QUESTIONS)
    question.filter(has_text=re.compile("[34] have answered")).wait_for()
    left = [reveal, _shoot(channel, question), _shoot(channel, channel.message("Only you can see this"))]
    result = channel.message("the result ·")
    expect(result.get_by_role("img", name="1. ")).to_have_js_property("naturalWidth", 576)
    return [left, [_shoot(channel, result)]]


def _answer(channel: Channel, number: int) -> Locator:
    question = channel.await_question(number, of=QUESTIONS)
    question.filter(has_text="answered").wait_for()  # nobody knows the answer in no time
    channel.answer(question, _key(question))
    return question


def _key(question: Locator) -> str:
    """Return the key's letter: for the picture somebody plays who knows the quiz."""
    shown = question.inner_text()
    loaded, _ = load_quizzes(shipped_quizzes())
    for known in loaded[0].quiz.questions:
        if known.stem in shown:
            return shown[shown.index(key_text(known)) - 3]
    raise AssertionError(shown)


def _shoot(channel: Channel, message: Locator) -> bytes:
    """Draw a message as somebody sees it who only reads: without the page's toolbar."""
    channel.page.mouse.move(1, 1)
    channel.page.evaluate("() => document.activeElement.blur()")
    return message.screenshot(animations="disabled")


def _side_by_side(columns: Sequence[Sequence[bytes]]) -> str:
    drawn = "".join(f"<div>{''.join(map(_image, column))}</div>" for column in columns)
    return f"""
      <style>
        body {{ margin: 0 }}
        main {{ display: inline-flex; align-items: center; padding: 12px; background: {BACKGROUND} }}
        div {{ width: {MESSAGE_WIDTH}px; overflow: hidden }}
        img {{ display: block; zoom: {1 / SHARPNESS} }}
      </style>
      <main>{drawn}</main>"""


def _image(png: bytes) -> str:
    return f'<img src="data:image/png;base64,{base64.b64encode(png).decode()}">'
