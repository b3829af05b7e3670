from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from contracts.args.maintenance import PruneLedger
from contracts.args.reports import ExportFormat, ExportReport
from contracts.errors import LeaseLost, NotAllowed, NotThere, Refused
from contracts.outcome import Cancel, Result, Snooze
from contracts.settlement import AttemptOutcome, Failure, Settlement, settle_outcome
from contracts.state import RunState
from db import ledger
from db.repositories.exports import find_export
from db.repositories.runs import Run, find_attempts, find_run
from tests.support.samples import LOCKS_MANAGER, LOCKS_REPORT, SPONSOR

FAILED = Failure("builtins.OSError", "the disk is full", "Traceback …")


def claim(session: Session, run_id: UUID, lease_seconds: float = 30) -> ledger.ClaimedRun | None:
    return ledger.claim(session, run_id, worker="test", worker_pid=1, lease_seconds=lease_seconds)


def must_claim(session: Session, run_id: UUID, lease_seconds: float = 30) -> ledger.ClaimedRun:
    run = claim(session, run_id, lease_seconds)
    assert run is not None
    return run


def must_find(session: Session, run_id: UUID) -> Run:
    run = find_run(session, run_id)
    assert run is not None
    return run


def retry_in(seconds: float) -> Settlement:
    return Settlement(RunState.SCHEDULED, AttemptOutcome.FAILED, due_in=timedelta(seconds=seconds), failure=FAILED)


def export_args() -> ExportReport:
    return ExportReport(report_id=LOCKS_REPORT, format=ExportFormat.PDF)


def test_an_enqueued_run_takes_its_kinds_defaults(session: Session) -> None:
    run_id = ledger.enqueue(session, PruneLedger()).id
    run = must_find(session, run_id)
    assert (run.queue, run.priority, run.max_attempts, run.state) == ("maintenance", 5, 3, RunState.AVAILABLE)


def test_ids_grow_with_time_and_are_version_7(session: Session) -> None:
    ids = [session.scalar(text("SELECT uuid_v7()")) for _ in range(3)]
    assert {each.version for each in ids} == {7}
    milliseconds = [each.int >> 80 for each in ids]
    assert milliseconds == sorted(milliseconds)
    assert abs(milliseconds[0] / 1000 - datetime.now(UTC).timestamp()) < 60


def test_a_run_that_is_due_later_is_scheduled_until_then(session: Session) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    run_id = ledger.enqueue(session, PruneLedger(), due_at=later).id
    assert must_find(session, run_id).state is RunState.SCHEDULED
    assert ledger.stage_due(session, batch=10) == 0
    wait = ledger.seconds_until_next_due(session)
    assert wait is not None
    assert 3500 < wait <= 3600


def test_a_unique_key_answers_with_the_run_that_holds_it_until_that_is_final(session: Session) -> None:
    first = ledger.enqueue(session, PruneLedger(), unique_key="one")
    second = ledger.enqueue(session, PruneLedger(), unique_key="one")
    assert first.created
    assert second == ledger.EnqueuedRun(first.id, created=False)
    run = must_claim(session, first.id)
    ledger.settle(session, run.id, run.attempt, settle_outcome(Result()))
    assert ledger.enqueue(session, PruneLedger(), unique_key="one").created


def test_askers_do_not_meet_under_one_unique_key(session: Session) -> None:
    first = ledger.enqueue(session, export_args(), unique_key="mine", requested_by=LOCKS_MANAGER)
    other = ledger.enqueue(session, export_args(), unique_key="mine", requested_by=SPONSOR)
    again = ledger.enqueue(session, export_args(), unique_key="mine", requested_by=LOCKS_MANAGER)
    assert (other.created, again) == (True, ledger.EnqueuedRun(first.id, created=False))


def test_a_slot_is_taken_once(session: Session) -> None:
    slot = datetime(2026, 11, 1, 6, tzinfo=UTC)
    first = ledger.enqueue(session, PruneLedger(), schedule="nightly", slot=slot)
    assert ledger.enqueue(session, PruneLedger(), schedule="nightly", slot=slot) == ledger.EnqueuedRun(
        first.id, created=False
    )


