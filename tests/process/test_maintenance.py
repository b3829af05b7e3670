"""The maintenance kinds, asked for as schedules and operators do, on rows and files that are due and that are not."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.support.samples import LOCKS_REPORT, SPONSOR
from tests.support.service import FINAL, Service
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.process, pytest.mark.timeout(180)]

HELD = UUID(int=77)


def enqueue(service: Service, kind: str, args: Mapping[str, Any] | None = None) -> UUID:
    """Ask as an operator, in nobody's name."""
    with psycopg.connect(service.database.worker_url) as connection:
        row = connection.execute(
            "SELECT id FROM enqueue_run(%s, %s::jsonb)", [kind, json.dumps(dict(args or {}))]
        ).fetchone()
    assert row is not None
    return UUID(str(row[0]))


def wait(service: Service, run_id: UUID) -> dict[str, Any]:
    wait_until(lambda: service.watcher.run(run_id)["state"] in FINAL, f"run {run_id} ends", seconds=60, pause=0.05)
    return service.watcher.run(run_id)


def perform(service: Service, kind: str, args: Mapping[str, Any] | None = None) -> dict[str, Any]:
    run = wait(service, enqueue(service, kind, args))
    assert run["state"] == "completed", run
    result: dict[str, Any] = run["result"]
    return result


@contextmanager
def owning(service: Service) -> Iterator[psycopg.Connection[dict[str, Any]]]:
    """Change rows as the owner of the schema."""
    with psycopg.connect(service.database.migrator_url, row_factory=dict_row) as connection:
        yield connection


def stored(service: Service, key: str) -> Path:
    path = service.processes.storage / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"a file")
    return path


def add_export(service: Service, key: str, *, days: int, id_: UUID | None = None) -> UUID:
    with owning(service) as connection:
        row = connection.execute(
            "INSERT INTO export_jobs (id, report_id, export_format, status, file_url, file_size, file_name, file_type,"
            " file_sha256, requested_by, completed_at) VALUES (%s, %s, 'pdf', 'completed', %s, 6, 'a.pdf',"
            " 'application/pdf', 'f00', %s, now() - make_interval(days => %s)) RETURNING id",
            [id_ or uuid4(), LOCKS_REPORT, f"store://{key}", SPONSOR, days],
        ).fetchone()
    assert row is not None
    return UUID(str(row["id"]))


def export(service: Service, export_id: UUID) -> dict[str, Any]:
    [row] = service.rows("SELECT * FROM export_jobs WHERE id = %s", export_id)
    return row


def test_exactly_the_expired_sessions_end(service: Service) -> None:
    with owning(service) as connection:
        connection.execute(
            "INSERT INTO editing_sessions (session_id, expires_at)"
            " SELECT 's' || n, now() + (n - 20.5) * interval '1 hour' FROM generate_series(1, 30) n"
        )
        connection.execute(
            "INSERT INTO user_sessions (session_token, expires_at)"
            " SELECT 't' || n, now() + (n - 12.5) * interval '1 hour' FROM generate_series(1, 30) n"
        )
        connection.execute(
            "INSERT INTO websocket_connections (connection_id, disconnected_at)"
            " SELECT 'c' || n, now() - (2 * n - 1) * interval '1 hour' FROM generate_series(1, 30) n"
        )
        connection.execute(
            "INSERT INTO editing_locks (resource_type, resource_identifier, expires_at)"
            " SELECT 'section', n::text, now() + (n - 3.5) * interval '1 hour' FROM generate_series(1, 30) n"
        )

    first, second = perform(service, "session.clean"), perform(service, "session.clean")

    due = {"editing_sessions": 20, "user_sessions": 12, "websocket_connections": 18, "editing_locks": 3}
    assert first["rows"] == due
    assert second["rows"] == dict.fromkeys(due, 0)
    [counts] = service.rows(
        "SELECT (SELECT count(*) FROM editing_sessions WHERE status = 'expired') AS sessions,"
        " (SELECT count(*) FROM user_sessions) AS users, (SELECT count(*) FROM websocket_connections) AS connections,"
        " (SELECT count(*) FROM editing_locks WHERE released_at IS NOT NULL) AS locks"
    )
    assert counts == {"sessions": 20, "users": 18, "connections": 12, "locks": 3}


