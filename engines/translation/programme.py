"""The dynamic programme: the likeliest chain of beads through a table, and how sure each bead of it is.

A cell (i, j) says that i source and j target sentences are dealt with. The table is filled row by row, each row at
once: what comes from the rows above first, then what goes on within the row. Filled with the maximum it gives the best
chain (Viterbi), with the sum the likelihood of all chains (forward and backward).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from engines.translation.lengths import Floats

Bead: TypeAlias = tuple[int, int]
# For each bead with both sides: the score of beginning it at (i, j).
Scores: TypeAlias = Mapping[Bead, Floats]

# No sum of likelihoods is certainty, whatever floating point makes of it.
ALMOST_ONE = float(np.nextafter(1.0, 0.0))


@dataclass(frozen=True, slots=True)
class Step:
    """A bead of the best chain: where it begins, how many sentences it takes, and its posterior probability."""

    source: int
    target: int
    bead: Bead
    probability: float


def best_chain(scores: Scores, *, alone: float, rows: int, columns: int) -> list[Step]:
    """Return the likeliest chain from (0, 0) to (rows, columns); `alone` scores a sentence with nothing opposite."""
    best = sweep(scores, np.maximum, alone=alone, rows=rows, columns=columns)
    forward = sweep(scores, np.logaddexp, alone=alone, rows=rows, columns=columns)
    mirrored = {bead: score[::-1, ::-1] for bead, score in scores.items()}
    backward = sweep(mirrored, np.logaddexp, alone=alone, rows=rows, columns=columns)[::-1, ::-1]
    steps = []
    row, column = rows, columns
    while row or column:
        bead = last_bead(best, scores, row, column, alone)
        i, j = row - bead[0], column - bead[1]
        score = alone if 0 in bead else float(scores[bead][i, j])
        log_probability = forward[i, j] + score + backward[row, column] - forward[rows, columns]
        steps.append(Step(i, j, bead, float(min(np.exp(log_probability), ALMOST_ONE))))
        row, column = i, j
    return steps[::-1]


def sweep(scores: Scores, combine: np.ufunc, *, alone: float, rows: int, columns: int) -> Floats:
    """Fill the table: each cell combines what every bead that ends there brings."""
    cells = np.full((rows + 1, columns + 1), -np.inf)
    cells[0, 0] = 0.0
    drift = alone * np.arange(columns + 1)
    for row in range(rows + 1):
        line = cells[row]
        if row:
            line[:] = cells[row - 1] + alone
        for (height, width), score in scores.items():
            if row >= height and columns >= width:
                brought = cells[row - height, : columns + 1 - width] + score[row - height]
                line[width:] = combine(line[width:], brought)
        # Sentences of the target alone go on within the row: a running maximum or sum, once the drift is taken out.
        line[:] = combine.accumulate(line - drift) + drift
    return cells


def last_bead(best: Floats, scores: Scores, row: int, column: int, alone: float) -> Bead:
    """Return the bead by which the best chain reaches a cell; of equals, the first as listed."""
    reached: dict[Bead, float] = {
        bead: best[row - bead[0], column - bead[1]] + score[row - bead[0], column - bead[1]]
        for bead, score in scores.items()
        if row >= bead[0] and column >= bead[1]
    }
    if row:
        reached[1, 0] = best[row - 1, column] + alone
    if column:
        reached[0, 1] = best[row, column - 1] + alone
    return max(reached, key=lambda bead: reached[bead])