def test_a_claim_counts_the_attempt_and_shuts_out_the_second(session: Session) -> None:
    run_id = ledger.enqueue(session, PruneLedger()).id
    run = must_claim(session, run_id)
    assert (run.attempt, run.charged_attempts, run.kind) == (1, 1, "ledger.prune")
    assert claim(session, run_id) is None


def test_settling_keeps_the_result_and_closes_the_attempt(session: Session) -> None:
    run_id = ledger.enqueue(session, PruneLedger()).id
    run = must_claim(session, run_id)
    ledger.settle(session, run_id, run.attempt, settle_outcome(Result({"deleted": 3})))
    settled = must_find(session, run_id)
    assert (settled.state, settled.result, settled.progress) == (RunState.COMPLETED, {"deleted": 3}, 1.0)
    assert settled.finalized_at is not None
    [attempt] = find_attempts(session, run_id)
    assert attempt.outcome is AttemptOutcome.COMPLETED
    assert attempt.finished_at is not None


def test_a_failed_attempt_waits_in_the_ledger_and_keeps_its_error(session: Session) -> None:
    run_id = ledger.enqueue(session, PruneLedger()).id
    run = must_claim(session, run_id)
    ledger.settle(session, run_id, run.attempt, retry_in(60))
    waiting = must_find(session, run_id)
    assert waiting.state is RunState.SCHEDULED
    assert waiting.last_error == "builtins.OSError: the disk is full"
    assert 50 < (waiting.scheduled_at - datetime.now(UTC)).total_seconds() <= 60
    [attempt] = find_attempts(session, run_id)
    assert (attempt.outcome, attempt.error_type) == (AttemptOutcome.FAILED, "builtins.OSError")


def test_any_error_can_be_written_down(session: Session) -> None:
    run_id = ledger.enqueue(session, PruneLedger()).id
    run = must_claim(session, run_id)
    failure = Failure.of(ValueError("no file \ud800\x00"))
    discarded = Settlement(RunState.DISCARDED, AttemptOutcome.FAILED, failure=failure)
    ledger.settle(session, run_id, run.attempt, discarded)
    assert must_find(session, run_id).last_error == "ValueError: no file ?"


def test_a_due_retry_becomes_available_again(session: Session) -> None:
    run_id = ledger.enqueue(session, PruneLedger()).id
    run = must_claim(session, run_id)
    ledger.settle(session, run_id, run.attempt, retry_in(-1))
    assert ledger.stage_due(session, batch=10) == 1
    assert must_claim(session, run_id).attempt == 2


def test_a_snooze_costs_no_attempt_but_moves_the_fence(session: Session) -> None:
    run_id = ledger.enqueue(session, PruneLedger()).id
    for _ in range(5):
        run = must_claim(session, run_id)
        ledger.settle(session, run_id, run.attempt, settle_outcome(Snooze(timedelta(seconds=-1))))
        ledger.stage_due(session, batch=10)
    again = must_claim(session, run_id)
    assert (again.attempt, again.charged_attempts) == (6, 1)


def test_a_cancelled_run_says_why(session: Session) -> None:
    run_id = ledger.enqueue(session, PruneLedger()).id
    run = must_claim(session, run_id)
    ledger.settle(session, run_id, run.attempt, settle_outcome(Cancel("nothing to do")))
    cancelled = must_find(session, run_id)
    assert (cancelled.state, cancelled.reason) == (RunState.CANCELLED, "nothing to do")


def test_who_lost_the_lease_can_settle_nothing(session: Session) -> None:
    run_id = ledger.enqueue(session, PruneLedger()).id
    zombie = must_claim(session, run_id, lease_seconds=-1)
    [rescued] = ledger.rescue_lost(session, batch=10)
    assert (rescued.id, rescued.state) == (run_id, "available")
    must_claim(session, run_id)
    with pytest.raises(LeaseLost, match="no longer holds it"):
        ledger.settle(session, run_id, zombie.attempt, settle_outcome(Result()))
    assert must_find(session, run_id).state is RunState.EXECUTING
    lost, current = find_attempts(session, run_id)
    assert lost.outcome is AttemptOutcome.LOST
    assert current.outcome is None


