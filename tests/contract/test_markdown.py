"""What an author writes works within itself and never beyond: compared by a parser of Discord's Markdown."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import discord_markdown
import pytest
from discord import ui
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.quiz import Question
from bot.domain.round import RoundState
from bot.domain.standings import Standing
from bot.domain.tasks import Tally
from bot.domain.tasks.options import Option
from bot.services.ports import QuestionCard, RevealCard
from bot.services.results import Report, ReportLine
from bot.ui.cards import results, rounds
from bot.ui.escape import escape_quiz_text
from tests.builders import choice, make_answer, make_question, make_quiz, make_round, rekeyed

AT = datetime(2026, 1, 1, tzinfo=UTC)

#: Made of Rust, without types.
PARSE: Callable[[str], Any] = getattr(discord_markdown, "parse")  # noqa: B009

Styled = list[tuple[str, frozenset[str]]]

#: Where our own cards put a text; it is not the text's own doing.
OURS = frozenset({"heading", "quote", "small"})
ISOLATES = "\u2068\u2069"


def read(written: str) -> Styled:
    """Return every character that Discord shows of a text, with the styles that it has."""
    return [one for one in _read(PARSE(written), frozenset()) if one[0] not in ISOLATES]


def _read(nodes: Any, styles: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    for node in nodes:
        kind, value = node["type"], node.get("value")
        if kind == "text":
            yield from ((one, styles) for one in value)
        elif kind in {"paragraph", "empty", "heading", "small"}:
            yield from _read(_content(value), styles if kind == "paragraph" else styles | {kind})
            yield "\n", frozenset()
        elif kind == "list":
            for item in value["items"]:
                yield "•", styles | {value["type"]}
                yield from _read(item["content"], styles)
        elif kind == "code_block":
            yield from (
                (one, styles | {f"block of {value['language']}"}) for one in value["content"].strip("\n")
            )
        elif kind == "link":
            yield from ((one, styles | {"link"}) for one in value["url"])
            yield from _read(value["text"] or [], styles | {"masked"})
        elif isinstance(value, str):
            yield from ((one, styles | {kind}) for one in value)
        elif kind in {"mention", "emoji", "timestamp"}:
            yield str(value), styles | {kind}
        else:
            yield from _read(_content(value), styles | {kind})


def _content(value: Any) -> Any:
    if isinstance(value, Mapping):
        return value["content"]
    return value or []


def inside(card: ui.LayoutView) -> Styled:
    """Return what Discord shows of a card's texts, each block of text read by itself, as Discord does."""
    shown: Styled = []
    for item in card.walk_children():
        if isinstance(item, ui.TextDisplay):
            shown += [(one, styles - OURS) for one, styles in read(item.content)]
    return shown


def visible(styled: Styled) -> str:
    return "".join(one for one, _ in styled)


def stands_in(text: Styled, card: Styled, *, less: frozenset[str] = frozenset()) -> bool:
    """Tell whether a text stands in a card as it stands alone; `less` is what the card adds on purpose."""
    wanted = [(one, styles - less) for one, styles in text if one != "\n"]
    found = [(one, styles - less) for one, styles in card if one != "\n"]
    return any(found[at : at + len(wanted)] == wanted for at in range(len(found) - len(wanted) + 1))


# --- every text, alone and in its cards -----------------------------------------------------------------

PIECES = [
    *("*", "**", "***", "_", "__", "~~", "~", "||", "|", "`", "``", "```", "\\", ">", "#", "-#", "- ", "1. "),
    *("[a](b)", "https://x.y/a_b", "<@1>", "<t:0:R>", ":a:", "(", ")", ".", "=", "\n", "\n\n", " ", "  "),
    *("a", "b c", "x", "2", "é", "漢", "א", "م", "🙂"),
]
authored = st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join).filter(str.strip)


