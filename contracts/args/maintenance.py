"""Work that keeps the system itself in order. Schedules and operators ask for it."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from contracts.args.base import Args


class PruneLedger(Args):
    """`ledger.prune`: delete runs that ended long ago, in small batches."""

    kind: ClassVar[str] = "ledger.prune"

    completed_after_days: int = Field(7, ge=1, description="Keep completed and cancelled runs this long")
    discarded_after_days: int = Field(30, ge=1, description="Keep discarded runs this long")
    batch_size: int = Field(1000, ge=1, le=10_000, description="Rows deleted in one statement")


class CleanSessions(Args):
    """`session.clean`: end what has expired of editing and log-in sessions, connections and locks."""

    kind: ClassVar[str] = "session.clean"


class MaintainReports(Args):
    """`report.maintain`: end abandoned sessions of reports and archive reports distributed long ago."""

    kind: ClassVar[str] = "report.maintain"


class ExpireExports(Args):
    """`export.expire`: delete the files of old exports, and fail exports that nothing works on any more."""

    kind: ClassVar[str] = "export.expire"

    keep_days: int = Field(90, ge=1, description="Keep the files of completed exports this long")
    stuck_after_hours: int = Field(24, ge=1, description="When an export that no run works on counts as stuck")
    batch_size: int = Field(100, ge=1, le=1000, description="Files deleted in one run")
    orphans_after_hours: int = Field(24, ge=1, description="Keep files that no export names this long")


class ProbeHealth(Args):
    """`health.probe`: try database, broker, storage and vector index, and note how they are."""

    kind: ClassVar[str] = "health.probe"
