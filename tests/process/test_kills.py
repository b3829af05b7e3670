"""Kill real processes at chosen moments, and count the rows and files afterwards."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
import redis
from pypdf import PdfReader

from cli.given_servers import with_database
from cli.servers.postgres import EmbeddedPostgres
from cli.servers.redis import EmbeddedRedis
from db.bootstrap import prepare_database
from db.seed import load_samples
from tests.support.databases import PASSWORDS, TestDatabase
from tests.support.processes import QUICK, Processes, Watcher, watching
from tests.support.samples import LOCKS_MANAGER, LOCKS_REPORT
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.process, pytest.mark.timeout(180)]


def enqueue_export(database: TestDatabase, file_format: str = "pdf") -> UUID:
    with psycopg.connect(database.worker_url) as connection:
        row = connection.execute(
            "SELECT id FROM enqueue_run('report.export', jsonb_build_object('report_id', %s::text, 'format', %s::text),"
            " requested_by => %s)",
            [str(LOCKS_REPORT), file_format, LOCKS_MANAGER],
        ).fetchone()
    assert row is not None
    return UUID(str(row[0]))


@contextmanager
def holding(database: TestDatabase, statement: str) -> Iterator[None]:
    """Hold a lock that the task will wait for: it is then certainly in the middle of its work."""
    with psycopg.connect(database.migrator_url) as connection:
        connection.execute(statement)
        yield


def waits_for_a_lock(watcher: Watcher) -> bool:
    row = watcher.connection.execute(
        "SELECT count(*) AS waiting FROM pg_stat_activity WHERE datname = current_database()"
        " AND application_name = 'dray worker' AND wait_event_type = 'Lock'"
    ).fetchone()
    return bool(row and row["waiting"])


def queued_rings(broker: redis.Redis) -> tuple[Any, list[Any]]:
    """The list that holds the export queue's rings of the usual priority, and what is in it."""
    [key] = [key for key in broker.scan_iter("export*") if broker.type(key) == b"list"]
    return key, broker.lrange(key, 0, -1)


def seconds_since(watcher: Watcher, moment: object) -> float:
    """By the database's clock, as leases are."""
    row = watcher.connection.execute("SELECT extract(epoch FROM now() - %s)::float AS age", [moment]).fetchone()
    assert row is not None
    return float(str(row["age"]))


def stored_files(processes: Processes) -> list[Path]:
    return [path for path in processes.storage.rglob("*") if path.is_file()]


def assert_completed_once(processes: Processes, watcher: Watcher, run_id: UUID, attempts: list[str]) -> None:
    """One final run, one completed attempt, one whole file that the rows describe."""
    run, export = watcher.run(run_id), watcher.export(run_id)
    assert run["state"] == "completed"
    assert watcher.attempts(run_id) == attempts
    assert run["attempt"] == len(attempts)
    assert (export["status"], export["retry_count"]) == ("completed", len(attempts) - 1)
    [file] = stored_files(processes)
    assert export["file_url"] == f"store://{file.relative_to(processes.storage)}"
    assert export["file_size"] == file.stat().st_size
    assert len(PdfReader(file).pages) > 1


def test_an_export_whose_worker_is_killed_before_it_reads_the_report_is_done_by_the_next(
    processes: Processes, watcher: Watcher, database: TestDatabase
) -> None:
    worker = processes.start_worker()
    run_id = enqueue_export(database)
    with holding(database, "LOCK TABLE pmr_reports IN ACCESS EXCLUSIVE MODE"):
        processes.start_relay()
        watcher.wait_for_state(run_id, "executing")
        wait_until(lambda: waits_for_a_lock(watcher), "the task waits in the middle")
        assert watcher.export(run_id)["status"] == "processing"
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        wait_until(lambda: watcher.export(run_id)["status"] == "queued", "the run is taken back")
    processes.start_worker("second")
    watcher.wait_for_state(run_id, "completed")
    assert_completed_once(processes, watcher, run_id, ["lost", "completed"])


