"""`simulation.run`: a project is played through many times."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np

from contracts.args.simulations import RunSimulation
from contracts.errors import Permanent
from contracts.outcome import Outcome, Result
from db.repositories.plans import Plan, find_plan
from db.repositories.simulations import (
    Findings,
    RiskConfig,
    SimulationResult,
    record_findings,
    report_is_of,
    show_in_report,
)
from engines.simulation.model import Array, Estimate, Model, Risk
from engines.simulation.results import contributions, histogram, summarise
from engines.simulation.simulate import Outcomes, baseline_of, simulate
from tasks.context import TaskContext
from tasks.registry import task
from tasks.simulation_model import model_of, targets_of

SEED_BITS = 32
# The shares of the run's time that come before and after the playing.
PLAYING, STORING = 0.05, 0.9


class ProjectMissing(Permanent):
    """The project does not exist any more."""


class ReportOfAnother(Permanent):
    """The report is not one of this project."""


class SimulationMissing(Permanent):
    """The simulation was deleted while it ran."""


@task(RunSimulation)
def run_simulation(args: RunSimulation, context: TaskContext) -> Outcome:
    """Simulate the project's plan, keep what was found, and let the report show it."""
    plan = find_plan(context.session, args.project_id)
    if plan is None:
        raise ProjectMissing(f"Project {args.project_id} does not exist any more.")
    if args.report_id and not report_is_of(context.session, args.report_id, args.project_id):
        raise ReportOfAnother(f"Report {args.report_id} is none of project {plan.project.name!r}: name one that is.")
    seed = context.random.getrandbits(SEED_BITS) if args.seed is None else args.seed
    model, targets = model_of(plan, args), targets_of(plan, args)

    message = f"{args.iterations:,} times {len(model.activities)} activities, {len(model.cost_lines)} cost lines"
    context.progress(PLAYING, message)
    outcomes = simulate(
        model,
        iterations=args.iterations,
        seed=seed,
        progress=lambda share: context.progress(PLAYING + share * (STORING - PLAYING), message),
    )
    summary = {
        "simulation_id": str(context.run_id),
        "seed": seed,
        "currency": plan.project.currency,
        "simulated_at": context.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        **summarise(model, outcomes, baseline_of(model), targets),
    }
    context.progress(STORING, "Storing what came out")
    store(context, args, plan, findings_of(plan, model, outcomes, summary))
    return Result(headline(summary))


def store(context: TaskContext, args: RunSimulation, plan: Plan, findings: Findings) -> None:
    """Write the findings, and the report that shows them, in the task's transaction."""
    if not record_findings(context.session, context.run_id, findings):
        raise SimulationMissing(f"The simulation of {plan.project.name!r} was deleted while it ran: ask for a new one.")
    if args.report_id:
        show_in_report(context.session, args.report_id, context.run_id, findings.summary)


def headline(summary: Mapping[str, Any]) -> dict[str, Any]:
    """The few figures that the run itself keeps."""
    cost, schedule = summary["cost"], summary["schedule"]
    return {
        "simulation_id": summary["simulation_id"],
        "seed": summary["seed"],
        "iterations": summary["iterations"],
        "cost": {name: cost["percentiles"][name] for name in ("p50", "p80")},
        "finish": {name: schedule["percentiles"][name] for name in ("p50", "p80")},
        "probability_within_target": cost["probability_within_target"],
        "probability_by_target": schedule["probability_by_target"],
        "joint_probability": summary["joint_probability"],
    }


def findings_of(plan: Plan, model: Model, outcomes: Outcomes, summary: Mapping[str, Any]) -> Findings:
    """All rows of the simulation."""
    finish = {"unit": f"days after the beginning of {outcomes.origin}"}
    return Findings(
        seed=summary["seed"],
        iterations=summary["iterations"],
        summary=summary,
        results=(
            samples("cost_outcomes", outcomes.cost, {"unit": plan.project.currency}),
            samples("schedule_outcomes", outcomes.finish, finish),
            document("cost_histogram", {"unit": plan.project.currency, **bins(outcomes.cost)}),
            document("schedule_histogram", {**finish, **bins(outcomes.finish)}),
            document("risk_contributions", {"risks": contributions(model, outcomes)}),
        ),
        risk_configs=risk_configs(plan, model),
    )


def samples(result_type: str, values: Array, description: Mapping[str, Any]) -> SimulationResult:
    """One number for each iteration, in the order of the iterations: four bytes each, deflated."""
    raw = values.astype("<f4").tobytes()
    packed = zlib.compress(raw, level=6)
    return SimulationResult(
        result_type=result_type,
        data_format="zlib",
        result_data={"dtype": "<f4", "count": len(values), **description},
        result_data_compressed=packed,
        data_size=len(raw),
        compression_ratio=Decimal(len(raw) / len(packed)).quantize(Decimal("0.01")),
    )


def document(result_type: str, content: Mapping[str, Any]) -> SimulationResult:
    """A result that is JSON. Its size is that of the JSON without blanks."""
    size = len(json.dumps(content, separators=(",", ":")).encode())
    return SimulationResult(result_type, "json", content, None, size, None)


def bins(values: Array) -> dict[str, Any]:
    """A histogram."""
    edges, counts = histogram(np.asarray(values))
    return {"edges": edges, "counts": counts}


def risk_configs(plan: Plan, model: Model) -> tuple[RiskConfig, ...]:
    """How each risk was simulated."""
    simulated = {UUID(risk.id): risk for risk in model.risks}
    return tuple(
        risk_config(simulated[row.id], row.category, plan.project.currency) for row in plan.risks if row.id in simulated
    )


def risk_config(risk: Risk, category: str, currency: str) -> RiskConfig:
    """One risk: its cost is its baseline where it has one, else its delay."""
    baseline, unit = (risk.cost, currency) if risk.cost else (risk.delay, "working days")
    return RiskConfig(
        risk_id=UUID(risk.id),
        name=risk.title,
        category=category,
        impact_type="both" if risk.cost and risk.delay else "cost" if risk.cost else "schedule",
        distribution_type="triangular",
        distribution_parameters={
            "probability": risk.probability,
            **{name: points(one) for name, one in (("cost", risk.cost), ("delay_days", risk.delay)) if one},
        },
        baseline_impact=Decimal(baseline.most_likely if baseline else 0).quantize(Decimal("0.01")),
        impact_unit=unit,
    )


def points(estimate: Estimate) -> list[float]:
    """The ends and the mode, to the cent."""
    return [round(value, 2) for value in (estimate.optimistic, estimate.most_likely, estimate.pessimistic)]
