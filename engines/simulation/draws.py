"""Random numbers: a stream of its own for every input and every block of iterations.

A stream is named by the seed, the input and the block. So a line that is added leaves the draws of all others as they
were, blocks can be played in any order and place, and the first iterations of a longer simulation are those of a
shorter one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from scipy.special import ndtri

from engines.simulation.copula import SMALLEST_PROBABILITY, correlate, probabilities_of
from engines.simulation.distributions import quantiles
from engines.simulation.model import Array, Estimate, Model, Risk

COMMON_FACTOR = "common factor"


@dataclass(frozen=True, slots=True)
class Draws:
    """What the inputs came out at, one array for each, an element for each iteration.

    `durations` are the working days that each activity still takes, `amounts` those of cost lines as they are
    estimated, `costs` and `delays` those of risks, nought where a risk did not occur.
    """

    durations: Mapping[str, Array]
    amounts: Mapping[str, Array]
    costs: Mapping[str, Array]
    delays: Mapping[str, Array]


def stream(seed: int, name: str, block: int) -> np.random.Generator:
    """The random numbers of one input in one block."""
    digest = sha256(name.encode()).digest()
    words = tuple(int.from_bytes(digest[start : start + 4], "big") for start in (0, 4, 8, 12))
    return np.random.Generator(np.random.PCG64DXSM(np.random.SeedSequence(seed, spawn_key=(*words, block))))


def uniforms(seed: int, name: str, block: int, size: int) -> Array:
    """Probabilities strictly between 0 and 1."""
    drawn: Array = np.maximum(stream(seed, name, block).random(size), SMALLEST_PROBABILITY)
    return drawn


def draw(model: Model, seed: int, block: int, size: int) -> Draws:
    """Draw every input of one block."""
    probabilities = correlated_probabilities(model, seed, block, size)

    def drawn(name: str, estimate: Estimate) -> Array:
        """The input's quantiles, or its one value where there is nothing to draw."""
        if name in probabilities:
            return quantiles(estimate, probabilities[name])
        return np.full(size, estimate.most_likely)

    strikes = {risk.id: strike(risk, seed, block, size) for risk in model.risks}
    return Draws(
        durations={
            one.code: np.zeros(size)
            if one.actual_finish
            else np.maximum(drawn(f"activity {one.code}", one.duration), 0) * one.remaining
            for one in model.activities
        },
        amounts={one.code: drawn(f"cost line {one.code}", one.amount) for one in model.cost_lines},
        costs={risk_id: cost for risk_id, (cost, _) in strikes.items()},
        delays={risk_id: delay for risk_id, (_, delay) in strikes.items()},
    )


def correlated_probabilities(model: Model, seed: int, block: int, size: int) -> dict[str, Array]:
    """One array for each uncertain duration and amount, joined by the model's copula."""
    own = [ndtri(uniforms(seed, name, block, size)) for name in model.uncertain]
    common: Array = ndtri(uniforms(seed, COMMON_FACTOR, block, size))
    scores = correlate(own, common, model.correlation)
    return {name: probabilities_of(score) for name, score in zip(model.uncertain, scores, strict=True)}


def strike(risk: Risk, seed: int, block: int, size: int) -> tuple[Array, Array]:
    """What a risk costs and delays: nothing where it does not occur. How hard it strikes is one draw for both."""
    occurs = stream(seed, f"occurrence of risk {risk.id}", block).random(size) < risk.probability
    severity = uniforms(seed, f"severity of risk {risk.id}", block, size)
    cost = quantiles(risk.cost, severity) if risk.cost else np.zeros(size)
    delay = quantiles(risk.delay, severity) if risk.delay else np.zeros(size)
    return np.where(occurs, cost, 0.0), np.where(occurs, delay, 0.0)
