"""Until a question is revealed, nothing that leaves the bot depends on which option is the key."""

import json
import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import simcord
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.pictures import Image
from bot.domain.quiz import Question, Quiz
from bot.domain.round import Round, RoundId, RoundRules, RoundState, Scoring, plan_questions
from bot.domain.tasks import Tally
from bot.domain.tasks.options import Option
from bot.services.ports import AnnouncementCard, Card, QuestionCard, RevealCard
from bot.ui.cards import library
from bot.ui.stage import DiscordStage, _nonce
from tests.builders import NOW, choice, make_question, make_quiz, make_round, rekeyed
from tests.world import GRACE, LEAD, PAUSE, World, open_world, quiz_file

words = st.text("aA_*`<@1>()[]#é漢😀 \n", min_size=1, max_size=40).filter(lambda text: bool(text.strip()))
images = st.none() | st.builds(
    Image.of, st.sampled_from(["map.png", "the-key-is-b.jpg", "x.webp"]), st.binary(max_size=8)
)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    texts = draw(st.lists(words, min_size=2, max_size=10, unique=True))
    options = tuple(
        Option(str(number), text, pinned=draw(st.booleans())) for number, text in enumerate(texts, start=1)
    )
    return make_question(
        stem=draw(words),
        options=options,
        key=draw(st.sampled_from(options)).id,
        explanation=draw(words),
        points=draw(st.integers(0, 5)),
        seconds=draw(st.none() | st.integers(5, 300)),
        image=draw(images),
    )


class NoCharts:
    async def render_board(self, board: object) -> bytes:
        raise AssertionError("nothing is drawn before the end")


async def sent(card: Card) -> bytes:
    """Return everything of a card that reaches Discord, as it travels."""
    nowhere: Any = None
    view, files = await DiscordStage(
        nowhere, NoCharts(), nowhere, nowhere, nowhere, receipts=nowhere
    )._render(card)
    pictures = [(file.filename, file.description, file.fp.read().hex()) for file in files]
    return json.dumps([view.to_components(), pictures, _nonce(card)]).encode()


def asking(quiz: Quiz, number: int, seed: int, scoring: Scoring) -> Round:
    """Return a round of the quiz at this question, shuffled by this seed."""
    asked = plan_questions(quiz, count=None, seconds=20, rng=random.Random(seed))
    current = replace(asked[number - 1], message_id=99, opened_at=NOW, closes_at=NOW + timedelta(seconds=20))
    return make_round(
        quiz,
        id=RoundId(1456074443980800006, 7),
        asked=(*asked[: number - 1], current, *asked[number:]),
        rules=RoundRules(scoring=scoring),
        state=RoundState.ASKING,
        position=number,
    )


@settings(max_examples=60)
@given(
    asked=st.lists(questions(), min_size=1, max_size=3),
    seed=st.integers(0, 2**32),
    scoring=st.sampled_from(Scoring),
    answered=st.integers(0, 3),
    data=st.data(),
)
async def test_cards_are_byte_for_byte_the_same_wherever_the_key_is(
    asked: list[Question], seed: int, scoring: Scoring, answered: int, data: st.DataObject
) -> None:
    number = data.draw(st.integers(1, len(asked)))
    secret = asked[number - 1]
    cards: set[tuple[bytes, ...]] = set()
    for option in choice(secret).options:
        moved = replace(rekeyed(secret, option.id), explanation=f"Because it is {option.text}.")
        quiz = make_quiz(*asked[: number - 1], moved, *asked[number:])
        played = asking(quiz, number, seed, scoring)
        closes_at = played.current.closes_at
        assert closes_at is not None
        not_posted = replace(played.current, message_id=None, opened_at=None, closes_at=None)
        unposted = replace(played, asked=(*played.asked[: number - 1], not_posted, *played.asked[number:]))
        shown = [
            AnnouncementCard(replace(played, state=RoundState.ANNOUNCED, position=0)),
            QuestionCard(unposted, 0, closes_at),
            QuestionCard(played, answered, closes_at),
            QuestionCard(replace(played, state=RoundState.PAUSED), answered, closes_at),
            QuestionCard(replace(played, state=RoundState.STOPPED), answered, closes_at),
        ]
        info = json.dumps(library.quiz_info(quiz).to_components()).encode()
        cards.add((*[await sent(card) for card in shown], info))
    assert len(cards) == 1