def test_a_run_that_loses_its_worker_every_time_is_discarded_with_its_history(session: Session) -> None:
    run_id = ledger.enqueue(session, PruneLedger(), max_attempts=2).id
    for _ in range(2):
        must_claim(session, run_id, lease_seconds=-1)
        ledger.rescue_lost(session, batch=10)
    assert must_find(session, run_id).state is RunState.DISCARDED
    assert [attempt.outcome for attempt in find_attempts(session, run_id)] == [AttemptOutcome.LOST] * 2


def test_a_run_that_lost_its_worker_does_not_show_an_earlier_attempts_reason(session: Session) -> None:
    run_id = ledger.enqueue(session, PruneLedger(), max_attempts=1).id
    run = must_claim(session, run_id)
    ledger.settle(session, run_id, run.attempt, settle_outcome(Snooze(timedelta(seconds=-1), "too early")))
    assert must_find(session, run_id).reason == "too early"
    ledger.stage_due(session, batch=10)
    must_claim(session, run_id, lease_seconds=-1)
    ledger.rescue_lost(session, batch=10)
    discarded = must_find(session, run_id)
    assert (discarded.state, discarded.reason) == (RunState.DISCARDED, None)
    assert str(discarded.last_error).startswith("LeaseLost: ")


def test_a_heartbeat_extends_the_leases_of_living_processes_only(session: Session) -> None:
    living, dead = (ledger.enqueue(session, PruneLedger()).id for _ in range(2))
    for run_id, pid in ((living, 10), (dead, 11)):
        ledger.claim(session, run_id, worker="beating", worker_pid=pid, lease_seconds=-1)
    assert ledger.executing_pids(session, worker="beating") == {10, 11}
    ledger.extend_leases(session, worker="beating", pids={10}, lease_seconds=30)
    assert [run.id for run in ledger.rescue_lost(session, batch=10)] == [dead]


def test_an_unanswered_ring_is_rung_again(session: Session) -> None:
    run_id = ledger.enqueue(session, PruneLedger()).id
    ledger.mark_dispatched(session, [run_id])
    assert ledger.unanswered_rings(session, ring_timeout_seconds=60) == {}
    assert ledger.reopen_unanswered(session, queue="maintenance", ring_timeout_seconds=60, batch=10) == 0
    # In one transaction now() stands still, while the mark was made by the wall clock.
    assert ledger.unanswered_rings(session, ring_timeout_seconds=-60) == {"maintenance": 1}
    assert ledger.reopen_unanswered(session, queue="maintenance", ring_timeout_seconds=-60, batch=10) == 1
    assert must_find(session, run_id).state is RunState.AVAILABLE


def test_the_relay_takes_the_most_urgent_first_and_leaves_what_has_no_room(session: Session) -> None:
    late = ledger.enqueue(session, PruneLedger(), priority=9).id
    soon = ledger.enqueue(session, PruneLedger(), priority=0).id
    usual = ledger.enqueue(session, PruneLedger()).id
    taken = ledger.take_available(session, queues=["maintenance"], window=2, batch=10)
    assert [run.id for run in taken] == [soon, usual]
    ledger.mark_dispatched(session, [run.id for run in taken])
    assert ledger.take_available(session, queues=["maintenance"], window=2, batch=10) == []
    assert [run.id for run in ledger.take_available(session, queues=["maintenance"], window=3, batch=10)] == [late]


def test_progress_is_written_only_by_the_attempt_that_holds_the_run(session: Session) -> None:
    run_id = ledger.enqueue(session, PruneLedger()).id
    run = must_claim(session, run_id)
    ledger.report_progress(session, run_id, run.attempt, fraction=0.25, message="a quarter")
    ledger.report_progress(session, run_id, run.attempt - 1, fraction=0.75, message="a ghost")
    shown = must_find(session, run_id)
    assert (shown.progress, shown.progress_message) == (0.25, "a quarter")


def test_an_export_follows_its_run_one_to_one(session: Session) -> None:
    run_id = ledger.enqueue(session, export_args(), requested_by=LOCKS_MANAGER).id

    def shown() -> tuple[str, int, bool, str | None]:
        export = find_export(session, run_id)
        assert export is not None
        session.expire_all()
        return export.status, export.retry_count, export.started_at is not None, export.error_message

    assert shown() == ("queued", 0, False, None)
    run = must_claim(session, run_id)
    assert shown() == ("processing", 0, True, None)
    ledger.settle(session, run_id, run.attempt, retry_in(-1))
    assert shown() == ("queued", 0, True, "builtins.OSError: the disk is full")
    ledger.stage_due(session, batch=10)
    must_claim(session, run_id, lease_seconds=-1)
    assert shown()[:2] == ("processing", 1)
    ledger.rescue_lost(session, batch=10)
    assert shown()[0] == "queued"
    run = must_claim(session, run_id)
    ledger.settle(session, run_id, run.attempt, settle_outcome(Result()))
    assert shown() == ("completed", 2, True, None)


