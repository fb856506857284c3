"""`/round status`: a private card that says where the round stands, with buttons that steer it."""

from datetime import timedelta
from typing import Any

import pytest
import simcord

from bot.text import refusals, rounds, steering
from bot.ui.custom_ids import SteerButton, Step
from bot.ui.moderators import TRUSTED_FOR
from tests.rig import forge_click, send_click
from tests.world import LEAD, PAUSE, World, buttons, texts


async def status(world: World, actor: simcord.MemberActor | None = None) -> Any:
    """Run `/round status`; return the private card."""
    result = await (actor or world.moderator).slash(world.channel, "round status")
    assert result.response is not None
    assert result.response.ephemeral
    return result.response


async def press(world: World, card: Any, label: str) -> str:
    """Press a button of a card; return what the card says then."""
    result = await world.moderator.click(card, label=label)
    assert result.response is not None
    assert result.response.id == card.id, "the card is changed in place"
    return texts(result.response.message)


def told(result: simcord.InteractionResult) -> str:
    """Return the last private sentence that came back."""
    said = result.followups[-1] if result.followups else result.response
    assert said is not None
    assert said.ephemeral
    return said.content or texts(said.message)


def labels(card: Any) -> list[str | None]:
    return [button.label for button in buttons(card.message)]


def state(world: World) -> str:
    return world.rows("SELECT state FROM rounds")[0][0]


# --- what it says -------------------------------------------------------------------------------------


async def test_the_card_tells_where_the_round_stands_and_for_how_long(world: World) -> None:
    await world.start()
    starts_at = world.messages[0].created_at + timedelta(seconds=LEAD)
    assert steering.status_announced(3, starts_at) in texts((await status(world)).message)
    await world.advance(LEAD)
    await world.answer("Ana", "Paris")
    await world.answer("Bo", "Lyon")
    await world.answer("Bo", "Paris")
    closes_at = world.question.created_at + timedelta(seconds=20)
    assert steering.status_asking(1, 3, closes_at, 20, 2) in texts((await status(world)).message)
    await world.advance(5)
    card = await status(world)
    assert steering.status_paused(1, 3, 15) in await press(world, card, steering.pause_button())
    await press(world, card, steering.resume_button())
    await world.close_question(15)
    goes_on_at = world.clock.now() + timedelta(seconds=PAUSE)
    assert steering.status_revealed(1, 3, goes_on_at) in texts((await status(world)).message)
    await world.next_question()
    assert "Question 2 of 3" in texts((await status(world)).message)


async def test_nothing_on_the_card_counts_on_when_it_is_over(world: World) -> None:
    await world.start()
    for seconds in (LEAD, 20, 0):  # announced, open, revealed
        shown = texts((await status(world)).message)
        assert ":T>" in shown
        assert ":R>" not in shown, "it would say that the question closes 5 minutes ago"
        await world.advance(seconds)


async def test_the_card_leads_to_what_the_round_shows_now(world: World) -> None:
    def target(card: Any) -> str | None:
        return next(button.url for button in buttons(card.message) if button.url)

    await world.start()
    assert target(await status(world)) == world.messages[0].jump_url
    await world.advance(LEAD)
    assert target(await status(world)) == world.question.jump_url


# --- what its buttons do ------------------------------------------------------------------------------


async def test_a_round_can_be_paused_and_resumed_from_the_card(world: World) -> None:
    await world.start_and_open()
    card = await status(world)
    assert labels(card)[:3] == [steering.pause_button(), steering.skip_button(), steering.stop_button()]
    assert steering.status_paused(1, 3, 19) in await press(world, card, steering.pause_button())
    assert state(world) == "paused"
    assert labels(card)[0] == steering.resume_button()
    assert "seconds left, until" in await press(world, card, steering.resume_button())
    assert state(world) == "asking"


