"""What is simulated: a project's estimates, its network, its calendars and its risks, as plain frozen values.

One convention of units everywhere: durations, lags and delays are working days; amounts are in the project's
currency, of one working day where a line is a burn rate; probabilities and correlations lie between 0 and 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import numpy as np
from contracts.errors import Permanent
from numpy.typing import NDArray

Array = NDArray[np.float64]


class BadPlan(Permanent):
    """The plan cannot be simulated as it stands."""


class Distribution(StrEnum):
    """The shapes that a three-point estimate may take; `distributions` says what its points then mean."""

    TRIANGULAR = "triangular"
    PERT = "pert"
    UNIFORM = "uniform"
    NORMAL = "normal"
    LOGNORMAL = "lognormal"
    FIXED = "fixed"


class LinkType(StrEnum):
    """Which end of the predecessor holds back which end of the successor."""

    FINISH_TO_START = "FS"
    START_TO_START = "SS"
    FINISH_TO_FINISH = "FF"
    START_TO_FINISH = "SF"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A three-point estimate."""

    optimistic: float
    most_likely: float
    pessimistic: float
    distribution: Distribution = Distribution.TRIANGULAR

    @property
    def is_certain(self) -> bool:
        """Is there nothing to draw?"""
        return self.distribution is Distribution.FIXED or self.optimistic == self.pessimistic


@dataclass(frozen=True, slots=True)
class CalendarException:
    """Days, both ends included, that differ from the week's pattern. Of two that overlap the later one holds."""

    first: date
    last: date
    is_working: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days on which work is done. Weekdays are ISO's: Monday is 1."""

    name: str
    weekdays: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    exceptions: tuple[CalendarException, ...] = ()


@dataclass(frozen=True, slots=True)
class Activity:
    """A piece of work. One with an actual finish is a fact and is not drawn.

    `remaining` is the share of the duration that is still to be worked, for one that has begun: the whole estimate is
    scaled by it.
    """

    code: str
    name: str
    duration: Estimate
    calendar: Calendar
    remaining: float = 1.0
    actual_start: date | None = None
    actual_finish: date | None = None
    start_no_earlier_than: date | None = None
    finish_no_earlier_than: date | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """The successor waits for the predecessor. The lag counts in the successor's calendar and may be negative."""

    predecessor: str
    successor: str
    type: LinkType = LinkType.FINISH_TO_START
    lag: float = 0.0


@dataclass(frozen=True, slots=True)
class CostLine:
    """A cost.

    A fixed line's estimate is of the whole amount, of which `spent` is the part that is past: the whole never comes
    out below it. A burn rate's is of one working day of its activity: the whole is `spent` and the rate times the
    working days that are still to come. What is not yet spent rises with `escalation_rate` a year, from
    `escalation_base` to the middle of the activity's remaining work.
    """

    code: str
    name: str
    amount: Estimate
    activity: str | None = None
    is_burn_rate: bool = False
    spent: float = 0.0
    escalation_rate: float = 0.0
    escalation_base: date | None = None


@dataclass(frozen=True, slots=True)
class Risk:
    """What may happen, and what it then costs and how far it delays the project's finish.

    One draw decides how hard it strikes, so that a costly occurrence is a long one too.
    """

    id: str
    title: str
    probability: float
    cost: Estimate | None = None
    delay: Estimate | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """All that one simulation needs.

    `first_day` is the first day on which work that is not done can be done. `calendar` is the project's: risks delay
    the finish by its working days. `correlation` is that of the Gaussian copula of all uncertain durations and amounts:
    one number for any two of them, or a matrix in the order of `uncertain`.
    """

    activities: tuple[Activity, ...]
    links: tuple[Link, ...]
    cost_lines: tuple[CostLine, ...]
    risks: tuple[Risk, ...]
    calendar: Calendar
    first_day: date
    correlation: float | Sequence[Sequence[float]] = 0.0
    uncertain: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Name the inputs that are correlated, activities first."""
        activities = (
            f"activity {one.code}"
            for one in self.activities
            if one.actual_finish is None and not one.duration.is_certain
        )
        lines = (f"cost line {one.code}" for one in self.cost_lines if not one.amount.is_certain)
        object.__setattr__(self, "uncertain", (*activities, *lines))
