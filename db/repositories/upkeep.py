"""What keeps the shared schema in order: expired sessions, old reports, files past their time, stuck exports."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from db.models import ExportJob, UploadedFile
from db.repositories.exports import STORE
from db.statements import statement


@dataclass(frozen=True, slots=True)
class Maintained:
    """One task of the schema's own maintenance, and what it came to."""

    task: str
    items: int
    milliseconds: int


@dataclass(frozen=True, slots=True)
class CleanedSessions:
    """Rows ended or deleted, by table, and how long it took."""

    rows: dict[str, int]
    milliseconds: int


@dataclass(frozen=True, slots=True)
class ExpiredFile:
    """A row whose file has had its time, and the file's key in the store."""

    id: UUID
    key: str


def clean_sessions(session: Session) -> CleanedSessions:
    """End what has expired of sessions, connections and locks, and count it as the server counts it."""
    before = session_changes(session)
    milliseconds = session.execute(
        text(
            "WITH began AS MATERIALIZED (SELECT clock_timestamp() AS at),"
            " cleaned AS MATERIALIZED (SELECT cleanup_expired_sessions() FROM began)"
            " SELECT milliseconds_since(began.at) FROM began, cleaned"
        )
    ).scalar_one()
    after = session_changes(session)
    return CleanedSessions({table: after[table] - before[table] for table in sorted(after)}, milliseconds)


def session_changes(session: Session) -> dict[str, int]:
    """Return how many rows of each of the tables this transaction has changed or deleted, as differences tell."""
    return {row.relname: row.changes for row in session.execute(statement("session_changes"))}


def maintain_reports(session: Session) -> list[Maintained]:
    """Run the schema's maintenance of reports; return what each of its tasks did."""
    rows = session.execute(text("SELECT task, items_processed, execution_time_ms FROM pmr_maintenance_job()"))
    return [Maintained(row.task, row.items_processed, row.execution_time_ms) for row in rows]


def take_expired_exports(session: Session, *, keep_days: int, batch: int) -> list[ExpiredFile]:
    """Lock one batch of exports whose files have been kept long enough. Other runs pass over them."""
    rows = session.execute(statement("expired_exports"), {"keep_days": keep_days, "batch": batch})
    return [ExpiredFile(row.id, row.place.removeprefix(STORE)) for row in rows]


def clear_files(session: Session, exports: Collection[UUID]) -> None:
    """Note that these exports have no file any more. Their status stays: they were completed."""
    session.execute(
        update(ExportJob)
        .where(ExportJob.id.in_(exports))
        .values(file_url=None, file_size=None, file_name=None, file_type=None, file_sha256=None)
        .execution_options(synchronize_session=False)
    )


def list_expired_uploads(session: Session, *, batch: int) -> list[ExpiredFile]:
    """Return one batch of uploaded files past their time that no run still has to read."""
    rows = session.execute(statement("expired_uploads"), {"batch": batch})
    return [ExpiredFile(row.id, row.place) for row in rows]


def forget_uploads(session: Session, uploads: Collection[UUID]) -> None:
    """Delete the rows of uploaded files."""
    session.execute(
        delete(UploadedFile).where(UploadedFile.id.in_(uploads)).execution_options(synchronize_session=False)
    )


def fail_stuck_exports(session: Session, *, older_than: timedelta) -> int:
    """Fail the exports that have waited longer than this and that no run works on; return how many."""
    failed: int = session.scalars(select(func.fail_stuck_exports(older_than))).one()
    return failed
