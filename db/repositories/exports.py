"""Exports: what the asker sees of theirs, and where a task says what file it stored."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.models import ExportJob, TaskRun

# How a stored file is named in `file_url`: a key of the file store, and no address that a browser could open.
STORE = "store://"


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A stored file: its key in the store, its size in bytes, and what the one who downloads it is told."""

    key: str
    size: int
    name: str
    media_type: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Export:
    """An export, its run's progress while the ledger remembers the run, and its file once there is one."""

    id: UUID
    report_id: UUID
    format: str
    status: str
    progress: float | None
    progress_message: str | None
    retry_count: int
    error_message: str | None
    created_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    file: ExportFile | None


def find_export(session: Session, export_id: UUID) -> Export | None:
    """Return an export that this transaction may see, or None."""
    query = (
        select(ExportJob, TaskRun.progress, TaskRun.progress_message)
        .outerjoin(TaskRun, TaskRun.id == ExportJob.id)
        .where(ExportJob.id == export_id)
    )
    row = session.execute(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        return None
    export, progress, message = row
    return Export(
        id=export.id,
        report_id=export.report_id,
        format=export.export_format,
        status=export.status or "queued",
        progress=progress,
        progress_message=message,
        retry_count=export.retry_count or 0,
        error_message=export.error_message,
        created_at=export.created_at,
        started_at=export.started_at,
        completed_at=export.completed_at,
        file=file_of(export),
    )


def file_of(export: ExportJob) -> ExportFile | None:
    """Return the file of a completed export."""
    if export.status != "completed" or not (export.file_url or "").startswith(STORE):
        return None
    return ExportFile(
        key=str(export.file_url).removeprefix(STORE),
        size=export.file_size or 0,
        name=export.file_name or str(export.id),
        media_type=export.file_type or "application/octet-stream",
        sha256=export.file_sha256 or "",
    )


def named_files(session: Session, exports: Collection[UUID]) -> set[str]:
    """Return the keys of the files that these exports name."""
    urls = session.scalars(select(ExportJob.file_url).where(ExportJob.id.in_(exports), ExportJob.file_url.is_not(None)))
    return {str(url).removeprefix(STORE) for url in urls}


def record_file(session: Session, export_id: UUID, file: ExportFile) -> None:
    """Note the stored file of an export. Its status follows the run by itself."""
    session.execute(
        update(ExportJob)
        .where(ExportJob.id == export_id)
        .values(
            file_url=STORE + file.key,
            file_size=file.size,
            file_name=file.name,
            file_type=file.media_type,
            file_sha256=file.sha256,
        )
    )
