"""Every kind of work: its name, and how it is run. Its args are in `contracts/args/`.

A kind's args hold ids and options, never documents or secrets. Names are stable: rows of the ledger carry them for
years.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from contracts.args.base import Args
from contracts.args.descriptions import CheckCompliance, CreateSuggestions
from contracts.args.maintenance import CleanSessions, ExpireExports, MaintainReports, ProbeHealth, PruneLedger
from contracts.args.memory import AlignPair, EmbedMemory, ImportMemory, LookUpMemory
from contracts.args.reports import ExportReport, GenerateInsights
from contracts.args.simulations import RunSimulation
from contracts.errors import BadArgs, NewerArgs, UnknownKind
from contracts.queues import DEFAULT_PRIORITY, Queue
from contracts.retry import RetryPolicy
from contracts.rights import Need, Right
from contracts.settlement import MAX_INTERRUPTIONS


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
    # How often a run may come back without being charged an attempt: snoozes, deploys.
    max_interruptions: int = MAX_INTERRUPTIONS
    needs_requester: bool = False
    # What whoever asks must be allowed. Schedules and operators ask in nobody's name, and are not asked.
    needs: tuple[Need, ...] = ()
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
            needs=(Need(Right.READ_REPORT, "report_id"),),
        ),
        Kind(
            args=GenerateInsights,
            queue=Queue.DEFAULT,
            summary="Say what the figures of a monthly report mean",
            soft_time_limit=60,
            hard_time_limit=90,
            needs=(Need(Right.CHANGE_REPORT, "report_id"),),
        ),
        Kind(
            args=RunSimulation,
            queue=Queue.COMPUTE,
            summary="Simulate the cost and the finish of a project",
            max_attempts=3,
            soft_time_limit=600,
            hard_time_limit=660,
            needs_requester=True,
            needs=(Need(Right.READ_PROJECT, "project_id"), Need(Right.CHANGE_REPORT, "report_id")),
        ),
        Kind(
            args=CheckCompliance,
            queue=Queue.INTERACTIVE,
            summary="Hold a job description against the rules",
            soft_time_limit=30,
            hard_time_limit=45,
            needs=(Need(Right.READ_JOB, "job_id"),),
        ),
        Kind(
            args=CreateSuggestions,
            queue=Queue.INTERACTIVE,
            summary="Propose better wording for a job description",
            soft_time_limit=120,
            hard_time_limit=150,
            needs_requester=True,
            needs=(Need(Right.READ_JOB, "job_id"),),
        ),
        Kind(
            args=ImportMemory,
            queue=Queue.BULK,
            summary="Read a TMX file into the translation memory",
            max_attempts=3,
            soft_time_limit=1800,
            hard_time_limit=1860,
            needs_requester=True,
            needs=(Need(Right.USE_FILE, "file_id"), Need(Right.WRITE_MEMORY)),
        ),
        Kind(
            args=EmbedMemory,
            queue=Queue.BULK,
            summary="Give vectors to texts that have none",
            soft_time_limit=600,
            hard_time_limit=660,
            needs=(Need(Right.WRITE_MEMORY),),
        ),
        Kind(
            args=LookUpMemory,
            queue=Queue.INTERACTIVE,
            summary="Find translations of a text in the translation memory",
            priority=3,
            soft_time_limit=20,
            hard_time_limit=30,
            needs=(Need(Right.READ_MEMORY),),
        ),
        Kind(
            args=AlignPair,
            queue=Queue.DEFAULT,
            summary="Pair the sentences of a document with those of its translation",
            soft_time_limit=120,
            hard_time_limit=150,
            needs=(Need(Right.WRITE_PAIR, "pair_id"),),
        ),
        Kind(
            args=PruneLedger,
            queue=Queue.MAINTENANCE,
            summary="Delete runs that ended long ago",
            max_attempts=3,
            internal=True,
        ),
        Kind(
            args=CleanSessions,
            queue=Queue.MAINTENANCE,
            summary="End sessions, connections and locks that have expired",
            max_attempts=3,
            internal=True,
        ),
        Kind(
            args=MaintainReports,
            queue=Queue.MAINTENANCE,
            summary="End abandoned report sessions and archive old reports",
            max_attempts=3,
            internal=True,
        ),
        Kind(
            args=ExpireExports,
            queue=Queue.MAINTENANCE,
            summary="Delete old export files and fail stuck exports",
            max_attempts=3,
            internal=True,
        ),
        Kind(
            args=ProbeHealth,
            queue=Queue.MAINTENANCE,
            summary="Note how database, broker, storage and vector index are",
            max_attempts=1,
            soft_time_limit=45,
            hard_time_limit=55,
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


def parse_args(kind: Kind, values: Mapping[str, Any], *, version: int | None = None) -> Args:
    """Validate `values`, of this process's version or the one given, against the kind's model.

    Raises:
        BadArgs: with one line a fault, naming the field.
        NewerArgs: a later version of the kind wrote them.
    """
    known = kind.args.version
    if version is not None and version > known:
        raise NewerArgs(f"The args of {kind.name} are of version {version}; this process knows up to {known}.")
    try:
        return kind.args.model_validate(
            kind.args.upcast(values, version) if version is not None and version < known else values
        )
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'args'}: {fault['msg']}" for fault in error.errors())
        raise BadArgs(f"The args of {kind.name} do not fit: {faults}") from error
