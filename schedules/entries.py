"""The schedules that ship. Cron expressions are read in the time zone beside them."""

from __future__ import annotations

from dataclasses import dataclass, field

from contracts.args.base import Args
from contracts.args.maintenance import PruneLedger


@dataclass(frozen=True, slots=True)
class Schedule:
    """A cron expression, and what each of its slots asks for."""

    name: str
    cron: str
    args: Args
    time_zone: str = field(default="UTC")


SCHEDULES: tuple[Schedule, ...] = (Schedule("ledger-pruning", "17 * * * *", PruneLedger()),)
