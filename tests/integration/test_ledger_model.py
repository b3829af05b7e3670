"""The ledger's transitions, in any order, do what a model without a database says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, ClassVar
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, multiple, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine
from psycopg.rows import dict_row
from sqlalchemy import text

from contracts.args.base import Args
from contracts.args.maintenance import PruneLedger
from contracts.args.reports import ExportFormat, ExportReport
from contracts.args.simulations import RunSimulation
from contracts.errors import LeaseLost, NotThere, Permanent, ProviderFailure, Refused
from contracts.outcome import Cancel, Result, Snooze
from contracts.queues import Queue
from contracts.retry import RetryPolicy
from contracts.settlement import Settlement, settle_cancellation, settle_error, settle_outcome
from contracts.state import ARROWS, RunState
from db import ledger
from db.session import Database, Session
from tests.support.databases import TestDatabase
from tests.support.ledger_model import (
    FINAL,
    INTERRUPTIONS,
    UNIT_SECONDS,
    UNITS_A_DAY,
    Ending,
    Fails,
    FailsForGood,
    GivesUp,
    Interrupted,
    LedgerModel,
    ModelRun,
    Request,
    Snoozes,
    Succeeds,
    Ticket,
)
from tests.support.samples import LOCKS_MANAGER, LOCKS_REPORT, SPONSOR
from workers.executor import GIVEN_BACK

LOCKS = UUID("3c173fc7-12b6-4b1c-a02a-342fcc3409f4")
SLOT = datetime(2026, 11, 1, tzinfo=UTC)
LEASE, RING_TIMEOUT = 3, 3
KEEP_DAYS, KEEP_DISCARDED_DAYS = 1, 5
ALL = 1000

ARGS: Mapping[str, Args] = {
    "ledger.prune": PruneLedger(),
    "report.export": ExportReport(report_id=LOCKS_REPORT, format=ExportFormat.PDF),
    "simulation.run": RunSimulation(project_id=LOCKS),
}
QUEUES = {"ledger.prune": Queue.MAINTENANCE, "report.export": Queue.EXPORT, "simulation.run": Queue.COMPUTE}

UNIT = timedelta(seconds=UNIT_SECONDS)
READY = (RunState.AVAILABLE, RunState.DISPATCHED)

Holder = tuple[str, int]
Step = tuple[str, str, str]
"""From one state to another, and who made it so."""

UNBUILT: Mapping[Step, str] = {
    ("executing", "waiting", "executor"): "no outcome awaits children yet",
    ("waiting", "available", "relay"): "no run has children yet",
    ("waiting", "cancelled", "operator"): "no run has children yet",
    ("discarded", "available", "operator"): "nothing retries a discarded run by hand yet",
}
"""The arrows that nothing makes, each with the reason. Who builds one takes it off this list."""

STEPS = {(arrow.source.value, arrow.target.value, arrow.actor) for arrow in ARROWS}
STATES = {
    "export": {"executing": "processing", "completed": "completed", "discarded": "failed", "cancelled": "failed"},
    "simulation": {"executing": "running", "completed": "completed", "discarded": "failed", "cancelled": "failed"},
}

# Times are in units from now, so that the few milliseconds that really pass are rounded away.
READ = b"""
SELECT r.id, r.kind, r.requested_by, r.unique_key, r.state::text, r.attempt, r.uncharged, r.max_attempts, r.queue,
    r.priority, r.worker, r.worker_pid, r.progress, r.result, r.checkpoint, r.reason, r.last_error,
    r.cancel_requested_at IS NOT NULL AS called_off,
    round(extract(epoch FROM r.scheduled_at - now()) / %(unit)s)::int AS due,
    round(extract(epoch FROM r.lease_until - now()) / %(unit)s)::int AS lease,
    round(extract(epoch FROM r.expires_at - now()) / %(unit)s)::int AS deadline,
    round(extract(epoch FROM r.finalized_at - now()) / %(unit)s)::int AS ended,
    array(SELECT (a.attempt, a.outcome, a.finished_at IS NOT NULL)::text FROM task_attempts a WHERE a.run_id = r.id
          ORDER BY a.attempt) AS attempts,
    e.status::text AS export_status, e.retry_count, e.error_message, e.file_name,
    m.status AS simulation_status, m.results_summary ->> 'error' AS simulation_error,
    to_jsonb(r) - ARRAY['scheduled_at', 'dispatched_at', 'lease_until', 'expires_at', 'finalized_at'] AS whole
