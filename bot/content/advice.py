"""What an author might mean, but rarely does: warnings, which do not keep a quiz from being played."""

import re
from collections.abc import Iterator

from bot.content.loader import LoadedQuiz
from bot.content.problems import Problem, quoted
from bot.text.phrases import count

_ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_NUMBERS = {
    **{word: number for number, word in enumerate(_ONES.split(), start=1)},
    **{word: 10 * number for number, word in enumerate(["twenty", "thirty", "forty", "fifty"], start=2)},
}
#: "Ten short questions"; "ten of the questions" and "one more thing: questions" say something else.
_STATED = re.compile(
    rf"(?:(?P<before>\w+)\s+)?(?P<said>(?<![\w,.])(?P<number>\d+|{'|'.join(_NUMBERS)})"
    r"(?:[ -](?!(?:of|the|more|or|to|and)\b)\w+){0,2}?[\s-]+questions?\b)",
    re.IGNORECASE,
)
#: What makes a number one of some of the questions.
_OF_SOME = {"first", "last", "next", "other", "these", "than", "least", "most", "to", "or", "and", "question"}


def advise(loaded: LoadedQuiz) -> Iterator[Problem]:
    """Yield what the author of a quiz may want to check again."""
    stated = list(_STATED.finditer(loaded.quiz.introduction))
    if len(stated) != 1 or (stated[0]["before"] or "").lower() in _OF_SOME:
        return
    number = stated[0]["number"].lower()
    there_are = len(loaded.quiz.questions)
    if (int(number) if number.isdecimal() else _NUMBERS[number]) != there_are:
        said = quoted(" ".join(stated[0]["said"].split()))
        yield loaded.problem(
            ("introduction",), f"warning: says {said}, but the quiz has {count(there_are, 'question')}"
        )
