"""What the ledger should do, said once more without a database: the model that tests compare it with.

Time is counted in units that nothing real takes: what is due two units from now is due after two steps of the clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from contracts.state import RunState

UNIT_SECONDS = 600
UNITS_A_DAY = 144
FINAL = {RunState.COMPLETED, RunState.DISCARDED, RunState.CANCELLED}
NOT_BEGUN = {RunState.SCHEDULED, RunState.AVAILABLE, RunState.DISPATCHED}
LATE = "It did not begin before its deadline."
INTERRUPTIONS = 2
"""How often a run of these tests may come back uncharged."""


@dataclass(frozen=True, slots=True)
class Succeeds:
    """The task returns a result."""

    value: int


@dataclass(frozen=True, slots=True)
class Snoozes:
    """The task asks to be run again later."""

    units: int


@dataclass(frozen=True, slots=True)
class GivesUp:
    """The task says that it has become pointless."""

    reason: str


@dataclass(frozen=True, slots=True)
class Fails:
    """The task raises, and the next attempt should wait."""

    units: int


@dataclass(frozen=True, slots=True)
class FailsForGood:
    """The task raises what no retry can mend."""


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The task was interrupted from outside: told to stop if someone called the run off, else given back."""


Ending = Succeeds | Snoozes | GivesUp | Fails | FailsForGood | Interrupted


Decision = tuple[RunState, str, str | None, str | None]
"""The next state, the attempt's outcome, the reason and the error."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a worker was handed with a claim, and keeps however stale it becomes."""

    run_id: UUID
    attempt: int
    uncharged: int
    max_attempts: int


@dataclass(frozen=True, slots=True)
class Request:
    """What someone asks for. Times are units from now; `due` None means now."""

    kind: str
    queue: str
    asker: UUID | None
    max_attempts: int
    priority: int = 5
    due: int | None = None
    # After it is due.
    deadline: int | None = None
    unique_key: str | None = None
    slot: int | None = None


@dataclass(slots=True)
class ModelRun:
    """One run as it should be."""

    request: Request
    state: RunState
    due: int
    deadline: int | None
    attempt: int = 0
    uncharged: int = 0
    worker: str | None = None
    pid: int | None = None
    lease: int | None = None
    dispatched: int | None = None
    ended: int | None = None
    called_off: bool = False
    reason: str | None = None
    last_error: str | None = None
    progress: float | None = None
    result: dict[str, Any] | None = None
    checkpoint: dict[str, Any] | None = None
    effect: str | None = None
    outcomes: list[str | None] = field(default_factory=list)

    def ends(self, state: RunState, now: int) -> None:
        """Leave the worker's hands, or the queue."""
        self.state = state
        self.ended = now if state in FINAL else None
        self.lease = self.worker = self.pid = None

    @property
    def error_shown(self) -> str | None:
        """What the tables of the two systems say went wrong."""
        if self.state is RunState.COMPLETED:
            return None
        if self.state is RunState.CANCELLED:
            return ": ".join(["Cancelled", *([self.reason] if self.reason is not None else [])])
        return self.last_error


