"""The bodies of requests and answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from contracts.kinds import ExportFormat
from contracts.queues import LEAST_URGENT, MOST_URGENT, Queue
from contracts.report_options import ReportOptions
from contracts.settlement import AttemptOutcome
from contracts.state import RunState
from db.repositories.exports import Export
from db.repositories.reports import ReportSummary
from db.repositories.runs import Attempt, Run

RUN_ID = "0198f3c2-5f0e-7c3a-9d55-2f7a0c1b4e11"
REPORT_ID = "5d0c1a52-4a53-4a43-8a46-5f7f1c1f0a10"


class Request(BaseModel):
    """The base of what askers send: unknown names are refused rather than ignored."""

    model_config = ConfigDict(extra="forbid")


class Answer(BaseModel):
    """The base of what is answered."""

    model_config = ConfigDict(from_attributes=True)


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


class RunRequest(Request):
    """Ask for a run of any kind."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"kind": "report.export", "args": {"report_id": REPORT_ID, "format": "excel"}, "priority": 3}]
        },
    )

    kind: str
    args: dict[str, Any] = Field(default_factory=dict)
    queue: Queue | None = Field(None, description="The kind's own queue when absent")
    priority: int | None = Field(None, ge=MOST_URGENT, le=LEAST_URGENT, description="0 is the most urgent")
    due_at: AwareDatetime | None = Field(None, description="Not before this time; now when absent")
    unique_key: str | None = Field(
        None,
        min_length=1,
        max_length=200,
        description="While a run of this kind with this key is not final, it is the answer",
    )


class RunAnswer(Answer):
    """A run."""

    id: UUID = Field(examples=[RUN_ID])
    kind: str = Field(examples=["report.export"])
    args: dict[str, Any]
    queue: str
    priority: int
    state: RunState
    attempt: int = Field(description="Attempts begun so far")
    max_attempts: int
    progress: float | None = None
    progress_message: str | None = None
    unique_key: str | None = None
    created_at: datetime
    scheduled_at: datetime = Field(description="Due: now, later, or the time of the next attempt")
    started_at: datetime | None = None
    finalized_at: datetime | None = None
    result: dict[str, Any] | None = None
    last_error: str | None = None
    reason: str | None = None

    @classmethod
    def of(cls, run: Run) -> Self:
        """Show a run."""
        return cls.model_validate(run)


class AttemptAnswer(Answer):
    """One execution of a run."""

    attempt: int
    started_at: datetime
    finished_at: datetime | None
    outcome: AttemptOutcome | None
    error_type: str | None
    error_message: str | None

    @classmethod
    def of(cls, attempt: Attempt) -> Self:
        """Show an attempt."""
        return cls.model_validate(attempt)


class RunDetails(RunAnswer):
    """A run with its attempts."""

    attempts: list[AttemptAnswer] = Field(default_factory=list)


class RunList(BaseModel):
    """A page of runs, newest first. `next` is the address of the page after it, if there is one."""

    items: list[RunAnswer]
    next: str | None = None


class Health(BaseModel):
    """Whether this process is up, or ready to serve."""

    status: str = Field(examples=["ok"])
    checks: dict[str, str] = Field(default_factory=dict, examples=[{"database": "ok", "schema": "ok", "storage": "ok"}])
