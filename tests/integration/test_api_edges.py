"""What the API says to requests at the edge: texts that can't be kept, bodies that aren't there."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.access_log import without_query
from api.app import create_app
from contracts.args.reports import ExportFormat, ExportReport
from contracts.errors import Refused
from contracts.settings import Settings
from db import ledger
from db.session import Database, DatabaseError
from db.tokens import issue_token
from tests.support.databases import TestDatabase
from tests.support.samples import LOCKS_REPORT, SPONSOR, SPONSOR_EMAIL

NOBODYS = "0198f3c2-5f0e-7c3a-9d55-2f7a0c1b4e11"
LOCKS_PROJECT = "3c173fc7-12b6-4b1c-a02a-342fcc3409f4"
SECRET = "hushhush"
UNSTORABLE = ("\\u0000", "\\ud800", "\\udc00x")


@pytest.fixture
def client(database: TestDatabase, tmp_path: Path) -> Iterator[TestClient]:
    settings = Settings(database_url=database.api_url, storage_dir=tmp_path)
    token = issue_token(database.migrator_url, email=SPONSOR_EMAIL, name="test")
    headers = {"Authorization": f"Bearer {token}"}
    with TestClient(create_app(settings), raise_server_exceptions=False, headers=headers) as client:
        yield client


def detail(response: Any) -> str:
    """What a refusal with 422 says."""
    assert response.status_code == 422, response.text
    assert response.headers["content-type"] == "application/problem+json"
    said: str = response.json()["detail"]
    return said


BODIES = (
    (f"/v1/projects/{LOCKS_PROJECT}/simulations", '{"name": "TEXT"}', "name holds"),
    ("/v1/memory/lookups", '{"text": "TEXT"}', "text holds"),
    ("/v1/memory/lookups", '{"text": "plain", "domain": "TEXT"}', "domain holds"),
    ("/v1/memory/imports", f'{{"file_id": "{NOBODYS}", "subdomain": "TEXT"}}', "subdomain holds"),
    ("/v1/job-descriptions/1/suggestions", '{"sections": ["a", "TEXT"]}', "sections.1 holds"),
    (
        f"/v1/reports/{LOCKS_REPORT}/exports",
        '{"format": "pdf", "options": {"sections": ["TEXT"]}}',
        "sections.0 holds",
    ),
    ("/v1/runs", '{"kind": "TEXT"}', "kind holds"),
    ("/v1/runs", '{"kind": "memory.lookup", "unique_key": "TEXT", "args": {"text": "a"}}', "unique_key holds"),
    ("/v1/runs", '{"kind": "memory.lookup", "args": {"text": "TEXT"}}', "args.text holds"),
    ("/v1/runs", '{"kind": "memory.lookup", "args": {"TEXT": 1}}', "A name in args holds"),
    ("/v1/runs", '{"TEXT": 1}', "A name holds"),
    ("/v1/runs", '{"kind": "a", "args": ' + '{"a":' * 400 + '"TEXT"' + "}" * 400 + "}", ".a.a holds"),
    (f"/v1/runs/{NOBODYS}/cancel", '{"reason": "TEXT"}', "reason holds"),
)


@pytest.mark.parametrize("character", UNSTORABLE)
def test_a_text_that_cant_be_kept_is_refused_and_said_nowhere(
    client: TestClient, caplog: pytest.LogCaptureFixture, character: str
) -> None:
    caplog.set_level(logging.DEBUG)
    for path, body, says in BODIES:
        content = body.replace("TEXT", SECRET + character)
        response = client.post(path, content=content, headers={"Content-Type": "application/json"})
        said = detail(response)
        assert says in said, said
        assert f"U+{character[2:6].upper()}" in said
        assert SECRET not in response.text
    assert [record.levelname for record in caplog.records if record.levelno > logging.INFO] == []
    assert SECRET not in caplog.text
    assert client.get("/v1/runs").json()["items"] == []


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/runs?kind={SECRET}%00",
        f"/v1/runs?{SECRET}%00=1",
        f"/v1/job-descriptions?job_number={SECRET}%00",
        f"/v1/files/{NOBODYS}?name={SECRET}%00",
    ],
)
def test_a_query_that_cant_be_kept_is_refused_too(
    client: TestClient, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    response = client.get(path)
    assert " holds the character U+0000" in detail(response)
    assert ".0 holds" not in detail(response)
    assert SECRET not in response.text
    assert SECRET not in " ".join(record.getMessage() for record in caplog.records if record.name.startswith("dray"))


def test_the_log_of_requests_leaves_queries_out() -> None:
    asked = ("127.0.0.1:1", "GET", f"/v1/job-descriptions?job_number={SECRET}", "1.1", 200)
    record = logging.LogRecord("uvicorn.access", logging.INFO, "", 0, '%s - "%s %s HTTP/%s" %d', asked, None)
    assert without_query(record)
    assert record.getMessage() == '127.0.0.1:1 - "GET /v1/job-descriptions HTTP/1.1" 200'


@pytest.mark.parametrize("key", ["a\x00", "a\x00" * 100])
def test_what_reaches_the_ledger_all_the_same_is_refused_there(database: TestDatabase, key: str) -> None:
    worker = Database(database.worker_url, application_name="test")
    args = ExportReport(report_id=LOCKS_REPORT, format=ExportFormat.PDF)
    with pytest.raises(Refused, match="NUL"), worker.transaction() as session:
        ledger.enqueue(session, args, unique_key=key, requested_by=SPONSOR)
    trace = {"traceparent": f"{SECRET}\x00"}
    with pytest.raises(Refused) as refused, worker.transaction() as session:
        ledger.enqueue(session, args, trace_context=trace, requested_by=SPONSOR)
    assert SECRET not in str(refused.value)
    worker.close()


def test_an_error_of_the_database_does_not_say_what_was_asked(database: TestDatabase) -> None:
    worker = Database(database.worker_url, application_name="test")
    with pytest.raises(DatabaseError) as error, worker.transaction() as session:
        session.execute(text("SELECT 1 / (length(:said) - 8)"), {"said": SECRET})
    assert "division by zero" in str(error.value)
    assert SECRET not in str(error.value)
    worker.close()


def test_a_body_in_which_nothing_must_stand_may_be_left_out(client: TestClient) -> None:
    expected = {
        f"/v1/projects/{LOCKS_PROJECT}/simulations": 202,
        f"/v1/reports/{LOCKS_REPORT}/insights": 202,
        "/v1/job-descriptions/1/suggestions": 202,
        "/v1/job-descriptions/1/compliance-checks": 202,
        "/v1/translation-pairs/999999/alignments": 404,
        "/v1/memory/embeddings": 202,
        f"/v1/runs/{NOBODYS}/cancel": 404,
    }
    empty: list[dict[str, Any]] = [{}, {"json": {}}, {"content": b"", "headers": {"Content-Type": "application/json"}}]
    for given in empty:
        assert {path: client.post(path, **given).status_code for path in expected} == expected, given


def test_a_run_is_called_off_without_a_word(client: TestClient) -> None:
    run = client.post(f"/v1/reports/{LOCKS_REPORT}/exports", json={"format": "pdf"}).json()["id"]
    assert client.post(f"/v1/runs/{run}/cancel").json()["state"] == "cancelled"


@pytest.mark.parametrize("field", ["due_at", "expires_at"])
@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-23:00", "0001-01-01T00:00:00+14:00"])
def test_a_time_that_could_not_be_read_again_is_refused(client: TestClient, field: str, moment: str) -> None:
    args = {"report_id": str(LOCKS_REPORT), "format": "pdf"}
    response = client.post("/v1/runs", json={"kind": "report.export", "args": args, field: moment})
    assert f"body.{field}: Value error, in UTC" in detail(response)
    assert client.get("/v1/runs").json()["items"] == []


def test_a_body_that_is_no_text_is_a_problem_document(client: TestClient) -> None:
    response = client.post("/v1/runs", content=b'{"kind": "\xff"}', headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()["title"]) == (400, "Bad Request")


def posts(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The routes that take something."""
    for path, operations in document["paths"].items():
        if "post" in operations:
            yield path, operations["post"]["responses"]


def test_every_route_that_takes_something_states_its_answers() -> None:
    document = create_app(Settings(database_url="postgresql://", storage_dir=Path())).openapi()
    seen = dict(posts(document))
    assert len(seen) > 8
    for path, answers in seen.items():
        taken = {"200", "201", "202"} & answers.keys()
        assert taken, path
        for status in taken:
            assert answers[status]["content"]["application/json"]["schema"], path
        assert {"401", "422", "503"} <= answers.keys(), path
        for status, described in answers.items():
            if status >= "400":
                assert list(described["content"]) == ["application/problem+json"], (path, status)
    assert {"400", "403", "404"} <= seen["/v1/runs"].keys()
    assert {"408", "413", "415"} <= seen["/v1/files"].keys()
    for path in ("/v1/memory/imports", "/v1/memory/embeddings", "/v1/memory/lookups"):
        assert "403" in seen[path]
