"""A worker's life: what its main process and each of its children hold, and how they begin and end."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from celery import current_app, signals

import tasks.all  # noqa: F401 - fills the registry
from contracts.settings import Settings
from db.session import Database
from exporters.renderer import RenderServer
from providers.ai.configured import configured_assistant, configured_embedder
from providers.storage.stores.local import LocalStore
from workers.executor import Executor, ignore_interrupts
from workers.heartbeat import Heartbeat
from workers.logs import configure_logging
from workers.telemetry import RunEvents

log = logging.getLogger("dray.worker")


@dataclass(slots=True)
class Boot:
    """This worker's name: the node's, and a part that no earlier or later process shares."""

    node: str = "unnamed"
    worker: str = "unnamed"


@dataclass(frozen=True, slots=True)
class ChildProcess:
    """What one child of a worker holds: connections and a warm renderer, all opened after the fork."""

    database: Database
    renderer: RenderServer
    executor: Executor

    def answer(self, run_ids: Sequence[UUID]) -> None:
        """Perform the runs of a ring, one after the other.

        What escapes here left a run unsettled that this process may hold. The process ends, so that the heartbeat no
        longer speaks for it: the lease runs out, and another attempt is made.
        """
        for run_id in run_ids:
            try:
                self.executor.perform(run_id)
            except BaseException:
                log.exception("ring.failed run=%s", run_id)
                logging.shutdown()
                os._exit(os.EX_SOFTWARE)

    def close(self) -> None:
        """Let the renderer and the connections go."""
        self.renderer.close()
        self.executor.events.close()
        self.database.close()


boot = Boot()
# One entry at most: this process's own. A child inherits none, since the main process never opens one.
processes: dict[int, ChildProcess] = {}


def current_process() -> ChildProcess:
    """Return what this process holds, opening it at the first call after a fork."""
    pid = os.getpid()
    if pid not in processes:
        processes.clear()
        processes[pid] = open_process(Settings.from_environment(os.environ), pid)
    return processes[pid]


def open_process(settings: Settings, pid: int) -> ChildProcess:
    """Open the connections of one child. Two: the task's, and one for progress beside it."""
    database = Database(settings.database_url, application_name="dray worker", pool_size=2)
    renderer = RenderServer()
    executor = Executor(
        database=database,
        store=LocalStore(settings.storage_dir),
        renderer=renderer,
        embedder=configured_embedder(settings),
        assistant=configured_assistant(settings),
        events=RunEvents(current_app, boot.node),
        worker=boot.worker,
        pid=pid,
        lease_seconds=settings.lease_seconds,
    )
    return ChildProcess(database=database, renderer=renderer, executor=executor)


def connect_signals() -> None:
    """Follow the worker through its life. The handlers are functions of this module, so weak references hold."""
    signals.setup_logging.connect(on_setup_logging)
    signals.worker_init.connect(on_worker_init)
    signals.worker_ready.connect(on_worker_ready)
    signals.worker_process_init.connect(on_child_init)
    signals.worker_shutting_down.connect(on_worker_shutting_down)
    signals.worker_process_shutdown.connect(on_child_shutdown)
    signals.worker_shutdown.connect(on_worker_shutdown)


def on_setup_logging(**_: Any) -> None:
    """Keep Celery from arranging the log its own way."""
    configure_logging()


def on_worker_init(sender: Any, **_: Any) -> None:
    """Name the worker before it forks, so that its children share the name."""
    boot.node = sender.hostname
    boot.worker = f"{sender.hostname}/{uuid4().hex[:8]}"


heartbeats: list[Heartbeat] = []


def on_worker_ready(**_: Any) -> None:
    """Begin to extend the leases of the children's runs."""
    heartbeat = Heartbeat(Settings.from_environment(os.environ), worker=boot.worker)
    heartbeat.start()
    heartbeats.append(heartbeat)
    log.info("worker.ready worker=%s", boot.worker)


def on_child_init(**_: Any) -> None:
    """Nothing is being performed yet: an interruption meant for an earlier run finds none."""
    ignore_interrupts()


def on_worker_shutting_down(**_: Any) -> None:
    """Let the runs go on for the grace time."""
    for heartbeat in heartbeats:
        heartbeat.drain()


def on_child_shutdown(**_: Any) -> None:
    """Close what the child holds."""
    if process := processes.pop(os.getpid(), None):
        process.close()


def on_worker_shutdown(**_: Any) -> None:
    """Stop the heartbeat, after the last child has ended its run."""
    while heartbeats:
        heartbeats.pop().stop()
    on_child_shutdown()
