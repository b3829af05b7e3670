"""The schedules that ship. Cron expressions are read in the time zone beside them."""

from __future__ import annotations

from dataclasses import dataclass, field

from contracts.args.base import Args
from contracts.args.maintenance import CleanSessions, ExpireExports, MaintainReports, ProbeHealth, PruneLedger
from contracts.args.memory import EmbedMemory


@dataclass(frozen=True, slots=True)
class Schedule:
    """A cron expression, and what each of its slots asks for."""

    name: str
    cron: str
    args: Args
    time_zone: str = field(default="UTC")


# Nights are those of the people who work with the documents.
LOCAL = "America/Toronto"

SCHEDULES: tuple[Schedule, ...] = (
    Schedule("ledger-pruning", "17 * * * *", PruneLedger()),
    Schedule("health-probes", "* * * * *", ProbeHealth()),
    Schedule("session-cleaning", "*/15 * * * *", CleanSessions()),
    Schedule("memory-embedding", "7 * * * *", EmbedMemory()),
    Schedule("report-maintenance", "0 2 * * *", MaintainReports(), time_zone=LOCAL),
    Schedule("export-expiry", "30 3 * * *", ExpireExports(), time_zone=LOCAL),
)
