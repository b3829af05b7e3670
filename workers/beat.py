"""Beat: turns due slots into runs. Any number may run side by side: the ledger takes each slot once."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cronsim import CronSim

from contracts.settings import Settings
from db import ledger
from db.session import Database, DatabaseError
from schedules.entries import SCHEDULES, Schedule
from workers.logs import configure_logging

log = logging.getLogger("dray.beat")

# A slot missed by more than this is left out: the next one is near.
MAX_LATENESS = timedelta(hours=1)
TICK_SECONDS = 5.0


class Beat:
    """One beat process."""

    def __init__(self, database: Database, schedules: Sequence[Schedule] = SCHEDULES) -> None:
        self.database = database
        self.schedules = schedules
        self.stopping = threading.Event()

    def run(self) -> None:
        """Tick until told to stop, through outages of the database."""
        log.info("beat.started pid=%d schedules=%d", os.getpid(), len(self.schedules))
        while not self.stopping.is_set():
            try:
                self.tick(datetime.now(UTC))
            except DatabaseError as error:
                log.warning("beat.waits error=%s", type(error).__name__)
            self.stopping.wait(TICK_SECONDS)
        self.database.close()
        log.info("beat.stopped pid=%d", os.getpid())

    def tick(self, now: datetime) -> int:
        """Enqueue the newest due slot of each schedule; return how many runs are new."""
        made = 0
        for schedule in self.schedules:
            slot = newest_slot(schedule, now)
            if now - slot <= MAX_LATENESS:
                made += self.fire(schedule, slot)
        return made

    def fire(self, schedule: Schedule, slot: datetime) -> bool:
        """Make the slot's run, unless it was made before."""
        with self.database.transaction() as session:
            run = ledger.enqueue(session, schedule.args, schedule=schedule.name, slot=slot)
        if run.created:
            log.info("slot.fired schedule=%s slot=%s run=%s", schedule.name, slot.isoformat(), run.id)
        return run.created

    def stop(self, *_: Any) -> None:
        """End the loop. Usable as a signal handler."""
        self.stopping.set()


def newest_slot(schedule: Schedule, now: datetime) -> datetime:
    """Return the last slot of the schedule at or before `now` (which has a zone), in UTC."""
    # CronSim looks strictly before its start, and knows whole minutes.
    local = now.astimezone(ZoneInfo(schedule.time_zone)) + timedelta(seconds=1)
    return next(CronSim(schedule.cron, local, reverse=True)).astimezone(UTC)


def main(settings: Settings) -> None:
    """Run beat until SIGTERM or SIGINT."""
    configure_logging()
    beat = Beat(Database(settings.database_url, application_name="dray beat", pool_size=1))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, beat.stop)
    beat.run()
