"""Monte Carlo simulations: what was asked, of which risks, and what came out."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Text,
    Uuid,
    false,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import EMPTY_LIST, NOW, Base, UuidKey
from db.models.pmr import AUTH_USER

SIMULATION = "monte_carlo_simulations.id"


class MonteCarloSimulation(Base):
    """One simulation of a project's cost and schedule."""

    __tablename__ = "monte_carlo_simulations"
    __table_args__ = (
        CheckConstraint("iteration_count > 0", name="iteration_count"),
        Index("idx_monte_carlo_simulations_user", "user_id", text("created_at DESC")),
        Index("idx_monte_carlo_simulations_project", "project_id", text("created_at DESC")),
        Index("idx_monte_carlo_simulations_status", "status", text("created_at DESC")),
    )

    id: Mapped[UuidKey]
    user_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey(AUTH_USER, ondelete="CASCADE"))
    project_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("projects.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(255))
    description: Mapped[str | None] = mapped_column(Text)
    iteration_count: Mapped[int] = mapped_column(Integer, server_default=text("10000"))
    random_seed: Mapped[int | None] = mapped_column(BigInteger)
    convergence_threshold: Mapped[Decimal | None] = mapped_column(Numeric(10, 6), server_default=text("0.001"))
    status: Mapped[str] = mapped_column(String(50), server_default="pending")
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    execution_time: Mapped[Decimal | None] = mapped_column(Numeric(10, 3))
    results_summary: Mapped[dict[str, Any] | None]
    converged: Mapped[bool | None] = mapped_column(Boolean, server_default=false())
    convergence_iteration: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[datetime | None] = mapped_column(server_default=NOW)
    updated_at: Mapped[datetime | None] = mapped_column(server_default=NOW)


class MonteCarloScenario(Base):
    """A simulation under other assumptions."""

    __tablename__ = "monte_carlo_scenarios"
    __table_args__ = (
        Index("idx_monte_carlo_scenarios_simulation", "simulation_id"),
        Index("idx_monte_carlo_scenarios_created_by", "created_by"),
        Index("idx_monte_carlo_scenarios_baseline", "simulation_id", "is_active", postgresql_where=text("is_baseline")),
    )

    id: Mapped[UuidKey]
    simulation_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey(SIMULATION, ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(255))
    description: Mapped[str | None] = mapped_column(Text)
    is_baseline: Mapped[bool | None] = mapped_column(Boolean, server_default=false())
    is_active: Mapped[bool | None] = mapped_column(Boolean, server_default=true())
    risk_modifications: Mapped[dict[str, Any] | None]
    results_data: Mapped[dict[str, Any] | None]
    created_by: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey(AUTH_USER, ondelete="CASCADE"))
    created_at: Mapped[datetime | None] = mapped_column(server_default=NOW)
    updated_at: Mapped[datetime | None] = mapped_column(server_default=NOW)


class MonteCarloRiskConfig(Base):
    """How a simulation models one risk."""

    __tablename__ = "monte_carlo_risk_configs"
    __table_args__ = (
        Index("idx_monte_carlo_risk_configs_simulation", "simulation_id"),
        Index("idx_monte_carlo_risk_configs_risk", "risk_id", postgresql_where=text("risk_id IS NOT NULL")),
        Index("idx_monte_carlo_risk_configs_category", "category", "impact_type"),
    )

    id: Mapped[UuidKey]
    simulation_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey(SIMULATION, ondelete="CASCADE"))
    risk_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("risks.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(255))
    category: Mapped[str] = mapped_column(String(50))
    impact_type: Mapped[str] = mapped_column(String(50))
    distribution_type: Mapped[str] = mapped_column(String(50))
    distribution_parameters: Mapped[dict[str, Any]]
    baseline_impact: Mapped[Decimal] = mapped_column(Numeric(15, 2))
    impact_unit: Mapped[str | None] = mapped_column(String(20))
    correlation_dependencies: Mapped[list[Any] | None] = mapped_column(server_default=EMPTY_LIST)
    mitigation_strategies: Mapped[list[Any] | None] = mapped_column(server_default=EMPTY_LIST)
    created_at: Mapped[datetime | None] = mapped_column(server_default=NOW)
    updated_at: Mapped[datetime | None] = mapped_column(server_default=NOW)


class MonteCarloResult(Base):
    """What a simulation found, by kind of result."""

    __tablename__ = "monte_carlo_results"
    __table_args__ = (
        CheckConstraint("data_size >= 0", name="data_size"),
        Index("idx_monte_carlo_results_simulation", "simulation_id", "result_type"),
    )

    id: Mapped[UuidKey]
    simulation_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey(SIMULATION, ondelete="CASCADE"))
    result_type: Mapped[str] = mapped_column(String(50))
    data_format: Mapped[str | None] = mapped_column(String(20), server_default="json")
    result_data: Mapped[dict[str, Any] | None]
    result_data_compressed: Mapped[bytes | None] = mapped_column(LargeBinary)
    data_size: Mapped[int | None] = mapped_column(BigInteger)
    compression_ratio: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    created_at: Mapped[datetime | None] = mapped_column(server_default=NOW)


class MonteCarloVisualization(Base):
    """A chart of a simulation's outcome."""

    __tablename__ = "monte_carlo_visualizations"
    __table_args__ = (
        CheckConstraint("file_size >= 0", name="file_size"),
        Index("idx_monte_carlo_visualizations_simulation", "simulation_id", "chart_type", "outcome_type"),
        Index(
            "idx_monte_carlo_visualizations_generated_by",
            "generated_by",
            postgresql_where=text("generated_by IS NOT NULL"),
        ),
    )

    id: Mapped[UuidKey]
    simulation_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey(SIMULATION, ondelete="CASCADE"))
    chart_type: Mapped[str] = mapped_column(String(50))
    outcome_type: Mapped[str | None] = mapped_column(String(50))
    format: Mapped[str | None] = mapped_column(String(20), server_default="png")
    theme: Mapped[str | None] = mapped_column(String(50), server_default="professional")
    title: Mapped[str | None] = mapped_column(String(255))
    subtitle: Mapped[str | None] = mapped_column(String(255))
    chart_config: Mapped[dict[str, Any] | None]
    chart_data: Mapped[str | None] = mapped_column(Text)
    file_path: Mapped[str | None] = mapped_column(String(500))
    file_size: Mapped[int | None] = mapped_column(BigInteger)
    generated_at: Mapped[datetime | None] = mapped_column(server_default=NOW)
    generated_by: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey(AUTH_USER, ondelete="SET NULL"))
