"""Correlation by a Gaussian copula: normal scores are correlated, then turned into probabilities.

The quantile functions of `distributions` then give every input its own shape, whatever it is correlated with.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import ndtr

from engines.simulation.model import Array, BadPlan

# Keeps probabilities away from 0 and 1, where distributions without ends have infinite quantiles.
SMALLEST_PROBABILITY = 2.0**-53


class CorrelationImpossible(BadPlan):
    """No inputs can be correlated like this."""


def correlate(scores: Sequence[Array], common: Array, correlation: float | Sequence[Sequence[float]]) -> list[Array]:
    """Turn independent normal scores, one array an input, into correlated ones.

    A single number is met exactly by one factor that all inputs share: element by element, so that the bytes depend on
    no linear algebra.

    Raises:
        CorrelationImpossible: the number is not in [0, 1), or the matrix is no correlation matrix.
    """
    if not isinstance(correlation, int | float):
        return correlate_by_matrix(scores, correlation)
    if not 0 <= correlation < 1:
        raise CorrelationImpossible(
            f"No inputs have a common correlation of {correlation:g}: give one from 0 to below 1."
        )
    shared = math.sqrt(correlation) * common
    own = math.sqrt(1 - correlation)
    return [shared + own * score for score in scores]


def correlate_by_matrix(scores: Sequence[Array], matrix: Sequence[Sequence[float]]) -> list[Array]:
    """Give the scores the correlations of a matrix, by its Cholesky factor.

    Raises:
        CorrelationImpossible: it is not symmetric with ones on its diagonal, or not positive definite.
    """
    wanted = np.asarray(matrix, dtype=np.float64)
    if wanted.shape != (len(scores), len(scores)):
        raise CorrelationImpossible(f"The correlation matrix must have {len(scores)} rows and as many columns.")
    if not (np.allclose(wanted, wanted.T) and np.allclose(np.diag(wanted), 1)):
        raise CorrelationImpossible("A correlation matrix is symmetric and has ones on its diagonal; this one is not.")
    try:
        factor = np.linalg.cholesky(wanted)
    except np.linalg.LinAlgError:
        smallest = float(np.linalg.eigvalsh(wanted)[0])
        raise CorrelationImpossible(
            f"The correlations contradict one another: the matrix is not positive definite (its smallest eigenvalue is "
            f"{smallest:.3g}). Bring the largest of them nearer to 0."
        ) from None
    return list(factor @ np.stack(scores)) if scores else []


def probabilities_of(scores: Array) -> Array:
    """The probabilities of normal scores, strictly between 0 and 1."""
    clipped: Array = np.clip(ndtr(scores), SMALLEST_PROBABILITY, 1 - SMALLEST_PROBABILITY)
    return clipped
