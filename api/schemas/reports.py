"""Monthly reports."""

from __future__ import annotations

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from api.schemas.base import Answer
from db.repositories.reports import ReportSummary


class ReportAnswer(Answer):
    """One line of the list of reports."""

    id: UUID
    title: str
    project: str
    period: str = Field(examples=["2026-10"])
    status: str
    version: int

    @classmethod
    def of(cls, report: ReportSummary) -> Self:
        """Show a report."""
        month: date = report.report_month
        return cls(
            id=report.id,
            title=report.title,
            project=report.project,
            period=f"{month:%Y-%m}",
            status=report.status,
            version=report.version,
        )


class ReportList(BaseModel):
    """The reports that the asker may see."""

    items: list[ReportAnswer]