def revealed(question: Question, key: str) -> list[ui.LayoutView]:
    """Return every card that shows a question's texts."""
    quiz = make_quiz(rekeyed(question, key))
    played = make_round(quiz, position=1, state=RoundState.ASKING)
    reveal = replace(played, state=RoundState.REVEALED)
    counts = {option.id: 3 - at for at, option in enumerate(choice(question).options)}
    tally = Tally(sum(counts.values()), counts)
    answer = make_answer(1, 1, choice(question).options[-1].id)
    line = ReportLine(played.asked[0], quiz.questions[0], answer)
    report = Report(reveal, Standing(1, 1, 0, 0, 0, 1, 1000, 0), 2, 1, quiz.tiers[0], (line,))
    return [
        rounds.question(QuestionCard(played, 1, AT)),
        rounds.reveal(RevealCard(reveal, tally, counts[key])),
        *results.report_pages(report),
    ]


@given(authored, authored, authored, authored)
@example("**", "a **", "2**3", "||")
@example("~~/*.py", "**/*.py", "||*.py", "a || b")
@example("`", "```py", "``", "\\")
@example("> a", "# b", "-# c", "- d")
@example("_a", "b_", "__init__", "a*b*c")
def test_a_text_is_in_every_card_what_it_is_alone(
    stem: str, first: str, second: str, explanation: str
) -> None:
    options = (Option("1", first), Option("2", second), Option("3", "last", pinned=True))
    question = make_question(stem=stem, options=options, explanation=explanation)
    for key in ("1", "3"):
        asked, reveal, *report = map(inside, revealed(question, key))
        bold = frozenset({"bold"})
        for card in (asked, reveal):
            assert stands_in(read(escape_quiz_text(stem)), card), visible(card)
            last = "**C  last**" if key == "3" and card is reveal else "**C**  last"
            assert stands_in(read(last), card), visible(card)
        for option in (first, second):
            alone = read(escape_quiz_text(option))
            assert stands_in(alone, asked), visible(asked)
            assert stands_in(alone, reveal, less=bold), visible(reveal)
        for card in (reveal, [one for page in report for one in page]):
            assert stands_in(read(escape_quiz_text(explanation)), card), visible(card)
        assert {styles for one, styles in reveal if one in "█▌"} == {frozenset({"code"})}, "so are bars"


#: What is written, and what of it has a style.
AS_WRITTEN = [
    *(
        "*.py",
        "**/*.py",
        "~~/*.py",
        "f(*a)",
        "f(**a)",
        "f(a_b_c)",
        "f(__a__)",
        "2**3",
        "x**2 + y**2",
        "a || b",
    ),
    *(
        "a || b || c",
        "5 * 3 * 2",
        "**",
        "* *",
        "_",
        "~~",
        "|",
        "||",
        "`",
        "```",
        "C:\\temp",
        "C:\\",
        "> 5",
        "# 1",
        "-# x",
    ),
    *(
        "- 3",
        "1. e4",
        "2014. A year",
        "*args, **kwargs",
        "/* c */",
        "a_b and c_",
        "(_)",
        "++i",
    ),
]


@pytest.mark.parametrize("written", AS_WRITTEN)
def test_what_cannot_be_closed_is_read_as_it_is_written(written: str) -> None:
    shown = read(escape_quiz_text(written))
    assert visible(shown).strip("\n") == written
    assert {style for _, styles in shown for style in styles} == set()


@pytest.mark.parametrize(
    ("written", "style"),
    [
        ("**a**", "bold"),
        ("*a*", "italic"),
        ("_a_", "italic"),
        ("~~a~~", "strikethrough"),
        ("||a||", "spoiler"),
        ("`a`", "code"),
        ("```\na\n```", "block of None"),
    ],
)
def test_what_an_author_marks_is_marked(written: str, style: str) -> None:
    assert ("a", frozenset({style})) in read(escape_quiz_text(written))


@given(authored)
def test_nothing_of_a_text_calls_links_or_makes_a_block(written: str) -> None:
    styles = {style for _, styles in read(escape_quiz_text(written)) for style in styles}
    assert not styles & {"mention", "timestamp", "masked", "heading", "quote", "small", "underline"}
