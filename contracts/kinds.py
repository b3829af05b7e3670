"""Every kind of work: its name, its typed args and how it is run.

A kind's args hold ids and options, never documents or secrets. Names are stable: rows of the ledger carry them for
years.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contracts.errors import BadArgs, UnknownKind
from contracts.queues import DEFAULT_PRIORITY, Queue
from contracts.report_options import ReportOptions
from contracts.retry import RetryPolicy


class Args(BaseModel):
    """The base of every kind's args: frozen, and strict about names it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: ClassVar[str]


class ExportFormat(StrEnum):
    """The formats that `report.export` can write, named as the schema's enum `export_format` names them."""

    PDF = "pdf"
    EXCEL = "excel"


class ExportReport(Args):
    """`report.export`: render one monthly report into a file."""

    kind: ClassVar[str] = "report.export"

    report_id: UUID = Field(description="The row of pmr_reports to render")
    format: ExportFormat = Field(description="The file format")
    options: ReportOptions = Field(default_factory=lambda: ReportOptions(), description="How the report is shown")


class PruneLedger(Args):
    """`ledger.prune`: delete runs that ended long ago, in small batches."""

    kind: ClassVar[str] = "ledger.prune"

    completed_after_days: int = Field(7, ge=1, description="Keep completed and cancelled runs this long")
    discarded_after_days: int = Field(30, ge=1, description="Keep discarded runs this long")
    batch_size: int = Field(1000, ge=1, le=10_000, description="Rows deleted in one statement")


@dataclass(frozen=True, slots=True)
class Kind:
    """How the runs of one kind are treated. Times are in seconds."""

    args: type[Args]
    queue: Queue
    summary: str
    max_attempts: int = 5
    priority: int = DEFAULT_PRIORITY
    soft_time_limit: int = 300
    hard_time_limit: int = 330
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    needs_requester: bool = False
    # Internal kinds come from schedules and operators; the API refuses them.
    internal: bool = False

    @property
    def name(self) -> str:
        """The stable dotted name."""
        return self.args.kind


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            args=ExportReport,
            queue=Queue.EXPORT,
            summary="Render a project monthly report into a file",
            max_attempts=4,
            soft_time_limit=150,
            hard_time_limit=180,
            needs_requester=True,
        ),
        Kind(
            args=PruneLedger,
            queue=Queue.MAINTENANCE,
            summary="Delete runs that ended long ago",
            max_attempts=3,
            internal=True,
        ),
    )
}


def find_kind(name: str) -> Kind:
    """Return the kind called `name`.

    Raises:
        UnknownKind: there is none; the message names the nearest one.
    """
    if kind := KINDS.get(name):
        return kind
    near = difflib.get_close_matches(name, KINDS, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known kinds: {', '.join(sorted(KINDS))}."
    raise UnknownKind(f"There is no kind {name!r}; {hint}")


def parse_args(kind: Kind, values: Mapping[str, Any]) -> Args:
    """Validate `values` against the kind's model.

    Raises:
        BadArgs: with one line a fault, naming the field.
    """
    try:
        return kind.args.model_validate(values)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'args'}: {fault['msg']}" for fault in error.errors())
        raise BadArgs(f"The args of {kind.name} do not fit: {faults}") from error
