"""The ledger: every transition of a run, each one guarded statement.

Times are the database's own, so that the clock of no other machine matters.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.types import Boolean, Float, Integer, Uuid

from contracts.args.base import Args
from contracts.errors import LeaseLost, NotAllowed, NotThere, Refused
from contracts.queues import Queue
from contracts.settlement import Settlement
from contracts.state import RunState
from db.models.ledger import attempt_outcome, run_state
from db.statements import statement

CHANNEL = "dray_runs"


@dataclass(frozen=True, slots=True)
class EnqueuedRun:
    """The answer to an enqueueing: the run's id, and False where an equal request had made it before."""

    id: UUID
    created: bool


@dataclass(frozen=True, slots=True)
class ClaimedRun:
    """A run in this worker's hands. `attempt` is the fence: it grows with every claim."""

    id: UUID
    kind: str
    args: Mapping[str, Any]
    args_version: int
    checkpoint: Mapping[str, Any] | None
    attempt: int
    uncharged: int
    max_attempts: int
    requested_by: UUID | None
    trace_context: Mapping[str, Any] | None

    @property
    def charged_attempts(self) -> int:
        """How many of the attempts count against `max_attempts`, this one included."""
        return self.attempt - self.uncharged


@dataclass(frozen=True, slots=True)
class TakenRun:
    """A run that the relay has locked and is about to ring."""

    id: UUID
    kind: str
    queue: str
    priority: int


@dataclass(frozen=True, slots=True)
class RescuedRun:
    """A run whose worker was lost, and what became of it."""

    id: UUID
    kind: str
    attempt: int
    state: str


def enqueue(
    session: Session,
    args: Args,
    *,
    queue: Queue | None = None,
    priority: int | None = None,
    due_at: datetime | None = None,
    unique_key: str | None = None,
    requested_by: UUID | None = None,
    trace_context: Mapping[str, str] | None = None,
    max_attempts: int | None = None,
    run_id: UUID | None = None,
    schedule: str | None = None,
    slot: datetime | None = None,
    expires_at: datetime | None = None,
) -> EnqueuedRun:
    """Make a run within the session's transaction. What is None takes the kind's default.

    Raises:
        Refused: the request can't be taken (NotAllowed, NotThere where that is why). The transaction is lost with it.
    """
    try:
        row = session.execute(
            statement("enqueue_run"),
            {
                "kind": args.kind,
                "args": args.model_dump_json(exclude_defaults=True),
                "queue": queue,
                "priority": priority,
                "due_at": due_at,
                "unique_key": unique_key,
                "requested_by": requested_by,
                "trace_context": json.dumps(trace_context) if trace_context else None,
                "max_attempts": max_attempts,
                "run_id": run_id,
                "schedule": schedule,
                "slot": slot,
                "expires_at": expires_at,
                "args_version": args.version,
            },
        ).one()
    except DBAPIError as error:
        raise refusal(error) from error
    return EnqueuedRun(id=row.id, created=row.created)


# SQLSTATEs that enqueue_run raises, and what they mean to the caller.
REFUSALS: Mapping[str, type[Refused]] = {
    "22021": Refused,
    "22023": Refused,
    "22P05": Refused,
    "23503": Refused,
    "23514": Refused,
    "42501": NotAllowed,
    "P0002": NotThere,
}


def refusal(error: DBAPIError) -> Exception:
    """Turn an error of the database into one that the asker can act on; anything unforeseen stays what it is."""
    diagnosis = getattr(error.orig, "diag", None)
    state = getattr(error.orig, "sqlstate", None)
    if state is None and isinstance(error, DataError):
        # The driver itself refused the value, a NUL in a text for one: it was never sent.
        return Refused(sentence(str(error.orig)))
    meaning = REFUSALS.get(state or "")
    if meaning is None or diagnosis is None:
        return error
    lines = (diagnosis.message_primary, diagnosis.message_hint)
    return meaning(" ".join(sentence(line) for line in lines if line))


