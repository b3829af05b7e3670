"""What the rules share: trends, and the grounds on which a statement is trusted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import pairwise

from engines.performance.earned_value import EarnedValue, measure
from engines.performance.insight_thresholds import (
    CRITICAL_INDEX,
    FULL_HISTORY,
    POOR_INDEX,
    SMALLEST_TREND,
    STABLE_FROM,
    TREND_PERIODS,
    WEAK_INDEX,
)
from engines.performance.insights import Figure, Priority, cite
from engines.performance.report_figures import Period, ReportFigures, month_number

ONE = Decimal(1)
CPI = "CPI = EV / AC"
SPI = "SPI = EV / PV"
Index = Callable[[Period], Decimal | None]


def cost_index_of(period: Period) -> Decimal | None:
    """EV / AC of a point of the trend."""
    return period.earned / period.actual if period.actual else None


def schedule_index_of(period: Period) -> Decimal | None:
    """EV / PV of a point of the trend."""
    return period.earned / period.planned if period.planned else None


def trend_of(figures: ReportFigures, index: Index) -> tuple[str, Decimal] | None:
    """`falling` or `rising` where the index went one way three periods in a row, with what it was before them.

    The periods are the last months up to the one that the report speaks of; where one is missing there is no trend.
    """
    last = figures.history.records[-int(TREND_PERIODS.value) - 1 :]
    values = [value for value in map(index, last) if value is not None]
    if len(values) <= TREND_PERIODS.value or not (
        are_adjacent(last) and last[-1].number == month_number(figures.as_of)
    ):
        return None
    if abs(values[-1] - values[0]) < SMALLEST_TREND.value:
        return None
    steps = [later - earlier for earlier, later in pairwise(values)]
    if all(step < 0 for step in steps):
        return "falling", values[0]
    return ("rising", values[0]) if all(step > 0 for step in steps) else None


def are_adjacent(periods: Sequence[Period]) -> bool:
    """Does each period follow the one before, without a month between them?"""
    return all(later.number - earlier.number == 1 for earlier, later in pairwise(periods))


def trend_figures(trend: tuple[str, Decimal] | None, formula: str) -> dict[str, Figure]:
    """The index before the trend began, to be cited beside the present one."""
    return {} if trend is None else {"index_three_periods_ago": cite(trend[1], "index", formula)}


def trend_notes(trend: tuple[str, Decimal] | None) -> tuple[str, ...]:
    """The sentence that tells the trend."""
    return () if trend is None else (f"index_{trend[0]}",)


def index_priority(index: Decimal, trend: tuple[str, Decimal] | None) -> Priority:
    """How urgent an index of this level is. A falling one is a step more urgent, short of critical."""
    falling = trend is not None and trend[0] == "falling"
    if index < CRITICAL_INDEX.value:
        return Priority.CRITICAL
    if index < POOR_INDEX.value or (falling and index < WEAK_INDEX.value):
        return Priority.HIGH
    return Priority.MEDIUM if falling or index < WEAK_INDEX.value else Priority.LOW


def measured_grounds(figures: ReportFigures) -> dict[str, Decimal]:
    """How far figures of earned value are to be trusted.

    completeness: how many of the four amounts are there; history: periods of the trend, six being enough; maturity: the
    progress made, of the fifth from which on the indices are stable; consistency: the share of the stated figures that
    follow from the amounts, where the report states any.
    """
    amounts = (figures.budget, figures.planned, figures.earned, figures.actual)
    grounds = {
        "completeness": Decimal(sum(amount is not None for amount in amounts)) / len(amounts),
        **measured_history(figures),
    }
    if figures.budget and figures.earned is not None:
        grounds["maturity"] = max(Decimal(0), min(ONE, figures.earned / figures.budget / STABLE_FROM.value))
    if figures.stated:
        wrong = disagreements(figures)
        grounds["consistency"] = ONE - Decimal(len(wrong)) / len(figures.stated)
    return grounds


def measured_history(figures: ReportFigures) -> dict[str, Decimal]:
    """How many periods the report looks back on."""
    return {"history": min(ONE, len(figures.history.records) / FULL_HISTORY.value)}


def disagreements(figures: ReportFigures) -> dict[str, tuple[Decimal, Decimal]]:
    """Stated figures that don't follow from the four amounts: what is stated, and what follows."""
    derived = derived_figures(figures)
    return {
        name: (stated, follows)
        for name, stated in figures.stated.items()
        if (follows := derived.get(name)) is not None and abs(stated - follows) > tolerance(name)
    }


def tolerance(name: str) -> Decimal:
    """What rounding may do: indices are stated to three places or fewer, amounts to whole units."""
    return Decimal("0.0051") if name.endswith("_index") else ONE


def derived_figures(figures: ReportFigures) -> dict[str, Decimal | None]:
    """What follows from the four amounts, under the names that reports use."""
    if figures.baseline is None:
        return {}
    measured: EarnedValue = measure(figures.baseline)
    timed = figures.planned is not None
    return {
        "cost_performance_index": measured.cost_index,
        "schedule_performance_index": measured.schedule_index,
        "cost_variance": measured.cost_variance,
        "schedule_variance": measured.schedule_variance if timed else None,
        "estimate_at_completion": measured.estimate_at_completion,
        "estimate_to_complete": measured.estimate_to_complete,
        "variance_at_completion": measured.variance_at_completion,
        "to_complete_performance_index": measured.to_complete_index,
    }
