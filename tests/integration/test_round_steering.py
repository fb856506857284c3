"""Moderators steer a round: where it plays, pause, resume, skip, stop, status."""

from datetime import timedelta

import discord
import simcord

from bot.text import leaderboard, results, rounds, steering
from tests.world import GRACE, LEAD, PAUSE, World, buttons, letter_of, texts

STANDINGS = (
    "SELECT player_id, score / 100.0, max_points / 100.0, answered, answer_ms FROM standings ORDER BY rank"
)


async def steer(world: World, step: str, channel: simcord.ChannelHandle | None = None) -> str:
    """Run `/round pause` and its kind; return the one private sentence that comes back."""
    result = await world.moderator.slash(channel or world.channel, f"round {step}")
    assert result.response is not None
    assert result.response.ephemeral
    assert not result.followups
    return result.response.content


def shown_in(channel: simcord.ChannelHandle) -> list[discord.Message]:
    return [
        one
        for one in channel.history()
        if not one.flags.ephemeral and one.type is discord.MessageType.default
    ]


# --- where it plays -----------------------------------------------------------------------------------


async def test_a_round_can_play_in_another_channel(world: World) -> None:
    other = world.server.create_text_channel("games")
    result = await world.start(channel=other)
    assert result.response is not None
    assert result.response.content == steering.round_started("Capitals", other.id)
    await world.advance(LEAD)
    assert not world.messages
    assert "question 1 of 3" in texts(shown_in(other)[-1])


async def test_a_round_can_play_in_a_thread_below_its_announcement(world: World) -> None:
    await world.start(thread=True)
    (announcement,) = shown_in(world.channel)
    assert rounds.announcement_in_thread() in texts(announcement)
    (thread,) = world.channel.threads
    assert thread.id == announcement.id, "the thread hangs at the announcement"
    assert thread.name == "Capitals"
    await world.advance(LEAD)
    for _ in range(3):
        message = shown_in(thread)[-1]
        letter = letter_of(
            message, next(key for key in ("Paris", "Canberra", "Ankara") if key in texts(message))
        )
        await world.members["Ana"].click(message, label=letter)
        await world.advance(20 + GRACE + PAUSE)
    titles = [texts(one) for one in shown_in(thread)]
    assert len(titles) == 4
    assert "the result ·" in titles[-1]
    assert results.tier_line("Expert", 80, 100, "Ana") in titles[-1]
    assert shown_in(world.channel) == [announcement]


async def test_a_round_in_a_thread_is_steered_from_the_thread_and_from_its_channel(world: World) -> None:
    await world.start(thread=True)
    (thread,) = world.channel.threads
    await world.advance(LEAD)
    assert await steer(world, "pause", thread) == steering.paused()
    assert await steer(world, "resume", world.channel) == steering.resumed()
    await world.stop(thread)
    assert world.rows("SELECT state FROM rounds") == [("stopped",)]


# --- pause and resume -----------------------------------------------------------------------------------


async def test_a_paused_question_keeps_the_time_it_had_left(world: World) -> None:
    opened = await start(world)
    await world.advance(5)
    await world.answer("Ana", "Paris")
    assert await steer(world, "pause") == steering.paused()
    assert rounds.question_paused() in texts(world.question)
    assert all(button.disabled for button in buttons(world.question))
    await world.advance(3600)
    assert rounds.question_paused() in texts(world.question), "a pause does not end by itself"
    assert await steer(world, "resume") == steering.resumed()
    closes_at = opened.created_at + timedelta(seconds=20 + 3600)
    assert rounds.question_open(closes_at, 1, extended=True) in texts(world.question)
    assert not any(button.disabled for button in buttons(world.question))
    assert world.question.id == opened.id
    await world.advance(10)
    await world.answer("Bo", "Paris")
    await world.advance(5)
    assert rounds.right_answer() not in texts(world.question)
    await world.advance(GRACE)
    assert rounds.right_answer() in texts(world.question)
    times = dict(world.rows("SELECT player_id, elapsed_ms FROM responses"))
    assert times == {world.members["Ana"].id: 5_000, world.members["Bo"].id: 15_000}, "a pause costs nobody"


async def test_a_question_that_was_paused_in_its_last_moment_gets_ten_seconds(world: World) -> None:
    await start(world)
    await world.advance(19)
    await steer(world, "pause")
    await world.advance(600)
    await steer(world, "resume")
    await world.advance(9.5)
    await world.answer("Ana", "Paris")
    assert rounds.right_answer() not in texts(world.question)
    await world.advance(0.5 + GRACE)
    assert rounds.right_answer() in texts(world.question)
    assert world.rows("SELECT elapsed_ms FROM responses") == [(19_500,)]


async def test_a_round_can_be_paused_before_its_first_question(world: World) -> None:
    await world.start()
    await world.advance(4)
    await steer(world, "pause")
    await world.advance(600)
    assert len(world.messages) == 1
    await steer(world, "resume")
    await world.advance(5.5)
    assert len(world.messages) == 1
    await world.advance(0.5)
    assert "question 1 of 3" in texts(world.question)


async def test_a_round_can_be_paused_between_two_questions(world: World) -> None:
    opened = await start(world)
    await world.close_question()
    await world.advance(3)
    await steer(world, "pause")
    await world.advance(600)
    assert world.question.id == opened.id
    assert rounds.right_answer() in texts(world.question), "what was revealed stays revealed"
    await steer(world, "resume")
    await world.advance(4.5)
    assert world.question.id == opened.id
    await world.advance(0.5)
    assert "question 2 of 3" in texts(world.question)


# --- skip -----------------------------------------------------------------------------------------------


