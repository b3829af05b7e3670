"""Exports: what the asker sees of theirs, and where a task says what file it stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.models import ExportJob, TaskRun


@dataclass(frozen=True, slots=True)
class Export:
    """An export with its run. `file` is what the task recorded of the stored file: key, size, sha256, names."""

    id: UUID
    report_id: UUID
    format: str
    status: str
    progress: float | None
    progress_message: str | None
    file_size: int | None
    retry_count: int
    error_message: str | None
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    file: dict[str, Any] | None


def find_export(session: Session, export_id: UUID) -> Export | None:
    """Return an export that this transaction may see, or None."""
    row = (
        session.execute(
            select(
                ExportJob.id,
                ExportJob.report_id,
                ExportJob.export_format.label("format"),
                ExportJob.status,
                TaskRun.progress,
                TaskRun.progress_message,
                ExportJob.file_size,
                ExportJob.retry_count,
                ExportJob.error_message,
                ExportJob.created_at,
                ExportJob.started_at,
                ExportJob.completed_at,
                TaskRun.result["file"].label("file"),
            )
            .outerjoin(TaskRun, TaskRun.id == ExportJob.id)
            .where(ExportJob.id == export_id)
        )
        .mappings()
        .one_or_none()
    )
    return Export(**row) if row else None


def record_file(session: Session, export_id: UUID, *, url: str, size: int) -> None:
    """Note the stored file of an export. Its status follows the run by itself."""
    session.execute(update(ExportJob).where(ExportJob.id == export_id).values(file_url=url, file_size=size))
