"""Every sentence that a user reads, as functions with typed arguments.

Arguments that a person wrote (names, quiz texts) arrive escaped. Names and descriptions of slash
commands stand at the command, where readers of discord.py look for them.
"""

from collections.abc import Sequence
from datetime import datetime


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: "1 player", "2 players"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def seconds(milliseconds: int) -> str:
    """Return a duration in seconds with one decimal."""
    return f"{milliseconds / 1000:.1f} s"


def thousands(number: int) -> str:
    """Return a number with thin spaces between thousands."""
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def moment(at: datetime) -> str:
    """Return an instant that every reader's Discord shows as "in 20 seconds"."""
    return f"<t:{int(at.timestamp())}:R>"


def enumeration(items: Sequence[str]) -> str:
    """Return "a", "a and b" or "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


# --- a round's cards ------------------------------------------------------------------------------


def announcement_facts(questions: int, least_seconds: int, most_seconds: int) -> str:
    """How long a round is."""
    each = f"{least_seconds}" if least_seconds == most_seconds else f"{least_seconds} to {most_seconds}"
    return f"{count(questions, 'question')} · {each} seconds each"


def announcement_scoring(scoring: str) -> str:
    """What counts in a round."""
    return {
        "accuracy": "Right answers count; speed only breaks ties.",
        "speed": "Right answers count, and faster ones count more.",
    }[scoring]


def announcement_start(at: datetime) -> str:
    """When the first question comes."""
    return f"Answer with the buttons; only you see what you chose.\nFirst question {moment(at)}."


def announcement_in_thread() -> str:
    """Where the round plays."""
    return "The round plays in the thread below this message."


def penalty(points: int) -> str:
    """What a wrong answer costs."""
    return f"A wrong answer costs {count(points, 'point')}; not answering costs nothing."


def first_answer_locks() -> str:
    """That answers cannot be changed."""
    return "The first answer counts and cannot be changed."


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
        parts.append("goes on after an interruption")
    return " · ".join(parts)


def question_paused() -> str:
    """The small print below a question while the round is paused."""
    return "paused · answers so far are kept"


def question_given_up() -> str:
    """The small print below a question that was open when the round was stopped."""
    return "the round was stopped · this question does not count"


def right_answer() -> str:
    """The mark of the key."""
    return "✅\N{NO-BREAK SPACE}**right\N{NO-BREAK SPACE}answer**"


def reveal_header(header: str, correct: int, answered: int) -> str:
    """The small print above a revealed question."""
    return f"{header} · {correct} of {answered} right" if answered else f"{header} · nobody answered"


def skipped() -> str:
    """That a revealed question does not count."""
    return "Skipped by a moderator: this question counts for nobody."


def why(explanation: str) -> str:
    """The explanation, introduced."""
    return f"**Why:** {explanation}"


def standing_heading(number: int, total: int) -> str:
    """Above the standing so far."""
    return f"**Standing after {number} of {total}**"


def standing_line(rank: int, names: str, score: str) -> str:
    """One rank of the standing so far; the dot is escaped, or Discord would number the lines itself."""
    return f"{rank}\\. {names} · {score}"


def standing_empty() -> str:
    """A standing in which nobody has points."""
    return "Nobody has points yet."


def next_question(at: datetime) -> str:
    """When the round goes on."""
    return f"next question {moment(at)}"


def result_follows(at: datetime) -> str:
    """When the final card comes."""
    return f"that was the last one · the result comes {moment(at)}"


def result_facts(players: int, questions: int, *, stopped: bool) -> str:
    """The small print of the final card: what it is, and who took part in what."""
    kind = "stopped early" if stopped else "the result"
    return f"{kind} · {board_facts(players, questions)}"


def board_facts(players: int, questions: int) -> str:
    """Who took part in what."""
    return f"{count(players, 'player')} · {count(questions, 'question')}"


def result_stopped() -> str:
    """What becomes of a stopped round."""
    return "The answers are kept, but a stopped round does not count on the leaderboard."


def result_nobody(questions: int) -> str:
    """What a round without standings says."""
    return "Nobody answered this time." if questions else "No question was played to its end."


def tier_line(name: str, from_percent: int, to_percent: int, members: str) -> str:
    """Who reached a tier."""
    return f"**{name}** · {from_percent} to {to_percent} %\n{members}"


def and_more(number: int) -> str:
    """That a list goes on."""
    return f"{number} more"


def my_result_button() -> str:
    """The label of the button on the final card."""
    return "My result"


# --- boards ---------------------------------------------------------------------------------------


def board_alt_text(title: str, rows: Sequence[tuple[int, str, str, str]]) -> str:
    """The same facts as the drawn board: rank, name, score and detail of each row."""
    lines = [f"{rank}. {name}: {score} ({detail})" for rank, name, score, detail in rows]
    return "\n".join([title, *lines])


def score_of(points: int, max_points: int) -> str:
    """Points out of all that could be reached."""
    return f"{points} of {max_points}"


def leaderboard_title(period: str, quiz: str | None) -> str:
    """What a leaderboard sums up."""
    name = {"week": "This week", "month": "This month", "all time": "All time"}[period]
    return f"{name} · {quiz}" if quiz else name


def leaderboard_subtitle() -> str:
    """How a leaderboard ranks."""
    return "points for right answers in finished rounds · ties go to the faster"


def leaderboard_empty() -> str:
    """That nothing was played."""
    return "No finished round in this time yet. A moderator starts one with `/round start`."


def own_rank(rank: int, points: int, max_points: int, rounds: int) -> str:
    """Where the person who asked stands."""
    return f"You are number **{rank}**: {score_of(points, max_points)} points in {count(rounds, 'round')}."


def no_own_rank() -> str:
    """That the person who asked has not played."""
    return "You have not played a round in this time yet."


def leaderboard_detail(rounds: int, points: int, max_points: int) -> str:
    """How a player's points came about."""
    percent = round(100 * points / max_points) if max_points else 0
    return f"{count(rounds, 'round')} · {percent} % right"