def test_reports_are_maintained_once(service: Service) -> None:
    with owning(service) as connection:
        connection.execute(
            "UPDATE pmr_reports SET report_month = report_month - interval '3 years', report_year = report_year - 3"
            " WHERE status = 'distributed'"
        )

    first, second = perform(service, "report.maintain"), perform(service, "report.maintain")

    assert {task["task"]: task["items"] for task in first["tasks"]} == {
        "cleanup_edit_sessions": 0, "cleanup_collaboration_sessions": 0, "archive_old_reports": 1}  # fmt: skip
    assert all(task["items"] == 0 for task in second["tasks"])
    assert service.rows("SELECT count(*) AS n FROM pmr_reports WHERE NOT is_active") == [{"n": 1}]


def test_old_files_go_in_batches_and_new_ones_stay(service: Service) -> None:
    old = [(add_export(service, f"exports/old{n}/a.pdf", days=91), stored(service, f"exports/old{n}/a.pdf"))
           for n in range(5)]  # fmt: skip
    young, kept = add_export(service, "exports/young/a.pdf", days=89), stored(service, "exports/young/a.pdf")
    elsewhere = add_export(service, "../../outside", days=200)

    run = wait(service, enqueue(service, "export.expire", {"batch_size": 2}))

    assert run["state"] == "completed", run
    assert service.watcher.attempts(run["id"]) == ["snoozed", "snoozed", "snoozed", "completed"]
    assert not any(path.exists() for _, path in old)
    assert kept.exists()
    for id_ in (*(id_ for id_, _ in old), elsewhere):
        row = export(service, id_)
        assert row["status"] == "completed", "it was completed; only the file is gone"
        assert (row["file_url"], row["file_size"], row["file_sha256"]) == (None, None, None)
    assert export(service, young)["file_url"] == "store://exports/young/a.pdf"
    assert service.client.get(f"/v1/exports/{old[0][0]}/download").status_code == 409
    again = perform(service, "export.expire")
    assert set(again.values()) == {0}


def test_files_that_no_export_names_go_after_a_day(service: Service) -> None:
    own = uuid4()
    named, half, lost = (f"exports/{own}/{name}" for name in ("a.pdf", ".writing-x", "b.pdf"))
    fresh, strange = f"exports/{own}/fresh.pdf", "exports/of nobody/a.pdf"
    add_export(service, named, days=1, id_=own)
    for key in (named, half, lost, strange):
        written = time.time() - 25 * 3600
        os.utime(stored(service, key), (written, written))
    stored(service, fresh)

    assert perform(service, "export.expire")["orphans_deleted"] == 2

    left = {path.relative_to(service.processes.storage).as_posix() for path in service.processes.storage.rglob("*.*")}
    assert {named, fresh, strange} <= left
    assert not {half, lost} & left


def test_a_kill_between_file_and_row_leaves_neither_behind(service: Service) -> None:
    id_, path = add_export(service, "exports/killed/a.pdf", days=400), stored(service, "exports/killed/a.pdf")

    with psycopg.connect(service.database.migrator_url) as holder:
        # Lets rows be read and locked, but not changed: the task is between its file and its row.
        holder.execute("LOCK TABLE export_jobs IN SHARE MODE")
        run_id = enqueue(service, "export.expire")
        wait_until(lambda: not path.exists(), "the file is deleted", seconds=60)
        assert service.client.get(f"/v1/exports/{id_}/download").status_code == 410
        kill_workers(service)
        wait_until(lambda: service.watcher.run(run_id)["state"] != "executing", "the run is taken back")
    assert export(service, id_)["file_url"] is not None
    service.start_worker()

    run = wait(service, run_id)

    assert (run["state"], run["attempt"]) == ("completed", 2)
    assert run["result"]["exports_expired"] == 1
    assert export(service, id_)["file_url"] is None


def kill_workers(service: Service) -> None:
    for process in service.processes.started:
        if "worker" in list(process.args) and process.poll() is None:  # type: ignore[arg-type]
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def test_expired_uploads_go_unless_a_run_still_reads_them(service: Service) -> None:
    keys = {name: f"uploads/{SPONSOR}/{name}" for name in ("gone", "held", "fresh")}
    gone, held, fresh = (stored(service, key) for key in keys.values())
    with owning(service) as connection:
        connection.execute(
            "INSERT INTO uploaded_files (id, owner_id, key, name, media_type, size, sha256, expires_at)"
            " SELECT id::uuid, %(who)s, key, 'a', 'a/b', 6, 'f', now() + until::interval FROM (VALUES"
            " (gen_random_uuid()::text, %(gone)s, '-1 minute'), (%(held_id)s, %(held)s, '-1 minute'),"
            " (gen_random_uuid()::text, %(fresh)s, '1 day')) AS upload (id, key, until)",
            {"who": SPONSOR, "held_id": str(HELD), **keys},
        )
        connection.execute(
            "INSERT INTO task_runs (kind, queue, state, max_attempts, scheduled_at, args)"
            " VALUES ('ledger.prune', 'bulk', 'scheduled', 1, now() + interval '1 day', %s::jsonb)",
            [json.dumps({"file_id": str(HELD)})],
        )

    result = perform(service, "export.expire")

    assert (result["uploads_expired"], result["files_deleted"]) == (1, 1)
    assert (gone.exists(), held.exists(), fresh.exists()) == (False, True, True)
    left = {row["key"] for row in service.rows("SELECT key FROM uploaded_files")}
    assert left == {keys["held"], keys["fresh"]}


