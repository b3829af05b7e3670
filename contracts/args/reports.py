"""Work on project monthly reports."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from contracts.args.base import Args
from contracts.args.report_options import ReportOptions


class ExportFormat(StrEnum):
    """The formats that `report.export` can write, named as the schema's enum `export_format` names them."""

    PDF = "pdf"
    EXCEL = "excel"
    SLIDES = "slides"
    WORD = "word"
    POWERPOINT = "powerpoint"


class InsightCategory(StrEnum):
    """What an insight is about, named as the schema's enum `ai_insight_category` names it."""

    BUDGET = "budget"
    SCHEDULE = "schedule"
    RESOURCE = "resource"
    RISK = "risk"
    QUALITY = "quality"


class ExportReport(Args):
    """`report.export`: render one monthly report into a file."""

    kind: ClassVar[str] = "report.export"

    report_id: UUID = Field(description="The row of pmr_reports to render")
    format: ExportFormat = Field(description="The file format")
    options: ReportOptions = Field(default_factory=lambda: ReportOptions(), description="How the report is shown")


class GenerateInsights(Args):
    """`insight.generate`: say what a report's figures mean, each statement with the figures it rests on."""

    kind: ClassVar[str] = "insight.generate"

    report_id: UUID = Field(description="The row of pmr_reports to read")
    categories: tuple[InsightCategory, ...] | None = Field(
        None, min_length=1, description="Only these; all when absent"
    )