# --- the library and help ---------------------------------------------------------------------------


def quiz_list_heading() -> str:
    """Above the list of quizzes."""
    return "## Quizzes"


def quiz_line(title: str, quiz_id: str, questions: int) -> str:
    """One quiz in the list."""
    return f"- {title} · {count(questions, 'question')} · `{quiz_id}`"


def no_quizzes() -> str:
    """An empty list."""
    return "No quiz matches. `/quiz list` without a category shows them all."


def quizzes_hidden(number: int) -> str:
    """That the list is cut short."""
    return f"and {number} more: narrow it down with a category"


def tiers(names: Sequence[tuple[str, int]]) -> str:
    """The tiers of a quiz: name and from which percentage."""
    return "Tiers: " + " · ".join(f"{name} from {percent} %" for name, percent in names)


def how_to_start(quiz_id: str) -> str:
    """How a quiz gets played."""
    return f"A moderator starts a round with `/round start quiz:{quiz_id}`."


def help_round() -> str:
    """How a round goes."""
    return (
        "## How a round goes\n"
        "Each question stays open for the same time for everybody. Press a letter to answer; only you see "
        "what you chose, and you can change it until the question closes. Then the right answer and the "
        "reason for it appear. What counts is knowing, not being first: speed only breaks ties, unless the "
        "announcement says otherwise.\n"
        "At the end come the tiers, the leaderboard and, behind *My result*, your private report."
    )


def help_commands() -> str:
    """What everybody can do."""
    return (
        "### For everybody\n"
        "`/quiz list` shows the quizzes, `/quiz info` tells more about one.\n"
        "`/leaderboard` shows the best of this server, and where you stand.\n"
        "`/help` shows this."
    )


def help_moderators() -> str:
    """What moderators can do."""
    return (
        "### For moderators\n"
        "`/round start` begins a round here or in another channel, in a thread if you like.\n"
        "`/round status`, `pause`, `resume`, `skip` and `stop` steer it. A skipped question counts for "
        "nobody; a stopped round keeps its answers but does not count on the leaderboard.\n"
        "`/schedule add` lets rounds start by themselves; `/schedule list` shows them, and `skip-next`, "
        "`pause`, `resume`, `run-now` and `remove` look after them.\n"
        "`/settings` shows and changes what holds here if a command says nothing: time, channel, scoring.\n"
        "-# These need the permission Manage Events, or what your server's settings say under Integrations."
    )


