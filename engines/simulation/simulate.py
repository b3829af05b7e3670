"""Play a project through many times: cost and finish of one iteration come from one draw."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from engines.simulation.calendars import Axis, axis_for, day_of
from engines.simulation.checks import check
from engines.simulation.draws import Draws, draw
from engines.simulation.model import Array, CostLine, Model
from engines.simulation.network import Span, forward_pass

# Iterations are played in blocks, so that memory stays bounded however many there are.
BLOCK = 2**16
DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What came out, an element for each iteration.

    `finish` is an instant in days after midnight of `origin`: work that ends on the evening of a day ends at the next
    midnight. `first_draws` are the inputs of the first block, which the drivers are found from.
    """

    cost: Array
    finish: Array
    origin: date
    first_draws: Draws

    def day(self, instant: float) -> date:
        """The day on which an instant of finishing falls."""
        return day_of(self.origin, instant)

    def evening(self, day: date) -> float:
        """The instant by which a project that finishes on this day is finished."""
        return float((day - self.origin).days + 1)


@dataclass(frozen=True, slots=True)
class Baseline:
    """The plan as it is estimated: everything at its most likely value, and no risk occurs."""

    cost: float
    finish: date
    activities: Mapping[str, date]


def simulate(
    model: Model, *, iterations: int, seed: int, progress: Callable[[float], None] = lambda _: None
) -> Outcomes:
    """Play the project through.

    Raises:
        BadPlan: it cannot be; the message names the rows.
    """
    check(model)
    costs, finishes, kept = [], [], None
    for block, size in blocks(iterations):
        draws = draw(model, seed, block, size)
        cost, finish = play(model, draws)
        costs.append(cost)
        finishes.append(finish)
        kept = kept or draws
        progress(min((block + 1) * BLOCK / iterations, 1.0))
    assert kept is not None  # noqa: S101 - there is at least one iteration
    return Outcomes(np.concatenate(costs), np.concatenate(finishes), model.first_day, kept)


def blocks(iterations: int) -> Iterator[tuple[int, int]]:
    """Number and size of every block."""
    for block, start in enumerate(range(0, iterations, BLOCK)):
        yield block, min(BLOCK, iterations - start)


def play(model: Model, draws: Draws) -> tuple[Array, Array]:
    """Cost, and finish in days after midnight of the model's first day, of every iteration of a block."""
    axis, spans = schedule(model, draws)
    cost = sum((cost_of(line, draws, spans, axis, model.first_day) for line in model.cost_lines), np.zeros(()))
    cost = cost + sum(draws.costs.values(), np.zeros(()))
    finish = np.max([span.finish for span in spans.values()], axis=0)
    delay = sum(draws.delays.values(), np.zeros(()))
    time = axis.working_time(model.calendar)
    # A finish that nothing delays stays where the network put it, also on a day off of the project's own calendar.
    delayed = np.where(delay > 0, time.finish(time.position(finish) + delay), finish)
    return cost, np.maximum(delayed, finish) - axis.morning(model.first_day)


def schedule(model: Model, draws: Draws) -> tuple[Axis, dict[str, Span]]:
    """Begin and end of every activity, on an axis that is long enough for them."""
    ahead = sum(float(np.max(duration)) for duration in draws.durations.values())
    ahead += sum(abs(link.lag) for link in model.links)
    ahead += sum(float(np.max(delay)) for delay in draws.delays.values())
    axis = axis_for(model, ahead)
    return axis, forward_pass(model, axis, draws.durations)


def cost_of(line: CostLine, draws: Draws, spans: Mapping[str, Span], axis: Axis, first_day: date) -> Array:
    """What a line costs in the end: what is spent, and what is still to come with the rise of its price."""
    amount = draws.amounts[line.code]
    if line.is_burn_rate:
        to_come = amount * draws.durations[line.activity or ""]
    else:
        to_come = np.maximum(amount - line.spent, 0) if line.spent else amount
    if line.escalation_rate and line.activity and line.escalation_base:
        span = spans[line.activity]
        begins = np.maximum(span.start, axis.morning(first_day))
        middle = (begins + np.maximum(span.finish, begins)) / 2
        to_come = to_come * (1 + line.escalation_rate) ** ((middle - axis.morning(line.escalation_base)) / DAYS_A_YEAR)
    return line.spent + to_come


def baseline_of(model: Model) -> Baseline:
    """The cost and the dates of the plan as it is estimated.

    Raises:
        BadPlan: it cannot be scheduled.
    """
    check(model)
    draws = Draws(
        durations={
            one.code: np.array([0.0 if one.actual_finish else one.duration.most_likely * one.remaining])
            for one in model.activities
        },
        amounts={line.code: np.array([line.amount.most_likely]) for line in model.cost_lines},
        costs={},
        delays={},
    )
    axis, spans = schedule(model, draws)
    cost, finish = play(model, draws)
    return Baseline(
        cost=float(cost[0]),
        finish=day_of(model.first_day, float(finish[0])),
        activities={code: day_of(axis.first, float(span.finish[0])) for code, span in spans.items()},
    )
