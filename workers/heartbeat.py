"""One heartbeat a worker, outside the children: it extends the leases of runs whose process lives and isn't stopped.

A thread beside the task would starve under C code that keeps the interpreter's lock; the main process has nothing else
to do.
"""

from __future__ import annotations

import logging
import os
import threading

import psutil

from contracts.settings import Settings
from db import ledger
from db.session import Database

log = logging.getLogger("dray.heartbeat")

NOT_RUNNING = {psutil.STATUS_STOPPED, psutil.STATUS_TRACING_STOP, psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD}


class Heartbeat(threading.Thread):
    """Extends this worker's leases every `heartbeat_seconds`."""

    def __init__(self, settings: Settings, *, worker: str) -> None:
        super().__init__(name="heartbeat", daemon=True)
        self.database = Database(settings.database_url, application_name="dray heartbeat", pool_size=1)
        self.worker = worker
        self.period = settings.heartbeat_seconds
        self.lease_seconds = settings.lease_seconds
        self.stopping = threading.Event()

    def run(self) -> None:
        """Beat until told to stop. A beat that fails is made up for by the next: a lease outlasts three."""
        while not self.stopping.wait(self.period):
            try:
                self.beat()
            except Exception as error:  # noqa: BLE001 - a heart that stops costs every run of the worker its lease
                log.warning("heartbeat.missed worker=%s error=%s", self.worker, type(error).__name__)
        self.database.close()

    def beat(self) -> None:
        """Extend the leases of runs whose process is able to go on."""
        with self.database.transaction(durable=False) as session:
            pids = {pid for pid in ledger.executing_pids(session, worker=self.worker) if is_running(pid)}
            if pids:
                ledger.extend_leases(session, worker=self.worker, pids=pids, lease_seconds=self.lease_seconds)

    def stop(self) -> None:
        """End the thread."""
        self.stopping.set()
        self.join(timeout=self.period)


def is_running(pid: int) -> bool:
    """Say whether this process (of ours, or we ourselves) lives and is neither stopped nor a zombie."""
    try:
        process = psutil.Process(pid)
        ours = pid == os.getpid() or process.ppid() == os.getpid()
        return ours and process.status() not in NOT_RUNNING
    except psutil.Error:
        return False
