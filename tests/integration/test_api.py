from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.app import create_app
from contracts.outcome import Result
from contracts.settings import Settings
from contracts.settlement import settle_outcome
from db import ledger
from db.migrate import newest_revision
from db.session import ACTING_AS, Database, DatabaseError, Session
from db.tokens import issue_token
from providers.storage.stores.local import LocalStore
from tests.support.databases import TestDatabase
from tests.support.samples import LOCKS_MANAGER, LOCKS_MANAGER_EMAIL, LOCKS_REPORT, SPONSOR

EXPORTS = f"/v1/reports/{LOCKS_REPORT}/exports"
# Leads the digitization project, and is no member of the locks project.
STRANGER_EMAIL = "luc-andre.thivierge@cws-svnc.example.org"
NOBODYS = "0198f3c2-5f0e-7c3a-9d55-2f7a0c1b4e11"


@pytest.fixture
def client(database: TestDatabase, tmp_path: Path) -> Iterator[TestClient]:
    settings = Settings(database_url=database.api_url, storage_dir=tmp_path)
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


def bearer(database: TestDatabase, email: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {issue_token(database.migrator_url, email=email, name='test')}"}


@pytest.fixture
def manager(database: TestDatabase) -> dict[str, str]:
    return bearer(database, LOCKS_MANAGER_EMAIL)


@pytest.fixture
def stranger(database: TestDatabase) -> dict[str, str]:
    return bearer(database, STRANGER_EMAIL)


def problem(response: Any, status: int) -> str:
    """The detail of a problem document, once it is a proper one."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document = response.json()
    assert document["status"] == status
    assert document["instance"] == response.request.url.path
    detail: str = document["detail"]
    return detail


def test_asking_for_an_export_makes_run_and_export_in_one_go(client: TestClient, manager: dict[str, str]) -> None:
    response = client.post(EXPORTS, json={"format": "pdf", "options": {"language": "fr"}}, headers=manager)
    assert response.status_code == 202
    export = response.json()
    assert response.headers["location"] == f"/v1/exports/{export['id']}"
    assert (export["status"], export["retry_count"], export["download_url"]) == ("queued", 0, None)
    run = client.get(f"/v1/runs/{export['id']}", headers=manager).json()
    assert (run["kind"], run["state"], run["queue"]) == ("report.export", "available", "export")
    assert run["args"] == {"report_id": str(LOCKS_REPORT), "format": "pdf", "options": {"language": "fr"}}
    assert run["attempts"] == []


def test_the_trace_context_of_the_request_stays_with_the_run(
    client: TestClient, manager: dict[str, str], database: TestDatabase
) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    client.post(EXPORTS, json={"format": "pdf"}, headers=manager | {"traceparent": trace})
    with psycopg.connect(database.worker_url) as connection:
        assert connection.execute("SELECT trace_context FROM task_runs").fetchone() == ({"traceparent": trace},)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic YTpi"}])
def test_without_a_good_token_nothing_is_to_be_had(client: TestClient, headers: dict[str, str]) -> None:
    for method, path in (("GET", "/v1/runs"), ("GET", "/v1/reports"), ("POST", EXPORTS)):
        response = client.request(method, path, headers=headers)
        problem(response, 401)
        assert response.headers["www-authenticate"] == "Bearer"


def test_an_expired_token_is_no_token(client: TestClient, manager: dict[str, str], database: TestDatabase) -> None:
    with psycopg.connect(database.migrator_url) as connection:
        connection.execute("UPDATE api_tokens SET expires_at = now() - interval '1 second'")
    assert "expired" in problem(client.get("/v1/runs", headers=manager), 401)


def test_a_token_is_kept_only_as_a_hash(manager: dict[str, str], database: TestDatabase) -> None:
    with psycopg.connect(database.migrator_url) as connection:
        [stored] = connection.execute("SELECT token_hash FROM api_tokens").fetchone() or [b""]
    assert len(stored) == 32
    assert stored not in manager["Authorization"].encode()


def test_another_projects_member_sees_and_does_nothing(
    client: TestClient, manager: dict[str, str], stranger: dict[str, str]
) -> None:
    export = client.post(EXPORTS, json={"format": "pdf"}, headers=manager).json()["id"]
    assert "may not read it" in problem(client.post(EXPORTS, json={"format": "pdf"}, headers=stranger), 404)
    problem(client.get(f"/v1/exports/{export}", headers=stranger), 404)
    problem(client.get(f"/v1/exports/{export}/download", headers=stranger), 404)
    problem(client.get(f"/v1/runs/{export}", headers=stranger), 404)
    assert client.get("/v1/runs", headers=stranger).json() == {"items": [], "next": None}
    titles = [report["title"] for report in client.get("/v1/reports", headers=stranger).json()["items"]]
    assert len(titles) == 1
    assert not any("Heron" in title for title in titles)


def test_the_general_way_in_is_guarded_like_the_special_one(client: TestClient, stranger: dict[str, str]) -> None:
    args = {"report_id": str(LOCKS_REPORT), "format": "pdf"}
    problem(client.post("/v1/runs", json={"kind": "report.export", "args": args}, headers=stranger), 404)


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({"kind": "report.exports"}, 422, "did you mean 'report.export'"),
        ({"kind": "report.export", "args": {}}, 422, "report_id: Field required; format: Field required"),
        ({"kind": "ledger.prune"}, 403, "schedules and operators only"),
        ({"kind": "report.export", "args": {}, "priority": 99}, 422, "body.priority"),
        ({"kind": "report.export", "args": {}, "colour": "red"}, 422, "body.colour"),
        ({}, 422, "body.kind"),
    ],
)
def test_a_bad_request_says_what_to_mend(
    client: TestClient, manager: dict[str, str], body: dict[str, Any], status: int, says: str
) -> None:
    assert says in problem(client.post("/v1/runs", json=body, headers=manager), status)
    assert client.get("/v1/runs", headers=manager).json()["items"] == []


def test_what_is_not_there_is_a_problem_too(client: TestClient, manager: dict[str, str]) -> None:
    for path in (f"/v1/runs/{NOBODYS}", f"/v1/exports/{NOBODYS}", f"/v1/exports/{NOBODYS}/download", "/v1/nothing"):
        problem(client.get(path, headers=manager), 404)
    problem(client.get("/v1/exports/not-a-uuid", headers=manager), 422)
    problem(client.put("/v1/runs", headers=manager), 405)


def test_a_unique_key_in_use_answers_with_the_run_that_is_there(client: TestClient, manager: dict[str, str]) -> None:
    body = {
        "kind": "report.export",
        "args": {"report_id": str(LOCKS_REPORT), "format": "excel"},
        "unique_key": "october",
    }
    first, second = (client.post("/v1/runs", json=body, headers=manager) for _ in range(2))
    assert (first.status_code, second.status_code) == (202, 200)
    assert first.json()["id"] == second.json()["id"]


def test_a_run_can_be_asked_for_later(client: TestClient, manager: dict[str, str]) -> None:
    body = {
        "kind": "report.export",
        "args": {"report_id": str(LOCKS_REPORT), "format": "excel"},
        "due_at": "2030-01-01T00:00:00Z",
        "priority": 0,
        "queue": "interactive",
    }
    run = client.post("/v1/runs", json=body, headers=manager).json()
    assert (run["state"], run["priority"], run["queue"]) == ("scheduled", 0, "interactive")
    assert run["scheduled_at"] == "2030-01-01T00:00:00Z"


def test_pages_of_runs_meet_without_gap_or_overlap(client: TestClient, manager: dict[str, str]) -> None:
    made = [client.post(EXPORTS, json={"format": "pdf"}, headers=manager).json()["id"] for _ in range(5)]
    path: str | None = "/v1/runs?kind=report.export&state=available&limit=2"
    seen: list[str] = []
    while path:
        page = client.get(path, headers=manager).json()
        seen += [run["id"] for run in page["items"]]
        path = page["next"]
    assert seen == made[::-1]
    assert client.get("/v1/runs?state=completed", headers=manager).json()["items"] == []


def test_a_file_not_ready_or_gone_is_told_apart(
    client: TestClient, manager: dict[str, str], database: TestDatabase, tmp_path: Path
) -> None:
    export = client.post(EXPORTS, json={"format": "pdf"}, headers=manager).json()["id"]
    assert "queued" in problem(client.get(f"/v1/exports/{export}/download", headers=manager), 409)

    stored = LocalStore(tmp_path).put(f"exports/{export}/x.pdf", b"%PDF-")
    file = {"key": stored.key, "size": 5, "sha256": stored.sha256, "media_type": "application/pdf", "name": "Été.pdf"}
    worker = Database(database.worker_url, application_name="test")
    with worker.transaction() as session:
        run = ledger.claim(session, export, worker="test", worker_pid=1, lease_seconds=30)
        assert run is not None
        ledger.settle(session, run.id, run.attempt, settle_outcome(Result({"file": file})))
    worker.close()

    answer = client.get(f"/v1/exports/{export}/download", headers=manager)
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, b"%PDF-", "application/pdf")
    assert (
        answer.headers["content-disposition"] == "attachment; filename=\"?t?.pdf\"; filename*=UTF-8''%C3%89t%C3%A9.pdf"
    )
    assert answer.headers["etag"] == f'"{stored.sha256}"'
    (tmp_path / stored.key).unlink()
    assert "no file" in problem(client.get(f"/v1/exports/{export}/download", headers=manager), 410)


def test_health_needs_no_token_and_readiness_looks_at_everything(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok", "checks": {}}
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["checks"]) == (
        200,
        {"database": "ok", "schema": "ok", "storage": "ok"},
    )


def test_an_old_schema_is_not_ready(client: TestClient, database: TestDatabase) -> None:
    with psycopg.connect(database.migrator_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["checks"]["schema"] == f"is at 0001, not at {newest_revision()}: run `dray db upgrade`"


def test_a_database_that_is_down_is_a_503_that_says_so(tmp_path: Path) -> None:
    settings = Settings(database_url="postgresql://dray_api:x@127.0.0.1:1/none", storage_dir=tmp_path)
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        response = client.get("/v1/runs", headers={"Authorization": "Bearer anything"})
        assert "does not answer" in problem(response, 503)
        assert response.headers["retry-after"] == "5"
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200


def test_the_document_describes_every_route_with_examples_and_problems(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["summary"]
            if path.startswith("/v1/"):
                problems = operation["responses"]["401"]["content"]
                assert list(problems) == ["application/problem+json"]
                assert operation["security"]
    for name in ("ExportRequest", "RunRequest", "ProblemDocument"):
        assert document["components"]["schemas"][name]["examples"]


def test_one_connection_serves_two_askers_in_turn_without_mixing_them_up(database: TestDatabase) -> None:
    api = Database(database.api_url, application_name="test", pool_size=1)
    count = text("SELECT count(*) FROM pmr_reports")
    counts = []
    for person in (SPONSOR, LOCKS_MANAGER, SPONSOR):
        with Session(api.engine, info={ACTING_AS: person}) as session:
            counts.append(session.scalar(count))
            session.commit()
            # The identity holds in the session's next transaction too.
            counts.append(session.scalar(count))
    assert counts == [3, 3, 1, 1, 3, 3]
    with pytest.raises(DatabaseError, match="permission denied"), api.transaction() as session:
        session.execute(count)
    api.close()
