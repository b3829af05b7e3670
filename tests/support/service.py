"""The API, a relay and a worker as real processes around one database: what a test asks over HTTP is really done."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg

from cli.ports import free_port
from db.tokens import issue_token
from tests.support.databases import TestDatabase
from tests.support.processes import Processes, Watcher, watching
from tests.support.samples import SPONSOR_EMAIL
from tests.support.waiting import wait_until

FINAL = {"completed", "discarded", "cancelled"}


@dataclass
class Service:
    """A running service with one worker. Tests ask `client`, and look at the rows through `watcher`."""

    database: TestDatabase
    processes: Processes
    watcher: Watcher
    client: httpx.Client
    workers: int = 0

    def perform(self, path: str, body: Mapping[str, Any], *, seconds: float = 60) -> dict[str, Any]:
        """Ask for a run, wait until it is final, and return it with its attempts."""
        asked = self.client.post(path, json=dict(body))
        assert asked.status_code == 202, asked.text
        return self.wait(asked.json()["id"], seconds=seconds)

    def wait(self, run_id: str, *, seconds: float = 60) -> dict[str, Any]:
        """Wait until the run is final, and return it with its attempts."""

        def final() -> dict[str, Any] | None:
            run: dict[str, Any] = self.client.get(f"/v1/runs/{run_id}").raise_for_status().json()
            return run if run["state"] in FINAL else None

        return wait_until(final, f"run {run_id} ends", seconds=seconds, pause=0.05)

    def start_worker(self) -> int:
        """Start one more worker and return its process id."""
        self.workers += 1
        return self.processes.start_worker(f"worker-{self.workers}").pid

    def rows(self, statement: str, *values: object) -> list[dict[str, Any]]:
        """Read rows as the worker does."""
        return self.watcher.connection.execute(statement, values).fetchall()

    def perform_through_a_kill(self, path: str, body: Mapping[str, Any], *, table: str) -> dict[str, Any]:
        """Ask for a run, kill its worker while the task waits for a lock on `table`, and return the run in its end."""
        with psycopg.connect(self.database.migrator_url) as holder:
            holder.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
            run_id = self.client.post(path, json=dict(body)).raise_for_status().json()["id"]
            wait_until(self._waits_for_a_lock, "the task is in the middle of its work", seconds=60)
            for process in self.processes.started:
                if "worker" in list(process.args) and process.poll() is None:  # type: ignore[arg-type]
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
            wait_until(lambda: self.watcher.run(run_id)["state"] != "executing", "the run is taken back")
        self.start_worker()
        return self.wait(run_id)

    def _waits_for_a_lock(self) -> bool:
        [row] = self.rows(
            "SELECT count(*) AS waiting FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name = 'dray worker' AND wait_event_type = 'Lock'"
        )
        return bool(row["waiting"])


@contextmanager
def serving(database: TestDatabase, broker_url: str, folder: Path, **variables: str) -> Iterator[Service]:
    """Start everything, with these variables in the environment, and end everything."""
    processes = Processes(database, broker_url, folder, variables)
    token = issue_token(database.migrator_url, email=SPONSOR_EMAIL, name="test")
    url = f"http://127.0.0.1:{processes.start_api(free_port())}"
    headers = {"Authorization": f"Bearer {token}"}
    try:
        with (
            httpx.Client(base_url=url, headers=headers, timeout=30, trust_env=False) as client,
            watching(database.worker_url) as watcher,
        ):
            service = Service(database, processes, watcher, client)
            processes.start_relay()
            service.start_worker()
            yield service
    finally:
        processes.end()