# --- private answers ------------------------------------------------------------------------------


def receipt(letter: str, *, locked: bool) -> str:
    """What was recorded for a player."""
    if locked:
        return f"Your answer: **{letter}**. It is recorded and final."
    return f"Your answer: **{letter}**. You can change it while the question is open."


def report_summary(*, rank: int, players: int, score: str, correct: int, questions: int, tier: str) -> str:
    """A player's result in one line; the score only if it says more than the number of right answers."""
    right = f"{correct} of {questions}"
    parts = [
        f"**{tier}**",
        f"rank {rank} of {players}",
        *([score] if score != right else []),
        f"{right} right",
    ]
    return " · ".join(parts)


def report_answer(letter: str, option: str, *, correct: bool) -> str:
    """What a player chose."""
    return f"{'✅' if correct else '❌'} You chose **{letter}**: {option}"


def report_no_answer() -> str:
    """That a player chose nothing."""
    return "➖ You did not answer."


def report_key(letter: str, option: str) -> str:
    """What would have been right."""
    return f"Right: **{letter}**: {option}"


def page(number: int, total: int) -> str:
    """Where one is in a report of several pages."""
    return f"page {number} of {total}"


# --- moderators -----------------------------------------------------------------------------------


def round_started(title: str, channel_id: int) -> str:
    """That a round begins."""
    return f"**{title}** starts in <#{channel_id}>. `/round pause`, `skip` and `stop` steer it from there."


def round_step_done(step: str) -> str:
    """That a command took effect."""
    return {
        "pause": "Paused. `/round resume` goes on with the time that was left.",
        "resume": "The round goes on.",
        "skip": "Skipped.",
        "stop": "Stopped. The answers so far are kept.",
    }[step]


def round_status(title: str, state: str, number: int, total: int, answered: int) -> str:
    """Where a round stands."""
    where = {
        "announced": f"about to start, {count(total, 'question')}",
        "asking": f"question {number} of {total} is open, {count(answered, 'answer')} so far",
        "revealed": f"question {number} of {total} has been revealed",
        "paused": f"paused at question {number} of {total}" if number else "paused before the first question",
    }[state]
    return f"**{title}** · {where}"


def notice(kind: str, title: str, place_id: int) -> str:
    """Why a round does not go on, for whoever started it."""
    what = {
        "paused_place_closed": "is paused: I may not write there any more. Give me back View Channel, Send "
        "Messages and Attach Files, then use `/round resume` there.",
        "stopped_place_gone": "has ended: its channel or thread is gone.",
        "stopped_refused": "has ended: Discord refused one of its messages. The log has the details.",
        "no_result_card": "is over, but I may not post its result there.",
    }[kind]
    return f"Your round **{title}** in <#{place_id}> {what} All answers are kept."


def notice_in_log(host_id: int, sentence: str) -> str:
    """A notice where all moderators read it: whom it is for, then what that person is told."""
    return f"<@{host_id}>: {sentence}"


# --- server settings ------------------------------------------------------------------------------


def settings_heading() -> str:
    """Above a server's settings."""
    return "## Settings of this server\nThey hold for rounds that start from now on."


def setting_line(title: str, value: str) -> str:
    """One setting with its value."""
    return f"**{title}** · {value}"


def own_pause(unset: str, seconds: int) -> str:
    """The pause of a server that has none of its own."""
    return f"{unset}, {count(seconds, 'second')}"


def setting_changed(title: str, value: str) -> str:
    """That a setting has a new value."""
    return f"✅ **{title}** is now: {value}"


def change_a_setting() -> str:
    """What the menu of settings is for."""
    return "Change a setting"


def empty_for(value: str) -> str:
    """What a form's empty field means."""
    return f"empty: {value}"


def bad_setting(title: str, given: str, wanted: str) -> str:
    """A setting cannot have this value."""
    return f"**{title}** cannot be “{given}”. {wanted} Nothing was changed."


def wanted_number(least: int, most: int, example: int) -> str:
    """What a number may be."""
    return f"It is a whole number from {least} to {most}, for example `{example}`."


