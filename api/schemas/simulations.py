"""Simulations of cost and schedule risk."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, Field

from api.schemas.base import RUN_ID, Answer, Request
from contracts.args.simulations import SimulationOptions
from db.repositories.simulations import Simulation


class SimulationRequest(SimulationOptions, Request):
    """Ask for a simulation of a project. `{}` asks for the usual one."""


class SimulationAnswer(Answer):
    """A simulation, how far it is, and what it found."""

    id: UUID = Field(examples=[RUN_ID])
    project_id: UUID | None
    name: str
    status: str = Field(examples=["completed"], description="pending, running, completed or failed")
    iterations: int
    seed: int | None = Field(description="Ask for it again to get the same results")
    progress: float | None
    progress_message: str | None
    created_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    summary: dict[str, Any] | None = Field(description="Percentiles, probabilities, contingency, S-curve and drivers")
    error: str | None = Field(description="Why there is no summary, where the simulation failed")

    @classmethod
    def of(cls, simulation: Simulation) -> Self:
        """Show a simulation."""
        completed = simulation.status == "completed"
        found = simulation.results_summary or {}
        return cls(
            id=simulation.id,
            project_id=simulation.project_id,
            name=simulation.name,
            status=simulation.status,
            iterations=simulation.iteration_count,
            seed=simulation.random_seed,
            progress=simulation.progress,
            progress_message=simulation.progress_message,
            created_at=simulation.created_at,
            started_at=simulation.started_at,
            completed_at=simulation.completed_at,
            summary=dict(found) if completed else None,
            error=None if completed else found.get("error"),
        )


class SimulationList(BaseModel):
    """The simulations of a project, newest first."""

    items: list[SimulationAnswer]
