"""How well the lengths of two pieces of text fit, after Gale and Church (1993).

A translation's length is normal about the source's length times a ratio, with a variance that grows with the length.
What Gale and Church leave out, and Moore (2002) adds, is how likely the length is anyway: the score is the logarithm of
the one over the other, so that leaving a sentence alone costs its prior, whatever its length.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

# Gale and Church measured the variance for each character in English, French and German.
VARIANCE = 6.8
# A text of few or equal sentences must not take one length for the only one.
LEAST_SPREAD = 0.5
# A ratio beyond these is not that of a translation: something is missing on one side.
LEAST_RATIO, GREATEST_RATIO = 0.7, 1.45
# Shorter sentences say little of the ratio: `Oui.` for `Yes.`
TELLING_LENGTH = 30


def first_ratio(source: Floats, target: Floats) -> float:
    """Target characters for each source character, by the whole texts."""
    return bounded(float(target.sum() / max(source.sum(), 1.0)))


def bounded(ratio: float) -> float:
    """Keep a ratio within those of translations."""
    return min(max(ratio, LEAST_RATIO), GREATEST_RATIO)


def ratio_of(source: Floats, target: Floats) -> float | None:
    """Return the median ratio of sentences linked one to one, or None where they say too little."""
    telling = source >= TELLING_LENGTH
    return bounded(float(np.median(target[telling] / source[telling]))) if telling.any() else None


def run_sums(values: Floats, pieces: int) -> Floats:
    """Return the sum of each run of `pieces` values; of no values, 0 at each place where a run could begin."""
    if not pieces:
        return np.zeros(len(values) + 1)
    runs = [values[start : len(values) + 1 - pieces + start] for start in range(pieces)]
    return np.asarray(np.sum(runs, axis=0), dtype=np.float64)


class LengthModel:
    """Scores the lengths of one text beside those of its translation."""

    def __init__(self, target: Floats, *, ratio: float) -> None:
        logs = np.log(np.maximum(target, 1.0))
        self._spread = max(float(logs.var()), LEAST_SPREAD**2)
        self._middle = float(logs.mean())
        self._ratio = ratio

    def score(self, source: Floats, target: Floats, *, pieces: int) -> Floats:
        """Log-likelihood ratio of each source length (rows) with each target length (columns) of `pieces` sentences."""
        expected = self._ratio * source[:, None]
        variance = VARIANCE * np.maximum((expected + target[None, :]) / 2, 1.0)
        fits = -0.5 * ((target[None, :] - expected) ** 2 / variance + np.log(2 * np.pi * variance))
        return np.asarray(fits - self._anyway(target, pieces)[None, :], dtype=np.float64)

    def _anyway(self, target: Floats, pieces: int) -> Floats:
        """Log density of a length whatever the source: log-normal, for a sum by its moments (Fenton and Wilkinson)."""
        spread = np.log1p(np.expm1(self._spread) / pieces)
        middle = self._middle + np.log(pieces) + (self._spread - spread) / 2
        logs = np.log(np.maximum(target, 1.0))
        return np.asarray(-0.5 * ((logs - middle) ** 2 / spread + np.log(2 * np.pi * spread)) - logs, dtype=np.float64)
