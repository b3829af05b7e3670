"""The executor in this process, on a real database: every way a task can end."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from sqlalchemy import event, text

from contracts.args.maintenance import CleanSessions, PruneLedger
from contracts.errors import BadArgs, Permanent, ProviderFailure
from contracts.kinds import KINDS
from contracts.outcome import Cancel, Outcome, Result, Snooze
from contracts.settlement import AttemptOutcome, Settlement
from contracts.state import RunState
from db import ledger
from db.repositories.runs import Attempt, Run, find_attempts, find_run
from db.session import Database
from exporters.document import ReportDocument
from providers.ai.embedders.local import LocalEmbedder
from providers.storage.stores.local import LocalStore
from tasks.context import Checkpoint, TaskContext
from tasks.registry import TASKS
from tests.support.databases import TestDatabase
from workers import telemetry
from workers.executor import INTERRUPT, Executor

KEEP = "INSERT INTO ai_answers (call_key, provider, model, answer) VALUES ('k', 'p', 'm', '{}')"
Body = Callable[[PruneLedger, TaskContext], Outcome]


class NoRenderer:
    """No task of these tests renders."""

    def render(self, format: str, document: ReportDocument) -> bytes:
        raise AssertionError(f"{format} of {document.cover.title} was not to be rendered")


class Told(telemetry.RunEvents):
    """Notes what would be sent."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def send(self, *events: tuple[str, dict[str, Any]]) -> None:
        self.sent += [name for name, _ in events]


@pytest.fixture
def worker_database(database: TestDatabase) -> Iterator[Database]:
    made = Database(database.worker_url, application_name="test", pool_size=2)
    yield made
    made.close()


@pytest.fixture
def executor(worker_database: Database, tmp_path: Path) -> Executor:
    return Executor(
        database=worker_database,
        store=LocalStore(tmp_path),
        renderer=NoRenderer(),
        embedder=LocalEmbedder(),
        assistant=None,
        events=Told(),
        worker="test",
        pid=1,
        lease_seconds=30,
    )


def perform(
    executor: Executor, monkeypatch: pytest.MonkeyPatch, body: Body, *, max_attempts: int | None = None
) -> tuple[Run, list[Attempt]]:
    """Enqueue a run whose task is `body`, perform it, return what the ledger says."""
    monkeypatch.setitem(TASKS, "ledger.prune", body)
    with executor.database.transaction() as session:
        run_id = ledger.enqueue(session, PruneLedger(), max_attempts=max_attempts).id
    executor.perform(run_id)
    return look(executor, run_id)


def look(executor: Executor, run_id: UUID) -> tuple[Run, list[Attempt]]:
    with executor.database.transaction() as session:
        run, attempts = find_run(session, run_id), find_attempts(session, run_id)
    assert run is not None
    return run, attempts


def returning(outcome: Outcome) -> Body:
    return lambda _args, _context: outcome


def raising(error: BaseException) -> Body:
    def body(_args: PruneLedger, _context: TaskContext) -> Outcome:
        raise error

    return body


ENDS: list[tuple[str, Body, RunState, str, str]] = [
    ("result", returning(Result({"deleted": 0})), RunState.COMPLETED, "completed", "task-succeeded"),
    ("snooze", returning(Snooze(timedelta(hours=1))), RunState.SCHEDULED, "snoozed", "task-retried"),
    ("cancel", returning(Cancel("withdrawn")), RunState.CANCELLED, "cancelled", "task-revoked"),
    ("error", raising(OSError("disk full")), RunState.SCHEDULED, "failed", "task-retried"),
    ("permanent", raising(Permanent("never")), RunState.DISCARDED, "failed", "task-failed"),
    ("provider", raising(ProviderFailure("busy", retry_after=9)), RunState.SCHEDULED, "failed", "task-retried"),
    ("interruption", raising(SoftTimeLimitExceeded()), RunState.SCHEDULED, "snoozed", "task-retried"),
]


@pytest.mark.parametrize(("body", "state", "outcome", "event"), [end[1:] for end in ENDS], ids=[e[0] for e in ENDS])
def test_every_way_to_end_has_its_state_and_is_told(
    executor: Executor, monkeypatch: pytest.MonkeyPatch, body: Body, state: RunState, outcome: str, event: str
) -> None:
    run, [attempt] = perform(executor, monkeypatch, body)
    assert (run.state, attempt.outcome) == (state, outcome)
    assert isinstance(executor.events, Told)
    assert executor.events.sent == ["task-received", "task-started", event]


