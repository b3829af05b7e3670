"""One heartbeat a worker, outside the children.

It extends the leases of runs whose process lives and isn't stopped, and interrupts those that have to stop: called off,
or in the hands of a worker that has to go. A thread beside the task would starve under C code that keeps the
interpreter's lock; the main process has nothing else to do.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from contextlib import suppress
from uuid import UUID

import psutil

from contracts.settings import Settings
from db import ledger
from db.session import Database, Session
from workers.executor import INTERRUPT

log = logging.getLogger("dray.heartbeat")

NOT_RUNNING = {psutil.STATUS_STOPPED, psutil.STATUS_TRACING_STOP, psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD}
# A run that is called off should stop within two seconds.
WATCH_SECONDS = 0.5


class Heartbeat(threading.Thread):
    """Extends this worker's leases every `heartbeat_seconds`, and watches for runs that have to stop."""

    def __init__(self, settings: Settings, *, worker: str) -> None:
        super().__init__(name="heartbeat", daemon=True)
        self.database = Database(settings.database_url, application_name="dray heartbeat", pool_size=1)
        self.worker = worker
        self.settings = settings
        self.stopping = threading.Event()
        self.next_beat = 0.0
        # When this worker's runs have to be given back; never, while nobody told it to stop.
        self.give_back_at = float("inf")
        # When an attempt was interrupted first, by run and attempt.
        self.interrupted: dict[tuple[UUID, int], float] = {}

    def run(self) -> None:
        """Watch until told to stop. What fails is made up for by the next look: a lease outlasts three beats."""
        while not self.stopping.wait(min(WATCH_SECONDS, self.settings.heartbeat_seconds)):
            try:
                self.look(time.monotonic())
            except Exception as error:  # noqa: BLE001 - a heart that stops costs every run of the worker its lease
                log.warning("heartbeat.missed worker=%s error=%s", self.worker, type(error).__name__)
        self.database.close()

    def look(self, now: float) -> None:
        """Beat when it is time, and interrupt what has to stop."""
        with self.database.transaction(durable=False) as session:
            if now >= self.next_beat:
                self.beat(session)
                self.next_beat = now + self.settings.heartbeat_seconds
            self.stop_called_off(session, now)
            if now >= self.give_back_at:
                self.give_back(session)

    def beat(self, session: Session) -> None:
        """Extend the leases of runs whose process is able to go on."""
        pids = {pid for pid in ledger.executing_pids(session, worker=self.worker) if is_running(pid)}
        if pids:
            ledger.extend_leases(session, worker=self.worker, pids=pids, lease_seconds=self.settings.lease_seconds)

    def stop_called_off(self, session: Session, now: float) -> None:
        """Interrupt attempts that were told to stop; kill the process of one that doesn't."""
        found = ledger.called_off(session, worker=self.worker)
        self.interrupted = {(run.id, run.attempt): self.interrupted.get((run.id, run.attempt), now) for run in found}
        for run in found:
            since = self.interrupted[run.id, run.attempt]
            if now - since > self.settings.cancel_grace_seconds:
                log.warning("run.killed run=%s attempt=%d pid=%d", run.id, run.attempt, run.worker_pid)
                send(run.worker_pid, signal.SIGKILL)
                ledger.end_lease(session, run.id, run.attempt)
                continue
            # Again at every look: in the middle of a checkpoint the signal passes unheeded.
            send(run.worker_pid, INTERRUPT)
            if now == since:
                log.info("run.interrupted run=%s attempt=%d pid=%d", run.id, run.attempt, run.worker_pid)

    def give_back(self, session: Session) -> None:
        """Interrupt all that is still executing: a worker that was told to stop gives it back."""
        for pid in ledger.executing_pids(session, worker=self.worker):
            log.info("worker.gives_back worker=%s pid=%d", self.worker, pid)
            send(pid, INTERRUPT)

    def drain(self) -> None:
        """From now on the runs have the grace time left; what isn't done then is given back."""
        self.give_back_at = time.monotonic() + self.settings.grace_seconds

    def stop(self) -> None:
        """End the thread."""
        self.stopping.set()
        self.join(timeout=self.settings.heartbeat_seconds)


def send(pid: int, number: signal.Signals) -> None:
    """Send a signal to a child of ours that is able to receive it."""
    if is_running(pid):
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def is_running(pid: int) -> bool:
    """Say whether this process (of ours, or we ourselves) lives and is neither stopped nor a zombie."""
    try:
        process = psutil.Process(pid)
        ours = pid == os.getpid() or process.ppid() == os.getpid()
        return ours and process.status() not in NOT_RUNNING
    except psutil.Error:
        return False
