"""Real processes of Dray for tests, each in a process group of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg
from psycopg.rows import dict_row

from tests.support.databases import TestDatabase
from tests.support.waiting import wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
# Short enough that a test needn't wait long for a rescue, long enough for a busy machine.
QUICK = {"DRAY_LEASE_SECONDS": "3", "DRAY_HEARTBEAT_SECONDS": "0.5", "DRAY_RESCUE_SECONDS": "0.5",
         "DRAY_RING_TIMEOUT_SECONDS": "3", "DRAY_POLL_SECONDS": "0.2"}  # fmt: skip


@dataclass
class Processes:
    """What a test has started. Everything ends with the test."""

    database: TestDatabase
    redis_url: str
    folder: Path
    # Given to every process, beside what it needs.
    variables: Mapping[str, str] = field(default_factory=dict)
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def storage(self) -> Path:
        return self.folder / "storage"

    def environment(self) -> Mapping[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "DATABASE_URL": self.database.worker_url,
            "REDIS_URL": self.redis_url,
            "DRAY_STORAGE_DIR": str(self.storage),
            **QUICK,
            **self.variables,
        }

    def start(self, name: str, *command: str, **variables: str) -> subprocess.Popen[bytes]:
        """Start `python -P <command>` from the project's root, logging to `<name>.log`."""
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-P", *command],
                cwd=ROOT,
                env={**self.environment(), "PYTHONPATH": str(ROOT), **variables},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.started.append(process)
        return process

    def start_relay(self) -> subprocess.Popen[bytes]:
        return self.start("relay", "-m", "cli.main", "relay")

    def start_api(self, port: int) -> int:
        """Start the API and wait until it answers; return its port."""
        self.start("api", "-m", "cli.main", "api", "--port", str(port), DATABASE_URL=self.database.api_url)

        def answers() -> bool:
            with suppress(httpx.TransportError):
                return httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False).is_success
            return False

        wait_until(answers, "the API answers", seconds=60, pause=0.05)
        return port

    def start_worker(self, name: str = "worker", *, concurrency: int = 1, **variables: str) -> subprocess.Popen[bytes]:
        """Start a worker for every queue and wait until it takes rings."""
        log = self.folder / f"{name}.log"
        ready = log.read_text().count("worker.ready") if log.exists() else 0
        queues = "interactive,default,export,compute,bulk,maintenance"
        worker = self.start(
            name,
            *("-m", "cli.main", "worker", "--queues", queues, "--concurrency", str(concurrency), "--name", name),
            **variables,
        )
        wait_until(lambda: log.read_text().count("worker.ready") > ready, f"{name} is ready", seconds=60, pause=0.05)
        return worker

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def end(self) -> None:
        for process in self.started:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@dataclass
class Watcher:
    """Reads the rows as the worker's role does."""

    connection: psycopg.Connection[dict[str, object]]

    def run(self, run_id: object) -> dict[str, object]:
        row = self.connection.execute("SELECT * FROM task_runs WHERE id = %s", [run_id]).fetchone()
        assert row is not None
        return row

    def attempts(self, run_id: object) -> list[object]:
        rows = self.connection.execute(
            "SELECT outcome FROM task_attempts WHERE run_id = %s ORDER BY attempt", [run_id]
        ).fetchall()
        return [row["outcome"] for row in rows]

    def export(self, run_id: object) -> dict[str, object]:
        row = self.connection.execute("SELECT * FROM export_jobs WHERE id = %s", [run_id]).fetchone()
        assert row is not None
        return row

    def wait_for_state(self, run_id: object, state: str, *, seconds: float = 60) -> dict[str, object]:
        wait_until(lambda: self.run(run_id)["state"] == state, f"run {run_id} is {state}", seconds=seconds)
        return self.run(run_id)


@contextmanager
def watching(url: str) -> Iterator[Watcher]:
    with psycopg.connect(url, autocommit=True, row_factory=dict_row) as connection:
        yield Watcher(connection)