def wanted_choice(keys: Sequence[str]) -> str:
    """What a choice may be."""
    return f"It is one of {enumeration([f'`{key}`' for key in keys])}, for example `{keys[0]}`."


def wanted_time_zone(suggestions: Sequence[str], example: str) -> str:
    """What a time zone may be."""
    if suggestions:
        return f"Did you mean {' or '.join(f'`{one}`' for one in suggestions)}?"
    return f"Name it by its region and city, for example `{example}`, or by its city alone."


def wanted_channel() -> str:
    """What a channel may be."""
    return "Choose one of this server's channels, for example the one that you are in."


# --- what can go wrong ----------------------------------------------------------------------------


def quiz_not_found(query: str, suggestions: Sequence[str]) -> str:
    """No such quiz."""
    hint = f" Did you mean {' or '.join(f'`{one}`' for one in suggestions)}?" if suggestions else ""
    return f"There is no quiz “{query}”.{hint} `/quiz list` shows them all."


def round_already_open(channel_id: int) -> str:
    """One round a channel."""
    return f"<#{channel_id}> has a round already. Wait for its end, or end it with `/round stop`."


def no_round_here(channel_id: int) -> str:
    """Nothing to steer."""
    return f"<#{channel_id}> has no open round. `/round start` begins one."


def step_not_possible(step: str, state: str) -> str:
    """The round's state does not allow a command."""
    if step == "resume":
        return "The round is not paused, so there is nothing to resume."
    if step == state[: len(step)]:
        return f"The round is {state} already."
    if state == "paused":
        return f"The round is paused. `/round resume` it before you {step} it."
    return f"The round is {state}, so you cannot {step} it now."


def missing_permissions(channel_id: int, permissions: Sequence[str]) -> str:
    """The bot may not play here."""
    names = enumeration([f"**{name}**" for name in permissions])
    return f"I cannot play in <#{channel_id}>: I need {names} there. Nothing was posted."


def not_a_round_channel(channel_id: int) -> str:
    """The channel is of the wrong kind or not visible."""
    where = "Rounds play in text channels and threads that I can see"
    return f"{where}; <#{channel_id}> is not one. Nothing was posted."


def default_channel_gone(channel_id: int) -> str:
    """The default channel was deleted, or hidden from the bot."""
    return (
        f"This server's default channel, <#{channel_id}>, is gone or hidden from me. Name a channel, or "
        "choose another default with `/settings`. Nothing was posted."
    )


def notices_not_allowed(channel_id: int, permissions: Sequence[str]) -> str:
    """The bot may not post notices here."""
    names = enumeration([f"**{name}**" for name in permissions])
    return f"I cannot post notices in <#{channel_id}>: I need {names} there. Nothing was changed."


def not_a_notice_channel(channel_id: int) -> str:
    """The channel is of the wrong kind or not visible."""
    where = "Notices go into text channels and threads that I can see"
    return f"{where}; <#{channel_id}> is not one. Nothing was changed."


def panel_expired() -> str:
    """A panel that is too old to be used."""
    return "These settings were opened a while ago. Run `/settings` again to change them."


def question_closed() -> str:
    """Too late."""
    return "This question is closed; your answer came after its time and was not recorded."


def round_over() -> str:
    """An old button."""
    return "This round is over. Nothing was recorded."


def round_paused() -> str:
    """A click during a pause."""
    return "The round is paused. Nothing was recorded; answer again when it goes on."


def unknown_button() -> str:
    """A forged or foreign button."""
    return "This button does not belong to a question that I asked here. Nothing was recorded."


def answer_locked(letter: str) -> str:
    """A second answer where the first counts."""
    return f"In this quiz the first answer counts, and yours is **{letter}**."


def not_recorded() -> str:
    """The database failed."""
    return "Your answer was **not** recorded. Please click again."


def no_result() -> str:
    """The player was not there."""
    return "You did not answer a question of this round, so there is no result for you."


def shutting_down() -> str:
    """The bot restarts."""
    return "I am restarting and begin nothing new. Try again in a minute; open rounds go on."


def unexpected(reference: str) -> str:
    """A defect of ours."""
    return f"Something went wrong on my side. The log has the details under `{reference}`."