def test_the_last_attempt_discards(executor: Executor, monkeypatch: pytest.MonkeyPatch) -> None:
    run, [attempt] = perform(executor, monkeypatch, raising(OSError("disk full")), max_attempts=1)
    assert run.state is RunState.DISCARDED
    assert (attempt.error_type, attempt.error_message) == ("OSError", "disk full")


def test_a_soft_limit_says_how_long_the_kind_may_take(executor: Executor, monkeypatch: pytest.MonkeyPatch) -> None:
    # As if the limit's three hundred seconds had passed.
    monkeypatch.setattr("workers.executor.LIMIT_TOLERANCE_SECONDS", 300)
    run, [attempt] = perform(executor, monkeypatch, raising(SoftTimeLimitExceeded()))
    assert run.state is RunState.SCHEDULED
    assert attempt.error_type == "contracts.errors.RunExpired"
    assert "longer than the 300 s that ledger.prune may take" in str(attempt.error_message)


def test_a_run_that_is_interrupted_before_its_limit_is_given_back_and_charged_nothing(
    executor: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, [attempt] = perform(executor, monkeypatch, raising(SoftTimeLimitExceeded()), max_attempts=1)
    assert (run.state, run.reason) == (RunState.SCHEDULED, "given back by a worker that was told to stop")
    assert attempt.error_type is None
    executor.perform(run.id)
    with executor.database.transaction() as session:
        ledger.stage_due(session, batch=10)
    executor.perform(run.id)
    again, attempts = look(executor, run.id)
    assert (again.state, [each.outcome for each in attempts]) == (RunState.SCHEDULED, ["snoozed", "snoozed"])


def test_a_run_that_is_called_off_ends_cancelled_with_the_reason(
    executor: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def body(_args: PruneLedger, context: TaskContext) -> Outcome:
        with context.aside() as session:
            assert ledger.cancel(session, context.run_id, reason="asked for by mistake") is RunState.EXECUTING
        raise SoftTimeLimitExceeded

    run, [attempt] = perform(executor, monkeypatch, body)
    assert (run.state, run.reason, attempt.outcome) == (RunState.CANCELLED, "asked for by mistake", "cancelled")


def test_a_run_that_fails_after_it_was_called_off_is_not_tried_again(
    executor: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def body(_args: PruneLedger, context: TaskContext) -> Outcome:
        with context.aside() as session:
            ledger.cancel(session, context.run_id, reason="no longer needed")
        raise OSError("disk full")

    run, [attempt] = perform(executor, monkeypatch, body)
    assert (run.state, run.reason, attempt.outcome) == (RunState.CANCELLED, "no longer needed", "failed")


def test_a_run_that_ends_well_although_it_was_called_off_is_completed(
    executor: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def body(_args: PruneLedger, context: TaskContext) -> Outcome:
        with context.aside() as session:
            ledger.cancel(session, context.run_id)
        return Result({"deleted": 1})

    run, _ = perform(executor, monkeypatch, body)
    assert (run.state, run.result) == (RunState.COMPLETED, {"deleted": 1})


def test_a_run_that_comes_back_too_often_is_discarded_with_its_history(
    executor: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(KINDS, "ledger.prune", replace(KINDS["ledger.prune"], max_interruptions=2))
    run, _ = perform(executor, monkeypatch, returning(Snooze(timedelta(0), reason="more to go")))
    for _ in range(2):
        with executor.database.transaction() as session:
            ledger.stage_due(session, batch=10)
        executor.perform(run.id)
    run, attempts = look(executor, run.id)
    assert run.state is RunState.DISCARDED
    assert [each.outcome for each in attempts] == ["snoozed", "snoozed", "failed"]
    assert "InterruptedTooOften: It came back 2 times" in str(run.last_error)


def test_what_a_failed_attempt_wrote_is_undone(executor: Executor, monkeypatch: pytest.MonkeyPatch) -> None:
    def body(_args: PruneLedger, context: TaskContext) -> Outcome:
        context.session.execute(text("UPDATE task_runs SET priority = 0 WHERE id = :id"), {"id": context.run_id})
        raise OSError("after writing")

    run, _ = perform(executor, monkeypatch, body)
    assert run.priority == 5


def test_who_lost_the_lease_while_working_writes_nothing(executor: Executor, monkeypatch: pytest.MonkeyPatch) -> None:
    def body(_args: PruneLedger, context: TaskContext) -> Outcome:
        with executor.database.transaction() as other:
            other.execute(text("UPDATE task_runs SET lease_until = now() - interval '1 second'"))
            ledger.rescue_lost(other, batch=10)
        context.session.execute(text("UPDATE task_runs SET priority = 0 WHERE id = :id"), {"id": context.run_id})
        return Result()

    run, [attempt] = perform(executor, monkeypatch, body)
    assert (run.state, run.priority, attempt.outcome) == (RunState.AVAILABLE, 5, "lost")


def test_args_that_a_caller_of_the_sql_function_got_wrong_are_refused_by_the_executor(executor: Executor) -> None:
    with executor.database.transaction() as session:
        query = text("""SELECT id FROM enqueue_run('ledger.prune', '{"batch_size": 0}')""")
        run_id = session.execute(query).scalar_one()
    executor.perform(run_id)
    run, [attempt] = look(executor, run_id)
    assert run.state is RunState.DISCARDED
    assert attempt.error_type == f"{BadArgs.__module__}.BadArgs"
    assert "batch_size" in str(attempt.error_message)


def test_a_ring_for_a_run_that_is_done_does_nothing(executor: Executor, monkeypatch: pytest.MonkeyPatch) -> None:
    run, _ = perform(executor, monkeypatch, returning(Result()))
    executor.perform(run.id)
    again, attempts = look(executor, run.id)
    assert (again, len(attempts)) == (run, 1)


def test_progress_is_seen_at_once_beside_the_open_transaction_and_not_too_often(
    executor: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[float | None, str | None]] = []

    def body(_args: PruneLedger, context: TaskContext) -> Outcome:
        context.progress(0.25, "a quarter")
        context.progress(0.5, "too soon after the last")
        with executor.database.transaction() as other:
            run = find_run(other, context.run_id)
        assert run is not None
        seen.append((run.progress, run.progress_message))
        return Result()

    perform(executor, monkeypatch, body)
    assert seen == [(0.25, "a quarter")]


def test_progress_that_cannot_be_written_is_dropped_and_the_run_goes_on(
    executor: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def body(_args: PruneLedger, context: TaskContext) -> Outcome:
        # The task itself holds the row: the progress beside it waits half a second and gives up.
        context.session.execute(text("SELECT FROM task_runs WHERE id = :id FOR UPDATE"), {"id": context.run_id})
        context.progress(0.25, "never seen")
        return Result()

    run, _ = perform(executor, monkeypatch, body)
    assert (run.state, run.progress_message) == (RunState.COMPLETED, None)


def test_a_settlement_that_the_ledger_refuses_is_an_error_and_no_silent_success(worker_database: Database) -> None:
    nobody = UUID(int=0)
    with pytest.raises(Exception, match="no longer holds it"), worker_database.transaction() as session:
        ledger.settle(session, nobody, 1, Settlement(RunState.COMPLETED, AttemptOutcome.COMPLETED))


# --- resumable steps


def rename(context: TaskContext, message: str) -> None:
    """An effect in the database that a test can look for."""
    context.session.execute(
        text("UPDATE task_runs SET trace_context = jsonb_build_object('was', CAST(:was AS text)) WHERE id = :id"),
        {"was": message, "id": context.run_id},
    )


def test_a_later_attempt_goes_on_from_the_last_checkpoint(executor: Executor, monkeypatch: pytest.MonkeyPatch) -> None:
    resumed: list[object] = []

    def body(_args: PruneLedger, context: TaskContext) -> Outcome:
        resumed.append(context.resume)
        if context.resume is None:
            rename(context, "first half")
            context.save("half", {"done": 3})
            rename(context, "second half")
            raise OSError("disk full")
        return Result({"deleted": context.resume.state["done"]})

    run, _ = perform(executor, monkeypatch, body)
    with executor.database.transaction() as session:
        kept = session.execute(text("SELECT trace_context FROM task_runs WHERE id = :id"), {"id": run.id}).scalar_one()
        session.execute(text("UPDATE task_runs SET scheduled_at = now() WHERE id = :id"), {"id": run.id})
        ledger.stage_due(session, batch=10)
    assert kept == {"was": "first half"}
    executor.perform(run.id)
    assert resumed == [None, Checkpoint("half", {"done": 3})]
    assert look(executor, run.id)[0].result == {"deleted": 3}


def test_a_signal_in_the_commit_of_what_is_written_aside_waits_until_it_is_done(
    executor: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def body(_args: PruneLedger, context: TaskContext) -> Outcome:
        with context.aside() as aside:
            aside.execute(
                text("INSERT INTO ai_answers (call_key, provider, model, answer) VALUES ('k', 'p', 'm', '{}')")
            )
            event.listen(aside, "before_commit", lambda _session: signal.raise_signal(INTERRUPT))
        return Result({"went": "on"})

    run, _ = perform(executor, monkeypatch, body)

    assert run.result == {"went": "on"}
    with executor.database.transaction() as session:
        assert session.scalar(text("SELECT count(*) FROM ai_answers WHERE call_key = 'k'")) == 1


def test_a_signal_within_what_is_written_aside_undoes_it(executor: Executor, monkeypatch: pytest.MonkeyPatch) -> None:
    def body(_args: PruneLedger, context: TaskContext) -> Outcome:
        with context.aside() as aside:
            aside.execute(
                text("INSERT INTO ai_answers (call_key, provider, model, answer) VALUES ('k', 'p', 'm', '{}')")
            )
            signal.raise_signal(INTERRUPT)
        return Result({"went": "on"})

    run, _ = perform(executor, monkeypatch, body)

    assert run.state is RunState.SCHEDULED
    with executor.database.transaction() as session:
        assert session.scalar(text("SELECT count(*) FROM ai_answers WHERE call_key = 'k'")) == 0


def test_who_lost_the_lease_saves_no_checkpoint(executor: Executor, monkeypatch: pytest.MonkeyPatch) -> None:
    def body(_args: PruneLedger, context: TaskContext) -> Outcome:
        with context.aside() as session:
            session.execute(text("UPDATE task_runs SET lease_until = now() - interval '1 s' WHERE id = :id"),
                            {"id": context.run_id})  # fmt: skip
        with context.aside() as session:
            assert len(ledger.rescue_lost(session, batch=10)) == 1
        rename(context, "by a ghost")
        context.save("half")
        raise AssertionError("a ghost went on")

    run, [attempt] = perform(executor, monkeypatch, body)
    assert (run.state, attempt.outcome) == (RunState.AVAILABLE, "lost")
    with executor.database.transaction() as session:
        row = session.execute(text("SELECT trace_context, checkpoint FROM task_runs WHERE id = :id"), {"id": run.id})
        assert tuple(row.one()) == (None, None)


# --- workers of two versions


class PruneLedgerOfTomorrow(PruneLedger):
    """As it might look after a deploy: a day count became an hour count."""

    version: ClassVar[int] = 2

    completed_after_hours: int = 168

    @classmethod
    def upcast(cls, values: Mapping[str, Any], version: int) -> Mapping[str, Any]:
        assert version == 1
        days = values.get("completed_after_days", 7)
        return {name: value for name, value in values.items() if name != "completed_after_days"} | {
            "completed_after_hours": days * 24
        }


def test_args_of_an_older_version_are_brought_up_to_date(executor: Executor, monkeypatch: pytest.MonkeyPatch) -> None:
    with executor.database.transaction() as session:
        run_id = ledger.enqueue(session, PruneLedger(completed_after_days=2)).id
    seen: list[object] = []

    def body(args: PruneLedger, _context: TaskContext) -> Outcome:
        seen.append(args)
        return Result()

    monkeypatch.setitem(KINDS, "ledger.prune", replace(KINDS["ledger.prune"], args=PruneLedgerOfTomorrow))
    monkeypatch.setitem(TASKS, "ledger.prune", body)
    executor.perform(run_id)
    assert seen == [PruneLedgerOfTomorrow(completed_after_hours=48)]


def test_args_of_a_newer_version_are_given_back_uncharged(executor: Executor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PruneLedger, "version", 7)
    with executor.database.transaction() as session:
        run_id = ledger.enqueue(session, PruneLedger(), max_attempts=1).id
    monkeypatch.setattr(PruneLedger, "version", 1)
    executor.perform(run_id)
    run, [attempt] = look(executor, run_id)
    assert (run.state, attempt.outcome) == (RunState.SCHEDULED, "snoozed")
    assert run.reason == "The args of ledger.prune are of version 7; this process knows up to 1."


def test_a_kind_that_this_worker_is_too_old_for_is_given_back_uncharged(
    executor: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with executor.database.transaction() as session:
        run_id = ledger.enqueue(session, CleanSessions(), max_attempts=1).id
    monkeypatch.delitem(KINDS, "session.clean")
    executor.perform(run_id)
    run, [attempt] = look(executor, run_id)
    assert (run.state, attempt.outcome) == (RunState.SCHEDULED, "snoozed")