FROM task_runs r
LEFT JOIN export_jobs e ON e.id = r.id
LEFT JOIN monte_carlo_simulations m ON m.id = r.id
"""
# The clock of the database can't be moved; what it is compared with can.
WAIT = """
UPDATE task_runs
SET scheduled_at = scheduled_at - step, dispatched_at = dispatched_at - step, lease_until = lease_until - step,
    expires_at = expires_at - step, finalized_at = finalized_at - step
FROM make_interval(secs => :seconds) AS step
"""
FORGET = """
DELETE FROM export_jobs WHERE id IN (SELECT id FROM task_runs);
DELETE FROM monte_carlo_simulations WHERE id IN (SELECT id FROM task_runs);
DELETE FROM task_runs;
"""

Row = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """All rows before and after one transaction, and whose it was."""

    actor: str
    before: dict[UUID, Row]
    after: dict[UUID, Row]

    @property
    def steps(self) -> set[Step]:
        """The changes of state."""
        both = self.before.keys() & self.after.keys()
        pairs = ((self.before[id_]["state"], self.after[id_]["state"]) for id_ in both)
        return {(source, target, self.actor) for source, target in pairs if source != target}


def only_arrows_are_followed(change: Change) -> None:
    assert change.steps <= STEPS - UNBUILT.keys()
    made = {change.after[id_]["state"] for id_ in change.after.keys() - change.before.keys()}
    assert made <= {"scheduled", "available"}


def what_is_final_stays_until_it_is_pruned(change: Change) -> None:
    for id_, row in change.before.items():
        if id_ not in change.after:
            assert (row["state"] in FINAL, change.actor) == (True, "pruner")
        elif row["state"] in FINAL:
            after = change.after[id_]
            assert (after["whole"], after["attempts"]) == (row["whole"], row["attempts"])


def what_is_executing_has_a_lease_and_a_worker(change: Change) -> None:
    for row in change.after.values():
        held = row["state"] == "executing"
        assert {row[name] is not None for name in ("lease", "worker", "worker_pid")} == {held}


def attempts_are_counted_and_closed(change: Change) -> None:
    for row in change.after.values():
        attempts = [attempt_of(record) for record in row["attempts"]]
        assert [number for number, _, _ in attempts] == list(range(1, row["attempt"] + 1))
        assert all(bool(outcome) is finished for _, outcome, finished in attempts)
        unfinished = [number for number, _, finished in attempts if not finished]
        assert unfinished == ([row["attempt"]] if row["state"] == "executing" else [])


def no_run_loops_for_ever(change: Change) -> None:
    for row in change.after.values():
        assert 0 <= row["attempt"] - row["uncharged"] <= row["max_attempts"]
        assert row["uncharged"] <= INTERRUPTIONS


def a_unique_key_has_one_holder(change: Change) -> None:
    keys = [
        (row["kind"], row["requested_by"], row["unique_key"])
        for row in change.after.values()
        if row["unique_key"] and row["state"] not in FINAL
    ]
    assert len(keys) == len(set(keys))


def the_tables_of_the_two_systems_follow(change: Change) -> None:
    for row in change.after.values():
        export, simulation = row["kind"] == "report.export", row["kind"] == "simulation.run"
        assert row["export_status"] == (STATES["export"].get(row["state"], "queued") if export else None)
        assert row["simulation_status"] == (STATES["simulation"].get(row["state"], "pending") if simulation else None)


def progress_is_a_fraction(change: Change) -> None:
    assert all(row["progress"] is None or 0 <= row["progress"] <= 1 for row in change.after.values())


INVARIANTS: tuple[Callable[[Change], None], ...] = (
    only_arrows_are_followed,
    what_is_final_stays_until_it_is_pruned,
    what_is_executing_has_a_lease_and_a_worker,
    attempts_are_counted_and_closed,
    no_run_loops_for_ever,
    a_unique_key_has_one_holder,
    the_tables_of_the_two_systems_follow,
    progress_is_a_fraction,
)


def attempt_of(record: str) -> tuple[int, str, bool]:
    """Take apart what PostgreSQL writes for a row of an attempt."""
    number, outcome, finished = record.strip("()").split(",")
    return int(number), outcome, finished == "t"


def expected(run: ModelRun, now: int) -> Row:
    """Return what the columns of a run should hold."""
    exported, simulated = run.request.kind == "report.export", run.request.kind == "simulation.run"
    failed = run.state in {RunState.DISCARDED, RunState.CANCELLED}
    return {
        "kind": run.request.kind,
        "requested_by": run.request.asker,
        "unique_key": run.request.unique_key,
        "queue": run.request.queue,
        "priority": run.request.priority,
        "max_attempts": run.request.max_attempts,
        "state": run.state.value,
        "attempt": run.attempt,
        "uncharged": run.uncharged,
        "worker": run.worker,
        "worker_pid": run.pid,
        "progress": run.progress,
        "result": run.result,
        "checkpoint": run.checkpoint,
        "reason": run.reason,
        "last_error": run.last_error,
        "called_off": run.called_off,
        "due": run.due - now,
        "lease": None if run.lease is None else run.lease - now,
        "deadline": None if run.deadline is None else run.deadline - now,
        "ended": None if run.ended is None else run.ended - now,
        "attempts": [
            f"({number},{outcome or ''},{'t' if outcome else 'f'})" for number, outcome in enumerate(run.outcomes, 1)
        ],
        "retry_count": max(run.attempt - run.uncharged - 1, 0) if exported else None,
        "error_message": run.error_shown if exported else None,
        "file_name": run.effect if exported else None,
        "simulation_error": run.error_shown if simulated and failed else None,
    }


def differences(rows: dict[UUID, Row], model: LedgerModel) -> list[str]:
    """Say where the rows are not what the model says."""
    return [
        f"{run.state} {id_}: {name} is {rows[id_][name]!r}, not {value!r}"
        for id_, run in model.runs.items()
        for name, value in expected(run, model.now).items()
        if rows[id_][name] != value
    ]


def settlement_of(session: Session, ticket: Ticket, ending: Ending) -> Settlement:
    """Decide as the executor does."""
    interruptions = {"interruptions": ticket.uncharged, "max_interruptions": INTERRUPTIONS}
    match ending:
        case Succeeds(value):
            return settle_outcome(Result({"value": value}), **interruptions)
        case Snoozes(units):
            return settle_outcome(Snooze(units * UNIT, "later"), **interruptions)
        case GivesUp(reason):
            return settle_outcome(Cancel(reason), **interruptions)
        case Interrupted():
            why = ledger.find_cancellation(session, ticket.run_id, ticket.attempt)
            return settle_outcome(GIVEN_BACK, **interruptions) if why is None else settle_cancellation(why)
        case Fails(units):
            error: Exception = ProviderFailure("overloaded", retry_after=units * UNIT_SECONDS)
        case FailsForGood():
            error = Permanent("broken")
    charged = ticket.attempt - ticket.uncharged
    return settle_error(
        error, charged_attempts=charged, max_attempts=ticket.max_attempts, retry=RetryPolicy(), random=Random(1)
    )


def request_for(kind: str, asker: UUID, **options: Any) -> Request:
    """Ask in someone's name where the kind needs that."""
    return Request(kind, QUEUES[kind], None if kind == "ledger.prune" else asker, **options)


