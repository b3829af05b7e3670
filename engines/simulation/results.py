"""What came out: percentiles, probabilities, contingency, the S-curve and the drivers.

Amounts are rounded to cents and probabilities to four decimals here, and nowhere before.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrik

from engines.simulation.model import Array, Model
from engines.simulation.simulate import Baseline, Outcomes

PERCENTILES = (10, 25, 50, 75, 80, 90, 95)
CONTINGENCY_PERCENTILES = (50, 80, 90)
CURVE_POINTS = 41
# The curve leaves out one iteration in two hundred on either side, which would flatten it.
CURVE_ENDS = (0.005, 0.995)
DRIVERS_SHOWN = 10
# Ranks of more iterations than these say no more.
DRIVER_ITERATIONS = 20_000
# A correlation below this many standard errors of one that is nought is no driver.
NOTICEABLE = 3.0
HISTOGRAM_BINS = 40
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Targets:
    """What the project is held to."""

    cost: float
    finish: date


@dataclass(frozen=True, slots=True)
class Driver:
    """An input, and how closely the cost or the finish follows it: Spearman's rank correlation."""

    name: str
    kind: str
    effect: str
    correlation: float


def summarise(model: Model, outcomes: Outcomes, baseline: Baseline, targets: Targets) -> dict[str, Any]:
    """Everything that a reader of the simulation is told, ready to be JSON.

    Contingency is a percentile of the cost less the baseline, which is everything at its most likely value without
    risks: what must be set aside beside the estimate to keep to that percentile. `confidence_95` holds the limits
    between which the true percentile lies with 95 % probability, by order statistics.
    """
    within = outcomes.cost <= targets.cost
    in_time = outcomes.finish <= outcomes.evening(targets.finish)
    return {
        "iterations": len(outcomes.cost),
        "cost": {
            "mean": amount(outcomes.cost.mean()),
            "standard_deviation": amount(outcomes.cost.std(ddof=1)),
            "percentiles": {f"p{p}": amount(v) for p, v in percentiles(outcomes.cost).items()},
            "target": amount(targets.cost),
            "probability_within_target": share(within),
            "contingency": contingency(outcomes.cost, baseline.cost),
            "baseline": amount(baseline.cost),
            "confidence_95": {f"p{p}": [amount(low), amount(high)] for p, (low, high) in limits(outcomes.cost).items()},
        },
        "schedule": {
            "percentiles": {f"p{p}": str(outcomes.day(v)) for p, v in percentiles(outcomes.finish).items()},
            "target": str(targets.finish),
            "probability_by_target": share(in_time),
            "baseline": str(baseline.finish),
            "confidence_95": {
                f"p{p}": [str(outcomes.day(low)), str(outcomes.day(high))]
                for p, (low, high) in limits(outcomes.finish).items()
            },
        },
        "joint_probability": share(within & in_time),
        "s_curve": {"cost": cost_curve(outcomes.cost), "finish": finish_curve(outcomes)},
        "tornado": [
            {"name": one.name, "kind": one.kind, "effect": one.effect, "correlation": one.correlation}
            for one in drivers(model, outcomes)
        ],
    }


def amount(value: float) -> float:
    """Money, to the cent."""
    return round(float(value), 2)


def share(happened: NDArray[np.bool_]) -> float:
    """How many of the iterations, from 0 to 1."""
    return round(float(happened.mean()), 4)


def percentiles(values: Array) -> dict[int, float]:
    """The percentiles that are reported: each the smallest outcome that so many of the iterations do not exceed.

    Nothing is put between two outcomes, so that a percentile of the finish is a day on which work is done.
    """
    found = np.percentile(values, PERCENTILES, method="inverted_cdf")
    return dict(zip(PERCENTILES, map(float, found), strict=True))


def contingency(cost: Array, baseline: float) -> dict[str, float]:
    """What must be set aside beside the baseline estimate to keep to a percentile."""
    found = percentiles(cost)
    return {f"p{p}": amount(found[p] - baseline) for p in CONTINGENCY_PERCENTILES}


def limits(values: Array) -> dict[int, tuple[float, float]]:
    """Limits of the percentiles that contingency rests on: ranks that the binomial distribution gives them."""
    ordered, count, tail = np.sort(values), len(values), (1 - CONFIDENCE) / 2
    found = {}
    for p in CONTINGENCY_PERCENTILES:
        low = math.floor(bdtrik(tail, count, p / 100))
        high = math.ceil(bdtrik(1 - tail, count, p / 100))
        found[p] = (float(ordered[max(low, 0)]), float(ordered[min(high, count - 1)]))
    return found


