"""The Celery application of the workers: one task, the ring."""

from __future__ import annotations

import os
from uuid import UUID

from contracts.settings import Settings
from workers import lifecycle
from workers.broker import RING, make_app

app = make_app(Settings.from_environment(os.environ).redis_url)
lifecycle.connect_signals()


@app.task(name=RING, send_events=False)
def ring(kind: str, run_ids: list[str]) -> None:  # noqa: ARG001 - part of the message
    """Answer one ring: perform the runs it names. `kind` is for those who read the broker; the ledger knows it too."""
    lifecycle.current_process().answer([UUID(run_id) for run_id in run_ids])
