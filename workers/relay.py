"""The relay: takes due runs from the ledger and rings the broker; stages scheduled runs; rescues lost ones.

Any number may run side by side: each takes rows that no other has locked. A relay holds nothing that matters. Killed
before it publishes, it leaves the runs available; killed between publishing and commit, it leaves rings of runs that
are available still, and a ring that comes twice finds nothing to do.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Sequence
from typing import Any

from celery import Celery
from kombu.exceptions import OperationalError as BrokerError

from contracts.kinds import KINDS
from contracts.queues import Queue
from contracts.settings import Settings
from db import ledger
from db.doorbell import Doorbell, DoorbellError
from db.ledger import TakenRun
from db.session import Database, DatabaseError, Session
from workers.broker import RING, make_app, queue_length
from workers.logs import configure_logging

log = logging.getLogger("dray.relay")

BATCH = 500
# Two looks at least lie this far apart while the broker has no room or the queue is long.
BUSY_SECONDS = 0.02
PATIENCE_SECONDS = 5.0
QUEUES = [queue.value for queue in Queue]


class Relay:
    """One relay process."""

    def __init__(self, settings: Settings, app: Celery) -> None:
        self.settings = settings
        self.app = app
        self.database = Database(settings.database_url, application_name="dray relay", pool_size=1)
        self.doorbell = Doorbell(settings.database_url)
        self.stopping = threading.Event()
        self.next_rescue = 0.0
        # kombu lets some errors of the broker's own client through.
        broker_errors = app.connection_for_write().recoverable_connection_errors
        self.outages: tuple[type[BaseException], ...] = (
            DatabaseError,
            DoorbellError,
            BrokerError,
            OSError,
            *broker_errors,
        )

    def run(self) -> None:
        """Relay until told to stop, through outages of either server."""
        log.info("relay.started pid=%d", os.getpid())
        failures = 0
        while not self.stopping.is_set():
            try:
                pause = self.tick()
                failures = 0
                if pause > 0:
                    self.doorbell.wait(pause)
            except self.outages as error:
                failures += 1
                log.warning("relay.waits error=%s: %s", type(error).__name__, str(error).splitlines()[0])
                self.stopping.wait(min(0.1 * 2.0 ** min(failures, 10), PATIENCE_SECONDS))
        self.close()

    def tick(self) -> float:
        """Do all there is to do now; return the seconds until there may be more."""
        if time.monotonic() >= self.next_rescue:
            self.rescue()
            self.next_rescue = time.monotonic() + self.settings.rescue_seconds
        with self.database.transaction(durable=False) as session:
            staged = ledger.stage_due(session, batch=BATCH)
        rung = self.dispatch()
        if staged == BATCH or rung:
            return BUSY_SECONDS if rung < self.settings.relay_batch else 0.0
        return self.pause()

    def pause(self) -> float:
        """Return how long to wait for the doorbell: until the next run is due, and never longer than the poll."""
        with self.database.transaction() as session:
            due = ledger.seconds_until_next_due(session)
        return self.settings.poll_seconds if due is None else min(max(due, BUSY_SECONDS), self.settings.poll_seconds)

    def dispatch(self) -> int:
        """Ring for the most urgent runs; return how many."""
        # A relay that freezes before its commit must not keep the runs from the others.
        with self.database.transaction(durable=False, idle_seconds=30) as session:
            runs = ledger.take_available(
                session, queues=QUEUES, window=self.settings.relay_window, batch=self.settings.relay_batch
            )
            if runs:
                self.publish(runs)
                ledger.mark_dispatched(session, [run.id for run in runs])
        return len(runs)

    def publish(self, runs: Sequence[TakenRun]) -> None:
        """Put one ring a run into the broker. Celery's limits bound the ring."""
        with self.app.producer_pool.acquire(block=True, timeout=PATIENCE_SECONDS) as producer:
            for run in runs:
                self.app.send_task(
                    RING,
                    args=(run.kind, [str(run.id)]),
                    queue=run.queue,
                    priority=run.priority,
                    producer=producer,
                    ignore_result=True,
                    **limits_of(run.kind),
                )

    def rescue(self) -> None:
        """Take back what was lost: runs whose worker is gone, and rings that the broker no longer has."""
        with self.database.transaction() as session:
            lost = ledger.rescue_lost(session, batch=BATCH)
            expired = ledger.expire(session, batch=BATCH)
        if expired:
            log.info("runs.expired runs=%d", expired)
        for run in lost:
            log.warning("run.rescued run=%s kind=%s attempt=%d state=%s", run.id, run.kind, run.attempt, run.state)
        timeout = self.settings.ring_timeout_seconds
        with self.database.transaction() as session:
            for queue, dispatched in ledger.unanswered_rings(session, ring_timeout_seconds=timeout).items():
                self.reopen(session, queue, dispatched)

    def reopen(self, session: Session, queue: str, dispatched: int) -> None:
        """Ring again for as many runs as the broker lacks rings.

        Rings that are still there only wait for a worker: ringing again would fill the broker while none comes.
        """
        missing = dispatched - self.queue_length(queue)
        if missing <= 0:
            return
        timeout = self.settings.ring_timeout_seconds
        reopened = ledger.reopen_unanswered(session, queue=queue, ring_timeout_seconds=timeout, batch=missing)
        log.warning("rings.unanswered queue=%s runs=%d", queue, reopened)

    def queue_length(self, queue: str) -> int:
        """Return how many rings of a queue lie in the broker."""
        with self.app.connection_for_read() as connection:
            return queue_length(connection, queue)

    def stop(self, *_: Any) -> None:
        """End the loop after the present tick. Usable as a signal handler."""
        self.stopping.set()

    def close(self) -> None:
        """Let the connections go."""
        self.doorbell.close()
        self.database.close()
        log.info("relay.stopped pid=%d", os.getpid())


def limits_of(kind: str) -> dict[str, Any]:
    """Return Celery's limits for a ring of one run. A kind that this relay doesn't know has none of its own."""
    if known := KINDS.get(kind):
        return {"soft_time_limit": known.soft_time_limit, "time_limit": known.hard_time_limit}
    return {}


def main(settings: Settings) -> None:
    """Run a relay until SIGTERM or SIGINT."""
    configure_logging()
    relay = Relay(settings, make_app(settings.redis_url))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, relay.stop)
    relay.run()
