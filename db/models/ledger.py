"""The ledger: one row a run, one row an attempt, and what the database must know of each kind."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Enum,
    ForeignKey,
    Index,
    Integer,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import REAL, SMALLINT
from sqlalchemy.orm import Mapped, mapped_column

from contracts.queues import Queue
from contracts.settlement import AttemptOutcome
from contracts.state import RunState
from db.models.base import EMPTY_LIST, EMPTY_OBJECT, NOW, Base

run_state = Enum(RunState, name="run_state", values_callable=lambda states: [state.value for state in states])
attempt_outcome = Enum(
    AttemptOutcome, name="attempt_outcome", values_callable=lambda outcomes: [outcome.value for outcome in outcomes]
)

QUEUES = f"queue = ANY (ARRAY[{', '.join(repr(queue.value) for queue in Queue)}])"
NOT_FINAL = "state <> ALL (ARRAY['completed'::run_state, 'discarded'::run_state, 'cancelled'::run_state])"

NOT_BEGUN = "state = ANY (ARRAY['scheduled'::run_state, 'available'::run_state, 'dispatched'::run_state])"


class TaskKind(Base):
    """The defaults of a kind, for callers that know only SQL. Written from `contracts.kinds` after each migration."""

    __tablename__ = "task_kinds"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    queue: Mapped[str] = mapped_column(Text)
    priority: Mapped[int] = mapped_column(SMALLINT)
    max_attempts: Mapped[int] = mapped_column(Integer)
    needs_requester: Mapped[bool] = mapped_column(Boolean)
    internal: Mapped[bool] = mapped_column(Boolean)
    # A list of {right, arg}, as contracts/rights.py has them.
    needs: Mapped[list[Any]] = mapped_column(server_default=EMPTY_LIST)
    args_version: Mapped[int] = mapped_column(Integer, server_default=text("1"))


class TaskRun(Base):
    """One request to perform a kind."""

    __tablename__ = "task_runs"
    __table_args__ = (
        CheckConstraint("jsonb_typeof(args) = 'object'", name="args"),
        CheckConstraint(QUEUES, name="queue"),
        CheckConstraint("priority >= 0 AND priority <= 9", name="priority"),
        CheckConstraint("attempt >= 0 AND uncharged >= 0 AND uncharged <= attempt", name="attempt"),
        CheckConstraint("max_attempts >= 1", name="max_attempts"),
        CheckConstraint("progress >= 0::double precision AND progress <= 1::double precision", name="progress"),
        CheckConstraint("(state = 'executing'::run_state) = (lease_until IS NOT NULL)", name="lease"),
        CheckConstraint("(schedule IS NULL) = (slot IS NULL)", name="slot"),
        # What the relay takes next, queue by queue.
        Index(
            "task_runs_available_idx",
            "queue",
            "priority",
            "scheduled_at",
            "id",
            postgresql_where=text("state = 'available'::run_state"),
        ),
        # What becomes due. A run that waits for its next attempt stands here too.
        Index("task_runs_scheduled_idx", "scheduled_at", postgresql_where=text("state = 'scheduled'::run_state")),
        # Unanswered rings, and how many each queue has.
        Index(
            "task_runs_dispatched_idx",
            "queue",
            "dispatched_at",
            postgresql_where=text("state = 'dispatched'::run_state"),
        ),
        # Leases. Not on lease_until itself: a heartbeat must stay a heap-only update.
        Index("task_runs_executing_idx", "worker", postgresql_where=text("state = 'executing'::run_state")),
        Index(
            "task_runs_unique_key_idx",
            "kind",
            "unique_key",
            "requested_by",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text(f"unique_key IS NOT NULL AND ({NOT_FINAL})"),
        ),
        Index("task_runs_slot_idx", "schedule", "slot", unique=True, postgresql_where=text("schedule IS NOT NULL")),
        Index("task_runs_requested_by_idx", "requested_by", "id"),
        # Deadlines of what has not begun.
        Index(
            "task_runs_expires_idx",
            "expires_at",
            postgresql_where=text(f"expires_at IS NOT NULL AND attempt = 0 AND {NOT_BEGUN}"),
        ),
        # What the pruner deletes, oldest first.
        Index("task_runs_finalized_idx", "finalized_at", postgresql_where=text("finalized_at IS NOT NULL")),
        {"postgresql_with": {"fillfactor": "80"}},
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, server_default=text("uuid_v7()"))
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    scheduled_at: Mapped[datetime] = mapped_column(server_default=NOW)
    dispatched_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    finalized_at: Mapped[datetime | None]
    slot: Mapped[datetime | None]
    attempt: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    uncharged: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    max_attempts: Mapped[int] = mapped_column(Integer)
    worker_pid: Mapped[int | None] = mapped_column(Integer)
    progress: Mapped[float | None] = mapped_column(REAL)
    state: Mapped[RunState] = mapped_column(run_state, server_default=text("'available'::run_state"))
    priority: Mapped[int] = mapped_column(SMALLINT, server_default=text("5"))
    requested_by: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("auth.users.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(Text)
    queue: Mapped[str] = mapped_column(Text)
    worker: Mapped[str | None] = mapped_column(Text)
    unique_key: Mapped[str | None] = mapped_column(Text)
    schedule: Mapped[str | None] = mapped_column(Text)
    progress_message: Mapped[str | None] = mapped_column(Text)
    last_error: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    args: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)
    trace_context: Mapped[dict[str, Any] | None]
    result: Mapped[dict[str, Any] | None]
    expires_at: Mapped[datetime | None]
    cancel_requested_at: Mapped[datetime | None]
    args_version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    checkpoint: Mapped[dict[str, Any] | None]


class TaskAttempt(Base):
    """One execution of a run by a worker."""

    __tablename__ = "task_attempts"

    run_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("task_runs.id", ondelete="CASCADE"), primary_key=True)
    attempt: Mapped[int] = mapped_column(Integer, primary_key=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[AttemptOutcome | None] = mapped_column(attempt_outcome)
    worker: Mapped[str] = mapped_column(Text)
    error_type: Mapped[str | None] = mapped_column(Text)
    error_message: Mapped[str | None] = mapped_column(Text)
    error_traceback: Mapped[str | None] = mapped_column(Text)