requests = st.builds(
    request_for,
    kind=st.sampled_from(list(ARGS)),
    asker=st.sampled_from([LOCKS_MANAGER, SPONSOR]),
    max_attempts=st.sampled_from([1, 2, 3, 3]),
    priority=st.sampled_from([5, 0, 9]),
    due=st.sampled_from([None, None, -1, 1, 6]),
    deadline=st.sampled_from([None, None, None, 2, 200]),
    unique_key=st.sampled_from([None, None, "a", "b"]),
    slot=st.sampled_from([None, None, None, 0, 1]),
)
# Those that come back stand twice, so that runs live long.
returns = [st.builds(kind, st.sampled_from([0, 1, 6])) for kind in (Fails, Snoozes)]
endings = st.one_of(
    *returns,
    *returns,
    st.builds(Succeeds, st.integers(0, 9)),
    st.just(Interrupted()),
    st.builds(GivesUp, st.just("nothing to do")),
    st.just(FailsForGood()),
)
workers = st.sampled_from(["one", "two"])
pids = st.integers(1, 2)
holders = st.tuples(workers, pids)
reasons = st.sampled_from(["a mistake", None])
positions = st.integers(0, 9)


class LedgerMachine(RuleBasedStateMachine):
    """Everyone who acts on the ledger, one transaction at a time."""

    database: ClassVar[Database]
    watcher: ClassVar[psycopg.Connection[Row]]
    migrator: ClassVar[psycopg.Connection[Any]]
    seen: ClassVar[set[Step]]

    runs: Bundle[UUID] = Bundle("runs")
    tickets: Bundle[Ticket] = Bundle("tickets")

    def __init__(self) -> None:
        super().__init__()
        self.migrator.execute(FORGET.encode())
        self.model = LedgerModel()
        self.rows: dict[UUID, Row] = {}

    # Every step ends with a look at all rows, so that no rule can forget it.

    @contextmanager
    def step(self, actor: str) -> Iterator[Session]:
        """Act in one transaction; what the model says of it belongs into the same block."""
        with self.database.transaction(durable=False) as session:
            yield session
        self.compare(actor)

    @contextmanager
    def refused(self, error: type[Exception]) -> Iterator[Session]:
        """Act in one transaction that must fail, and change nothing."""
        with pytest.raises(error), self.database.transaction(durable=False) as session:
            yield session
        self.compare("nobody")

    def compare(self, actor: str) -> None:
        """Hold the rows against the invariants and against the model."""
        rows = {row["id"]: row for row in self.watcher.execute(READ, {"unit": UNIT_SECONDS})}
        change = Change(actor, before=self.rows, after=rows)
        self.rows = rows
        for holds in INVARIANTS:
            holds(change)
        self.seen.update(change.steps)
        assert rows.keys() == self.model.runs.keys()
        assert differences(rows, self.model) == []

    # Asking.

    @initialize(target=runs, wanted=st.lists(requests, min_size=1, max_size=3))
    def begin(self, wanted: list[Request]) -> Any:
        return multiple(*(self.enqueue(request) for request in wanted))

    @rule(target=runs, request=requests)
    def enqueue(self, request: Request) -> UUID:
        with self.step("asker") as session:
            found = self.model.equals(request)
            run = ask(session, request)
            assert run.created is not bool(found)
            assert run.created or run.id in found
            if run.created:
                self.model.enqueue(run.id, request)
        return run.id

    @rule(id_=runs, request=requests)
    def ask_again_under_the_same_id(self, id_: UUID, request: Request) -> None:
        """For the same, which is answered with the run there is; or for something else, which is refused."""
        if not (run := self.model.runs.get(id_)):
            return
        request = Request(request.kind, request.queue, request.asker, max_attempts=1)
        if (run.request.kind, run.request.asker) == (request.kind, request.asker):
            with self.step("asker") as session:
                assert ask(session, request, id_) == ledger.EnqueuedRun(id_, created=False)
        else:
            with self.refused(Refused) as session:
                ask(session, request, id_)

    @rule(request=requests, rolled_back=st.booleans())
    def ask_in_vain(self, request: Request, *, rolled_back: bool) -> None:
        """The asker's transaction is rolled back, or the deadline is over before the run is due."""
        with self.refused(ZeroDivisionError if rolled_back else Refused) as session:
            ask(session, request if rolled_back else replace(request, deadline=-1))
            raise ZeroDivisionError

    # The clock.

    @rule(units=st.sampled_from([1, LEASE, 6, 144]))
    def wait(self, units: int) -> None:
        with self.step("clock") as session:
            session.execute(text(WAIT), {"seconds": units * UNIT_SECONDS})
            self.model.now += units

    # The relay.

    @rule()
    def stage(self) -> None:
        with self.step("relay") as session:
            assert ledger.stage_due(session, batch=ALL) == self.model.stage()
            seconds = ledger.seconds_until_next_due(session)
            units = None if seconds is None else round(seconds / UNIT_SECONDS)
            assert units == self.model.next_due()

    @precondition(lambda self: self.model.of(RunState.SCHEDULED))
    @rule()
    def stage_the_next(self) -> None:
        if (units := self.model.next_due() or 0) > 0:
            self.wait(units)
        self.stage()

    @precondition(lambda self: self.model.of(RunState.AVAILABLE))
    @rule(window=st.sampled_from([ALL, 1, 2]), batch=st.sampled_from([ALL, 1, 2]), dies=st.booleans())
    def dispatch(self, window: int, batch: int, *, dies: bool) -> None:
        """The relay may die between ringing and saying so."""
        with self.refused(ZeroDivisionError) if dies else self.step("relay") as session:
            taken = ledger.take_available(session, queues=list(Queue), window=window, batch=batch)
            for queue in Queue:
                found = [self.model.urgency(run.id) for run in taken if run.queue == queue]
                assert sorted(found) == self.model.most_urgent(queue, self.model.room(queue, window, batch))
            ledger.mark_dispatched(session, [run.id for run in taken])
            if dies:
                raise ZeroDivisionError
            self.model.dispatch(run.id for run in taken)

    @rule(id_=runs)
    def say_late_that_it_was_rung(self, id_: UUID) -> None:
        """Whatever became of the run since."""
        with self.step("relay") as session:
            ledger.mark_dispatched(session, [id_])
            if id_ in self.model.runs:
                self.model.dispatch([id_])

    @precondition(lambda self: self.model.of(RunState.EXECUTING, RunState.DISPATCHED))
    @rule(units=st.sampled_from([0, LEASE]))
    def rescue(self, units: int) -> None:
        if units:
            self.wait(units)
        self.rescue_lost()
        self.ring_again()

    def rescue_lost(self) -> None:
        with self.step("relay") as session:
            rescued = ledger.rescue_lost(session, batch=ALL)
            assert {run.id: run.state for run in rescued} == self.model.rescue()

    @rule()
    def expire(self) -> None:
        with self.step("relay") as session:
            assert ledger.expire(session, batch=ALL) == self.model.expire()

    def ring_again(self) -> None:
        with self.step("relay") as session:
            seconds = RING_TIMEOUT * UNIT_SECONDS
            queues = ledger.unanswered_rings(session, ring_timeout_seconds=seconds)
            assert queues == self.model.unanswered(RING_TIMEOUT)
            for queue in queues:
                reopened = ledger.reopen_unanswered(session, queue=queue, ring_timeout_seconds=seconds, batch=ALL)
                assert reopened == self.model.reopen(queue, RING_TIMEOUT)

    # The workers.

    @rule(target=tickets, id_=runs, holder=holders)
    def claim(self, id_: UUID, holder: Holder) -> Any:
        """Whatever state it is in."""
        worker, pid = holder
        with self.step("executor") as session:
            run = ledger.claim(session, id_, worker=worker, worker_pid=pid, lease_seconds=LEASE * UNIT_SECONDS)
            ticket = self.model.claim(id_, worker=worker, pid=pid, lease=LEASE)
            if run is None or ticket is None:
                assert (run, ticket) == (None, None)
                return multiple()
            checkpoint = self.model.runs[id_].checkpoint
            assert (run.id, run.attempt, run.uncharged) == (id_, ticket.attempt, ticket.uncharged)
            assert (run.checkpoint, run.charged_attempts) == (checkpoint, ticket.attempt - ticket.uncharged)
        return ticket

    @precondition(lambda self: self.model.of(*READY))
    @rule(target=tickets, position=positions, holder=holders)
    def claim_what_is_to_be_had(self, position: int, holder: Holder) -> Any:
        return self.claim(pick(self.model.of(*READY), position), holder)

    @rule(ticket=tickets, ending=endings)
    def settle(self, ticket: Ticket, ending: Ending) -> None:
        """As who claimed it, even if that was long ago."""
        if self.model.held(ticket) is None:
            with self.refused(LeaseLost) as session:
                work_and_settle(session, ticket, ending)
        else:
            with self.step("executor") as session:
                work_and_settle(session, ticket, ending)
                self.model.settle(ticket, ending)

    @precondition(lambda self: self.model.of(RunState.EXECUTING))
    @rule(position=positions, ending=endings)
    def settle_what_is_held(self, position: int, ending: Ending) -> None:
        self.settle(self.ticket_at(position), ending)

    def ticket_at(self, position: int) -> Ticket:
        """Return what the holder of a run that is executing has in hand."""
        return self.model.ticket(pick(self.model.of(RunState.EXECUTING), position))

    @precondition(lambda self: self.model.of(RunState.SCHEDULED, *READY))
    @rule(
        target=tickets,
        position=positions,
        holder=holders,
        ends=st.lists(st.none() | endings, max_size=5),
        goes_on=st.booleans(),
    )
    def perform(self, position: int, holder: Holder, ends: list[Ending | None], *, goes_on: bool) -> Any:
        """Whole attempts at one run, each from waiting until it is due, and perhaps one that goes on.

        Where an attempt has no ending, its worker dies.
        """
        id_ = pick(self.model.of(RunState.SCHEDULED, *READY), position)
        tickets: list[Any] = [self.perform_once(id_, holder, ending) for ending in ends if self.can_begin(id_)]
        if goes_on and self.can_begin(id_):
            tickets.append(self.claim(id_, holder))
        return multiple(*(ticket for ticket in tickets if isinstance(ticket, Ticket)))

    def can_begin(self, id_: UUID) -> bool:
        """Bring a run that is due later to where it can be claimed, and say whether it is there."""
        run = self.model.runs[id_]
        if run.state is RunState.SCHEDULED:
            self.wait(max(run.due - self.model.now, 1))
            self.stage()
        return run.state in READY

    def perform_once(self, id_: UUID, holder: Holder, ending: Ending | None) -> Ticket | None:
        ticket = self.claim(id_, holder)
        if not isinstance(ticket, Ticket):
            return None
        if ending is None:
            self.wait(LEASE)
            self.rescue_lost()
        else:
            self.settle(ticket, ending)
        return ticket

    @rule(ticket=tickets, number=st.integers(1, 3))
    def save_checkpoint(self, ticket: Ticket, number: int) -> None:
        run = self.model.held(ticket)
        with self.step("executor") if run else self.refused(LeaseLost) as session:
            ledger.save_checkpoint(session, ticket.run_id, ticket.attempt, name="pages", state={"n": number})
            if run:
                run.checkpoint = {"name": "pages", "state": {"n": number}}

    @precondition(lambda self: self.begun_again())
    @rule(position=positions, back=st.integers(0, 3), ending=st.none() | endings)
    def wake_up_after_another_attempt_began(self, position: int, back: int, ending: Ending | None) -> None:
        """A worker that was frozen past its lease goes on as if nothing had happened."""
        current = self.model.ticket(pick(self.begun_again(), position))
        stale = replace(current, attempt=1 + back % (current.attempt - 1), uncharged=0)
        self.report_progress(stale, 0.5)
        if ending is None:
            self.save_checkpoint(stale, 9)
        else:
            self.settle(stale, ending)

    def begun_again(self) -> dict[UUID, ModelRun]:
        """Return the runs that are executing, and not for the first time."""
        return {id_: run for id_, run in self.model.of(RunState.EXECUTING).items() if run.attempt > 1}

    @rule(ticket=tickets, fraction=st.sampled_from([0.0, 0.25, 1.0]))
    def report_progress(self, ticket: Ticket, fraction: float) -> None:
        with self.step("executor") as session:
            ledger.report_progress(session, ticket.run_id, ticket.attempt, fraction=fraction, message="on it")
            if run := self.model.held(ticket):
                run.progress = fraction

    @precondition(lambda self: self.model.of(RunState.EXECUTING))
    @rule(position=positions, alive=st.sets(pids), units=st.integers(0, LEASE))
    def beat(self, position: int, alive: set[int], units: int) -> None:
        """After some time, in which a lease may have ended that nobody has rescued yet."""
        if units:
            self.wait(units)
        worker = self.model.runs[self.ticket_at(position).run_id].worker or ""
        with self.step("heartbeat") as session:
            mine = {id_: run for id_, run in self.model.of(RunState.EXECUTING).items() if run.worker == worker}
            assert ledger.executing_pids(session, worker=worker) == {run.pid for run in mine.values()}
            told = {run.id: run.attempt for run in ledger.called_off(session, worker=worker)}
            assert told == {id_: run.attempt for id_, run in mine.items() if run.called_off}
            ledger.extend_leases(session, worker=worker, pids=alive, lease_seconds=LEASE * UNIT_SECONDS)
            self.model.extend_leases(worker, alive, LEASE)

    @rule(ticket=tickets)
    def find_the_process_gone(self, ticket: Ticket) -> None:
        with self.step("heartbeat") as session:
            ledger.end_lease(session, ticket.run_id, ticket.attempt)
            if run := self.model.held(ticket):
                run.lease = self.model.now

    # Operators.

    @rule(id_=runs, reason=reasons)
    def cancel(self, id_: UUID, reason: str | None) -> None:
        if id_ not in self.model.runs:
            with self.refused(NotThere) as session:
                ledger.cancel(session, id_, reason=reason)
            return
        with self.step("operator") as session:
            assert ledger.cancel(session, id_, reason=reason) is self.model.cancel(id_, reason)

    @precondition(lambda self: self.model.of(RunState.EXECUTING))
    @rule(position=positions, reason=reasons)
    def cancel_what_is_held(self, position: int, reason: str | None) -> None:
        self.cancel(self.ticket_at(position).run_id, reason)

    @precondition(lambda self: self.model.of(*FINAL))
    @rule(days=st.sampled_from([0, 1, 6]))
    def prune(self, days: int) -> None:
        if days:
            self.wait(days * UNITS_A_DAY)
        with self.step("pruner") as session:
            pruned = ledger.prune(
                session, completed_after_days=KEEP_DAYS, discarded_after_days=KEEP_DISCARDED_DAYS, batch=ALL
            )
            assert pruned == self.model.prune(days=KEEP_DAYS, discarded_days=KEEP_DISCARDED_DAYS)


