"""Perform one run: claim it, do its task, settle it.

What the task writes and the mark that says so are one transaction, fenced by the attempt's number: a worker that lost
its lease can change nothing.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random, SystemRandom
from uuid import UUID

from billiard.exceptions import SoftTimeLimitExceeded

from contracts.errors import LeaseLost, RunExpired
from contracts.kinds import KINDS, find_kind, parse_args
from contracts.retry import RetryPolicy
from contracts.settlement import Settlement, settle_error, settle_outcome
from db import ledger
from db.ledger import ClaimedRun
from db.session import Database, Session
from providers.ai.assistant import Assistant
from providers.ai.embedder import Embedder
from providers.storage.store import Store
from tasks.context import Renderer, TaskContext
from tasks.registry import find_task
from workers.progress import ProgressReporter
from workers.telemetry import RunEvents

log = logging.getLogger("dray.executor")

# A claim that waits longer than this for a lock gives the ring up; the relay rings again.
CLAIM_LOCK_SECONDS = 10.0


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
        try:
            return self.perform_and_settle(run)
        except LeaseLost:
            raise
        except SoftTimeLimitExceeded:
            limit = find_kind(run.kind).soft_time_limit
            error: Exception = RunExpired(f"The run took longer than the {limit} s that {run.kind} may take.")
        except Exception as raised:  # noqa: BLE001 - whatever a task raises is a failed attempt
            error = raised
        return self.settle_failure(run, error)

    def perform_and_settle(self, run: ClaimedRun) -> Settlement:
        """Do the task and write the mark of its outcome in the task's own transaction."""
        args = parse_args(find_kind(run.kind), run.args)
        perform = find_task(run.kind)
        # The stack outlives the transaction: a soft limit must not strike in the middle of its commit.
        with ExitStack() as settling, self.database.transaction() as session:
            outcome = perform(args, self.context(run, session))
            settling.enter_context(undisturbed())
            settlement = settle_outcome(outcome)
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
        with undisturbed(), self.database.transaction() as session:
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
            aside=self.database.transaction,
            progress=ProgressReporter(self.database, run.id, run.attempt),
            now=utc_now,
            random=Random(run.id.int),  # noqa: S311 - for simulations and samples, not for secrets
        )


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let a soft time limit pass unheeded: the run is as good as settled."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = signal.signal(signal.SIGUSR1, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGUSR1, previous)


utc_now: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: E731 - a value that tests replace