def test_an_export_whose_worker_is_killed_after_the_file_and_before_the_commit_ends_with_one_file(
    processes: Processes, watcher: Watcher, database: TestDatabase
) -> None:
    worker = processes.start_worker()
    run_id = enqueue_export(database)
    processes.start_relay()
    watcher.wait_for_state(run_id, "executing")
    # Rendering takes a second; then the task stores its file, and waits for this row.
    with holding(database, f"SELECT FROM export_jobs WHERE id = '{run_id}' FOR UPDATE"):
        wait_until(lambda: waits_for_a_lock(watcher) and stored_files(processes), "the file lies there", seconds=60)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    assert watcher.run(run_id)["state"] == "executing"
    processes.start_worker("second")
    watcher.wait_for_state(run_id, "completed")
    assert_completed_once(processes, watcher, run_id, ["lost", "completed"])


def test_a_relay_killed_between_publish_and_commit_costs_no_attempt(
    processes: Processes, watcher: Watcher, database: TestDatabase
) -> None:
    processes.start_worker()
    run_id = enqueue_export(database)
    frozen = processes.start("frozen", "tests/process/relay_that_freezes.py")
    wait_until(lambda: "relay.frozen after_publishing=1" in processes.log("frozen"), "the ring is published")
    # The ring has arrived, and its claim waits for the row that the frozen relay holds.
    wait_until(lambda: waits_for_a_lock(watcher), "the claim waits")
    assert watcher.run(run_id)["state"] == "available"
    os.kill(frozen.pid, signal.SIGKILL)
    frozen.wait()
    processes.start_relay()
    watcher.wait_for_state(run_id, "completed")
    assert_completed_once(processes, watcher, run_id, ["completed"])


def test_a_broker_that_lost_everything_is_rung_again(
    processes: Processes, watcher: Watcher, database: TestDatabase
) -> None:
    processes.start_relay()
    run_id = enqueue_export(database)
    watcher.wait_for_state(run_id, "dispatched")
    with redis.Redis.from_url(processes.redis_url) as broker:
        assert len(queued_rings(broker)[1]) == 1
        broker.flushall()
    processes.start_worker()
    watcher.wait_for_state(run_id, "completed")
    assert_completed_once(processes, watcher, run_id, ["completed"])


def test_a_broker_that_is_gone_for_a_while_delays_work_and_loses_none(
    processes: Processes, watcher: Watcher, database: TestDatabase, tmp_path: Path
) -> None:
    broker = EmbeddedRedis(tmp_path / "redis", password="test-own-redis")
    broker.start()
    try:
        processes.redis_url = broker.url
        processes.start_worker()
        processes.start_relay()
        before = enqueue_export(database, "excel")
        watcher.wait_for_state(before, "completed")
        broker.stop()
        during = enqueue_export(database, "excel")
        wait_until(lambda: "relay.waits" in processes.log("relay"), "the relay notices")
        broker.start()
        watcher.wait_for_state(during, "completed")
        assert watcher.attempts(during) == ["completed"]
    finally:
        processes.end()
        broker.stop()


def test_rings_that_only_wait_for_a_worker_are_not_rung_again(
    processes: Processes, watcher: Watcher, database: TestDatabase
) -> None:
    processes.start_relay()
    run_id = enqueue_export(database)
    rung = watcher.wait_for_state(run_id, "dispatched")
    timeout = float(QUICK["DRAY_RING_TIMEOUT_SECONDS"])
    wait_until(lambda: seconds_since(watcher, rung["dispatched_at"]) > 2 * timeout, "the timeout has passed twice")
    assert watcher.run(run_id)["dispatched_at"] == rung["dispatched_at"]
    with redis.Redis.from_url(processes.redis_url) as broker:
        assert len(queued_rings(broker)[1]) == 1


def test_a_ring_that_comes_twice_is_answered_once(
    processes: Processes, watcher: Watcher, database: TestDatabase
) -> None:
    processes.start_relay()
    run_id = enqueue_export(database)
    watcher.wait_for_state(run_id, "dispatched")
    with redis.Redis.from_url(processes.redis_url) as broker:
        key, [ring] = queued_rings(broker)
        broker.rpush(key, ring, ring)
    processes.start_worker(concurrency=2)
    watcher.wait_for_state(run_id, "completed")
    # A busy machine may take so long to claim that the relay rings once more: that one is ignored too.
    wait_until(lambda: processes.log("worker").count("ring.ignored") >= 2, "both copies are ignored")
    assert_completed_once(processes, watcher, run_id, ["completed"])


