"""What a person does in the demo's page."""

import re

from playwright.sync_api import Locator, Page

#: Milliseconds between two keystrokes: a quick typist.
KEYSTROKE_MS = 60


class Channel:
    """The channel as its page shows it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.timeline = page.locator("#channel-timeline")
        self.messages = self.timeline.locator("article.channel-message")

    def message(self, text: str) -> Locator:
        """Return the newest message that contains a text."""
        return self.messages.filter(has_text=text).last

    def start_round(self, **options: int) -> None:
        """Type `/round start`, find the quiz, set more options, and send it."""
        self.page.locator("#channel-composer-input").click()
        self._type("/round start")
        self.page.locator(".command-entry", has_text="/round start").wait_for()
        self.page.keyboard.press("Enter")
        self.page.get_by_role("combobox", name="quiz").wait_for()
        self._type("mlops")
        self.page.get_by_role("option", name="MLOps Basics").click()
        for name, value in options.items():
            self.page.get_by_role("button", name=re.compile(r"^\+\d+ more$")).click()
            self.page.get_by_role("option", name=re.compile(f"^{name}")).click()
            self.page.locator(f".command-option-input[data-option={name}]").wait_for()
            self._type(str(value))
        self.page.locator("#send-message").click()

    def schedule(self, when: str, understood: re.Pattern[str]) -> None:
        """Type `/schedule add` with this time, wait for how it is understood, and send it."""
        self.page.locator("#channel-composer-input").click()
        self._type("/schedule add")
        self.page.locator(".command-entry", has_text="/schedule add").wait_for()
        self.page.keyboard.press("Enter")
        self.page.get_by_role("combobox", name="quiz").wait_for()
        self._type("mlops")
        self.page.get_by_role("option", name="MLOps Basics").click()
        self.page.get_by_role("combobox", name="when").wait_for()
        self._type(when)
        self.page.get_by_role("option", name=understood).wait_for()
        self.page.keyboard.press("Enter")
        self.page.locator("#send-message").click()

    def run_command(self, command: str) -> None:
        """Type a command without options and send it."""
        self.page.locator("#channel-composer-input").click()
        self._type(command)
        self.page.locator(".command-entry", has_text=command).first.wait_for()
        self.page.keyboard.press("Enter")
        self.page.locator("#send-message").click()

    def await_question(self, number: int, of: int) -> Locator:
        """Wait until a question is open, and return its message."""
        question = self.message(f"question {number} of {of}")
        self.letter(question, "A").and_(self.page.locator("[aria-disabled=false]")).wait_for()
        return question

    def await_reveal(self, number: int, of: int) -> Locator:
        """Wait until a question is revealed, and return its message."""
        reveal = self.message(f"question {number} of {of}").filter(has_text="Why:")
        reveal.wait_for()
        return reveal

    def letter(self, question: Locator, letter: str) -> Locator:
        """Return an answer button."""
        return question.get_by_role("button", name=letter, exact=True)

    def answer(self, question: Locator, letter: str) -> None:
        """Press a letter and wait for the private receipt."""
        self.letter(question, letter).click()
        self.await_receipt(letter)

    def await_receipt(self, letter: str) -> None:
        """Wait until the page privately says that this letter is recorded."""
        self.message(f"Your answer: {letter}").filter(has_text="Only you can see this").wait_for()

    def failures(self) -> list[str]:
        """Return what went wrong between page and simulation, as the page's own report tells it."""
        return self.page.evaluate(
            """() => {
              const { transport, activity, diagnostics } = window.simcordPreview;
              const failed = activity.filter((one) => one.rejected || one.settlement !== "settled");
              return [...transport.history.map((one) => one.code), ...diagnostics.map((one) => one.code),
                ...failed.flatMap((one) => one.diagnostics.map((each) => each.code))];
            }"""
        )

    def _type(self, text: str) -> None:
        self.page.keyboard.type(text, delay=KEYSTROKE_MS)