def test_stuck_exports_fail_and_working_ones_do_not(service: Service) -> None:
    with owning(service) as connection:
        made = connection.execute(
            "INSERT INTO export_jobs (report_id, export_format, status, requested_by, started_at, created_at)"
            " SELECT %s, 'pdf', status::export_job_status, %s, now() - hours * interval '1 hour',"
            " now() - hours * interval '1 hour'"
            " FROM (VALUES ('processing', 25), ('processing', 23)) AS rows (status, hours) RETURNING id",
            [LOCKS_REPORT, SPONSOR],
        ).fetchall()
        waiting = connection.execute(
            "SELECT id FROM enqueue_run('report.export', jsonb_build_object('report_id', %s::text, 'format', 'pdf'),"
            " requested_by => %s, due_at => now() + interval '1 day')",
            [str(LOCKS_REPORT), SPONSOR],
        ).fetchone()
        assert waiting is not None
        connection.execute(
            "UPDATE export_jobs SET created_at = now() - interval '9 days', started_at = NULL WHERE id = %s",
            [waiting["id"]],
        )
    stuck, recent = (row["id"] for row in made)

    result = perform(service, "export.expire")

    assert result["exports_failed"] == 1
    assert export(service, stuck)["status"] == "failed"
    assert "Ask for the export again" in export(service, stuck)["error_message"]
    assert export(service, recent)["status"] == "processing"
    assert export(service, waiting["id"])["status"] == "queued", "its run is alive, only not due"
    assert perform(service, "export.expire")["exports_failed"] == 0


def health(service: Service) -> dict[str, dict[str, Any]]:
    rows = service.rows("SELECT DISTINCT ON (component) * FROM system_health ORDER BY component, id DESC")
    return {row["component"]: row for row in rows}


def test_every_component_is_probed_and_old_notes_go(service: Service) -> None:
    with owning(service) as connection:
        connection.execute(
            "INSERT INTO system_health (component, status, checked_at)"
            " SELECT 'database', 'healthy', now() - n * interval '10 days' FROM generate_series(1, 5) n"
        )

    result = perform(service, "health.probe")

    # Twenty days are kept, thirty to the second are not any more by the time the probe runs.
    assert result["rows_pruned"] == 3
    found = health(service)
    assert set(found) == {"database", "broker", "storage", "vector_index", "ledger"}
    assert {row["status"] for row in found.values()} == {"healthy"}, found
    assert found["database"]["metrics"]["max_connections"] > 0
    assert found["broker"]["metrics"]["answered"] >= 1
    assert found["storage"]["metrics"]["free_bytes"] > 0
    assert found["vector_index"]["metrics"]["answers_by_index"] is True
    assert not list(service.processes.storage.glob("health/**/*")), "the probe's file is gone"


def test_what_fails_is_a_row_and_never_a_failed_run(service: Service) -> None:
    storage = service.processes.storage
    aside = storage.with_name("aside")
    storage.rename(aside)
    storage.write_text("no folder")
    with psycopg.connect(service.database.admin_url) as superuser:
        superuser.execute(
            "UPDATE pg_index SET indisvalid = false"
            " WHERE indexrelid = 'public.idx_translation_memory_source_embedding'::regclass"
        )
    try:
        result = perform(service, "health.probe")
    finally:
        storage.unlink()
        aside.rename(storage)

    assert result["components"]["storage"] == "down"
    assert result["components"]["vector_index"] == "degraded"
    assert result["components"]["database"] == "healthy"
    found = health(service)
    assert "Error" in found["storage"]["error_message"]
    assert "idx_translation_memory_source_embedding" in found["vector_index"]["error_message"]


def test_people_may_not_ask_and_bad_args_are_named(service: Service) -> None:
    refused = service.client.post("/v1/runs", json={"kind": "session.clean", "args": {}})
    assert refused.status_code in (403, 422), refused.text

    run = wait(service, enqueue(service, "export.expire", {"keep_days": 0}))

    assert run["state"] == "discarded"
    assert "keep_days" in run["last_error"]
