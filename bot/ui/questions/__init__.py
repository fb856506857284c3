"""How questions look in Discord, kind by kind."""

from collections.abc import Mapping
from typing import Any

from bot.domain.responses import GivenAnswer
from bot.domain.tasks import SingleChoice, Task
from bot.ui.questions.drawer import Drawer, Extremes, Place
from bot.ui.questions.single_choice import SingleChoiceDrawer

__all__ = ["Drawer", "Extremes", "Place", "describe_answer", "drawer_of", "name_answer"]

_DRAWERS: Mapping[type[Task], Drawer[Any]] = {SingleChoice: SingleChoiceDrawer()}


def drawer_of(task: Task) -> Drawer[Any]:
    """Return what shows a task."""
    return _DRAWERS[type(task)]


def describe_answer(given: GivenAnswer) -> str:
    """Return an answer as a part of one line."""
    return drawer_of(given.task).describe(*given)


def name_answer(given: GivenAnswer) -> str:
    """Return an answer in as few signs as tell it apart."""
    return drawer_of(given.task).name(*given)
