"""Progress, written beside the task's transaction and never in its way."""

from __future__ import annotations

import logging
import time
from uuid import UUID

from db import ledger
from db.session import Database, DatabaseError

log = logging.getLogger("dray.progress")


class ProgressReporter:
    """Writes the progress of one attempt at most once in `interval` seconds.

    Its own short transaction shows it at once, whatever becomes of the task's. A write that fails is dropped.
    """

    def __init__(self, database: Database, run_id: UUID, attempt: int, *, interval: float = 0.5) -> None:
        self.database = database
        self.run_id = run_id
        self.attempt = attempt
        self.interval = interval
        self.last_write = float("-inf")

    def __call__(self, fraction: float, message: str | None = None) -> None:
        """Write the fraction (kept between 0 and 1) and the message, unless the last write was just now."""
        now = time.monotonic()
        if now - self.last_write < self.interval:
            return
        self.last_write = now
        try:
            with self.database.transaction(durable=False, lock_seconds=0.5) as session:
                ledger.report_progress(
                    session, self.run_id, self.attempt, fraction=min(max(fraction, 0.0), 1.0), message=message
                )
        except DatabaseError as error:
            log.info("progress.dropped run=%s error=%s", self.run_id, type(error).__name__)
