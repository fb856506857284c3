"""A year of schedules of every kind in four zones: each round once, at its local minute."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from bot.domain.round import Round, RoundRules
from bot.domain.schedule import RoundOptions, Source, SourceKind
from bot.domain.walltime import instant_of
from bot.services.library import Library
from bot.services.ports import NewRound
from bot.services.recurrence import Recurrence
from bot.services.rotation import Rotation
from bot.services.rounds import StartRequest
from bot.services.schedule_ports import NewSchedule
from bot.services.schedule_runner import ScheduleRunner
from bot.services.settings import SettingsService
from tests.builders import make_quiz
from tests.fakes import FakeAnnouncer, FakeScheduleStore, FakeStage, VirtualClock

SERVER, HOST = 1, 20
#: One hour of summer time, the same on other days, half an hour of it and the other way round, and none.
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")
YEAR = 2027
START = datetime(YEAR - 1, 12, 31, tzinfo=UTC)
END = datetime(YEAR + 1, 1, 1, tzinfo=UTC)
DAYS = [date(YEAR, 1, 1) + timedelta(days=number) for number in range(366)]
FRIDAY = date(YEAR, 1, 8)


def is_last_sunday(day: date) -> bool:
    return day.weekday() == 6 and (day + timedelta(days=7)).month != day.month


#: What a moderator says, on which days that is, and at which time: 02:30 is in the hour that changes.
KINDS: dict[str, tuple[str, date, time, Callable[[date], bool]]] = {
    "once": ("once", date(YEAR, 3, 28), time(2, 30), lambda day: day == date(YEAR, 3, 28)),
    "daily": ("daily", date(YEAR, 1, 1), time(2, 30), lambda _: True),
    "weekdays": ("weekdays", date(YEAR, 1, 1), time(16), lambda day: day.weekday() < 5),
    "weekly": ("weekly", date(YEAR, 1, 3), time(1, 45), lambda day: day.weekday() == 6),
    "every two weeks": (
        "every two weeks",
        FRIDAY,
        time(16),
        lambda day: (day - FRIDAY).days in range(0, 999, 14),
    ),
    "monthly": ("monthly", FRIDAY, time(16), lambda day: day.weekday() == 4 and 8 <= day.day <= 14),
    "last Sunday": ("FREQ=MONTHLY;BYDAY=-1SU", date(YEAR, 1, 31), time(2), is_last_sunday),
}


class Minutes:
    """Every minute of the year in one zone: an oracle that knows nothing of gaps and folds."""

    def __init__(self, zone: ZoneInfo) -> None:
        first: dict[datetime, datetime] = {}
        minute = START
        while minute < END + timedelta(days=2):
            first.setdefault(minute.astimezone(zone).replace(tzinfo=None), minute)
            minute += timedelta(minutes=15)
        self._first, self._walls = first, sorted(first)

    def first_at_or_after(self, wall: datetime) -> datetime:
        """Return the first minute at which a clock on the wall shows this time, or a later one."""
        return self._first[self._walls[bisect_left(self._walls, wall)]]


def make_new(first: datetime, repeat: str, zone: str, channel_id: int) -> NewSchedule:
    recurrence = Recurrence.read(first, repeat, until=None, times=None)
    wall = recurrence.after(None)
    assert wall is not None
    return NewSchedule(
        server_id=SERVER,
        channel_id=channel_id,
        host_id=HOST,
        source=Source(SourceKind.QUIZ, "capitals"),
        options=RoundOptions(),
        zone=zone,
        first=recurrence.first,
        rule=recurrence.rule,
        next_wall=wall,
        next_at=instant_of(wall, ZoneInfo(zone)),
        ping_role_id=None,
        announce_minutes=0,
        has_event=False,
    )


class NothingSet:
    """A server that has decided nothing."""

    async def fetch_settings(self, server_id: int) -> dict[str, str]:
        return {}

    async def save_setting(self, server_id: int, name: str, value: str | None) -> None:
        """Nothing is kept."""


class NothingPlayed:
    """A server without a past."""

    async def fetch_last_played(self, server_id: int) -> dict[str, datetime]:
        return {}

    async def fetch_last_asked(self, server_id: int, quiz_id: str) -> dict[str, int]:
        return {}


class PlansOnly:
    """Plans rounds that nobody plays."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self.starts: dict[int, list[datetime]] = defaultdict(list)  #: by channel

    async def plan(self, request: StartRequest) -> NewRound:
        channel_id, now = request.channel_id or 0, self._clock.now()
        self.starts[channel_id].append(now)
        quiz = make_quiz()
        return NewRound(SERVER, channel_id, False, HOST, quiz, RoundRules(), (), now, now)

    def launch(self, played: Round) -> None:
        """Play nothing."""


async def test_every_round_of_a_year_starts_once_at_its_local_minute(
    record_property: Callable[[str, object], None],
) -> None:
    clock, store = VirtualClock(), FakeScheduleStore()
    clock.move_to(START)
    rounds = PlansOnly(clock)
    stage = FakeStage(clock)
    runner = ScheduleRunner(
        store=store,
        round_store=cast("Any", None),  # nothing is followed up
        rounds=rounds,
        rotation=Rotation(Library([make_quiz()]), NothingPlayed()),
        stage=stage,
        announcer=FakeAnnouncer(),
        settings=SettingsService(NothingSet(), stage),
        clock=clock,
    )
    expected: dict[int, list[datetime]] = {}
    rows = [f"{'zone':20} {'kind':16} {'rounds':>6}  {'on days of change (UTC)'}"]
    for zone in ZONES:
        minutes = Minutes(ZoneInfo(zone))
        for kind, (repeat, first, at, falls_on) in KINDS.items():
            channel_id = len(expected)
            await store.add(make_new(datetime.combine(first, at), repeat, zone, channel_id), most=100)
            walls = [datetime.combine(day, at) for day in DAYS if falls_on(day)]
            expected[channel_id] = [minutes.first_at_or_after(wall) for wall in walls]
            rows.append(row(zone, kind, expected[channel_id]))
    while (wake_at := await store.fetch_next_wake(clock.now())) is not None and wake_at < END:
        clock.move_to(wake_at)
        await runner.look()
    year = {channel_id: [at for at in starts if at < END] for channel_id, starts in rounds.starts.items()}
    assert year == {
        channel_id: [at for at in instants if at < END] for channel_id, instants in expected.items()
    }
    record_property("told", "\n".join(["a year of schedules, each round once and at its minute", *rows]))


def row(zone: str, kind: str, instants: list[datetime]) -> str:
    """Return a line of the table; on the days on which clocks change, with the minute."""
    tz = ZoneInfo(zone)

    def changes(at: datetime) -> bool:
        day = at.astimezone(tz).date()
        midnight = datetime.combine(day, time(), tz)
        return midnight.utcoffset() != (midnight + timedelta(days=1)).utcoffset()

    on_change = [f"{at:%d %b %H:%M}={at.astimezone(tz):%H:%M%z}" for at in instants if changes(at)]
    return f"{zone:20} {kind:16} {len(instants):>6}  {' '.join(on_change)}"
