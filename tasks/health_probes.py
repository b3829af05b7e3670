"""The probes of `health.probe`. Each finds out how one component is; one that fails says so instead of raising.

Statuses: `healthy`, `degraded` (it answers, but a limit below is passed), `down` (it does not answer).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from contracts.errors import DrayError
from db.repositories.health import (
    database_vitals,
    looking,
    queue_depths,
    ring_waits,
    vector_index_vitals,
)
from db.session import DatabaseError
from tasks.context import TaskContext

HEALTHY, DEGRADED, DOWN = "healthy", "degraded", "down"

# A probe that takes longer than this counts as no answer.
PROBE_SECONDS = 5.0
SLOW_DATABASE_MILLISECONDS = 250.0
FULL_CONNECTIONS = 0.9
RING_WINDOW_SECONDS = 600.0
SLOW_RING_SECONDS = 30.0
LOST_RING_SECONDS = 120.0
SLOW_STORAGE_MILLISECONDS = 1_000.0
LITTLE_SPACE_BYTES = 1 << 30
SAFE_PGVECTOR = (0, 8, 4)
LATE_RUN_SECONDS = 60.0
STALLED_RUN_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class Vital:
    """How a component is, by what figures, and what is wrong with it."""

    status: str
    metrics: Mapping[str, Any]
    error: str | None = None


Probe = Callable[[TaskContext], Vital]


def run_probe(probe: Probe, context: TaskContext) -> Vital:
    """Run a probe. What can't be reached is down."""
    try:
        return probe(context)
    except (DatabaseError, DrayError, OSError) as error:
        return Vital(DOWN, {}, f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no message'}")


def judge(metrics: Mapping[str, Any], *faults: tuple[bool, str]) -> Vital:
    """Degraded by the faults that are true; healthy where none is."""
    said = " ".join(text for is_true, text in faults if is_true)
    return Vital(DEGRADED if said else HEALTHY, metrics, said or None)


def probe_database(context: TaskContext) -> Vital:
    """A round trip to the database, and its connections."""
    with looking(context.session, seconds=PROBE_SECONDS) as session:
        began = time.perf_counter()
        vitals = database_vitals(session)
        milliseconds = since(began)
    used = vitals.connections / vitals.max_connections
    return judge(
        {"round_trip_ms": milliseconds, **asdict(vitals)},
        (milliseconds > SLOW_DATABASE_MILLISECONDS, f"A round trip took {milliseconds} ms."),
        (used > FULL_CONNECTIONS, f"{vitals.connections} of {vitals.max_connections} connections are taken."),
    )


def probe_broker(context: TaskContext) -> Vital:
    """The broker by what it does: the time from a ring to its claim, as the ledger noted it.

    Busy workers answer late as well. Nothing here speaks to the broker itself, and the metrics say so.
    """
    with looking(context.session, seconds=PROBE_SECONDS) as session:
        waits = ring_waits(session, window_seconds=RING_WINDOW_SECONDS)
    median, oldest = waits.median_seconds, waits.oldest_unanswered_seconds
    return judge(
        {"measured": "time from ring to claim, in the ledger", "window_seconds": RING_WINDOW_SECONDS, **asdict(waits)},
        (median is not None and median > SLOW_RING_SECONDS, f"Half of the rings waited {median} s or longer."),
        (oldest is not None and oldest > LOST_RING_SECONDS, f"A ring has waited {oldest} s for an answer."),
    )


def probe_storage(context: TaskContext) -> Vital:
    """Write a file, read it, delete it."""
    content = f"probe of {context.run_id}\n".encode()
    began = time.perf_counter()
    stored = context.store.put(f"health/{context.run_id}/{context.attempt}", content)
    try:
        read = b"".join(context.store.read(stored.key))
    finally:
        context.store.delete(stored.key)
    milliseconds, free = since(began), context.store.free_bytes()
    if read != content:
        return Vital(DOWN, {"round_trip_ms": milliseconds}, "The store gave back other bytes than it was given.")
    return judge(
        {"round_trip_ms": milliseconds, "free_bytes": free},
        (milliseconds > SLOW_STORAGE_MILLISECONDS, f"Writing and reading a file took {milliseconds} ms."),
        (free is not None and free < LITTLE_SPACE_BYTES, f"Only {free} bytes are free."),
    )


def probe_vector_index(context: TaskContext) -> Vital:
    """A search by nearest neighbours, and what the catalogue says of the indexes."""
    with looking(context.session, seconds=PROBE_SECONDS) as session:
        began = time.perf_counter()
        vitals = vector_index_vitals(session)
        milliseconds = since(began)
    wanted = ".".join(map(str, SAFE_PGVECTOR))
    return judge(
        {"round_trip_ms": milliseconds, **asdict(vitals)},
        (version_of(vitals.version) < SAFE_PGVECTOR, f"pgvector is {vitals.version}: update it to {wanted} or newer."),
        (bool(vitals.invalid), f"Invalid indexes: {', '.join(vitals.invalid)}: REINDEX them."),
        (not vitals.answers_by_index, "The search did not use its index."),
    )


def probe_ledger(context: TaskContext) -> Vital:
    """How much work is due, and since when."""
    with looking(context.session, seconds=PROBE_SECONDS) as session:
        depths = queue_depths(session)
    late = [(depth.oldest_available_seconds or 0.0, depth.queue) for depth in depths]
    seconds, queue = max(late, default=(0.0, ""))
    metrics = {
        "queues": {depth.queue: {k: v for k, v in asdict(depth).items() if k != "queue"} for depth in depths},
        "oldest_available_seconds": seconds,
    }
    if seconds > STALLED_RUN_SECONDS:
        return Vital(DOWN, metrics, f"A run of the queue {queue} has been due for {seconds} s: does a worker serve it?")
    return judge(metrics, (seconds > LATE_RUN_SECONDS, f"A run of the queue {queue} has been due for {seconds} s."))


def since(began: float) -> float:
    """Milliseconds that have passed, to a hundredth."""
    return round((time.perf_counter() - began) * 1000, 2)


def version_of(text: str) -> tuple[int, ...]:
    """Read a version such as 0.8.4."""
    return tuple(int(part) for part in text.split(".") if part.isdigit())


PROBES: Mapping[str, Probe] = {
    "database": probe_database,
    "broker": probe_broker,
    "storage": probe_storage,
    "vector_index": probe_vector_index,
    "ledger": probe_ledger,
}