def test_a_discarded_and_a_cancelled_export_have_failed(session: Session) -> None:
    for settlement, message in (
        (Settlement(RunState.DISCARDED, AttemptOutcome.FAILED, failure=FAILED), "builtins.OSError: the disk is full"),
        (settle_outcome(Cancel("the report was withdrawn")), "Cancelled: the report was withdrawn"),
    ):
        run = must_claim(session, ledger.enqueue(session, export_args(), requested_by=LOCKS_MANAGER).id)
        ledger.settle(session, run.id, run.attempt, settlement)
        export = find_export(session, run.id)
        assert export is not None
        assert (export.status, export.error_message) == ("failed", message)


@pytest.mark.parametrize(
    ("statement", "refusal", "says"),
    [
        ("SELECT enqueue_run('report.exprot')", Refused, "no kind"),
        ("SELECT enqueue_run('ledger.prune', '[]')", Refused, "must be a JSON object"),
        ("SELECT enqueue_run('ledger.prune', jsonb_build_object('a', repeat('x', 40000)))", Refused, "32 KiB"),
        ("SELECT enqueue_run('report.export')", Refused, "needs a requester"),
        ("SELECT enqueue_run('ledger.prune', queue => 'nonsense')", Refused, "no queue"),
        ("SELECT enqueue_run('ledger.prune', priority => 10)", Refused, "no priority 10"),
    ],
)
def test_the_sql_function_refuses_with_a_cure(
    session: Session, statement: str, refusal: type[Refused], says: str
) -> None:
    with pytest.raises(Exception, match=says) as caught:
        session.execute(text(statement))
    assert isinstance(ledger.refusal(caught.value), refusal)  # type: ignore[arg-type]


def test_nobody_exports_a_report_that_they_may_not_read(session: Session) -> None:
    with pytest.raises(NotThere, match="does not exist, or"):
        ledger.enqueue(session, export_args(), requested_by=UUID("74f35852-18a7-45ea-831c-1963944ba096"))


def test_a_report_that_does_not_exist_gets_the_same_answer(session: Session) -> None:
    with pytest.raises(NotThere, match="does not exist, or"):
        ledger.enqueue(session, ExportReport(report_id=uuid4(), format=ExportFormat.PDF), requested_by=LOCKS_MANAGER)


def test_an_asker_can_request_only_in_their_own_name(session: Session) -> None:
    session.execute(text("SELECT set_config('request.jwt.claim.sub', :id, true)"), {"id": str(LOCKS_MANAGER)})
    with pytest.raises(NotAllowed, match="someone else"), session.begin_nested():
        ledger.enqueue(session, export_args(), requested_by=uuid4())
    with pytest.raises(NotAllowed, match="schedules and operators"), session.begin_nested():
        ledger.enqueue(session, PruneLedger())
    run_id = ledger.enqueue(session, export_args()).id
    assert must_find(session, run_id).requested_by == LOCKS_MANAGER


def test_what_has_not_begun_is_cancelled_at_once(session: Session) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    for due_at in (None, later):
        run_id = ledger.enqueue(session, PruneLedger(), due_at=due_at).id
        assert ledger.cancel(session, run_id, reason="a mistake") is RunState.CANCELLED
        run = must_find(session, run_id)
        assert (run.state, run.reason, claim(session, run_id)) == (RunState.CANCELLED, "a mistake", None)
        assert run.finalized_at is not None


def test_calling_off_what_has_ended_changes_nothing(session: Session) -> None:
    run_id = ledger.enqueue(session, PruneLedger()).id
    run = must_claim(session, run_id)
    ledger.settle(session, run_id, run.attempt, settle_outcome(Result()))
    assert ledger.cancel(session, run_id, reason="too late") is RunState.COMPLETED
    assert must_find(session, run_id).reason is None


