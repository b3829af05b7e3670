"""A TMX file goes in over HTTP, fills the memory, and is found again."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from db.seed import SAMPLES
from engines.translation.tmx import TmxReader
from tests.support.samples import SPONSOR
from tests.support.service import Service
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.process, pytest.mark.timeout(180)]

SAMPLE = SAMPLES / "memory" / "cws-work-descriptions.tmx"
OFFICE = "The work is done mainly in an office, with about {} days of travel a year to structures and communities."
COUNT = "SELECT count(*) AS n FROM translation_memory"


def hand_in(service: Service, content: bytes, name: str = "memory.tmx") -> str:
    answer = service.client.post(
        "/v1/files", params={"name": name}, content=content, headers={"Content-Type": "application/x-tmx+xml"}
    )
    assert answer.status_code == 201, answer.text
    file_id: str = answer.json()["id"]
    return file_id


def import_file(service: Service, file_id: str, **options: object) -> dict[str, Any]:
    return service.perform("/v1/memory/imports", {"file_id": file_id, **options}, seconds=120)


def wait_for_vectors(service: Service) -> dict[str, Any]:
    newest = service.client.get("/v1/runs?kind=memory.embed&limit=1").json()["items"][0]
    return service.wait(newest["id"], seconds=120)


def look_up(service: Service, text: str, **options: object) -> list[dict[str, Any]]:
    run = service.perform("/v1/memory/lookups", {"text": text, **options})
    assert run["state"] == "completed", run["last_error"]
    matches: list[dict[str, Any]] = run["result"]["matches"]
    return matches


def test_an_import_through_a_killed_worker_fills_the_memory_once(service: Service) -> None:
    file_id = hand_in(service, SAMPLE.read_bytes(), SAMPLE.name)
    body = {"file_id": file_id, "subdomain": "operations"}
    run = service.perform_through_a_kill("/v1/memory/imports", body, table="translation_memory")
    assert (run["state"], run["attempt"]) == ("completed", 2)
    assert run["result"] == {"read": 80, "added": 81, "already_there": 0, "skipped": {"no fr": 1}}
    expected = {
        (unit.source, unit.target, unit.metadata["tuid"]) for unit in TmxReader("en", "fr").units([SAMPLE.read_bytes()])
    }
    rows = service.rows("SELECT * FROM translation_memory")
    assert {(row["source_text"], row["target_text"], row["metadata"]["tuid"]) for row in rows} == expected
    [asker] = service.rows("SELECT id FROM users WHERE auth_user_id = %s", SPONSOR)
    for row in rows:
        assert (row["source_language"], row["target_language"]) == ("en", "fr")
        assert (row["domain"], row["subdomain"]) == ("work descriptions", "operations")
        assert (row["created_by"], row["quality_score"], row["usage_count"]) == (asker["id"], None, 0)
        assert row["metadata"]["file"] == SAMPLE.name


def test_the_vectors_that_it_asked_for_are_made_once(service: Service) -> None:
    run = wait_for_vectors(service)
    assert run["state"] == "completed", run["last_error"]
    assert run["result"] == {
        "embedded": 81,
        "entries": 81,
        "chunks": 0,
        "provider": "local",
        "model": "local-ngram-1",
    }
    assert service.rows(COUNT + " WHERE source_embedding IS NULL OR target_embedding IS NULL") == [{"n": 0}]
    query = "SELECT id, xmin, embedding_model, embedded_at FROM translation_memory ORDER BY id"
    before = service.rows(query)
    again = service.perform("/v1/memory/embeddings", {})
    assert (again["state"], again["result"]["embedded"]) == ("completed", 0)
    assert service.rows(query) == before


def test_a_second_import_adds_nothing_and_leaves_what_people_did(service: Service) -> None:
    query = "SELECT id, xmin, usage_count FROM translation_memory ORDER BY id"
    before = service.rows(query)
    run = import_file(service, hand_in(service, SAMPLE.read_bytes(), SAMPLE.name), subdomain="operations")
    assert run["result"] == {"read": 80, "added": 0, "already_there": 81, "skipped": {"no fr": 1}}
    assert service.rows(query) == before
    wait_for_vectors(service)


def test_a_text_is_found_as_it_is_changed_and_reworded(service: Service) -> None:
    [exact, *_] = look_up(service, "  " + OFFICE.format(40).replace(" ", "\n", 1))
    assert (exact["kind"], exact["score"], exact["numbers_differ"]) == ("exact", 1.0, False)
    assert exact["target"].startswith("Le travail se fait surtout dans un bureau")
    [fuzzy, *others] = look_up(service, OFFICE.format(25))
    assert (fuzzy["entry_id"], fuzzy["kind"], fuzzy["numbers_differ"]) == (exact["entry_id"], "fuzzy", True)
    assert 0.9 <= fuzzy["score"] < 0.95
    assert {match["kind"] for match in others} <= {"semantic"}
    [semantic, *_] = look_up(service, "Mostly office work, and a year has about 40 travel days to communities.")
    assert (semantic["entry_id"], semantic["kind"]) == (exact["entry_id"], "semantic")
    two = look_up(service, "Liaises with stakeholders as appropriate.", limit=2)
    assert [match["kind"] for match in two] == ["exact", "exact"]


def test_looking_changes_nothing_and_what_is_not_there_is_not_found(service: Service) -> None:
    query = "SELECT id, xmin FROM translation_memory ORDER BY id"
    before = service.rows(query)
    assert look_up(service, OFFICE.format(40), domain="fisheries") == []
    assert look_up(service, "Zebras yawn.") == []
    assert look_up(service, OFFICE.format(40), source_language="fr", target_language="en") == []
    assert service.rows(query) == before


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("imports", {"file_id": "no"}, "file_id"),
        ("imports", {"file_id": str(uuid4()), "target_language": "en"}, "must differ"),
        ("embeddings", {"batch_size": 0}, "batch_size"),
        ("lookups", {"text": ""}, "text"),
        ("lookups", {"text": "a", "source_language": "de"}, "source_language"),
        ("lookups", {"text": "a", "limit": 21}, "limit"),
    ],
)
def test_a_body_that_does_not_fit_is_refused(service: Service, path: str, body: dict[str, Any], said: str) -> None:
    answer = service.client.post(f"/v1/memory/{path}", json=body)
    assert answer.status_code == 422
    assert said in answer.json()["detail"]


def test_a_file_that_is_not_there_can_not_be_imported(service: Service) -> None:
    assert service.client.post("/v1/memory/imports", json={"file_id": str(uuid4())}).status_code == 404


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html/>", "no TMX: line 1: its root is <html>"),
        (b'<tmx version="1.4">\n<body>\n<tu><tuv></tu>', "not whole XML: line 3"),
    ],
)
def test_a_file_that_is_no_tmx_is_discarded_with_its_line(service: Service, content: bytes, said: str) -> None:
    before = service.rows(COUNT)
    run = import_file(service, hand_in(service, content))
    assert (run["state"], run["attempt"]) == ("discarded", 1)
    assert said in run["last_error"]
    assert "Expected was a TMX file" in run["last_error"]
    assert service.rows(COUNT) == before


def test_an_upload_that_breaks_off_leaves_nothing(service: Service) -> None:
    before = service.rows("SELECT count(*) AS n FROM uploaded_files")
    address = service.client.base_url
    head = (
        f"POST /v1/files HTTP/1.1\r\nHost: x\r\nAuthorization: {service.client.headers['Authorization']}\r\n"
        "Content-Type: text/xml\r\nContent-Length: 1000000\r\n\r\n"
    )
    storage = service.processes.storage
    with socket.create_connection((address.host, address.port or 80)) as connection:
        connection.sendall(head.encode() + b"x" * 1000)
        wait_until(lambda: list(storage.rglob(".writing-*")), "the upload has begun")
    wait_until(lambda: not list(storage.rglob(".writing-*")), "nothing of it is left")
    assert service.rows("SELECT count(*) AS n FROM uploaded_files") == before


def test_the_federal_acts_go_in_once(service: Service) -> None:
    folder = os.environ.get("DRAY_BENCHMARK_DATA")
    if not folder or not (path := Path(folder) / "gc_laws_en_fr.tmx").is_file():
        pytest.skip("DRAY_BENCHMARK_DATA names no folder with gc_laws_en_fr.tmx")
    results = []
    for _ in range(2):
        run = import_file(service, hand_in(service, path.read_bytes(), path.name), domain="acts", embed=False)
        assert run["state"] == "completed", run["last_error"]
        results.append(run["result"])
    first, second = results
    assert (first["read"], first["added"] + first["already_there"], first["skipped"]) == (7_900, 7_900, {})
    assert (second["added"], second["already_there"]) == (0, 7_900)
    [match] = look_up(service, "This Act may be cited as the Public Service Employment Act.", domain="acts", limit=1)
    assert (match["kind"], match["target"]) == ("exact", "Loi sur l\u2019emploi dans la fonction publique.")