def ask(session: Session, request: Request, run_id: UUID | None = None) -> ledger.EnqueuedRun:
    """Enqueue what is asked for."""
    now = datetime.now(UTC)
    due_at = None if request.due is None else now + request.due * UNIT
    return ledger.enqueue(
        session,
        ARGS[request.kind],
        priority=request.priority,
        due_at=due_at,
        unique_key=request.unique_key,
        requested_by=request.asker,
        max_attempts=request.max_attempts,
        run_id=run_id,
        schedule=None if request.slot is None else "nightly",
        slot=None if request.slot is None else SLOT + timedelta(days=request.slot),
        expires_at=None if request.deadline is None else (due_at or now) + request.deadline * UNIT,
    )


def work_and_settle(session: Session, ticket: Ticket, ending: Ending) -> None:
    """Write what a task writes, and settle in the same transaction."""
    effect = {"id": ticket.run_id, "effect": f"attempt {ticket.attempt}"}
    session.execute(text("UPDATE export_jobs SET file_name = :effect WHERE id = :id"), effect)
    ledger.settle(session, ticket.run_id, ticket.attempt, settlement_of(session, ticket, ending))


def pick(runs: Mapping[UUID, ModelRun], position: int) -> UUID:
    """Return one of the runs, in the order in which they were made."""
    return list(runs)[position % len(runs)]


