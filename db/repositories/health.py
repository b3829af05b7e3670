"""How the system is: what the database knows of it, and the notes on it in system_health."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from db.models import HealthCheck
from db.statements import statement

# The extension's name for vectors of half precision bounds the question; any vector does, since only the answer counts.
NEAREST = (
    "SELECT id FROM translation_memory WHERE source_embedding IS NOT NULL"
    " ORDER BY source_embedding::halfvec(1536) <=> array_fill(0.1::real, ARRAY[1536])::halfvec(1536) LIMIT 1"
)
NEAREST_INDEX = "idx_translation_memory_source_embedding"


@dataclass(frozen=True, slots=True)
class DatabaseVitals:
    """The server's version, and how many of its connections are taken."""

    version: str
    connections: int
    max_connections: int


@dataclass(frozen=True, slots=True)
class RingWaits:
    """Times from ring to claim. What is None never happened in the window."""

    answered: int
    median_seconds: float | None
    longest_seconds: float | None
    unanswered: int
    oldest_unanswered_seconds: float | None


@dataclass(frozen=True, slots=True)
class QueueDepth:
    """The runs of one queue that are due or in work."""

    queue: str
    available: int
    dispatched: int
    executing: int
    oldest_available_seconds: float | None


@dataclass(frozen=True, slots=True)
class VectorIndexVitals:
    """The vector extension, and whether its indexes can be used."""

    version: str
    indexes: int
    invalid: tuple[str, ...]
    answers_by_index: bool


@contextmanager
def looking(session: Session, *, seconds: float) -> Iterator[Session]:
    """Look without leaving a trace: bounded in time, and undone at the end, settings and failures included."""
    nested = session.begin_nested()
    try:
        session.execute(text(f"SET LOCAL statement_timeout = {int(seconds * 1000)}"))
        yield session
    finally:
        nested.rollback()


def database_vitals(session: Session) -> DatabaseVitals:
    """Ask the server for its version and its connections."""
    row = session.execute(
        text(
            "SELECT current_setting('server_version') AS version,"
            # pg_stat_activity hides the sessions of other roles from this one.
            " (SELECT sum(numbackends)::integer FROM pg_stat_database) AS connections,"
            " current_setting('max_connections')::integer AS max_connections"
        )
    ).one()
    return DatabaseVitals(row.version, row.connections, row.max_connections)


def ring_waits(session: Session, *, window_seconds: float) -> RingWaits:
    """Say how quickly rings were answered in the last `window_seconds`."""
    row = session.execute(statement("ring_waits"), {"window_seconds": window_seconds}).one()
    return RingWaits(
        row.answered,
        as_float(row.median_seconds),
        as_float(row.longest_seconds),
        row.unanswered,
        as_float(row.oldest_unanswered_seconds),
    )


def queue_depths(session: Session) -> list[QueueDepth]:
    """Say how much work is due or in work in each queue."""
    return [
        QueueDepth(row.queue, row.available, row.dispatched, row.executing, as_float(row.oldest_available_seconds))
        for row in session.execute(statement("queue_depths"))
    ]


def vector_index_vitals(session: Session) -> VectorIndexVitals:
    """Search by an HNSW index, and ask the catalogue whether all of them are valid."""
    version = session.scalar(text("SELECT extversion FROM pg_extension WHERE extname = 'vector'"))
    indexes = session.execute(
        text(
            "SELECT c.relname AS name, i.indisvalid AND i.indisready AS usable FROM pg_index i"
            " JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam"
            " WHERE a.amname = 'hnsw' ORDER BY c.relname"
        )
    ).all()
    # A table of a few rows is quicker read whole: the index is what is asked after here.
    session.execute(text("SET LOCAL enable_seqscan = off"))
    session.execute(text("SET LOCAL enable_sort = off"))
    session.execute(text(NEAREST)).all()
    plan = session.scalar(text(f"EXPLAIN (FORMAT JSON) {NEAREST}"))
    return VectorIndexVitals(
        version=version or "none",
        indexes=len(indexes),
        invalid=tuple(index.name for index in indexes if not index.usable),
        answers_by_index=NEAREST_INDEX in json.dumps(plan),
    )


def record_health(
    session: Session, component: str, *, status: str, metrics: Mapping[str, Any], error: str | None
) -> None:
    """Note how one component is."""
    session.execute(
        insert(HealthCheck).values(component=component, status=status, metrics=dict(metrics), error_message=error)
    )


def prune_health(session: Session, *, keep_days: int, batch: int) -> int:
    """Delete one batch of old notes; return how many."""
    result = session.execute(statement("prune_health"), {"keep_days": keep_days, "batch": batch})
    return int(result.rowcount)  # type: ignore[attr-defined]  # a DELETE always gives a cursor result


def as_float(value: Any) -> float | None:
    """Make a plain number of what the server counts exactly."""
    return None if value is None else round(float(value), 3)