class LedgerModel:
    """All runs as they should be, and the time."""

    def __init__(self) -> None:
        self.now = 0
        self.runs: dict[UUID, ModelRun] = {}

    def of(self, *states: RunState) -> dict[UUID, ModelRun]:
        """Return the runs in one of these states, in the order in which they were made."""
        return {id_: run for id_, run in self.runs.items() if run.state in states}

    def equals(self, request: Request) -> set[UUID]:
        """Return the runs that stand in the way of this request: the answer is one of them."""
        return {
            id_
            for id_, run in self.runs.items()
            if (request.slot is not None and run.request.slot == request.slot)
            or (
                request.unique_key is not None
                and run.state not in FINAL
                and (run.request.kind, run.request.asker, run.request.unique_key)
                == (request.kind, request.asker, request.unique_key)
            )
        }

    def enqueue(self, id_: UUID, request: Request) -> None:
        """Take a new run in."""
        due = self.now + (request.due or 0)
        self.runs[id_] = ModelRun(
            request=request,
            state=RunState.SCHEDULED if due > self.now else RunState.AVAILABLE,
            due=due,
            deadline=None if request.deadline is None else due + request.deadline,
        )

    def stage(self) -> int:
        """Make available what is due."""
        due = [run for run in self.of(RunState.SCHEDULED).values() if run.due <= self.now]
        for run in due:
            run.state = RunState.AVAILABLE
        return len(due)

    def next_due(self) -> int | None:
        """Return the units until the next scheduled run is due."""
        return min((run.due - self.now for run in self.of(RunState.SCHEDULED).values()), default=None)

    def room(self, queue: str, window: int, batch: int) -> int:
        """Return how many runs of a queue the relay should take."""
        waiting = sum(run.request.queue == queue for run in self.of(RunState.DISPATCHED).values())
        return min(max(window - waiting, 0), batch)

    def most_urgent(self, queue: str, count: int) -> list[tuple[int, int]]:
        """Return how urgent the runs are that the relay should take from a queue: priority and due time."""
        return sorted(self.urgency(id_) for id_ in self.available(queue))[:count]

    def available(self, queue: str) -> list[UUID]:
        """Return the available runs of a queue."""
        return [id_ for id_, run in self.of(RunState.AVAILABLE).items() if run.request.queue == queue]

    def urgency(self, id_: UUID) -> tuple[int, int]:
        """Return what orders the runs of a queue."""
        return self.runs[id_].request.priority, self.runs[id_].due

    def dispatch(self, ids: Iterable[UUID]) -> None:
        """Note that the broker has these rings."""
        for id_ in ids:
            if (run := self.runs[id_]).state is RunState.AVAILABLE:
                run.state = RunState.DISPATCHED
                run.dispatched = self.now

    def claim(self, id_: UUID, *, worker: str, pid: int, lease: int) -> Ticket | None:
        """Begin an attempt, if the run is to be had."""
        run = self.runs.get(id_)
        if run is None or run.state not in {RunState.AVAILABLE, RunState.DISPATCHED} or self.is_late(run):
            return None
        run.state = RunState.EXECUTING
        run.attempt += 1
        run.worker, run.pid, run.lease, run.progress = worker, pid, self.now + lease, None
        run.outcomes.append(None)
        return self.ticket(id_)

    def ticket(self, id_: UUID) -> Ticket:
        """Return what the holder of a run that is executing has in hand."""
        run = self.runs[id_]
        return Ticket(id_, run.attempt, run.uncharged, run.request.max_attempts)

    def is_late(self, run: ModelRun) -> bool:
        """Say whether the deadline passed before the first attempt."""
        return run.attempt == 0 and run.deadline is not None and run.deadline <= self.now

    def held(self, ticket: Ticket) -> ModelRun | None:
        """Return the run if this ticket still holds it."""
        run = self.runs.get(ticket.run_id)
        return run if run and run.state is RunState.EXECUTING and run.attempt == ticket.attempt else None

    def settle(self, ticket: Ticket, ending: Ending) -> None:
        """End the attempt of a ticket that holds its run."""
        run = self.runs[ticket.run_id]
        state, outcome, reason, error = self.decide(run, ticket, ending)
        returns = state is RunState.SCHEDULED
        run.effect = f"attempt {ticket.attempt}"
        run.outcomes[-1] = outcome
        run.uncharged += outcome == "snoozed"
        run.due = self.now + getattr(ending, "units", 0) if returns else run.due
        run.result = {"value": ending.value} if isinstance(ending, Succeeds) else None
        run.progress = 1.0 if isinstance(ending, Succeeds) else run.progress
        run.last_error = error
        run.reason = run.reason if returns and run.called_off else reason
        run.ends(RunState.CANCELLED if returns and run.called_off else state, self.now)

    def decide(self, run: ModelRun, ticket: Ticket, ending: Ending) -> Decision:
        """Return what an ending leads to."""
        match ending:
            case Succeeds():
                return RunState.COMPLETED, "completed", None, None
            case GivesUp(reason):
                return RunState.CANCELLED, "cancelled", reason, None
            case FailsForGood():
                return RunState.DISCARDED, "failed", None, "contracts.errors.Permanent: broken"
            case Fails():
                worn_out = ticket.attempt - ticket.uncharged >= ticket.max_attempts
                state = RunState.DISCARDED if worn_out else RunState.SCHEDULED
                return state, "failed", None, "contracts.errors.ProviderFailure: overloaded"
            case Interrupted() if run.called_off:
                return RunState.CANCELLED, "cancelled", run.reason or "It was called off.", None
            case Snoozes() | Interrupted():
                return self.come_back(ticket, ending)

    @staticmethod
    def come_back(ticket: Ticket, ending: Ending) -> Decision:
        """Return what it leads to that the run isn't charged for the attempt: not too often."""
        reason = "later" if isinstance(ending, Snoozes) else "given back by a worker that was told to stop"
        if ticket.uncharged < INTERRUPTIONS:
            return RunState.SCHEDULED, "snoozed", reason, None
        message = f"It came back {ticket.uncharged} times without an end; the last time: {reason}"
        return RunState.DISCARDED, "failed", None, f"InterruptedTooOften: {message}"

    def extend_leases(self, worker: str, pids: set[int], lease: int) -> None:
        """Keep the runs of these processes."""
        for run in self.of(RunState.EXECUTING).values():
            if run.worker == worker and run.pid in pids:
                run.lease = self.now + lease

    def rescue(self) -> dict[UUID, RunState]:
        """Take runs back from workers whose lease ended; return where each went."""
        lost = {id_: run for id_, run in self.of(RunState.EXECUTING).items() if (run.lease or 0) <= self.now}
        for run in lost.values():
            run.outcomes[-1] = "lost"
            run.last_error = f"LeaseLost: the worker {run.worker} stopped extending its lease."
            run.reason = run.reason if run.called_off else None
            run.ends(self.after_loss(run), self.now)
        return {id_: run.state for id_, run in lost.items()}

    @staticmethod
    def after_loss(run: ModelRun) -> RunState:
        """Return where a run goes whose worker is gone."""
        if run.called_off:
            return RunState.CANCELLED
        return RunState.DISCARDED if run.attempt - run.uncharged >= run.request.max_attempts else RunState.AVAILABLE

    def unanswered(self, timeout: int) -> dict[str, int]:
        """Return the queues with a ring that waits too long, and how many rings each has."""
        rings: dict[str, list[int]] = {}
        for run in self.of(RunState.DISPATCHED).values():
            rings.setdefault(run.request.queue, []).append(run.dispatched or 0)
        return {queue: len(times) for queue, times in rings.items() if min(times) + timeout <= self.now}

    def reopen(self, queue: str, timeout: int) -> int:
        """Make available what nobody answered in time."""
        found = [
            run
            for run in self.of(RunState.DISPATCHED).values()
            if run.request.queue == queue and (run.dispatched or 0) + timeout <= self.now
        ]
        for run in found:
            run.state = RunState.AVAILABLE
        return len(found)

    def cancel(self, id_: UUID, reason: str | None) -> RunState:
        """Call a run off."""
        run = self.runs[id_]
        if run.state in NOT_BEGUN:
            run.called_off, run.reason = True, reason
            run.ends(RunState.CANCELLED, self.now)
        elif run.state is RunState.EXECUTING and not run.called_off:
            run.called_off, run.reason = True, reason
        return run.state

    def expire(self) -> int:
        """Cancel what didn't begin in time."""
        late = [run for run in self.of(*NOT_BEGUN).values() if self.is_late(run)]
        for run in late:
            run.reason = LATE
            run.ends(RunState.CANCELLED, self.now)
        return len(late)

    def prune(self, *, days: int, discarded_days: int) -> int:
        """Forget what ended long ago."""
        old = [
            id_
            for id_, run in self.of(*FINAL).items()
            if (run.ended or 0) + UNITS_A_DAY * (discarded_days if run.state is RunState.DISCARDED else days)
            <= self.now
        ]
        for id_ in old:
            del self.runs[id_]
        return len(old)