def cost_curve(cost: Array) -> list[list[float]]:
    """Amounts at equal steps, and the probability of staying within each."""
    ordered = np.sort(cost)
    low, high = (float(end) for end in np.quantile(ordered, CURVE_ENDS))
    points = np.unique(np.linspace(low, high, CURVE_POINTS))
    return [[amount(point), probability(ordered, point)] for point in points]


def finish_curve(outcomes: Outcomes) -> list[list[Any]]:
    """Days at equal steps, and the probability of being finished by the evening of each."""
    ordered = np.sort(outcomes.finish)
    low, high = (float(end) for end in np.quantile(ordered, CURVE_ENDS))
    instants = np.linspace(low, high, CURVE_POINTS)
    days = sorted({outcomes.day(float(instant)) for instant in instants})
    return [[str(day), probability(ordered, outcomes.evening(day))] for day in days]


def probability(ordered: Array, value: float) -> float:
    """How many of the ordered values are not above this one."""
    return round(int(np.searchsorted(ordered, value, side="right")) / len(ordered), 4)


def histogram(values: Array) -> tuple[list[float], list[int]]:
    """Edges and counts of equally wide bins."""
    counts, edges = np.histogram(values, bins=HISTOGRAM_BINS)
    return [float(edge) for edge in edges], [int(count) for count in counts]


def drivers(model: Model, outcomes: Outcomes) -> list[Driver]:
    """The inputs that the cost and the finish follow most closely.

    An input is held only against what it can act on: the amount of a cost line never moves the finish, although
    correlation with a duration makes it look so.
    """
    cost = ranks(outcomes.cost[:DRIVER_ITERATIONS])
    finish = ranks(outcomes.finish[:DRIVER_ITERATIONS])
    found = []
    for name, kind, effect, values in candidates(model, outcomes):
        with_what = cost if effect == "cost" else finish
        correlation = correlation_of(ranks(values[:DRIVER_ITERATIONS]), with_what)
        if abs(correlation) > NOTICEABLE / math.sqrt(len(cost)):
            found.append(Driver(name, kind, effect, round(correlation, 3)))
    found.sort(key=lambda one: (-abs(one.correlation), one.kind, one.name, one.effect))
    return fairly(found)


def fairly(found: list[Driver]) -> list[Driver]:
    """The closest of each effect: half of the places are kept for either, as far as it can fill them."""
    half = DRIVERS_SHOWN // 2
    of_cost = [one for one in found if one.effect == "cost"]
    of_finish = [one for one in found if one.effect == "finish"]
    kept_cost = of_cost[: max(half, DRIVERS_SHOWN - len(of_finish))]
    kept = {*kept_cost, *of_finish[: DRIVERS_SHOWN - len(kept_cost)]}
    return [one for one in found if one in kept]


def candidates(model: Model, outcomes: Outcomes) -> Iterator[tuple[str, str, str, Array]]:
    """Every input with what it can act on: its name, its kind, the effect, its draws."""
    draws = outcomes.first_draws
    spending = {line.activity for line in model.cost_lines if line.is_burn_rate or line.escalation_rate}
    for activity in model.activities:
        named = f"{activity.code} {activity.name}"
        yield named, "activity", "finish", draws.durations[activity.code]
        if activity.code in spending:
            yield named, "activity", "cost", draws.durations[activity.code]
    for line in model.cost_lines:
        yield f"{line.code} {line.name}", "cost_line", "cost", draws.amounts[line.code]
    for risk in model.risks:
        yield risk.title, "risk", "cost", draws.costs[risk.id]
        yield risk.title, "risk", "finish", draws.delays[risk.id]


def ranks(values: Array) -> Array:
    """Ranks from 1; equal values share the mean of theirs."""
    _, where, counts = np.unique(values, return_inverse=True, return_counts=True)
    last: Array = np.cumsum(counts).astype(np.float64)
    shared: Array = (last - (counts - 1) / 2)[where]
    return shared


def correlation_of(one: Array, other: Array) -> float:
    """Pearson's correlation; nought where one of the two never varies."""
    one, other = one - one.mean(), other - other.mean()
    spread = math.sqrt(float(one @ one) * float(other @ other))
    return float(one @ other) / spread if spread else 0.0


def contributions(model: Model, outcomes: Outcomes) -> dict[str, Mapping[str, float]]:
    """What each risk did in the first block: how often it struck, and its mean cost and delay over all iterations."""
    draws = outcomes.first_draws
    return {
        risk.id: {
            "occurred": share((draws.costs[risk.id] > 0) | (draws.delays[risk.id] > 0)),
            "mean_cost": amount(draws.costs[risk.id].mean()),
            "mean_delay": round(float(draws.delays[risk.id].mean()), 3),
        }
        for risk in model.risks
    }
