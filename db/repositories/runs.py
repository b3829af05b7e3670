"""Runs as their askers see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from contracts.settlement import AttemptOutcome
from contracts.state import RunState
from db.models import TaskAttempt, TaskRun


@dataclass(frozen=True, slots=True)
class Run:
    """A run, whole but for its attempts."""

    id: UUID
    kind: str
    args: dict[str, Any]
    queue: str
    priority: int
    state: RunState
    attempt: int
    max_attempts: int
    progress: float | None
    progress_message: str | None
    unique_key: str | None
    requested_by: UUID | None
    created_at: datetime
    scheduled_at: datetime
    started_at: datetime | None
    finalized_at: datetime | None
    result: dict[str, Any] | None
    last_error: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One execution of a run."""

    attempt: int
    started_at: datetime
    finished_at: datetime | None
    outcome: AttemptOutcome | None
    worker: str
    error_type: str | None
    error_message: str | None


COLUMNS = tuple(getattr(TaskRun, name) for name in Run.__dataclass_fields__)
ATTEMPT_COLUMNS = tuple(getattr(TaskAttempt, name) for name in Attempt.__dataclass_fields__)


def find_run(session: Session, run_id: UUID) -> Run | None:
    """Return a run that this transaction may see, or None."""
    row = session.execute(select(*COLUMNS).where(TaskRun.id == run_id)).mappings().one_or_none()
    return Run(**row) if row else None


def find_attempts(session: Session, run_id: UUID) -> list[Attempt]:
    """Return the attempts of a run, first to last."""
    rows = session.execute(select(*ATTEMPT_COLUMNS).where(TaskAttempt.run_id == run_id).order_by(TaskAttempt.attempt))
    return [Attempt(**row) for row in rows.mappings()]


def list_runs(
    session: Session,
    *,
    kind: str | None = None,
    states: Sequence[RunState] = (),
    before: UUID | None = None,
    limit: int = 50,
) -> list[Run]:
    """Return runs that this transaction may see, newest first, older than `before`.

    Ids grow with time, so the id alone is the key of the page.
    """
    filters: list[ColumnElement[bool]] = []
    if kind:
        filters.append(TaskRun.kind == kind)
    if states:
        filters.append(TaskRun.state.in_(states))
    if before:
        filters.append(TaskRun.id < before)
    rows = session.execute(select(*COLUMNS).where(*filters).order_by(TaskRun.id.desc()).limit(limit))
    return [Run(**row) for row in rows.mappings()]
