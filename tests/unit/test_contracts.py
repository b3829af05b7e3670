from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.args.reports import ExportReport
from contracts.errors import BadArgs, Permanent, ProviderFailure, UnknownKind
from contracts.kinds import KINDS, find_kind, parse_args
from contracts.outcome import Cancel, Result, Snooze
from contracts.retry import RetryPolicy
from contracts.settings import BadSettings, Settings
from contracts.settlement import MESSAGE_LENGTH, TRACEBACK_LENGTH, Failure, settle_error, settle_outcome
from contracts.state import ARROWS, FINAL_STATES, RunState, can_change
from schedules.entries import SCHEDULES
from tasks.all import report
from tasks.registry import TASKS, find_task

REPORT_ID = "7475ec01-bd60-4470-b704-f1bf1ee318ba"


def test_every_state_can_be_left_but_the_final_ones_only_by_hand() -> None:
    leaving = {arrow.source for arrow in ARROWS}
    assert leaving == (set(RunState) - FINAL_STATES) | {RunState.DISCARDED}
    assert {arrow.actor for arrow in ARROWS if arrow.source in FINAL_STATES} == {"operator"}


def test_every_state_but_the_first_ones_can_be_reached() -> None:
    reached = {RunState.AVAILABLE, RunState.SCHEDULED}
    while more := {arrow.target for arrow in ARROWS if arrow.source in reached} - reached:
        reached |= more
    assert reached == set(RunState)


def test_a_completed_run_never_changes() -> None:
    assert not any(can_change(RunState.COMPLETED, target) for target in RunState)


@given(attempt=st.integers(1, 10_000), seed=st.integers(), base=st.floats(0.01, 60), cap=st.floats(0.01, 86_400))
def test_a_retry_waits_between_nothing_and_its_ceiling(attempt: int, seed: int, base: float, cap: float) -> None:
    policy = RetryPolicy(base=base, cap=cap)
    delay = policy.delay(attempt, Random(seed)).total_seconds()
    assert 0 <= delay <= min(cap, base * 2.0 ** min(attempt - 1, 60)) + 1e-6


def test_the_ceiling_doubles_up_to_the_cap() -> None:
    policy = RetryPolicy(base=2, cap=20)
    assert [policy.ceiling(attempt) for attempt in range(1, 7)] == [2, 4, 8, 16, 20, 20]


def settle(error: Exception, charged: int) -> tuple[RunState, timedelta | None]:
    settlement = settle_error(error, charged_attempts=charged, max_attempts=3, retry=RetryPolicy(), random=Random(1))
    return settlement.state, settlement.due_in


@pytest.mark.parametrize(
    ("error", "charged", "state"),
    [
        (OSError("disk full"), 1, RunState.SCHEDULED),
        (OSError("disk full"), 2, RunState.SCHEDULED),
        (OSError("disk full"), 3, RunState.DISCARDED),
        (Permanent("no such report"), 1, RunState.DISCARDED),
        (BadArgs("no format"), 1, RunState.DISCARDED),
        (UnknownKind("what?"), 1, RunState.DISCARDED),
        (ProviderFailure("busy", retry_after=90), 1, RunState.SCHEDULED),
        (ProviderFailure("busy", retry_after=90), 3, RunState.DISCARDED),
    ],
)
def test_an_error_and_the_attempts_so_far_decide_the_state(error: Exception, charged: int, state: RunState) -> None:
    assert settle(error, charged)[0] is state


def test_a_providers_wish_wins_over_the_backoff() -> None:
    assert settle(ProviderFailure("busy", retry_after=90), 1)[1] == timedelta(seconds=90)


@pytest.mark.parametrize(
    ("outcome", "state", "charged"),
    [
        (Result({"size": 1}), RunState.COMPLETED, True),
        (Snooze(timedelta(minutes=5)), RunState.SCHEDULED, False),
        (Cancel("withdrawn"), RunState.CANCELLED, True),
    ],
)
def test_every_outcome_has_its_settlement(outcome: Result | Snooze | Cancel, state: RunState, *, charged: bool) -> None:
    settlement = settle_outcome(outcome)
    assert (settlement.state, settlement.charged) == (state, charged)


def test_what_is_kept_of_an_error_is_trimmed_and_storable() -> None:
    failure = Failure.of(ValueError("\x00\ud800" + "long " * 10_000))
    assert failure.type == "ValueError"
    assert len(failure.message) == MESSAGE_LENGTH
    assert failure.traceback is not None
    assert len(failure.traceback) <= TRACEBACK_LENGTH
    assert "\x00" not in failure.message + failure.traceback
    assert failure.message.startswith("?long ")
    assert (failure.message + failure.traceback).encode()


def test_an_unknown_kind_is_told_its_nearest() -> None:
    with pytest.raises(UnknownKind, match=r"did you mean 'report\.export'"):
        find_kind("report.exports")


def test_bad_args_name_every_fault() -> None:
    with pytest.raises(BadArgs, match=r"report_id: .*; format: .*; colour: "):
        parse_args(find_kind("report.export"), {"report_id": "7", "format": "odt", "colour": "red"})


def test_args_survive_the_ledger() -> None:
    args = parse_args(find_kind("report.export"), {"report_id": REPORT_ID, "format": "pdf"})
    assert isinstance(args, ExportReport)
    assert parse_args(find_kind("report.export"), args.model_dump(mode="json", exclude_defaults=True)) == args


def test_every_kind_has_its_task_and_every_task_its_kind() -> None:
    assert set(TASKS) == set(KINDS)
    assert find_task("report.export") is report.export_report
    with pytest.raises(UnknownKind, match=r"it knows .*ledger\.prune"):
        find_task("report.burn")


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_a_kinds_limits_make_sense(kind: object) -> None:
    known = KINDS[kind.name]  # type: ignore[attr-defined]
    noun, verb = known.name.split(".")
    assert noun.isidentifier()
    assert verb.isidentifier()
    assert 0 < known.soft_time_limit < known.hard_time_limit
    assert known.summary


def test_schedules_have_names_of_their_own_and_known_kinds() -> None:
    assert len({schedule.name for schedule in SCHEDULES}) == len(SCHEDULES)
    assert all(schedule.args.kind in KINDS for schedule in SCHEDULES)


def test_settings_come_from_the_environment_by_their_names() -> None:
    settings = Settings.from_environment(
        {"DATABASE_URL": "postgresql://x", "DRAY_LEASE_SECONDS": "3.5", "DRAY_STORAGE_DIR": "", "HOME": "/"}
    )
    assert (settings.database_url, settings.lease_seconds) == ("postgresql://x", 3.5)


def test_a_bad_environment_names_the_variable() -> None:
    with pytest.raises(BadSettings, match=r"DATABASE_URL: .*; DRAY_LEASE_SECONDS: "):
        Settings.from_environment({"DRAY_LEASE_SECONDS": "soon"})
