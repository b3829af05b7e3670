"""The statements that run all day keep their plans, however many finished runs the table holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, create_engine, text

from contracts.queues import Queue
from db.session import engine_url
from db.statements import statement
from tests.support.databases import TestDatabase, new_database
from tests.support.samples import LOCKS_MANAGER

FINISHED = 100_000
SOME_RUN = UUID("0198f3c2-5f0e-7c3a-9d55-2f7a0c1b4e11")

FILL = """
INSERT INTO task_runs (
    kind, queue, max_attempts, state, attempt, scheduled_at, dispatched_at, finalized_at, requested_by)
SELECT 'ledger.prune', (ARRAY['default', 'export', 'maintenance'])[1 + n % 3], 3,
       (ARRAY['completed', 'discarded', 'cancelled'])[1 + n % 3]::run_state, 1,
       now() - n * interval '1 second', now() - n * interval '1 second', now() - n * interval '1 second', :person
FROM generate_series(1, :finished) AS n;
"""
FILL_LIVE = """
INSERT INTO task_runs (kind, queue, max_attempts, state, attempt, scheduled_at, dispatched_at, lease_until, worker)
SELECT 'ledger.prune', 'maintenance', 3, state::run_state, 1, now(), now(),
       CASE state WHEN 'executing' THEN now() END, CASE state WHEN 'executing' THEN 'one' END
FROM unnest(ARRAY['available', 'scheduled', 'dispatched', 'executing']) AS state, generate_series(1, 100)
"""

STATEMENTS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "claim_run": (
        {"id": SOME_RUN, "worker": "one", "worker_pid": 1, "lease_seconds": 30.0},
        {"task_runs_pkey"},
    ),
    "take_available": (
        {"queues": [queue.value for queue in Queue], "window": 1000, "batch": 100},
        {"task_runs_available_idx", "task_runs_dispatched_idx"},
    ),
    "stage_runs": ({"batch": 100}, {"task_runs_scheduled_idx"}),
    "next_due": ({}, {"task_runs_scheduled_idx"}),
    "unanswered_rings": ({"ring_timeout_seconds": 60.0}, {"task_runs_dispatched_idx"}),
    "reopen_unanswered": (
        {"queue": "export", "ring_timeout_seconds": 60.0, "batch": 100},
        {"task_runs_dispatched_idx"},
    ),
    "rescue_lost": ({"batch": 100}, {"task_runs_executing_idx"}),
    "executing_pids": ({"worker": "one"}, {"task_runs_executing_idx"}),
    "extend_leases": ({"worker": "one", "pids": [1], "lease_seconds": 30.0}, {"task_runs_executing_idx"}),
    "report_progress": ({"id": SOME_RUN, "attempt": 1, "fraction": 0.5, "message": None}, {"task_runs_pkey"}),
    "prune_runs": (
        {"completed_after_days": 7, "discarded_after_days": 30, "batch": 1000},
        {"task_runs_finalized_idx"},
    ),
}


@pytest.fixture(scope="module")
def crowded(server_url: str, template: str) -> Iterator[Connection]:
    """A worker's connection to a ledger full of finished runs."""
    with new_database(server_url, template=template) as database:
        owner = create_engine(engine_url(database.migrator_url), isolation_level="AUTOCOMMIT")
        with owner.connect() as connection:
            connection.execute(text(FILL), {"finished": FINISHED, "person": LOCKS_MANAGER})
            connection.execute(text(FILL_LIVE))
            connection.execute(text("VACUUM ANALYZE task_runs"))
        owner.dispose()
        yield from worker_connection(database)


def worker_connection(database: TestDatabase) -> Iterator[Connection]:
    engine = create_engine(engine_url(database.worker_url))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def explain(connection: Connection, name: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every node of the statement's plan."""
    query = text(f"EXPLAIN (FORMAT JSON) {statement(name).text}")
    with connection.begin() as transaction:
        [plan] = connection.execute(query, values).scalar_one()
        transaction.rollback()

    def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield node
        for child in node.get("Plans", ()):
            yield from nodes(child)

    return list(nodes(plan["Plan"]))


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_of_the_relay_or_the_executor_reads_an_index_and_never_the_whole_table(
    crowded: Connection, name: str
) -> None:
    values, expected = STATEMENTS[name]
    nodes = explain(crowded, name, values)
    scanned = {node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"}
    assert "task_runs" not in scanned
    assert expected <= {node["Index Name"] for node in nodes if "Index Name" in node}


@pytest.mark.parametrize("name", ["take_available", "stage_runs", "rescue_lost", "claim_run"])
def test_looking_for_work_touches_few_pages_of_a_crowded_ledger(crowded: Connection, name: str) -> None:
    values, _ = STATEMENTS[name]
    query = text(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement(name).text}")
    with crowded.begin() as transaction:
        pages: int = crowded.execute(text("SELECT pg_relation_size('task_runs') / 8192")).scalar_one()
        [plan] = crowded.execute(query, values).scalar_one()
        transaction.rollback()
    # The table alone has some two thousand pages; a hundred live rows may be found and locked in a few hundred visits.
    assert plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"] < 6_000
    assert pages > 1_500