@pytest.fixture(scope="module")
def seen() -> set[Step]:
    """The changes of state that the tests of this module have made."""
    return set()


@pytest.fixture
def machine(database: TestDatabase, seen: set[Step]) -> Iterator[type[LedgerMachine]]:
    """The machine with its connections: the worker's own role, and the owner's to clean up."""
    worker = Database(database.worker_url, application_name="test", pool_size=1)
    with (
        psycopg.connect(database.worker_url, autocommit=True, row_factory=dict_row) as watcher,
        psycopg.connect(database.migrator_url, autocommit=True) as migrator,
    ):
        migrator.execute("SET synchronous_commit = off")

        class Connected(LedgerMachine):
            pass

        Connected.database, Connected.watcher, Connected.migrator, Connected.seen = worker, watcher, migrator, seen
        yield Connected
    worker.close()


def profile(examples: int) -> settings:
    # What takes time is the database; a deadline an example would only tell of a busy machine.
    return settings(
        max_examples=examples,
        stateful_step_count=40,
        deadline=None,
        phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )


# A failure is worth the minutes that finding its shortest form takes.
@pytest.mark.timeout(600)
def test_the_ledger_does_what_the_model_says(machine: type[LedgerMachine]) -> None:
    run_machine(machine, settings=profile(100))


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_the_ledger_does_what_the_model_says_for_longer(machine: type[LedgerMachine]) -> None:
    run_machine(machine, settings=profile(300))