def sentence(text: str) -> str:
    """Make a full sentence of PostgreSQL's style of message."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?")) else ".")


def claim(session: Session, run_id: UUID, *, worker: str, worker_pid: int, lease_seconds: float) -> ClaimedRun | None:
    """Begin an attempt; None when the run is not to be had (done, cancelled, or in other hands)."""
    row = (
        session.execute(
            statement("claim_run"),
            {"id": run_id, "worker": worker, "worker_pid": worker_pid, "lease_seconds": lease_seconds},
        )
        .mappings()
        .one_or_none()
    )
    return ClaimedRun(**row) if row else None


SETTLE = statement("settle_run").bindparams(
    bindparam("state", type_=run_state),
    bindparam("outcome", type_=attempt_outcome),
    bindparam("result", type_=JSONB(none_as_null=True)),
    bindparam("final", type_=Boolean),
    bindparam("uncharged", type_=Integer),
    bindparam("due_in_seconds", type_=Float),
)


def settle(session: Session, run_id: UUID, attempt: int, settlement: Settlement) -> None:
    """End an attempt, in the same transaction as what the task wrote.

    Raises:
        LeaseLost: another attempt owns the run. Roll everything back.
    """
    failure = settlement.failure
    settled = session.execute(
        SETTLE,
        {
            "id": run_id,
            "attempt": attempt,
            "state": settlement.state,
            "outcome": settlement.attempt_outcome,
            "final": settlement.state.is_final,
            "uncharged": 0 if settlement.charged else 1,
            "due_in_seconds": settlement.due_in.total_seconds() if settlement.due_in is not None else None,
            "result": dict(settlement.result) if settlement.state is RunState.COMPLETED else None,
            "reason": settlement.reason,
            "last_error": str(failure) if failure else None,
            "error_type": failure.type if failure else None,
            "error_message": failure.message if failure else None,
            "error_traceback": failure.traceback if failure else None,
        },
    ).one_or_none()
    if settled is None:
        raise LeaseLost(f"Attempt {attempt} of run {run_id} no longer holds it; what it wrote is rolled back.")


SAVE_CHECKPOINT = statement("save_checkpoint").bindparams(bindparam("checkpoint", type_=JSONB))


def save_checkpoint(session: Session, run_id: UUID, attempt: int, *, name: str, state: Mapping[str, Any]) -> None:
    """Note how far a run has come, in the same transaction as what it wrote until then.

    Raises:
        LeaseLost: another attempt owns the run. Roll everything back.
    """
    checkpoint = {"name": name, "state": dict(state)}
    values = {"id": run_id, "attempt": attempt, "checkpoint": checkpoint}
    if session.execute(SAVE_CHECKPOINT, values).one_or_none() is None:
        raise LeaseLost(f"Attempt {attempt} of run {run_id} no longer holds it; what it wrote is rolled back.")


def knows_kind(session: Session, kind: str) -> bool:
    """Say whether the database knows a kind, which this process may be too old to know."""
    return bool(session.execute(statement("knows_kind"), {"kind": kind}).scalar_one())


def stage_due(session: Session, *, batch: int) -> int:
    """Make scheduled runs available whose time has come; return how many."""
    return len(session.execute(statement("stage_runs"), {"batch": batch}).all())


def seconds_until_next_due(session: Session) -> float | None:
    """Return how long until the next scheduled run is due, or None when nothing is scheduled."""
    seconds: float | None = session.execute(statement("next_due")).scalar_one()
    return seconds


def take_available(session: Session, *, queues: Sequence[str], window: int, batch: int) -> list[TakenRun]:
    """Lock the runs to ring next. A queue never has more than about `window` unanswered rings in the broker."""
    rows = session.execute(statement("take_available"), {"queues": list(queues), "window": window, "batch": batch})
    return [TakenRun(**row) for row in rows.mappings()]


MARK_DISPATCHED = statement("mark_dispatched").bindparams(bindparam("ids", type_=ARRAY(Uuid)))


def mark_dispatched(session: Session, run_ids: Sequence[UUID]) -> None:
    """Note that the broker has the rings of these runs."""
    session.execute(MARK_DISPATCHED, {"ids": list(run_ids)})


def unanswered_rings(session: Session, *, ring_timeout_seconds: float) -> dict[str, int]:
    """Return the queues with a ring that waits too long for an answer, each with the number of its dispatched runs."""
    rows = session.execute(statement("unanswered_rings"), {"ring_timeout_seconds": ring_timeout_seconds})
    return {row.queue: row.dispatched for row in rows}


def reopen_unanswered(session: Session, *, queue: str, ring_timeout_seconds: float, batch: int) -> int:
    """Make runs of a queue available again whose ring nobody answered in time, oldest first; return how many."""
    values = {"queue": queue, "ring_timeout_seconds": ring_timeout_seconds, "batch": batch}
    return len(session.execute(statement("reopen_unanswered"), values).all())


def rescue_lost(session: Session, *, batch: int) -> list[RescuedRun]:
    """Take runs back from workers whose lease ended: available again, or discarded with the last attempt."""
    rows = session.execute(statement("rescue_lost"), {"batch": batch})
    return [RescuedRun(**row) for row in rows.mappings()]


def expire(session: Session, *, batch: int) -> int:
    """Cancel runs that did not begin before their deadline; return how many."""
    return len(session.execute(statement("expire_runs"), {"batch": batch}).all())


CANCEL = statement("cancel_run").columns(cancel_run=run_state)


def cancel(session: Session, run_id: UUID, *, reason: str | None = None) -> RunState:
    """Call a run off, and return its state: `executing` means that its worker has yet to stop.

    Raises:
        NotThere: there is no such run, or it belongs to someone else.
        NotAllowed: nobody is asking.
    """
    try:
        state: RunState = session.execute(CANCEL, {"id": run_id, "reason": reason}).scalar_one()
    except DBAPIError as error:
        raise refusal(error) from error
    return state


@dataclass(frozen=True, slots=True)
class CalledOffRun:
    """An attempt that was told to stop, and the process that makes it."""

    id: UUID
    attempt: int
    worker_pid: int


def called_off(session: Session, *, worker: str) -> list[CalledOffRun]:
    """Return the attempts of `worker` that were told to stop."""
    rows = session.execute(statement("called_off"), {"worker": worker})
    return [CalledOffRun(**row) for row in rows.mappings()]


def find_cancellation(session: Session, run_id: UUID, attempt: int) -> str | None:
    """Return why this attempt was told to stop; None when it wasn't."""
    reason: str | None = session.execute(
        statement("find_cancellation"), {"id": run_id, "attempt": attempt}
    ).scalar_one_or_none()
    return reason


