"""The time of a round where the machine's clock is wrong, and Discord's is known from what was posted."""

from datetime import datetime, timedelta

import pytest

from bot.services.round_clock import RoundClock
from tests.fakes import VirtualClock


class WrongClock(VirtualClock):
    """A machine's clock that somebody has set wrong."""

    def __init__(self, wrong: timedelta) -> None:
        super().__init__()
        self._wrong = wrong

    def now(self) -> datetime:
        return self.true_now() + self._wrong

    def true_now(self) -> datetime:
        return super().now()


wrong_by = pytest.mark.parametrize("minutes", [-10, 0, 10])


@wrong_by
def test_a_quick_post_tells_the_time(minutes: int) -> None:
    machine = WrongClock(timedelta(minutes=minutes))
    clock = RoundClock(machine)
    posted_at, begun = machine.true_now(), clock.seconds()
    machine.stall(0.5)
    clock.follow(posted_at, begun)
    machine.stall(60)
    behind = machine.true_now() - clock.now()
    assert behind == timedelta(seconds=0.5), "never ahead, or players would lose time"


@wrong_by
@pytest.mark.parametrize("waited", [0, 15, 30])
def test_a_post_that_took_long_tells_between_which_instants_it_is(minutes: int, waited: int) -> None:
    machine = WrongClock(timedelta(minutes=minutes))
    clock = RoundClock(machine)
    posted_at, begun = machine.true_now() + timedelta(seconds=waited), clock.seconds()
    machine.stall(30)
    clock.follow(posted_at, begun)
    off = abs(machine.true_now() - clock.now())
    assert off <= timedelta(seconds=30 if minutes else 0), "a clock that is right stays right"
