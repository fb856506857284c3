"""Every sentence about a running round: its cards, the answers to its buttons, and notices to its host."""

from collections.abc import Sequence
from datetime import datetime

from bot.text.phrases import clock_time, count, enumeration, exact_time, full_moment, moment, points

# --- the announcement -----------------------------------------------------------------------------


def announcement_facts(questions: int, least_seconds: int, most_seconds: int, in_all: int) -> str:
    """How long a round is, in questions, in seconds for each, and in seconds altogether."""
    seconds = f"{least_seconds}" if least_seconds == most_seconds else f"{least_seconds} to {most_seconds}"
    each = " each" if questions > 1 else ""
    return f"{count(questions, 'question')} · {seconds} seconds{each} · {_length(in_all)}"


def _length(seconds: int) -> str:
    minutes = round(seconds / 60)
    return f"about {minutes} minutes" if minutes > 1 else "about a minute"


def announcement_scoring(scoring: str) -> str:
    """What counts in a round."""
    return {
        "accuracy": "Right answers count; speed only breaks ties.",
        "speed": "Right answers count, and faster ones count more.",
    }[scoring]


def announcement_start(at: datetime) -> str:
    """When the first question comes."""
    return f"Answer with the buttons; only you see what you chose.\nFirst question {moment(at)}."


def announcement_started(at: datetime) -> str:
    """When the first question came."""
    return f"Started at {clock_time(at)}."


def announcement_interrupted(*, stopped: bool) -> str:
    """That the first question is not coming, or not yet."""
    return "Stopped before the first question." if stopped else "Paused before the first question."


def announcement_in_thread() -> str:
    """Where the round plays."""
    return "The round takes place in the thread below this message."


def thread_lost() -> str:
    """Why a round is not in a thread, as was asked."""
    return "I could not open a thread, so the round takes place here."


def penalty(points: int) -> str:
    """What a wrong answer costs."""
    return f"A wrong answer costs {count(points, 'point')}; not answering costs nothing."


def first_answer_locks() -> str:
    """That answers cannot be changed."""
    return "The first answer counts and cannot be changed."


def join_button(number: int) -> str:
    """Says that somebody will play."""
    return f"I'm in · {number}" if number else "I'm in"


def start_now_button() -> str:
    """Starts the round at once."""
    return "Start now"


def joined(number: int) -> str:
    """That somebody will play."""
    others = f"{count(number, 'player')} so far" if number > 1 else "you are the first"
    return f"You're in: {others}. Press again if you can't make it."


def left() -> str:
    """That somebody will not play after all."""
    return "You're no longer in. You can still play: just answer."


# --- the question ---------------------------------------------------------------------------------


def question_header(title: str, number: int, total: int) -> str:
    """The small print above a question."""
    return f"{title} · question {number} of {total}"


def worth(points: int) -> str:
    """What a question is worth if it is not one point."""
    return "for fun, no points" if points == 0 else count(points, "point")


def question_open(closes_at: datetime, answered: int, *, extended: bool) -> str:
    """The small print below an open question."""
    parts = [f"closes {moment(closes_at)}"]
    if answered:
        parts.append(f"{answered} {'has' if answered == 1 else 'have'} answered")
    if extended:
        parts.append("extended after an interruption")
    return " · ".join(parts)


def question_paused() -> str:
    """The small print below a question while the round is paused."""
    return "paused · answers so far are kept"


def question_given_up() -> str:
    """The small print below a question that was open when the round was stopped."""
    return "the round was stopped · this question counts for nobody"


def question_skipped() -> str:
    """The small print below a question that was open when a moderator skipped it."""
    return "skipped by a moderator · this question counts for nobody"


def receipt(given: str, *, locked: bool) -> str:
    """What was recorded for a player."""
    after = "It is final." if locked else "You can change it while the question is open."
    return f"{_your_answer(given)}\n-# {after}"


def _your_answer(given: str) -> str:
    return f"Your answer: {given}"


def judged_receipt(given: str, verdict: str, standing: str) -> str:
    """What a receipt says after the reveal."""
    return f"{_your_answer(given)}\n{verdict}\n-# {standing}"


def was_right(earned: int) -> str:
    """That an answer was right, and what it earned, in hundredths."""
    return (
        f"✅ **Right** · +{points(earned, grouped=True)}" if earned else "✅ **Right** · for fun, no points"
    )


def was_wrong(lost: int) -> str:
    """That an answer was wrong, and what it cost, in hundredths."""
    return f"❌ **Wrong** · −{points(lost, grouped=True)}" if lost else "❌ **Wrong**"


def where_you_stand(score: str, rank: int, players: int) -> str:
    """A player's place so far."""
    return f"{score} so far · rank {rank} of {players}"


# --- the reveal -----------------------------------------------------------------------------------


def right_answer() -> str:
    """The mark of the key."""
    return "✅"


def share(number: int, total: int) -> str:
    """How many chose an option: "25 % · 1"."""
    return f"{round(100 * number / total)} % · {number}".replace(" ", "\N{NO-BREAK SPACE}")


def reveal_header(header: str, correct: int, answered: int) -> str:
    """The small print above a revealed question."""
    return f"{header} · {correct} of {answered} right" if answered else f"{header} · nobody answered"


def standing_heading(number: int, total: int) -> str:
    """Above the standing so far."""
    return f"**Standing after {number} of {total}**"


def standing_line(rank: int, names: str, score: str) -> str:
    """One rank of the standing so far; the dot is escaped, or Discord would number the lines itself."""
    return f"{rank}\\. {names} · {score}"


def standing_empty() -> str:
    """A standing in which nobody has any points."""
    return "Nobody has any points yet."


def next_question(at: datetime) -> str:
    """When the round continues; this card is not edited again, so it does not count down."""
    return f"next question at {exact_time(at)}"


def result_follows() -> str:
    """That the final card is next."""
    return "that was the last question · the result follows"


# --- what its host reads --------------------------------------------------------------------------


def notice(kind: str, title: str, place_id: int, obstacle: str) -> str:
    """Why a round cannot continue, for whoever started it."""
    if kind == "database_lost":
        return (
            f"Your round **{title}** in <#{place_id}> has halted: my data file was deleted or replaced, so I "
            "cannot save any more answers. Please tell whoever runs me."
        )
    what = {
        "paused_place_closed": f"is paused, because {obstacle}. Once that is sorted out, use `/round "
        "resume` there.",
        "stopped_place_gone": "has ended: its channel or thread is gone.",
        "stopped_refused": "has ended: Discord refused one of its messages. The log has the details.",
        "result_held": f"is over, but its result has to wait, because {obstacle}. I will post it later.",
    }[kind]
    return f"Your round **{title}** in <#{place_id}> {what} All answers are kept."


def lacks_permissions(permissions: Sequence[str]) -> str:
    """What keeps the bot from posting: permissions."""
    return f"I need {enumeration([f'**{name}**' for name in permissions])} there"


def sits_in_time_out(until: datetime) -> str:
    """What keeps the bot from posting: a time-out."""
    return f"I am timed out on this server until {full_moment(until)}"


def may_not_post() -> str:
    """What keeps the bot from posting, if the reason is unknown."""
    return "I may not post there any more"


def notice_in_log(host_id: int, sentence: str) -> str:
    """A notice that all moderators can read: whom it is for, then what that person is told."""
    return f"<@{host_id}>: {sentence}"