async def test_skip_on_the_card_says_what_it_skipped(world: World) -> None:
    await world.start_and_open()
    card = await status(world)
    shown = await press(world, card, steering.skip_button())
    assert shown.startswith(steering.skipped_question(1, 3, still_paused=False))
    assert rounds.question_skipped() in texts(world.question)


@pytest.mark.parametrize("by", ["card", "command"])
async def test_stop_asks_once_and_can_be_taken_back(world: World, by: str) -> None:
    async def ask() -> Any:
        if by == "card":
            card = await status(world)
            await press(world, card, steering.stop_button())
            return card
        result = await world.moderator.slash(world.channel, "round stop")
        assert result.response is not None
        assert result.response.ephemeral
        return result.response

    await world.start_and_open()
    asked = await ask()
    assert labels(asked) == [steering.stop_for_good_button(), steering.keep_playing_button()]
    assert steering.what_stopping_means() in texts(asked.message)
    assert state(world) == "asking", "it has only asked"
    assert "Question 1 of 3" in await press(world, asked, steering.keep_playing_button())
    assert state(world) == "asking"
    asked = await ask()
    assert await press(world, asked, steering.stop_for_good_button()) == steering.stopped()
    assert state(world) == "stopped"


async def test_a_card_of_an_old_round_does_nothing_to_the_next_one(world: World) -> None:
    await world.start_and_open()
    card = await status(world)
    await world.stop()
    await world.start_and_open()
    for label in (steering.pause_button(), steering.skip_button(), steering.stop_button()):
        assert told(await world.moderator.click(card, label=label)) == refusals.round_ended()
    assert world.rows("SELECT state FROM rounds ORDER BY number") == [("stopped",), ("asking",)]


# --- who may ------------------------------------------------------------------------------------------

STEPS = [SteerButton(1, step).custom_id for step in Step]


async def test_nobody_steers_by_a_forged_button(world: World) -> None:
    message = await world.start_and_open()
    receipt = await world.answer("Ana", "Paris")
    assert receipt.response is not None
    for custom_id in STEPS:
        for place in (message, receipt.response.message):
            forged = await forge_click(world.members["Ana"], place, custom_id)
            assert told(forged) == refusals.may_not_steer(), custom_id
    assert state(world) == "asking"
    assert "question 1 of 3" in texts(world.question)


async def test_whoever_started_the_round_may_steer_it(world: World) -> None:
    await world.start_and_open()
    card = await status(world)
    await press(world, card, steering.pause_button())
    await world.advance(TRUSTED_FOR / timedelta(seconds=1) + 1)
    world.env.backend.get_guild(world.server.id).members[world.moderator.id].role_ids.clear()
    await press(world, card, steering.resume_button())
    assert state(world) == "asking"


async def test_a_moderator_who_forges_a_button_leaves_public_cards_as_they_are(world: World) -> None:
    message = await world.start_and_open()
    before = texts(message)
    result = await forge_click(world.moderator, message, SteerButton(1, Step.LOOK).custom_id)
    assert "Question 1 of 3" in told(result)
    assert texts(world.question) == before


async def test_whom_the_server_s_integrations_allow_may_use_their_own_card_for_a_while(world: World) -> None:
    ana = world.members["Ana"]
    (command,) = [one for one in await world.app.bot.tree.fetch_commands() if one.name == "round"]
    world.server.set_command_permissions(command, {ana: True})
    await world.start_and_open(seconds=300)
    card = await status(world, ana)
    await ana.click(card, label=steering.pause_button())
    assert state(world) == "paused"
    sent = send_click(world.members["Bo"], card.message, SteerButton(1, Step.RESUME).custom_id)
    assert told(await sent.arrive()) == refusals.may_not_steer(), "the card of somebody else"
    await world.advance(TRUSTED_FOR / timedelta(seconds=1) + 1)
    assert told(await ana.click(card, label=steering.resume_button())) == refusals.may_not_steer()
    assert state(world) == "paused"