def test_what_is_executing_is_told_to_stop_and_not_rescued_for_another_attempt(session: Session) -> None:
    run_id = ledger.enqueue(session, PruneLedger()).id
    run = must_claim(session, run_id)
    assert ledger.cancel(session, run_id, reason="a mistake") is RunState.EXECUTING
    assert ledger.find_cancellation(session, run_id, run.attempt) == "a mistake"
    ledger.end_lease(session, run_id, run.attempt)
    assert [rescued.state for rescued in ledger.rescue_lost(session, batch=10)] == []  # not yet: now() stands still
    session.execute(text("UPDATE task_runs SET lease_until = now() - interval '1 s' WHERE id = :id"), {"id": run_id})
    assert [rescued.state for rescued in ledger.rescue_lost(session, batch=10)] == ["cancelled"]
    assert must_find(session, run_id).reason == "a mistake"


def test_people_call_off_their_own_runs_and_no_others(session: Session) -> None:
    mine = ledger.enqueue(session, export_args(), requested_by=LOCKS_MANAGER).id
    other = ledger.enqueue(session, export_args(), requested_by=SPONSOR).id
    session.execute(text("SELECT set_config('request.jwt.claim.sub', :id, true)"), {"id": str(LOCKS_MANAGER)})
    assert ledger.cancel(session, mine) is RunState.CANCELLED
    with pytest.raises(NotThere, match="not yours"), session.begin_nested():
        ledger.cancel(session, other)


def test_a_run_begins_before_its_deadline_or_is_cancelled(session: Session) -> None:
    soon = datetime.now(UTC) + timedelta(hours=1)
    in_time, late = (ledger.enqueue(session, PruneLedger(), expires_at=soon).id for _ in range(2))
    session.execute(text("UPDATE task_runs SET expires_at = now() - interval '1 s' WHERE id = :id"), {"id": late})
    assert claim(session, late) is None
    assert ledger.expire(session, batch=10) == 1
    assert must_find(session, late).state is RunState.CANCELLED
    assert must_claim(session, in_time).attempt == 1


def test_a_deadline_leaves_what_began_in_time_alone(session: Session) -> None:
    run_id = ledger.enqueue(session, PruneLedger(), expires_at=datetime.now(UTC) + timedelta(hours=1)).id
    run = must_claim(session, run_id)
    ledger.settle(session, run_id, run.attempt, retry_in(0))
    session.execute(text("UPDATE task_runs SET expires_at = now() - interval '1 s' WHERE id = :id"), {"id": run_id})
    assert ledger.expire(session, batch=10) == 0
    session.execute(text("UPDATE task_runs SET state = 'available' WHERE id = :id"), {"id": run_id})
    assert must_claim(session, run_id).attempt == 2


def test_the_first_one_to_call_a_run_off_says_why(session: Session) -> None:
    run_id = ledger.enqueue(session, PruneLedger()).id
    run = must_claim(session, run_id)
    ledger.cancel(session, run_id, reason="the wrong file")
    ledger.cancel(session, run_id)
    assert ledger.find_cancellation(session, run_id, run.attempt) == "the wrong file"


def test_a_deadline_before_the_due_time_is_refused(session: Session) -> None:
    with pytest.raises(Refused, match="deadline"):
        ledger.enqueue(session, PruneLedger(), expires_at=datetime.now(UTC) - timedelta(seconds=1))


def test_pruning_keeps_what_ended_lately_and_what_has_not_ended(session: Session) -> None:
    old, lately, discarded, running = (ledger.enqueue(session, PruneLedger()).id for _ in range(4))
    for run_id in (old, lately):
        run = must_claim(session, run_id)
        ledger.settle(session, run_id, run.attempt, settle_outcome(Result()))
    run = must_claim(session, discarded)
    failed = Settlement(RunState.DISCARDED, AttemptOutcome.FAILED, failure=FAILED)
    ledger.settle(session, discarded, run.attempt, failed)
    age = text("UPDATE task_runs SET finalized_at = now() - interval '8 days' WHERE id = ANY (:ids)")
    session.execute(age, {"ids": [old, discarded]})
    assert ledger.prune(session, completed_after_days=7, discarded_after_days=30, batch=100) == 1
    assert find_run(session, old) is None
    assert all(find_run(session, run_id) for run_id in (lately, discarded, running))
