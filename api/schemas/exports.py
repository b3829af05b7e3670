"""Exports of reports."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import ConfigDict, Field

from api.schemas.base import REPORT_ID, RUN_ID, Answer, Request
from contracts.args.report_options import ReportOptions
from contracts.args.reports import ExportFormat
from db.repositories.exports import Export


class ExportRequest(Request):
    """Ask for one file of a report."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"format": "pdf", "options": {"language": "fr", "include_charts": True}}]},
    )

    format: ExportFormat
    options: ReportOptions = Field(default_factory=lambda: ReportOptions())


class ExportAnswer(Answer):
    """An export and how far it is."""

    id: UUID = Field(examples=[RUN_ID], description="Also the id of the run that does it")
    report_id: UUID = Field(examples=[REPORT_ID])
    format: str = Field(examples=["pdf"])
    status: str = Field(examples=["processing"], description="queued, processing, completed or failed")
    progress: float | None = Field(None, ge=0, le=1, examples=[0.2])
    progress_message: str | None = Field(None, examples=["Laying out 10 sections"])
    file_size: int | None = Field(None, description="Bytes")
    sha256: str | None = Field(None, description="Of the file, in hexadecimal")
    retry_count: int = Field(0, description="Attempts beyond the first")
    error_message: str | None = None
    created_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    download_url: str | None = Field(None, examples=[f"/v1/exports/{RUN_ID}/download"])

    @classmethod
    def of(cls, export: Export) -> Self:
        """Show an export."""
        fields = {name: getattr(export, name) for name in Export.__dataclass_fields__ if name != "file"}
        if export.file:
            fields |= {
                "file_size": export.file.size,
                "sha256": export.file.sha256,
                "download_url": f"/v1/exports/{export.id}/download",
            }
        return cls.model_validate(fields)
