"""What is requested for a schedule, and what a schedule requests for its rounds."""

from dataclasses import dataclass

from bot.domain.schedule import RoundOptions, Schedule, Source
from bot.services.recurrence import Recurrence
from bot.services.rounds import StartRequest


@dataclass(frozen=True, slots=True)
class AddRequest:
    """What a moderator asks for."""

    server_id: int
    channel_id: int
    host_id: int
    source: Source
    recurrence: Recurrence
    zone: str
    options: RoundOptions
    ping_role_id: int | None
    announce_minutes: int
    has_event: bool
    host_may_mention: bool  #: whether whoever asks may mention every role


def start_request(schedule: Schedule, quiz_id: str, *, scheduled: bool) -> StartRequest:
    """Return what a schedule asks the round service for."""
    options = schedule.options
    return StartRequest(
        server_id=schedule.id.server_id,
        channel_id=schedule.channel_id,
        host_id=schedule.host_id,
        quiz=quiz_id,
        seconds=options.seconds,
        questions=options.questions,
        scoring=options.scoring,
        thread=options.thread,
        scheduled=scheduled,
    )
