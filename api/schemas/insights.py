"""Insights of reports."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.base import Answer, Request
from contracts.args.reports import InsightCategory
from db.repositories.insights import ReportInsight


class InsightsRequest(Request):
    """Ask for what a report's figures mean."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"categories": ["budget", "schedule"]}]})

    categories: tuple[InsightCategory, ...] | None = Field(
        None, min_length=1, description="Only these; all when absent"
    )


class InsightAnswer(Answer):
    """An insight, whoever wrote it."""

    id: UUID
    insight_type: str = Field(examples=["alert"], description="prediction, recommendation, alert or summary")
    category: InsightCategory
    priority: str = Field(examples=["high"], description="critical, high, medium or low")
    title: str = Field(examples=["CPI 0.936: the work done has cost $830,220 more than it is worth"])
    content: str
    confidence_score: float = Field(ge=0, le=1, examples=[0.95])
    validation_status: str = Field(examples=["pending"], description="pending, validated, rejected or needs_review")
    supporting_data: dict[str, Any] = Field(description="Every figure cited; `formulas` says how it was calculated")
    predicted_impact: str | None = None
    recommended_actions: list[Any]
    data_sources: list[Any]
    generator: str | None = Field(description="local: by the rules of insight.generate; null: by people or others")
    generated_at: datetime | None

    @classmethod
    def of(cls, insight: ReportInsight) -> Self:
        """Show an insight."""
        return cls.model_validate(insight)


class InsightList(BaseModel):
    """The insights of a report, the most urgent first."""

    items: list[InsightAnswer]
