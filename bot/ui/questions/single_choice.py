"""Single choice: a letter a button."""

import discord

from bot.domain.tasks import Presentation, Response, SingleChoice, Tally
from bot.domain.tasks.options import LETTERS, Option
from bot.ui.cards import parts
from bot.ui.custom_ids import AnswerButton
from bot.ui.questions import options
from bot.ui.questions.drawer import Drawer, Extremes, Place


class SingleChoiceDrawer(Drawer[SingleChoice]):
    """Shows options with letters, and a button for each letter."""

    def lines(self, task: SingleChoice, shown: Presentation) -> list[str]:
        """Return a line for each option."""
        return [options.open_line(letter, option) for letter, option in options.lettered(task.options, shown)]

    def controls(
        self, task: SingleChoice, shown: Presentation, place: Place, *, disabled: bool
    ) -> list[parts.Item]:
        """Return a button for each letter."""
        return letter_buttons(shown, place, disabled=disabled)

    def reveal(self, task: SingleChoice, shown: Presentation, tally: Tally) -> list[str]:
        """Return a line for each option, with how many chose it."""
        return [
            options.revealed_line(
                letter, option, tally.count(option.id), tally.players, is_key=option.id == task.key
            )
            for letter, option in options.lettered(task.options, shown)
        ]

    def describe(self, task: SingleChoice, shown: Presentation, response: Response) -> str:
        """Return letter and text, the text shortened."""
        return options.short(*_found(task, shown, response))

    def name(self, task: SingleChoice, shown: Presentation, response: Response) -> str:
        """Return the letter."""
        return options.mark(_found(task, shown, response)[0])

    def report(self, task: SingleChoice, shown: Presentation, response: Response) -> str:
        """Return letter and text."""
        return options.full(*_found(task, shown, response))

    def key(self, task: SingleChoice, shown: Presentation) -> str:
        """Return letter and text of the right option."""
        return options.full(*_found(task, shown, task.key))

    def extremes(self, task: SingleChoice, many: int) -> Extremes:
        """Return many at every option, and the longest wrong option."""
        counts = {option.id: many for option in task.options}
        wrong = options.longest(option for option in task.options if option.id != task.key)
        return Extremes(Tally(many, counts), wrong.id)


def letter_buttons(shown: Presentation, place: Place, *, disabled: bool) -> list[parts.Item]:
    """Return a button for each letter."""
    style = discord.ButtonStyle.secondary if disabled else discord.ButtonStyle.primary
    return parts.rows(
        [
            parts.button(LETTERS[slot], AnswerButton(*place, slot), style=style, disabled=disabled)
            for slot in range(len(shown.order))
        ]
    )


def _found(task: SingleChoice, shown: Presentation, option_id: str) -> tuple[str, Option]:
    return LETTERS[shown.order.index(option_id)], task.option(option_id)