HOLDER = ("one", 1)


def run_in(machine: LedgerMachine, state: RunState, *, max_attempts: int = 1, deadline: int | None = None) -> UUID:
    """Bring a new run into one of the states that are not final."""
    due = 1 if state is RunState.SCHEDULED else None
    machine.enqueue(Request("ledger.prune", Queue.MAINTENANCE, None, max_attempts, due=due, deadline=deadline))
    *_, id_ = machine.model.runs
    if state is RunState.DISPATCHED:
        machine.dispatch(window=ALL, batch=ALL, dies=False)
    if state is RunState.EXECUTING:
        machine.claim(id_, HOLDER)
    assert machine.model.runs[id_].state is state
    return id_


def cancel_and_expire(machine: LedgerMachine) -> None:
    for state in (RunState.SCHEDULED, *READY):
        machine.cancel(run_in(machine, state), None)
        run_in(machine, state, deadline=1)
        machine.wait(2)
        machine.expire()


def lose(machine: LedgerMachine) -> None:
    run_in(machine, RunState.DISPATCHED)
    machine.rescue(LEASE)
    for attempts in (1, 2):
        run_in(machine, RunState.EXECUTING, max_attempts=attempts)
        machine.rescue(LEASE)
    machine.cancel(run_in(machine, RunState.EXECUTING), "a mistake")
    machine.rescue(LEASE)


def end(machine: LedgerMachine) -> None:
    for ending in (Succeeds(1), Snoozes(1), FailsForGood(), GivesUp("nothing to do")):
        machine.settle(machine.model.ticket(run_in(machine, RunState.EXECUTING)), ending)
    machine.stage_the_next()
    machine.claim(run_in(machine, RunState.DISPATCHED), HOLDER)


def test_every_arrow_that_is_built_is_exercised_and_no_other(machine: type[LedgerMachine], seen: set[Step]) -> None:
    """Together with whatever the machine has done by itself before."""
    for directions in (cancel_and_expire, lose, end):
        directions(machine())
    assert UNBUILT.keys() <= STEPS
    assert seen == STEPS - UNBUILT.keys()