async def test_a_question_that_is_skipped_while_open_counts_for_nobody(world: World) -> None:
    opened = await start(world)
    await world.advance(2)
    await world.answer("Ana", "Paris")
    await world.answer("Bo", "Lyon")
    assert await steer(world, "skip") == steering.skipped_question(1, 3, still_paused=False)
    assert world.question.id == opened.id
    assert rounds.question_skipped() in texts(world.question)
    assert rounds.right_answer() in texts(world.question)
    assert "nobody answered" not in texts(world.question)
    assert not buttons(world.question)
    for key in ("Canberra", "Ankara"):
        await world.next_question()
        await world.advance(4)
        await world.answer("Bo", key)
        await world.advance(16 + GRACE)
    await world.advance(PAUSE)
    bo = world.members["Bo"].id
    assert world.rows(STANDINGS) == [(bo, 2, 2, 2, 8_000)], "Ana answered the skipped question only"
    assert results.result_facts(1, 2, stopped=False) in texts(world.question)
    assert len(world.rows("SELECT * FROM responses")) == 4, "the log forgets nothing"
    opened = await world.members["Bo"].click(world.question, label=results.my_result_button())
    assert opened.response is not None
    assert "Paris" not in texts(opened.response.message)


async def test_skip_starts_an_announced_round_at_once(world: World) -> None:
    await world.start()
    await world.advance(1)
    await steer(world, "skip")
    assert "question 1 of 3" in texts(world.question)


async def test_skip_cuts_the_pause_after_a_reveal(world: World) -> None:
    await start(world)
    await world.close_question()
    await world.advance(1)
    await steer(world, "skip")
    assert "question 2 of 3" in texts(world.question)


async def test_two_skips_at_once_are_one(world: World) -> None:
    await start(world)
    await world.close_question()
    told = steering.skipped_wait(1, 3)
    assert await steer(world, "skip") == told
    await world.advance(0.5)
    assert await steer(world, "skip") == told
    assert "question 2 of 3" in texts(world.question)
    assert rounds.question_skipped() not in texts(world.question)
    await world.advance(1)
    assert await steer(world, "skip") == steering.skipped_question(2, 3, still_paused=False)


async def test_a_question_can_be_skipped_while_the_round_is_paused(world: World) -> None:
    await start(world)
    await world.answer("Ana", "Paris")
    await steer(world, "pause")
    assert await steer(world, "skip") == steering.skipped_question(1, 3, still_paused=True)
    assert rounds.question_skipped() in texts(world.question)
    assert rounds.right_answer() in texts(world.question)
    await world.advance(600)
    assert "question 1 of 3" in texts(world.question), "the pause goes on"
    await steer(world, "resume")
    await world.advance(PAUSE)
    assert "question 2 of 3" in texts(world.question)


async def test_skip_says_that_the_result_comes_after_the_last_reveal(world: World) -> None:
    await world.start_and_open(questions=1)
    await world.close_question()
    assert await steer(world, "skip") == steering.skipped_wait(1, 1)
    assert "the result" in steering.skipped_wait(1, 1)


# --- stop -----------------------------------------------------------------------------------------------


async def test_a_stopped_round_keeps_its_answers_but_not_on_the_leaderboard(world: World) -> None:
    await start(world)
    await world.advance(2)
    await world.answer("Ana", "Paris")
    await world.close_question(18)
    second = await world.next_question()
    await world.answer("Ana", "Canberra", second)
    await world.answer("Bo", "Canberra", second)
    done = await world.stop()
    assert done.response is not None
    assert texts(done.response.message) == steering.stopped()
    given_up, result = world.messages[-2:]
    assert given_up.id == second.id
    assert rounds.question_given_up() in texts(given_up)
    assert not buttons(given_up)
    assert rounds.right_answer() in texts(given_up), "whoever has thought about it reads the answer"
    assert "**Why:** It was built between Sydney and Melbourne." in texts(given_up)
    assert "stopped early ·" in texts(result)
    assert results.result_stopped() in texts(result)
    assert results.result_facts(1, 1, stopped=True) in texts(result)
    ana = world.members["Ana"].id
    assert world.rows(STANDINGS) == [(ana, 1, 1, 1, 2_000)], "the open question counts for nobody"
    assert len(world.rows("SELECT DISTINCT question_number, player_id FROM responses")) == 3
    assert world.rows("SELECT state FROM rounds") == [("stopped",)]
    board = await world.members["Ana"].slash(world.channel, "leaderboard", period="all time")
    assert board.response is not None
    assert leaderboard.leaderboard_empty() in texts(board.response.message)
    await world.advance(600)
    assert world.messages[-1].id == result.id, "nothing comes after the end"


async def test_a_round_stopped_before_its_first_question_ends_without_a_board(world: World) -> None:
    await world.start()
    await world.stop()
    await world.advance(60)
    announcement, result = world.messages
    assert "Three cities." in texts(announcement)
    assert results.result_nobody(0, 0) in texts(result)
    assert not buttons(result)
    assert not result.attachments


async def test_a_paused_round_can_be_stopped(world: World) -> None:
    await start(world)
    await world.answer("Ana", "Paris")
    await steer(world, "pause")
    await world.stop()
    assert texts(world.question).count("stopped early\n") == 1, "that no question counts was said above"
    assert rounds.question_given_up() in texts(world.messages[-2])
    assert world.rows(STANDINGS) == []


async def test_a_new_round_can_follow_in_the_same_channel(world: World) -> None:
    await start(world)
    await world.stop()
    await start(world)
    assert "question 1 of 3" in texts(world.question)
    assert world.rows("SELECT number, state FROM rounds ORDER BY number") == [(1, "stopped"), (2, "asking")]


async def start(world: World) -> discord.Message:
    """Start a round and wait for the very moment of its first question."""
    await world.start()
    await world.advance(LEAD)
    return world.question
