"""What an author wrote reaches the players as it was meant: pictures, code, blanks, long texts."""

import base64
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord

from bot.text import results, rounds
from bot.ui.questions.options import NBSP, bar
from tests.world import LEAD, World, letter_of, open_world, quiz_file, texts

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
FENCED = "```python\ndef __init__(self, *args_):\n    return self.__dict__ < args_[0]  # <@1> [a](b)\n```"
INLINE = "`x = __a__ * **b** <@2>`"
CODE_QUIZ = quiz_file(
    {
        "stem": f"What does this return when ______ is empty?\n{FENCED}",
        "options": [f"the value of {INLINE}", FENCED, "`None`", "`__all__`"],
        "key": 2,
        "explanation": f"Look at {INLINE}:\n{FENCED}\nThat is why.",
    }
)


def galleries(message: discord.Message) -> list[discord.ui.MediaGallery[Any]]:
    view = discord.ui.LayoutView.from_message(message)
    return [item for item in view.walk_children() if isinstance(item, discord.ui.MediaGallery)]


@pytest.fixture
async def illustrated(tmp_path: Path) -> AsyncGenerator[World]:
    quiz = quiz_file({"image": "paris.png"}, {})
    async with open_world(tmp_path, quiz=quiz, files={"paris.png": PNG}) as world:
        yield world


async def test_a_picture_beside_the_quiz_is_shown_at_the_question_and_at_the_reveal(
    illustrated: World,
) -> None:
    opened = await illustrated.start_and_open()
    await illustrated.answer("Ana", "Paris")
    await illustrated.close_question()
    revealed = illustrated.question
    assert revealed.id == opened.id
    for message in (opened, revealed):
        (picture,) = message.attachments
        assert illustrated.env.backend.cdn.get(picture.url) == PNG
        (gallery,) = galleries(message)
        assert gallery.items[0].media.url.endswith(picture.filename)
    plain = await illustrated.next_question()
    assert not plain.attachments
    assert not galleries(plain)


async def test_a_picture_s_own_name_is_not_told_because_it_might_tell_the_key(illustrated: World) -> None:
    opened = await illustrated.start_and_open()
    assert [one.filename for one in opened.attachments] == ["question.png"]
    assert "paris.png" not in str([request.json for request in illustrated.env.http_requests])


async def test_code_stays_as_it_is_in_question_reveal_and_report(tmp_path: Path) -> None:
    async with open_world(tmp_path, quiz=CODE_QUIZ) as world:
        question = texts(await world.start_and_open())
        assert "### What does this return when \\_\\_\\_\\_\\_\\_ is empty?\n```python\n" in question
        assert question.count(FENCED) == 2
        assert question.count(INLINE) == 1
        await world.members["Ana"].click(world.question, label=letter_of(world.question, "`None`"))
        await world.close_question()
        reveal = texts(world.question)
        why = reveal.split("**Why:**")[1].replace("\n> ", "\n")
        assert why.startswith(f" Look at {INLINE}:\n{FENCED}\nThat is why.")
        below = f"{FENCED}\n{bar(0, 1)}{NBSP}{rounds.share(0, 1)}{NBSP}{rounds.right_answer()}"
        assert below in reveal, "the mark stands below the block, not inside it"
        await world.advance(8)
        opened = await world.members["Ana"].click(world.question, label=results.my_result_button())
        assert opened.response is not None
        report = texts(opened.response.message).replace("\n> ", "\n")
        assert report.count(FENCED) == 3, "stem, key and explanation"


async def test_a_stem_that_is_a_code_block_is_not_made_a_heading(tmp_path: Path) -> None:
    async with open_world(tmp_path, quiz=quiz_file({"stem": f"{FENCED}\nWhat is it?"})) as world:
        question = texts(await world.start_and_open())
        assert f"\n{FENCED}\nWhat is it?" in question
        assert "###" not in question


async def test_blanks_survive_and_mentions_do_not(tmp_path: Path) -> None:
    stem = "__ and ____ tell @everyone and <@1> in <#2> at [home](https://example.com)."
    async with open_world(tmp_path, quiz=quiz_file({"stem": stem})) as world:
        question = await world.start_and_open()
        assert "\\_\\_ and \\_\\_\\_\\_ tell" in texts(question)
        assert "@everyone" not in texts(question)
        assert "\\<@1>" in texts(question)
        assert "](" not in texts(question)
        assert not question.mentions
        assert not question.mention_everyone


async def test_a_long_report_has_pages_that_turn_in_place(tmp_path: Path) -> None:
    quiz = quiz_file(*({"explanation": f"Reason {number}: {'because ' * 150}"} for number in range(1, 7)))
    async with open_world(tmp_path, quiz=quiz) as world:
        await world.start(seconds=5)
        await world.advance(LEAD)
        await world.answer("Ana", "Paris")
        await world.advance(6 * (5 + 2 + 8))
        ana = world.members["Ana"]
        opened = await ana.click(world.question, label=results.my_result_button())
        assert opened.response is not None
        assert opened.response.ephemeral
        page = opened.response.message
        pages = [texts(page)]
        while not button(page, "▶").disabled:
            assert len(pages) < 6
            turned = await turn(ana, page, "▶")
            assert turned.id == page.id
            page = turned
            pages.append(texts(page))
        total = len(pages)
        assert total > 1
        for number, shown in enumerate(pages, start=1):
            assert results.page(number, total) in shown
            assert "rank 1 of 1" in shown
        for number in range(1, 7):
            assert sum(f"Reason {number}:" in shown for shown in pages) == 1
        for number in reversed(range(1, total)):
            assert not button(page, "◀").disabled
            page = await turn(ana, page, "◀")
            assert texts(page) == pages[number - 1]
        assert button(page, "◀").disabled
        assert [one.id for one in world.private("Ana")].count(page.id) == 1


def button(message: discord.Message, label: str) -> discord.ui.Button[Any]:
    view = discord.ui.LayoutView.from_message(message)
    return next(
        one for one in view.walk_children() if isinstance(one, discord.ui.Button) and one.label == label
    )


async def turn(member: simcord.MemberActor, page: discord.Message, label: str) -> discord.Message:
    turned = await member.click(page, label=label)
    assert turned.response is not None
    return turned.response.message
