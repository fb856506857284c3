"""Nobody is named in public for having nothing: every public payload of a season is searched for names."""

import json
import random
from dataclasses import dataclass, field
from pathlib import Path

import simcord
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.quiz import Tier
from bot.domain.round import Answer, Round, RoundRules, RoundState, Scoring
from bot.domain.standings import Standings, compute_standings
from bot.domain.tasks import Tally
from bot.services.ports import ResultCard, RevealCard
from bot.ui.cards import results, rounds
from tests.builders import make_answer, make_quiz, make_round
from tests.world import LEAD, PAUSE, World, open_world, quiz_file

# --- every card of any round ----------------------------------------------------------------------------

PLAYERS = range(1, 7)
NAMES = {player: f"Player{player}" for player in PLAYERS}

answers = st.lists(
    st.builds(
        make_answer,
        st.sampled_from(PLAYERS),
        st.integers(1, 3),
        st.sampled_from("1123"),
        elapsed_ms=st.integers(0, 20_000),
    ),
    unique_by=lambda answer: (answer.player_id, answer.question_number),
    max_size=18,
)
tiers = st.sampled_from([(0,), (0, 50, 80), (0, 1), (0, 100)]).map(
    lambda starts: tuple(Tier(f"Tier{start}", start) for start in starts)
)


def named(played: Round, table: Standings) -> tuple[str, str]:
    """Return all that the standing so far says, and the final card with its picture."""
    reveal = rounds.reveal(RevealCard(played, Tally(), 0, table, NAMES))
    card = ResultCard(played, table, NAMES)
    board = results.result_board(card)
    return json.dumps(reveal.to_components()), json.dumps(
        [results.result(card, board).to_components(), [row.name for row in board.rows] if board else []]
    )


@given(answers, tiers, st.sampled_from(Scoring), st.integers(0, 2))
def test_no_card_names_anybody_without_points_nor_a_second_one_from_the_lowest_tier(
    given_answers: list[Answer], of: tuple[Tier, ...], scoring: Scoring, penalty: int
) -> None:
    quiz = make_quiz(tiers=of, penalty=penalty)
    played = make_round(quiz, state=RoundState.FINISHED, position=3, rules=RoundRules(scoring=scoring))
    table = compute_standings(played, given_answers)
    standing, result = named(played, table)
    for row in table.rows:
        name = NAMES[row.player_id]
        if row.score <= 0:
            assert name not in standing
            assert name not in result or row.tier > 0, "a penalty takes points, and no tier"
        elif row.rank == 1:
            assert name in standing or len([one for one in table.rows if one.rank == 1]) > 3
            assert name in result or len([one for one in table.rows if one.rank == 1]) > 3
        elif row.tier == 0 and len(of) > 1:
            assert name not in standing
            assert name not in result


# --- a season through Discord ---------------------------------------------------------------------------


@dataclass
class Season:
    """What has been answered right by whom, in the round that goes on and in all of them."""

    world: World
    now: dict[str, int] = field(default_factory=dict[str, int])
    ever: dict[str, int] = field(default_factory=dict[str, int])
    seen: int = 0

    def check(self) -> None:
        """Search what was sent in public since the last look for names of those who have nothing."""
        requests = self.world.env.http_requests[self.seen :]
        self.seen += len(requests)
        sent = json.dumps([one.json for one in requests if is_public(one)], ensure_ascii=False)
        for name, right in self.now.items():
            assert right or name not in sent, f"{name} has nothing and is named"


def is_public(request: simcord.HttpLogEntry) -> bool:
    return "/channels/" in request.path and request.method in {"POST", "PATCH"}


async def play(season: Season, rng: random.Random, skill: dict[str, float]) -> None:
    world = season.world
    season.now = dict.fromkeys(skill, 0)
    await world.start()
    await world.advance(LEAD)
    for _ in range(3):
        message, picks = world.question, {}
        for name, share in skill.items():
            picks[name] = rng.random() < share
            await world.answer(name, "Paris" if picks[name] else "Lyon", message)
        season.check()
        for name, right in picks.items():
            season.now[name] += right
            season.ever[name] = season.ever.get(name, 0) + right
        await world.close_question()
        season.check()
        await world.advance(PAUSE)
    season.check()


async def test_a_whole_season_names_nobody_for_having_nothing(tmp_path: Path) -> None:
    skill = {"Zoltan": 0.0, "Anastasia": 0.9, "Benedikt": 0.3, "Cemile": 0.0}
    quiz = quiz_file(*({"stem": f"{number}?"} for number in range(1, 4)))
    async with open_world(tmp_path, quiz=quiz, members=tuple(skill)) as world:
        await world.app.settings.change(world.server.id, "board_every", "1")
        season, rng = Season(world), random.Random(5)
        for scoring in ("accuracy", "speed", "accuracy"):
            await world.app.settings.change(world.server.id, "scoring", scoring)
            await play(season, rng, skill)
        assert season.ever["Anastasia"] > season.ever["Benedikt"] > 0
        for period in ("week", "month", "all time"):
            before = len(world.env.http_requests)
            await world.members["Anastasia"].slash(world.channel, "leaderboard", period=period)
            board = repr(world.env.http_requests[before:])
            assert "Anastasia" in board
            assert "Zoltan" not in board
            assert "Cemile" not in board
        before = len(world.env.http_requests)
        await world.members["Zoltan"].slash(world.channel, "leaderboard", period="all time")
        assert "0 of 9 points" in repr(world.env.http_requests[before:]), "whoever asks is told, privately"
