"""Earned value: what the work done is worth, against what was planned and what was spent.

Names and formulas follow the Practice Standard for Earned Value Management of the Project Management Institute
(2nd edition, 2011). A figure that would divide by zero is None, never infinite.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Health(StrEnum):
    """How a figure is to be taken."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    CRITICAL = "critical"


INDEX_CRITICAL = Decimal("0.8")
INDEX_AT_RISK = Decimal("0.95")
VARIANCE_CRITICAL = Decimal("0.10")
VARIANCE_AT_RISK = Decimal("0.05")


@dataclass(frozen=True, slots=True)
class Baseline:
    """The four measured amounts: budget at completion, planned value, earned value and actual cost."""

    budget: Decimal
    planned: Decimal
    earned: Decimal
    actual: Decimal


@dataclass(frozen=True, slots=True)
class EarnedValue:
    """What follows from a baseline."""

    cost_variance: Decimal
    schedule_variance: Decimal
    cost_index: Decimal | None
    schedule_index: Decimal | None
    percent_complete: Decimal | None
    estimate_at_completion: Decimal | None
    estimate_to_complete: Decimal | None
    variance_at_completion: Decimal | None
    to_complete_index: Decimal | None


def measure(baseline: Baseline) -> EarnedValue:
    """Everything that a baseline says.

    CV = EV - AC; SV = EV - PV; CPI = EV / AC; SPI = EV / PV; percent complete = EV / BAC;
    EAC = BAC / CPI (the remaining work costs what the work to date has cost); ETC = EAC - AC; VAC = BAC - EAC;
    TCPI = (BAC - EV) / (BAC - AC), the index that the remaining work needs to end within the budget; None once the
    budget is spent, since no index reaches it then.
    """
    cost_index = _ratio(baseline.earned, baseline.actual)
    at_completion = _at_completion(baseline, cost_index)
    return EarnedValue(
        cost_variance=baseline.earned - baseline.actual,
        schedule_variance=baseline.earned - baseline.planned,
        cost_index=cost_index,
        schedule_index=_ratio(baseline.earned, baseline.planned),
        percent_complete=_ratio(baseline.earned, baseline.budget),
        estimate_at_completion=at_completion,
        estimate_to_complete=None if at_completion is None else at_completion - baseline.actual,
        variance_at_completion=None if at_completion is None else baseline.budget - at_completion,
        to_complete_index=_ratio(baseline.budget - baseline.earned, max(baseline.budget - baseline.actual, Decimal(0))),
    )


def _at_completion(baseline: Baseline, cost_index: Decimal | None) -> Decimal | None:
    """BAC * AC / EV is BAC / CPI without a rounded quotient in between; before any spending, the budget."""
    if baseline.actual == 0:
        return baseline.budget
    return baseline.budget * baseline.actual / baseline.earned if cost_index else None


def _ratio(part: Decimal, whole: Decimal) -> Decimal | None:
    return None if whole == 0 else part / whole


def index_health(index: Decimal | None) -> Health | None:
    """The health that a cost or schedule index stands for: below 0.8 critical, below 0.95 at risk."""
    if index is None:
        return None
    return Health.CRITICAL if index < INDEX_CRITICAL else Health.AT_RISK if index < INDEX_AT_RISK else Health.ON_TRACK


def variance_health(variance: Decimal | None, budget: Decimal) -> Health | None:
    """The health of a deviation from the budget in either direction: over 10 % critical, over 5 % at risk."""
    share = None if variance is None else _ratio(abs(variance), abs(budget))
    if share is None:
        return None
    return (
        Health.CRITICAL
        if share > VARIANCE_CRITICAL
        else Health.AT_RISK
        if share > VARIANCE_AT_RISK
        else Health.ON_TRACK
    )


def overall(*healths: Health | None) -> Health | None:
    """The worst of the healths that are known."""
    order = list(Health)
    return max((health for health in healths if health is not None), key=order.index, default=None)
