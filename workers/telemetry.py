"""What Flower sees: every run by kind and run id.

Celery's own task events would show rings, so they are off, and the executor tells of runs itself. Telling must never
touch the run: events go out after the commit they speak of, and whatever fails here is dropped.
"""

from __future__ import annotations

import json
import logging
from typing import Any

from celery import Celery
from celery.events import EventDispatcher
from kombu import Connection

from contracts.settlement import Settlement
from contracts.state import RunState
from db.ledger import ClaimedRun

log = logging.getLogger("dray.telemetry")

ARGS_LENGTH = 120
SOCKET_SECONDS = 1.0


class RunEvents:
    """Sends the task events of runs, a flush a change, over a connection of its own with a short timeout."""

    def __init__(self, app: Celery, hostname: str) -> None:
        self.app = app
        self.hostname = hostname
        self.dispatcher: EventDispatcher | None = None
        self.connection: Connection | None = None

    def started(self, run: ClaimedRun) -> None:
        """Tell that an attempt begins."""
        about = {
            "uuid": str(run.id),
            "name": run.kind,
            "args": "()",
            "kwargs": short(run.args),
            "retries": run.charged_attempts - 1,
            "root_id": str(run.id),
            "parent_id": None,
        }
        self.send(("task-received", about), ("task-started", {"uuid": str(run.id)}))

    def settled(self, run: ClaimedRun, settlement: Settlement, seconds: float) -> None:
        """Tell how the attempt ended."""
        about: dict[str, Any] = {"uuid": str(run.id)}
        failure = settlement.failure
        match settlement.state:
            case RunState.COMPLETED:
                self.send(("task-succeeded", {**about, "result": short(settlement.result), "runtime": seconds}))
            case RunState.CANCELLED:
                self.send(("task-revoked", {**about, "terminated": False, "signum": None, "expired": False}))
            case RunState.DISCARDED:
                self.send(("task-failed", {**about, "exception": str(failure), "traceback": traceback_of(settlement)}))
            case _:
                reason = str(failure) if failure else settlement.reason
                self.send(("task-retried", {**about, "exception": reason, "traceback": traceback_of(settlement)}))

    def lost(self, run: ClaimedRun, error: Exception) -> None:
        """Tell that the attempt lost its lease; another one goes on."""
        self.send(("task-retried", {"uuid": str(run.id), "exception": str(error), "traceback": None}))

    def send(self, *events: tuple[str, dict[str, Any]]) -> None:
        """Send the events in one flush; drop them when the broker is not there."""
        try:
            dispatcher = self.connect()
            for name, fields in events:
                dispatcher.send(name, **fields)
            dispatcher.flush()
        except Exception as error:  # noqa: BLE001 - nothing that fails here may touch the run
            log.info("events.dropped error=%s", type(error).__name__)
            self.close()

    def connect(self) -> EventDispatcher:
        """Return the dispatcher, connecting anew after a failure."""
        if self.dispatcher is None:
            options = {
                **self.app.conf.broker_transport_options,
                "socket_timeout": SOCKET_SECONDS,
                "socket_connect_timeout": SOCKET_SECONDS,
            }
            self.connection = self.app.connection_for_write(transport_options=options)
            self.dispatcher = self.app.events.Dispatcher(
                self.connection, hostname=self.hostname, buffer_group={"task"}, buffer_while_offline=False
            )
        return self.dispatcher

    def close(self) -> None:
        """Drop the connection."""
        connection, self.connection, self.dispatcher = self.connection, None, None
        if connection is not None:
            connection.collect(socket_timeout=SOCKET_SECONDS)


def short(values: Any) -> str:
    """Show args or a result on one short line."""
    line = json.dumps(values, ensure_ascii=False, default=str)
    return line if len(line) <= ARGS_LENGTH else line[: ARGS_LENGTH - 1] + "…"


def traceback_of(settlement: Settlement) -> str | None:
    """Return the kept traceback, if the attempt failed."""
    return settlement.failure.traceback if settlement.failure else None
