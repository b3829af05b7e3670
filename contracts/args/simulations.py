"""Work on the cost and schedule risk of a project."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.args.base import Args

LARGEST_SEED = 2**63 - 1


class SimulationOptions(BaseModel):
    """How a project is simulated: all but which."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    report_id: UUID | None = Field(None, description="The report of this project that is to show the simulation")
    name: str | None = Field(None, min_length=1, max_length=255, description="What the simulation is called")
    iterations: int = Field(10_000, ge=100, le=1_000_000, description="How often the project is played through")
    seed: int | None = Field(
        None, ge=0, le=LARGEST_SEED, description="The same seed gives the same results; from the run's id when absent"
    )
    correlation: float = Field(
        0.3, ge=0, lt=1, description="Between any two uncertain durations or amounts, as Gaussian copulas count it"
    )
    target_cost: Decimal | None = Field(None, gt=0, description="In the project's currency; its budget when absent")
    target_date: date | None = Field(None, description="The project's end date when absent")
    full_impact_cost: float = Field(
        0.1, ge=0, le=10, description="What a risk of impact 1 costs, as a fraction of the budget"
    )
    full_impact_delay: float = Field(
        0.1, ge=0, le=10, description="What a risk of impact 1 delays, as a fraction of the planned duration"
    )


class RunSimulation(SimulationOptions, Args):
    """`simulation.run`: simulate a project's cost and finish, from its estimates, its network and its risks."""

    kind: ClassVar[str] = "simulation.run"

    project_id: UUID = Field(description="The row of projects whose plan and risks are simulated")
