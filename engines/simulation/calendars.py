"""Working days and dates: every calendar laid out on one axis of days.

An instant is a number of days after midnight of the axis's first day: 1.5 is noon of its second day. Work moves in
positions, the working days of one calendar since then. So activities of different calendars can wait for each other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engines.simulation.model import Activity, Array, BadPlan, Calendar, CalendarException, Model

LONGEST_DAYS = 200 * 366
WEEK = 7
# Positions are rounded to this many decimals: a hair above a whole day would else be the next working day.
DECIMALS = 7


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """One calendar's days on an axis."""

    is_working: NDArray[np.bool_]
    # Working days before each day, and the days that are worked.
    before: Array
    days: Array

    def position(self, instant: Array) -> Array:
        """Working days from the start of the axis to an instant."""
        day = np.floor(instant).astype(np.intp)
        position: Array = self.before[day] + self.is_working[day] * (instant - day)
        return position

    def start(self, position: Array) -> Array:
        """When the work after a position can begin: on the morning of the next working day, if a day is full."""
        exact = np.round(position, DECIMALS)
        whole = np.floor(exact)
        instant: Array = self.days[whole.astype(np.intp)] + (exact - whole)
        return instant

    def finish(self, position: Array) -> Array:
        """When the work up to a position is done: on the evening of the day that it fills."""
        exact = np.round(position, DECIMALS)
        whole = np.maximum(np.ceil(exact) - 1, 0)
        instant: Array = self.days[whole.astype(np.intp)] + (exact - whole)
        return instant


@dataclass(frozen=True, slots=True)
class Axis:
    """A run of days that holds all that a simulation can reach."""

    first: date
    length: int

    def morning(self, day: date) -> float:
        """The instant at which a day begins."""
        return float((day - self.first).days)

    def evening(self, day: date) -> float:
        """The instant at which a day ends."""
        return self.morning(day) + 1

    def working_time(self, calendar: Calendar) -> WorkingTime:
        """A calendar's days."""
        return lay_out(calendar, self.first, self.length)


def day_of(first: date, instant: float) -> date:
    """The day on which work is done that ends at this instant."""
    return first + timedelta(days=math.ceil(round(instant, DECIMALS)) - 1)


@lru_cache(maxsize=64)
def lay_out(calendar: Calendar, first: date, length: int) -> WorkingTime:
    """Say of each day whether it is worked."""
    weekdays = (np.arange(length) + first.isoweekday() - 1) % WEEK + 1
    is_working = np.isin(weekdays, sorted(calendar.weekdays))
    for exception in sorted(calendar.exceptions, key=lambda one: one.first):
        start, stop = (exception.first - first).days, (exception.last - first).days + 1
        is_working[max(start, 0) : max(stop, 0)] = exception.is_working
    before = np.concatenate(([0.0], np.cumsum(is_working, dtype=np.float64)))
    return WorkingTime(np.append(is_working, False), before, np.flatnonzero(is_working).astype(np.float64))


def working_days(calendar: Calendar, first: date, last: date) -> int:
    """Count the working days from one day to another, both included."""
    return int(lay_out(calendar, first, max((last - first).days + 1, 0)).before[-1])


def axis_for(model: Model, working_days_ahead: float) -> Axis:
    """Make an axis that begins before anything that has a date and holds so many working days in any calendar.

    Raises:
        BadPlan: the plan reaches over more than 200 years.
    """
    dates = [model.first_day, *(day for activity in model.activities for day in dates_of(activity))]
    first, last = min(dates), max(dates)
    calendars = {model.calendar, *(activity.calendar for activity in model.activities)}
    off = sum((one.last - one.first).days + 1 for one in exceptions_of(calendars))
    fewest = min(len(calendar.weekdays) for calendar in calendars)
    length = (last - first).days + off + math.ceil(working_days_ahead / fewest + 2) * WEEK
    if length > LONGEST_DAYS:
        raise BadPlan(
            "The plan reaches over more than 200 years: check that durations and lags are working days, and the dates."
        )
    return Axis(first, length)


def dates_of(activity: Activity) -> Iterable[date]:
    """All dates that an activity carries."""
    named = (
        activity.actual_start,
        activity.actual_finish,
        activity.start_no_earlier_than,
        activity.finish_no_earlier_than,
    )
    return (day for day in named if day is not None)


def exceptions_of(calendars: Iterable[Calendar]) -> Iterable[CalendarException]:
    """The days off of all calendars."""
    return (one for calendar in calendars for one in calendar.exceptions if not one.is_working)
