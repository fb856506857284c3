"""What a setting can be, and how it is read back from what was written."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.round import Scoring
from bot.domain.settings import (
    SETTINGS,
    BadSetting,
    Number,
    ServerSettings,
    find_time_zone,
    parse,
    time_zones,
    write,
)

NUMBERS = [one for one in SETTINGS.values() if isinstance(one.kind, Number)]


def test_the_defaults_are_those_that_others_rely_on() -> None:
    usual = ServerSettings()
    assert usual == ServerSettings("UTC", None, None, 20, None, Scoring.ACCURACY, False, 0, True, 15)
    assert [one.default for one in SETTINGS.values()] == [getattr(usual, name) for name in SETTINGS]


@pytest.mark.parametrize("declared", NUMBERS, ids=lambda one: one.name)
def test_the_bounds_themselves_can_be_had_and_nothing_beyond(declared: Any) -> None:
    kind = declared.kind
    for number in (kind.least, kind.example, kind.most):
        assert parse(declared.name, str(number)) == number
    for number in (kind.least - 1, kind.most + 1):
        with pytest.raises(BadSetting) as caught:
            parse(declared.name, str(number))
        assert (caught.value.name, caught.value.given) == (declared.name, str(number))


def test_what_is_written_is_read_back_as_it_was() -> None:
    values = ServerSettings("Asia/Tokyo", 5, 6, 30, 0, Scoring.SPEED, True, 3, False, 0)
    for settings in (values, ServerSettings()):
        for name in SETTINGS:
            value = getattr(settings, name)
            assert parse(name, write(name, value)) == value


def test_nothing_typed_is_the_default() -> None:
    for name, declared in SETTINGS.items():
        assert parse(name, "  ") == declared.default


@given(st.sampled_from(sorted(SETTINGS)), st.text(max_size=40))
def test_whatever_is_typed_is_a_value_or_refused(name: str, typed: str) -> None:
    with contextlib.suppress(BadSetting):
        value = parse(name, typed)
        assert parse(name, write(name, value)) == value


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("berlin", "Europe/Berlin"),
        ("New York", "America/New_York"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_may_be_typed_by_its_city(typed: str, meant: str) -> None:
    assert find_time_zone(typed) == meant


@pytest.mark.parametrize("typed", ["GMT+1", "utc-5", "localtime", "Factory", "Europe", "x"])
def test_a_zone_that_could_mean_the_wrong_hour_is_not_taken(typed: str) -> None:
    with pytest.raises(BadSetting) as caught:
        parse("time_zone", typed)
    assert not any(one.startswith("Etc/") for one in caught.value.suggestions)
    assert set(caught.value.suggestions) <= set(time_zones().values())