def test_a_frozen_worker_that_wakes_up_after_its_lease_writes_nothing(
    processes: Processes, watcher: Watcher, database: TestDatabase
) -> None:
    worker = processes.start_worker()
    run_id = enqueue_export(database)
    with holding(database, "LOCK TABLE pmr_reports IN ACCESS EXCLUSIVE MODE"):
        processes.start_relay()
        watcher.wait_for_state(run_id, "executing")
        wait_until(lambda: waits_for_a_lock(watcher), "the task waits in the middle")
        os.killpg(worker.pid, signal.SIGSTOP)
        wait_until(lambda: watcher.export(run_id)["status"] == "queued", "the run is taken back")
    processes.start_worker("second")
    watcher.wait_for_state(run_id, "completed")
    os.killpg(worker.pid, signal.SIGCONT)
    wait_until(lambda: "run.lease_lost" in processes.log("worker"), "the sleeper notices", seconds=60)
    assert watcher.run(run_id)["attempt"] == 2
    assert watcher.attempts(run_id) == ["lost", "completed"]
    assert watcher.export(run_id)["status"] == "completed"


def test_a_run_that_takes_longer_than_its_lease_keeps_it_while_its_worker_lives(
    processes: Processes, watcher: Watcher, database: TestDatabase
) -> None:
    processes.start_worker()
    run_id = enqueue_export(database)
    with holding(database, "LOCK TABLE pmr_reports IN ACCESS EXCLUSIVE MODE"):
        processes.start_relay()
        claimed = watcher.wait_for_state(run_id, "executing")
        lasts = float(QUICK["DRAY_LEASE_SECONDS"])
        wait_until(
            lambda: seconds_since(watcher, claimed["started_at"]) > 2 * lasts, "the lease would have ended twice"
        )
        assert watcher.run(run_id)["state"] == "executing"
    watcher.wait_for_state(run_id, "completed")
    assert_completed_once(processes, watcher, run_id, ["completed"])


def test_an_interruption_in_the_middle_of_a_query_gives_the_run_back_and_the_next_attempt_is_well(
    processes: Processes, watcher: Watcher, database: TestDatabase
) -> None:
    processes.start_worker()
    run_id = enqueue_export(database)
    with holding(database, "LOCK TABLE pmr_reports IN ACCESS EXCLUSIVE MODE"):
        processes.start_relay()
        watcher.wait_for_state(run_id, "executing")
        wait_until(lambda: waits_for_a_lock(watcher), "the task waits in the middle")
        # What the heartbeat and Celery send; the limit is far off, and nobody called the run off.
        os.kill(int(str(watcher.run(run_id)["worker_pid"])), signal.SIGUSR1)
        wait_until(lambda: watcher.attempts(run_id)[0] == "snoozed", "the run is given back")
    run = watcher.wait_for_state(run_id, "completed")
    assert watcher.attempts(run_id) == ["snoozed", "completed"]
    assert (run["attempt"], run["uncharged"], watcher.export(run_id)["retry_count"]) == (2, 1, 0)
    assert len(stored_files(processes)) == 1


def test_a_run_that_could_not_be_settled_is_not_held_by_an_idle_process(
    processes: Processes, watcher: Watcher, database: TestDatabase
) -> None:
    processes.start_worker()
    run_id = enqueue_export(database)
    with holding(database, "LOCK TABLE pmr_reports IN ACCESS EXCLUSIVE MODE"):
        processes.start_relay()
        watcher.wait_for_state(run_id, "executing")
        wait_until(lambda: waits_for_a_lock(watcher), "the task waits in the middle")
        with psycopg.connect(database.migrator_url) as owner:
            owner.execute("REVOKE UPDATE ON task_attempts FROM dray_worker")
    wait_until(lambda: "ring.failed" in processes.log("worker"), "no outcome can be written")
    with psycopg.connect(database.migrator_url) as owner:
        owner.execute("GRANT UPDATE ON task_attempts TO dray_worker")
    watcher.wait_for_state(run_id, "completed")
    assert watcher.attempts(run_id) == ["lost", "completed"]


