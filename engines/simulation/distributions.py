"""From a three-point estimate to its quantiles.

What the three points mean:

- triangular: the ends and the mode;
- pert: the ends and the mode of a beta distribution with lambda 4, so that the mean is (a + 4 m + b) / 6
  (Malcolm, Roseboom, Clark and Fazar, 1959; Vose, Risk Analysis);
- uniform: the ends; the most likely value only has to lie between them;
- normal: P10, P50 and P90, so that the most likely value must be the middle of the other two;
- lognormal: P10, P50 and P90 of a lognormal distribution with a shifted origin, which leans to the right;
- fixed: the most likely value, always.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np
from scipy.special import betaincinv, ndtr, ndtri

from engines.simulation.model import Array, Distribution, Estimate

PERT_LAMBDA = 4.0
# Normal and lognormal estimates state their 10th and 90th percentile.
OUTER_QUANTILE = 0.9
OUTER_SCORE = float(ndtri(OUTER_QUANTILE))
# The inverse of the beta distribution costs 1.5 microseconds a value; as a function of the normal score it is smooth,
# and between so many points straight lines are within a millionth of the range.
TABLE_SCORES = np.linspace(-8.3, 8.3, 4097)
TABLE_PROBABILITIES = ndtr(TABLE_SCORES)
# What rounding in the three points of a normal estimate may be, as a share of the range.
MIDDLE_TOLERANCE = 0.01


def quantiles(estimate: Estimate, probabilities: Array) -> Array:
    """The values below which the estimate falls with these probabilities, each strictly between 0 and 1."""
    if estimate.is_certain:
        return np.full_like(probabilities, estimate.most_likely)
    return INVERSES[estimate.distribution](estimate, probabilities)


def triangular(estimate: Estimate, probabilities: Array) -> Array:
    """The inverse of the triangular distribution."""
    low, mode, high = estimate.optimistic, estimate.most_likely, estimate.pessimistic
    rising = low + np.sqrt(probabilities * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - probabilities) * (high - low) * (high - mode))
    return np.where(probabilities < (mode - low) / (high - low), rising, falling)


def pert(estimate: Estimate, probabilities: Array) -> Array:
    """The inverse of the beta distribution, read from a table."""
    return np.interp(ndtri(probabilities), TABLE_SCORES, pert_table(estimate))


@lru_cache(maxsize=1024)
def pert_table(estimate: Estimate) -> Array:
    """The quantiles of the beta distribution at the table's normal scores."""
    low, mode, high = estimate.optimistic, estimate.most_likely, estimate.pessimistic
    first = 1 + PERT_LAMBDA * (mode - low) / (high - low)
    second = 1 + PERT_LAMBDA * (high - mode) / (high - low)
    table: Array = low + (high - low) * betaincinv(first, second, TABLE_PROBABILITIES)
    table.flags.writeable = False
    return table


def uniform(estimate: Estimate, probabilities: Array) -> Array:
    """The inverse of the uniform distribution."""
    return estimate.optimistic + (estimate.pessimistic - estimate.optimistic) * probabilities


def normal(estimate: Estimate, probabilities: Array) -> Array:
    """The inverse of the normal distribution through P10 and P90."""
    mean = (estimate.optimistic + estimate.pessimistic) / 2
    deviation = (estimate.pessimistic - estimate.optimistic) / (2 * OUTER_SCORE)
    scores: Array = ndtri(probabilities)
    return mean + deviation * scores


def lognormal(estimate: Estimate, probabilities: Array) -> Array:
    """The inverse of the shifted lognormal distribution through P10, P50 and P90."""
    low, middle, high = estimate.optimistic, estimate.most_likely, estimate.pessimistic
    origin = (low * high - middle**2) / (low + high - 2 * middle)
    deviation = math.log((high - origin) / (middle - origin)) / OUTER_SCORE
    scores: Array = ndtri(probabilities)
    return origin + (middle - origin) * np.exp(deviation * scores)


INVERSES: Mapping[Distribution, Callable[[Estimate, Array], Array]] = {
    Distribution.TRIANGULAR: triangular,
    Distribution.PERT: pert,
    Distribution.UNIFORM: uniform,
    Distribution.NORMAL: normal,
    Distribution.LOGNORMAL: lognormal,
}


def fault_of(estimate: Estimate) -> str | None:
    """What is wrong with the three points, and how to mend it; None when nothing is."""
    low, mode, high = estimate.optimistic, estimate.most_likely, estimate.pessimistic
    if not (math.isfinite(low) and math.isfinite(mode) and math.isfinite(high)):
        return "has an estimate that is no number; give optimistic, most likely and pessimistic as numbers"
    if not low <= mode <= high:
        return f"has the estimate {low:g}, {mode:g}, {high:g}; it must not fall from optimistic to pessimistic"
    if estimate.is_certain:
        return None
    if estimate.distribution is Distribution.NORMAL and abs(mode - (low + high) / 2) > MIDDLE_TOLERANCE * (high - low):
        return (
            f"is normal with the estimate {low:g}, {mode:g}, {high:g}, but a normal distribution has its most likely "
            f"value in the middle, here {(low + high) / 2:g}; use triangular, pert or lognormal"
        )
    if estimate.distribution is Distribution.LOGNORMAL and not (low < mode and high - mode > mode - low):
        return (
            f"is lognormal with the estimate {low:g}, {mode:g}, {high:g}, but a lognormal distribution reaches further "
            "up than down; use triangular or pert"
        )
    return None
