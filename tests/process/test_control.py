"""Calling runs off, and workers that are told to stop: with real processes."""

from __future__ import annotations

import signal
from contextlib import ExitStack
from uuid import UUID

import psycopg
import pytest

from db import ledger
from db.session import Database
from tests.process.test_kills import enqueue_export, holding, waits_for_a_lock
from tests.support.databases import TestDatabase
from tests.support.processes import Processes, Watcher
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.process, pytest.mark.timeout(180)]

LOCKED = "LOCK TABLE pmr_reports IN ACCESS EXCLUSIVE MODE"


def call_off(database: TestDatabase, run_id: UUID, reason: str) -> str:
    opened = Database(database.worker_url, application_name="test")
    with opened.transaction() as session:
        state = ledger.cancel(session, run_id, reason=reason)
    opened.close()
    return state


def test_a_run_in_the_middle_of_its_work_stops_within_two_seconds(
    processes: Processes, watcher: Watcher, database: TestDatabase
) -> None:
    processes.start_worker()
    run_id = enqueue_export(database)
    with holding(database, LOCKED):
        processes.start_relay()
        wait_until(lambda: waits_for_a_lock(watcher), "the task waits in the middle")
        assert call_off(database, run_id, "a mistake") == "executing"
        # Two seconds on a machine with nothing else to do.
        wait_until(lambda: watcher.run(run_id)["state"] == "cancelled", "it stops", seconds=10)
    assert watcher.attempts(run_id) == ["cancelled"]
    assert watcher.run(run_id)["reason"] == "a mistake"
    assert watcher.export(run_id)["error_message"] == "Cancelled: a mistake"
    second = enqueue_export(database)
    watcher.wait_for_state(second, "completed")


def test_a_run_that_is_called_off_stays_so_when_its_worker_is_killed(
    processes: Processes, watcher: Watcher, database: TestDatabase
) -> None:
    worker = processes.start_worker()
    run_id = enqueue_export(database)
    with ExitStack() as stack:
        stack.enter_context(holding(database, LOCKED))
        processes.start_relay()
        wait_until(lambda: waits_for_a_lock(watcher), "the task waits in the middle")
        worker.send_signal(signal.SIGSTOP)
        call_off(database, run_id, "a mistake")
        worker.kill()
        worker.wait()
    processes.start_worker("second")
    watcher.wait_for_state(run_id, "cancelled")
    assert watcher.attempts(run_id) == ["lost"]


def test_a_worker_that_is_told_to_stop_gives_its_run_back_after_the_grace_time_uncharged(
    processes: Processes, watcher: Watcher, database: TestDatabase
) -> None:
    worker = processes.start_worker(DRAY_GRACE_SECONDS="1")
    run_id = enqueue_export(database)
    with holding(database, LOCKED):
        processes.start_relay()
        wait_until(lambda: waits_for_a_lock(watcher), "the task waits in the middle")
        worker.send_signal(signal.SIGTERM)
        wait_until(lambda: watcher.run(run_id)["state"] != "executing", "it is given back")
    worker.wait(timeout=60)
    processes.start_worker("second")
    run = watcher.wait_for_state(run_id, "completed")
    assert watcher.attempts(run_id) == ["snoozed", "completed"]
    assert (run["attempt"], run["uncharged"]) == (2, 1)
    assert watcher.export(run_id)["retry_count"] == 0


def test_a_worker_that_is_told_to_stop_finishes_what_is_done_in_time(
    processes: Processes, watcher: Watcher, database: TestDatabase
) -> None:
    worker = processes.start_worker(DRAY_GRACE_SECONDS="60")
    run_id = enqueue_export(database, "excel")
    with holding(database, LOCKED):
        processes.start_relay()
        wait_until(lambda: waits_for_a_lock(watcher), "the task waits in the middle")
        worker.send_signal(signal.SIGTERM)
    watcher.wait_for_state(run_id, "completed")
    worker.wait(timeout=60)
    assert watcher.attempts(run_id) == ["completed"]


def test_a_run_whose_deadline_passes_before_it_begins_is_cancelled(
    processes: Processes, watcher: Watcher, database: TestDatabase
) -> None:
    with psycopg.connect(database.worker_url) as connection:
        row = connection.execute(
            "SELECT id FROM enqueue_run('ledger.prune', expires_at => now() + interval '1 second')"
        ).fetchone()
    assert row is not None
    processes.start_relay()
    run = watcher.wait_for_state(row[0], "cancelled")
    assert run["reason"] == "It did not begin before its deadline."
    assert run["attempt"] == 0
