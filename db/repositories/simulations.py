"""Simulations: what the asker sees of them, and where a task leaves what it found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from db.models import MonteCarloResult, MonteCarloRiskConfig, MonteCarloSimulation, PmrReport, TaskRun


@dataclass(frozen=True, slots=True)
class Simulation:
    """A simulation, with the progress of its run while the ledger remembers the run."""

    id: UUID
    project_id: UUID | None
    name: str
    status: str
    iteration_count: int
    random_seed: int | None
    results_summary: Mapping[str, Any] | None
    created_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    progress: float | None
    progress_message: str | None


@dataclass(frozen=True, slots=True)
class SimulationResult:
    """A row of `monte_carlo_results`.

    `data_size` is the size in bytes of the result before compression, `compression_ratio` that size for each byte
    that is kept.
    """

    result_type: str
    data_format: str
    result_data: Mapping[str, Any]
    result_data_compressed: bytes | None
    data_size: int
    compression_ratio: Decimal | None


@dataclass(frozen=True, slots=True)
class RiskConfig:
    """A row of `monte_carlo_risk_configs`: how one risk was simulated."""

    risk_id: UUID
    name: str
    category: str
    impact_type: str
    distribution_type: str
    distribution_parameters: Mapping[str, Any]
    baseline_impact: Decimal
    impact_unit: str


@dataclass(frozen=True, slots=True)
class Findings:
    """All that a simulation leaves."""

    seed: int
    iterations: int
    summary: Mapping[str, Any]
    results: Sequence[SimulationResult]
    risk_configs: Sequence[RiskConfig]


JOINED = ("progress", "progress_message")
COLUMNS = (
    *(getattr(MonteCarloSimulation, name) for name in Simulation.__slots__ if name not in JOINED),
    *(getattr(TaskRun, name) for name in JOINED),
)


def find_simulation(session: Session, simulation_id: UUID) -> Simulation | None:
    """Return a simulation that this transaction may see, or None."""
    query = (
        select(*COLUMNS)
        .outerjoin(TaskRun, TaskRun.id == MonteCarloSimulation.id)
        .where(MonteCarloSimulation.id == simulation_id)
    )
    row = session.execute(query).mappings().one_or_none()
    return Simulation(**row) if row else None


def list_simulations(session: Session, project_id: UUID, *, limit: int) -> list[Simulation]:
    """Return the simulations of a project that this transaction may see, newest first."""
    query = (
        select(*COLUMNS)
        .outerjoin(TaskRun, TaskRun.id == MonteCarloSimulation.id)
        .where(MonteCarloSimulation.project_id == project_id)
        .order_by(MonteCarloSimulation.created_at.desc(), MonteCarloSimulation.id.desc())
        .limit(limit)
    )
    return [Simulation(**row) for row in session.execute(query).mappings()]


def record_findings(session: Session, simulation_id: UUID, findings: Findings) -> bool:
    """Write what was found, in place of what an earlier time found; False when the simulation is not there any more.

    Its status, and when it began and ended, follow the run by themselves. Nothing says that it converged, since the
    number of iterations is the asker's.
    """
    if session.get(MonteCarloSimulation, simulation_id) is None:
        return False
    for model, rows in ((MonteCarloResult, findings.results), (MonteCarloRiskConfig, findings.risk_configs)):
        session.execute(delete(model).where(model.simulation_id == simulation_id))
        if rows:
            session.execute(insert(model), [{"simulation_id": simulation_id, **asdict(row)} for row in rows])
    # Last: whoever takes back the run of a worker that died in the middle changes this row too, and must not wait.
    session.execute(
        update(MonteCarloSimulation)
        .where(MonteCarloSimulation.id == simulation_id)
        .values(results_summary=findings.summary, random_seed=findings.seed, iteration_count=findings.iterations)
    )
    return True


def report_is_of(session: Session, report_id: UUID, project_id: UUID) -> bool:
    """Is this a report of the project?"""
    query = select(PmrReport.id).where(PmrReport.id == report_id, PmrReport.project_id == project_id)
    return session.execute(query).one_or_none() is not None


def show_in_report(session: Session, report_id: UUID, simulation_id: UUID, summary: Mapping[str, Any]) -> None:
    """Let a report show the simulation."""
    session.execute(
        update(PmrReport)
        .where(PmrReport.id == report_id)
        .values(monte_carlo_analysis=summary, monte_carlo_enabled=True, monte_carlo_simulation_id=simulation_id)
    )
