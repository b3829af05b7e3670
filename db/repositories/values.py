"""The plain frozen values that repositories return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Project:
    """A row of `projects`. Money is in the project's own currency."""

    id: UUID
    name: str
    description: str | None
    status: str
    health: str
    budget: Decimal | None
    actual_cost: Decimal | None
    currency: str
    start_date: date | None
    end_date: date | None
    percentage_complete: Decimal | None


@dataclass(frozen=True, slots=True)
class Template:
    """A row of `pmr_templates`, as far as a report needs it."""

    id: UUID
    name: str
    template_type: str
    sections: Sequence[Mapping[str, Any]]
    branding_config: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Insight:
    """A row of `ai_insights`. `confidence_score` lies between 0 and 1."""

    id: UUID
    insight_type: str
    category: str
    title: str
    content: str
    confidence_score: Decimal
    priority: str
    validation_status: str
    predicted_impact: str | None
    recommended_actions: Sequence[Any]
    supporting_data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """One version of a project's monthly report with all that an export shows."""

    id: UUID
    title: str
    report_month: date
    report_year: int
    status: str
    version: int
    generated_at: datetime
    executive_summary: str | None
    ai_generated_summary: str | None
    sections: Sequence[Any]
    metrics: Mapping[str, Any]
    template_customizations: Mapping[str, Any]
    prepared_by: str | None
    approved_by: str | None
    project: Project
    template: Template
    insights: Sequence[Insight]
    monte_carlo_analysis: Mapping[str, Any] = field(default_factory=dict[str, Any])
