"""Which days a rule gives, after RFC 5545, 3.3.10.

Evaluated by a few lines of our own, month by month, rather than by dateutil, which steps from candidate to
candidate until the year 9999, and which UNTIL stops only if a rule has dates at all:
FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30 kept it busy for 12 seconds. Here a month's days are sets of numbers that
are intersected, a search ends ten years on, and it begins in the period of the day that was asked about, so
that neither rare nor old rules cost anything. Tests compare the two.
"""

from calendar import isleap, monthrange
from collections.abc import Iterator
from dataclasses import replace
from datetime import MAXYEAR, date, timedelta
from itertools import count

from bot.services.rule_text import RuleParts

#: How far the end may be, and how long a rule may pause before we call it over.
HORIZON_YEARS = 10


def days_of(parts: RuleParts, first: date, seek: date) -> Iterator[date]:
    """Yield the days that match, from the period of `seek` on, until nothing has come for ten years.

    Args:
        parts: the rule; its `until` ends the search, its `times` does not.
        first: the day from which it is counted; no day before it comes.
        seek: where to begin.
    """
    whole = filled(parts, first)
    give_up = years_after(seek)
    for year, months in _periods(whole, first, seek):
        if year > give_up.year or (begin := date(year, months[0], 1)) > give_up:
            return
        if parts.until is not None and begin > parts.until.date():
            return
        wanted = [month for month in months if not whole.months or month in whole.months]
        days = [day for month in wanted for day in _days_of_month(whole, year, month, first)]
        for day in _at_positions(days, whole.positions):
            if day >= first:
                give_up = years_after(day)
                yield day


def years_after(day: date) -> date:
    """Return the day on which to give up searching; dates end with the year 9999."""
    return date(min(day.year + HORIZON_YEARS, MAXYEAR - 1), day.month, min(day.day, 28))


def filled(parts: RuleParts, first: date) -> RuleParts:
    """Fill in what a rule leaves out from its first day (RFC 5545, 3.3.10, "Information, not contained")."""
    if parts.freq == "DAILY" or parts.weekdays or parts.month_days or parts.year_days:
        return parts
    if parts.freq == "WEEKLY":
        return replace(parts, weekdays=((0, first.weekday()),))
    months = parts.months if parts.freq == "MONTHLY" else parts.months or (first.month,)
    return replace(parts, months=months, month_days=(first.day,))


def _periods(parts: RuleParts, first: date, seek: date) -> Iterator[tuple[int, range]]:
    """Yield years with the months to look at together; days and weeks are counted within their months."""
    if parts.freq == "YEARLY":
        for year in count(seek.year - (seek.year - first.year) % parts.interval, parts.interval):
            yield year, range(1, 13)
    step = parts.interval if parts.freq == "MONTHLY" else 1
    start, soonest = first.year * 12 + first.month - 1, seek.year * 12 + seek.month - 1
    for number in count(soonest - (soonest - start) % step, step):
        year, month0 = divmod(number, 12)
        yield year, range(month0 + 1, month0 + 2)


def _days_of_month(parts: RuleParts, year: int, month: int, first: date) -> list[date]:
    begins_on, length = monthrange(year, month)
    numbers = set(range(1, length + 1))
    if parts.month_days:
        numbers &= {day if day > 0 else length + 1 + day for day in parts.month_days}
    if parts.year_days:
        days, before = 365 + isleap(year), date(year, month, 1).timetuple().tm_yday - 1
        numbers &= {(day if day > 0 else days + 1 + day) - before for day in parts.year_days}
    if parts.weekdays:
        of_year = parts.freq == "YEARLY" and not parts.months
        numbers &= {
            number
            for nth, weekday in parts.weekdays
            for number in (
                [_nth_of_year(year, month, nth, weekday)]
                if nth and of_year
                else _nth_of_month(begins_on, length, nth, weekday)
            )
        }
    found = [date(year, month, number) for number in sorted(numbers)]
    return [day for day in found if _is_in_step(day, parts, first)]


def _nth_of_month(begins_on: int, length: int, nth: int, weekday: int) -> range:
    """Return the days on a weekday, or the n-th of them; from the end if n is negative."""
    every = range((weekday - begins_on) % 7 + 1, length + 1, 7)
    if nth == 0:
        return every
    return every[nth - 1 : nth] if nth > 0 else every[nth : nth + 1 or None]


def _nth_of_year(year: int, month: int, nth: int, weekday: int) -> int:
    """Return the n-th of a year's weekdays, counted in days of this month, in which it need not be."""
    if nth > 0:
        new_year = date(year, 1, 1)
        found = new_year + timedelta((weekday - new_year.weekday()) % 7 + 7 * (nth - 1))
    else:
        last = date(year, 12, 31)
        found = last - timedelta((last.weekday() - weekday) % 7 - 7 * (nth + 1))
    return (found - date(year, month, 1)).days + 1 if found.year == year else 0


def _is_in_step(day: date, parts: RuleParts, first: date) -> bool:
    """Return whether a day is in an interval-th day or week since the first; months are handled elsewhere."""
    if parts.interval == 1 or parts.freq not in {"DAILY", "WEEKLY"}:
        return True
    if parts.freq == "DAILY":
        return (day - first).days % parts.interval == 0
    week = first - timedelta((first.weekday() - parts.week_start) % 7)
    return (day - week).days // 7 % parts.interval == 0


def _at_positions(days: list[date], positions: tuple[int, ...]) -> list[date]:
    """Pick the n-th ones of a period (BYSETPOS), from the end where n is negative."""
    if not positions:
        return days
    places = {place - 1 if place > 0 else len(days) + place for place in positions}
    return [day for place, day in enumerate(days) if place in places]
