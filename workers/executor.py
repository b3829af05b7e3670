"""Perform one run: claim it, do its task, settle it.

What the task writes and the mark that says so are one transaction, fenced by the attempt's number: a worker that lost
its lease can change nothing.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random, SystemRandom
from typing import Any
from uuid import UUID

from billiard.exceptions import SoftTimeLimitExceeded

from contracts.errors import LeaseLost, NewerArgs, RunExpired, UnknownKind
from contracts.kinds import KINDS, find_kind, parse_args
from contracts.outcome import Snooze
from contracts.retry import RetryPolicy
from contracts.settlement import Settlement, settle_cancellation, settle_error, settle_outcome
from db import ledger
from db.ledger import ClaimedRun
from db.session import Database, Session
from providers.ai.assistant import Assistant
from providers.ai.embedder import Embedder
from providers.storage.store import Store
from tasks.context import Checkpoint, Renderer, TaskContext
from tasks.registry import find_task
from workers.progress import ProgressReporter
from workers.telemetry import RunEvents

log = logging.getLogger("dray.executor")

# A claim that waits longer than this for a lock gives the ring up; the relay rings again.
CLAIM_LOCK_SECONDS = 10.0
# Celery looks for soft limits once a second, counted from the ring.
LIMIT_TOLERANCE_SECONDS = 1.5
NEWER_WORKER_DELAY = timedelta(seconds=15)
GIVEN_BACK = Snooze(timedelta(0), reason="given back by a worker that was told to stop")


@dataclass(frozen=True, slots=True)
class Executor:
    """Performs runs in this process, one at a time."""

    database: Database
    store: Store
    renderer: Renderer
    embedder: Embedder
    assistant: Assistant | None
    events: RunEvents
    worker: str
    pid: int
    lease_seconds: float
    jitter: Random = field(default_factory=SystemRandom)

    def perform(self, run_id: UUID) -> None:
        """Perform the run if it is to be had; else do nothing, since someone else does or did."""
        run = self.claim(run_id)
        if run is None:
            log.info("ring.ignored run=%s", run_id)
            return
        started = time.monotonic()
        self.events.started(run)
        try:
            settlement = self.attempt(run)
        except LeaseLost as lost:
            log.warning("run.lease_lost run=%s attempt=%d", run.id, run.attempt)
            self.events.lost(run, lost)
            return
        seconds = time.monotonic() - started
        log.info(
            "run.settled run=%s kind=%s attempt=%d state=%s seconds=%.3f",
            run.id,
            run.kind,
            run.attempt,
            settlement.state,
            seconds,
        )
        self.events.settled(run, settlement, seconds)

    def claim(self, run_id: UUID) -> ClaimedRun | None:
        """Count the attempt and take the lease, in a transaction of its own."""
        with self.database.transaction(durable=False, lock_seconds=CLAIM_LOCK_SECONDS) as session:
            return ledger.claim(
                session, run_id, worker=self.worker, worker_pid=self.pid, lease_seconds=self.lease_seconds
            )

    def attempt(self, run: ClaimedRun) -> Settlement:
        """Do the task and settle the run, whatever the task ends with.

        Raises:
            LeaseLost: another attempt owns the run; nothing was written.
        """
        began = time.monotonic()
        try:
            return self.perform_and_settle(run)
        except LeaseLost:
            raise
        except SoftTimeLimitExceeded:
            return self.settle_interruption(run, time.monotonic() - began)
        except (UnknownKind, NewerArgs) as error:
            return self.settle_unknown(run, error)
        except Exception as error:  # noqa: BLE001 - whatever a task raises is a failed attempt
            return self.settle_failure(run, error)

    def perform_and_settle(self, run: ClaimedRun) -> Settlement:
        """Do the task and write the mark of its outcome in the task's own transaction."""
        kind = find_kind(run.kind)
        args = parse_args(kind, run.args, version=run.args_version)
        perform = find_task(run.kind)
        with self.database.transaction() as session:
            # Only the task itself is interrupted: a signal in the middle of a commit would leave it in doubt.
            with interruptible():
                outcome = perform(args, self.context(run, session))
            settlement = settle_outcome(outcome, interruptions=run.uncharged, max_interruptions=kind.max_interruptions)
            ledger.settle(session, run.id, run.attempt, settlement)
        return settlement

    def settle_interruption(self, run: ClaimedRun, seconds: float) -> Settlement:
        """Settle a run whose task was interrupted: told to stop, at its time limit, or by a worker that has to go."""
        kind = find_kind(run.kind)
        with self.database.transaction() as session:
            reason = ledger.find_cancellation(session, run.id, run.attempt)
        if reason is None and seconds >= kind.soft_time_limit - LIMIT_TOLERANCE_SECONDS:
            error = RunExpired(f"The run took longer than the {kind.soft_time_limit} s that {run.kind} may take.")
            return self.settle_failure(run, error)
        settlement = (
            settle_outcome(GIVEN_BACK, interruptions=run.uncharged, max_interruptions=kind.max_interruptions)
            if reason is None
            else settle_cancellation(reason)
        )
        with self.database.transaction() as session:
            ledger.settle(session, run.id, run.attempt, settlement)
        return settlement

    def settle_unknown(self, run: ClaimedRun, error: UnknownKind | NewerArgs) -> Settlement:
        """Settle a run that this process is too old for: given back, while workers of two versions are about."""
        with self.database.transaction() as session:
            known = isinstance(error, NewerArgs) or ledger.knows_kind(session, run.kind)
        if not known:
            return self.settle_failure(run, error)
        settlement = settle_outcome(Snooze(NEWER_WORKER_DELAY, reason=str(error)), interruptions=run.uncharged)
        with self.database.transaction() as session:
            ledger.settle(session, run.id, run.attempt, settlement)
        return settlement

    def settle_failure(self, run: ClaimedRun, error: Exception) -> Settlement:
        """Write down that the attempt failed. If its commit went through after all, the fence finds the run settled."""
        kind = KINDS.get(run.kind)
        settlement = settle_error(
            error,
            charged_attempts=run.charged_attempts,
            max_attempts=run.max_attempts,
            retry=kind.retry if kind else RetryPolicy(),
            random=self.jitter,
        )
        log.warning(
            "attempt.failed run=%s kind=%s attempt=%d error=%s", run.id, run.kind, run.attempt, settlement.failure
        )
        with self.database.transaction() as session:
            ledger.settle(session, run.id, run.attempt, settlement)
        return settlement

    def context(self, run: ClaimedRun, session: Session) -> TaskContext:
        """Gather what the task works with."""
        return TaskContext(
            run_id=run.id,
            attempt=run.attempt,
            requested_by=run.requested_by,
            session=session,
            store=self.store,
            renderer=self.renderer,
            embedder=self.embedder,
            assistant=self.assistant,
            aside=self.aside,
            resume=Checkpoint(**run.checkpoint) if run.checkpoint else None,
            save=partial(save_checkpoint, session, run),
            progress=ProgressReporter(self.database, run.id, run.attempt),
            now=utc_now,
            random=Random(run.id.int),  # noqa: S311 - for simulations and samples, not for secrets
        )

    @contextmanager
    def aside(self) -> Iterator[Session]:
        """Open a transaction beside the task's. What interrupts the task may strike within it, but not its commit."""
        with ExitStack() as commit, self.database.transaction() as session:
            yield session
            commit.enter_context(uninterrupted())


def save_checkpoint(session: Session, run: ClaimedRun, name: str, state: Mapping[str, Any] | None = None) -> None:
    """Commit what the task wrote, with the mark of how far it is; a signal in the middle waits until it is done."""
    with uninterrupted():
        ledger.save_checkpoint(session, run.id, run.attempt, name=name, state=state or {})
        session.commit()


INTERRUPT = signal.SIGUSR1
"""What Celery sends at a soft time limit, and the heartbeat to a run that has to stop."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise SoftTimeLimitExceeded where an interrupting signal finds the task. Elsewhere it passes unheeded."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(INTERRUPT, interrupt)
    try:
        yield
    finally:
        ignore_interrupts()


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let interrupting signals pass for a moment. The heartbeat sends its own again; Celery has the hard limit left."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(INTERRUPT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(INTERRUPT, before)


def interrupt(*_: object) -> None:
    """End the task."""
    raise SoftTimeLimitExceeded


def ignore_interrupts() -> None:
    """Let interrupting signals pass: nothing is being performed, or it is as good as settled."""
    signal.signal(INTERRUPT, lambda *_: None)


utc_now: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: E731 - a value that tests replace