async def test_the_comparison_would_notice() -> None:
    question = make_question(options=(Option("1", "a"), Option("2", "b")))
    reveals = {
        await sent(RevealCard(asking(make_quiz(rekeyed(question, key)), 1, 5, Scoring.ACCURACY), Tally(), 0))
        for key in ("1", "2")
    }
    assert len(reveals) == 2


@settings(max_examples=60)
@given(question=questions(), seed=st.integers(0, 2**32))
def test_the_order_of_options_depends_on_the_seed_and_never_on_the_key(question: Question, seed: int) -> None:
    orders = {
        plan_questions(
            make_quiz(rekeyed(question, option.id)), count=None, seconds=20, rng=random.Random(seed)
        )[0].shown.order
        for option in choice(question).options
    }
    assert len(orders) == 1


def test_the_key_is_at_every_place_about_equally_often() -> None:
    question = make_question(options=tuple(Option(str(n), str(n)) for n in range(4)), key="0")
    rng = random.Random(1)
    places = [0] * 4
    for _ in range(4000):
        (asked,) = plan_questions(make_quiz(question), count=None, seconds=20, rng=rng)
        places[asked.shown.order.index(choice(question).key)] += 1
    assert all(900 < number < 1100 for number in places), places


# --- through Discord ------------------------------------------------------------------------------------

OPTIONS = ["Paris", "Lyon", "Nice", "Lille"]


def quiz_with_keys(*keys: str) -> str:
    return quiz_file(
        *(
            {"stem": f"{number}?", "options": OPTIONS, "key": key, "explanation": f"Secret {number}: {key}."}
            for number, key in enumerate(keys, start=1)
        )
    )


async def up_to_the_reveal(folder: Path, *keys: str) -> tuple[list[simcord.HttpLogEntry], list[Any]]:
    """Play the first question of a quiz; return all requests before its reveal, and the reveal's."""
    folder.mkdir()
    async with open_world(folder, quiz=quiz_with_keys(*keys)) as world:
        await look_around(world)
        await world.start()
        await world.advance(LEAD)
        for name, option in (("Ana", "Paris"), ("Bo", "Lyon"), ("Ana", "Nice"), ("Cem", "Lille")):
            await world.advance(3)
            await world.answer(name, option)
        await world.moderator.slash(world.channel, "round status")
        await world.moderator.slash(world.channel, "round pause")
        await world.moderator.slash(world.channel, "round resume")
        await look_around(world)
        await world.advance(10 + GRACE - 0.5)
        before = list(world.env.http_requests)
        await world.advance(0.5)
        return before, world.env.http_requests[len(before) :]


async def look_around(world: World) -> None:
    await world.members["Dana"].slash(world.channel, "quiz info", quiz="capitals")
    await world.members["Dana"].slash(world.channel, "quiz list")
    await world.moderator.autocomplete(world.channel, "round start", "quiz", "secret")


async def test_nothing_that_is_sent_before_the_reveal_differs_when_the_key_moves(tmp_path: Path) -> None:
    sent_by_key: list[list[simcord.HttpLogEntry]] = []
    for key in ("Paris", "Nice"):
        before, reveal = await up_to_the_reveal(tmp_path / key, key, "Paris")
        assert len(before) > 20
        assert "Secret" not in repr(before)
        assert f"Secret 1: {key}." in repr(reveal), "and then it is told"
        assert "Secret 2" not in repr(reveal)
        sent_by_key.append(before)
    assert sent_by_key[0] == sent_by_key[1]


async def test_a_reveal_tells_nothing_about_later_questions(tmp_path: Path) -> None:
    reveals: list[list[Any]] = []
    for key in ("Paris", "Nice"):
        _, reveal = await up_to_the_reveal(tmp_path / key, "Lyon", key)
        reveals.append(reveal)
    assert reveals[0] == reveals[1]


async def test_a_paused_question_keeps_its_secret_and_a_stopped_one_tells_only_its_own(
    tmp_path: Path,
) -> None:
    async with open_world(tmp_path, quiz=quiz_with_keys("Paris", "Lyon")) as world:
        await world.start()
        await world.advance(LEAD)
        await world.answer("Ana", "Paris")
        await world.moderator.slash(world.channel, "round pause")
        await world.advance(20 + GRACE + PAUSE)
        assert "Secret" not in repr(world.env.http_requests)
        await world.stop()
        await world.advance(20 + GRACE + PAUSE)
        assert "Secret 1: Paris." in repr(world.env.http_requests)
        assert "Secret 2" not in repr(world.env.http_requests)
