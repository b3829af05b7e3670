"""The heartbeat of a worker, on real rows and real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import text

from contracts.args.maintenance import PruneLedger
from contracts.settings import Settings
from db import ledger
from db.session import Database
from tests.support.databases import TestDatabase
from tests.support.waiting import wait_until
from workers.heartbeat import Heartbeat

STUBBORN = (
    "import signal, time; signal.signal(signal.SIGUSR1, lambda *_: None); print('ready', flush=True); time.sleep(60)"
)
OBEDIENT = "import time; print('ready', flush=True); time.sleep(60)"


@pytest.fixture
def heartbeat(database: TestDatabase) -> Iterator[Heartbeat]:
    made = Heartbeat(Settings(database_url=database.worker_url, cancel_grace_seconds=5), worker="test")
    yield made
    made.database.close()


def child(body: str) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", body], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout as told:
        assert told.readline() == "ready\n"
    return process


def executing(database: Database, pid: int) -> UUID:
    """A run that this process holds."""
    with database.transaction() as session:
        run_id = ledger.enqueue(session, PruneLedger()).id
        assert ledger.claim(session, run_id, worker="test", worker_pid=pid, lease_seconds=30)
    return run_id


def lease_left(database: Database, run_id: UUID) -> float:
    query = text("SELECT extract(epoch FROM lease_until - clock_timestamp())::float FROM task_runs WHERE id = :id")
    with database.transaction() as session:
        return float(session.execute(query, {"id": run_id}).scalar_one())


def test_a_run_that_is_called_off_is_interrupted_once_and_its_process_killed_after_the_grace_time(
    heartbeat: Heartbeat,
) -> None:
    process = child(STUBBORN)
    run_id = executing(heartbeat.database, process.pid)
    heartbeat.look(100)
    with heartbeat.database.transaction() as session:
        ledger.cancel(session, run_id)
    heartbeat.look(101)
    heartbeat.look(105.9)
    assert process.poll() is None
    heartbeat.look(106.1)
    assert process.wait(timeout=10) == -signal.SIGKILL
    assert lease_left(heartbeat.database, run_id) <= 0


def test_the_interruption_reaches_the_process(heartbeat: Heartbeat) -> None:
    process = child(OBEDIENT)
    run_id = executing(heartbeat.database, process.pid)
    with heartbeat.database.transaction() as session:
        ledger.cancel(session, run_id)
    heartbeat.look(1)
    assert process.wait(timeout=10) == -signal.SIGUSR1


def test_a_worker_that_has_to_go_interrupts_its_runs_after_the_grace_time(heartbeat: Heartbeat) -> None:
    process = child(OBEDIENT)
    executing(heartbeat.database, process.pid)
    heartbeat.drain()
    heartbeat.look(heartbeat.give_back_at - 0.1)
    assert process.poll() is None
    heartbeat.look(heartbeat.give_back_at)
    assert process.wait(timeout=10) == -signal.SIGUSR1


def test_a_stopped_process_gets_no_longer_lease(heartbeat: Heartbeat) -> None:
    process = child(OBEDIENT)
    run_id = executing(heartbeat.database, process.pid)
    os.kill(process.pid, signal.SIGSTOP)
    wait_until(lambda: "T" in state_of(process.pid), "it is stopped")
    before = lease_left(heartbeat.database, run_id)
    heartbeat.look(1)
    assert lease_left(heartbeat.database, run_id) < before
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def state_of(pid: int) -> str:
    return subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