def end_lease(session: Session, run_id: UUID, attempt: int) -> None:
    """Let the rescue take an attempt whose process is gone, without waiting for the lease."""
    session.execute(statement("end_lease"), {"id": run_id, "attempt": attempt})


def executing_pids(session: Session, *, worker: str) -> set[int]:
    """Return the process ids of `worker` that hold runs."""
    return set(session.execute(statement("executing_pids"), {"worker": worker}).scalars())


EXTEND_LEASES = statement("extend_leases").bindparams(bindparam("pids", type_=ARRAY(Integer)))


def extend_leases(session: Session, *, worker: str, pids: set[int], lease_seconds: float) -> None:
    """Extend the leases of the runs that these processes of `worker` hold."""
    session.execute(EXTEND_LEASES, {"worker": worker, "pids": list(pids), "lease_seconds": lease_seconds})


def report_progress(session: Session, run_id: UUID, attempt: int, *, fraction: float, message: str | None) -> None:
    """Note how far an attempt is. Does nothing when the attempt no longer holds the run."""
    session.execute(
        statement("report_progress"), {"id": run_id, "attempt": attempt, "fraction": fraction, "message": message}
    )


def prune(session: Session, *, completed_after_days: int, discarded_after_days: int, batch: int) -> int:
    """Delete one batch of runs that ended long ago; return how many."""
    result = session.execute(
        statement("prune_runs"),
        {
            "completed_after_days": completed_after_days,
            "discarded_after_days": discarded_after_days,
            "batch": batch,
        },
    )
    return int(result.rowcount)  # type: ignore[attr-defined]  # a DELETE always gives a cursor result