def test_what_failed_is_tried_again_through_the_ledger_and_discarded_in_the_end(
    processes: Processes, watcher: Watcher, database: TestDatabase
) -> None:
    # A file where the folder should be: storing fails, each time.
    processes.storage.write_text("in the way")
    processes.start_worker()
    processes.start_relay()
    run_id = enqueue_export(database, "excel")
    run = watcher.wait_for_state(run_id, "discarded", seconds=90)
    assert watcher.attempts(run_id) == ["failed"] * 4
    assert "NotADirectoryError" in str(run["last_error"]) or "FileExistsError" in str(run["last_error"])
    row = watcher.connection.execute(
        "SELECT error_type, error_traceback FROM task_attempts WHERE run_id = %s LIMIT 1", [run_id]
    ).fetchone()
    assert row is not None
    assert "Traceback (most recent call last)" in str(row["error_traceback"])
    export = watcher.export(run_id)
    assert (export["status"], export["retry_count"], export["error_message"]) == ("failed", 3, run["last_error"])


def test_a_permanent_error_is_discarded_at_once(processes: Processes, watcher: Watcher, database: TestDatabase) -> None:
    with psycopg.connect(database.worker_url) as connection:
        row = connection.execute("""SELECT id FROM enqueue_run('ledger.prune', '{"batch_size": "many"}')""").fetchone()
    assert row is not None
    processes.start_worker()
    processes.start_relay()
    run = watcher.wait_for_state(row[0], "discarded")
    assert run["attempt"] == 1
    assert "batch_size" in str(run["last_error"])


def test_a_worker_told_to_stop_finishes_its_run_and_leaves_nothing_behind(
    processes: Processes, watcher: Watcher, database: TestDatabase
) -> None:
    worker = processes.start_worker()
    run_id = enqueue_export(database)
    with holding(database, "LOCK TABLE pmr_reports IN ACCESS EXCLUSIVE MODE"):
        relay = processes.start_relay()
        watcher.wait_for_state(run_id, "executing")
        wait_until(lambda: waits_for_a_lock(watcher), "the task waits in the middle")
        os.kill(worker.pid, signal.SIGTERM)
        os.kill(relay.pid, signal.SIGTERM)
    # Celery's own warm shutdown takes half a minute now and then.
    assert worker.wait(timeout=60) == 0
    assert relay.wait(timeout=10) == 0
    assert_completed_once(processes, watcher, run_id, ["completed"])


def test_a_database_that_is_killed_in_the_middle_of_a_run_comes_back_and_the_run_is_done(
    broker_url: str, tmp_path: Path
) -> None:
    server = EmbeddedPostgres(tmp_path / "postgres", password="test-own-postgres")
    server.start()
    database = TestDatabase(with_database(server.admin_url, "dray"))
    prepare_database(database.admin_url, passwords=PASSWORDS)
    load_samples(database.migrator_url)
    processes = Processes(database, broker_url, tmp_path)
    try:
        processes.start_worker()
        run_id = enqueue_export(database)
        with holding(database, "LOCK TABLE pmr_reports IN ACCESS EXCLUSIVE MODE"), watching(database.worker_url) as at:
            processes.start_relay()
            at.wait_for_state(run_id, "executing")
            wait_until(lambda: waits_for_a_lock(at), "the task waits in the middle")
            assert server.pid is not None
            os.kill(server.pid, signal.SIGKILL)
            wait_until(lambda: "relay.waits" in processes.log("relay"), "the relay notices")
    except psycopg.OperationalError:
        # The connections that held the lock and watched died with the server, as they should.
        pass
    try:
        server.stop()
        server.start()
        with watching(database.worker_url) as watcher:
            watcher.wait_for_state(run_id, "completed", seconds=90)
            assert watcher.attempts(run_id)[-1] == "completed"
            assert watcher.export(run_id)["status"] == "completed"
            assert len(stored_files(processes)) == 1
    finally:
        processes.end()
        server.stop()
