from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import uvicorn
from fastapi.testclient import TestClient

from api.app import create_app
from api.routes import files
from cli.ports import free_port
from contracts.settings import Settings
from db.tokens import issue_token
from tests.support.databases import TestDatabase
from tests.support.samples import LOCKS_MANAGER_EMAIL, SPONSOR, SPONSOR_EMAIL
from tests.support.waiting import wait_until

TMX = {"Content-Type": "application/x-tmx+xml; charset=utf-8"}
LIMIT = 1_000


@pytest.fixture
def client(database: TestDatabase, tmp_path: Path) -> Iterator[TestClient]:
    settings = Settings(database_url=database.api_url, storage_dir=tmp_path, upload_max_bytes=LIMIT)
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        client.headers |= bearer(database, SPONSOR_EMAIL)
        yield client


def bearer(database: TestDatabase, email: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {issue_token(database.migrator_url, email=email, name='test')}"}


def kept(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def rows(database: TestDatabase) -> list[tuple[Any, ...]]:
    with psycopg.connect(database.worker_url) as connection:
        return connection.execute(
            "SELECT id::text, owner_id, key, name, media_type, size FROM uploaded_files"
        ).fetchall()


def test_a_file_is_stored_as_it_came_and_noted_in_the_askers_name(
    client: TestClient, database: TestDatabase, tmp_path: Path
) -> None:
    content = bytes(range(250)) * 4
    answer = client.post("/v1/files?name=m%C3%A9moire.tmx", content=content, headers=TMX)
    assert answer.status_code == 201, answer.text
    file = answer.json()
    assert (file["size"], file["sha256"]) == (1_000, sha256(content).hexdigest())
    assert file["expires_at"] > file["created_at"]
    [stored] = kept(tmp_path)
    assert stored.read_bytes() == content
    assert stored.parent == tmp_path / "uploads" / str(SPONSOR)
    key = str(stored.relative_to(tmp_path))
    assert rows(database) == [(file["id"], SPONSOR, key, "mémoire.tmx", "application/x-tmx+xml", 1_000)]
    assert client.get(answer.headers["Location"]).json() == file


@pytest.mark.parametrize(
    ("name", "kept_as"), [("../../etc/passwd", "passwd"), ("C:\\a\\b.tmx", "b.tmx"), ("/", "file")]
)
def test_a_name_is_its_last_part(client: TestClient, name: str, kept_as: str) -> None:
    assert client.post("/v1/files", params={"name": name}, content=b"x", headers=TMX).json()["name"] == kept_as


@pytest.mark.parametrize("announced", [True, False])
def test_a_file_that_is_too_large_is_refused_with_the_limit(
    client: TestClient, database: TestDatabase, tmp_path: Path, *, announced: bool
) -> None:
    content = b"x" * (LIMIT + 1)
    pieces = iter([content[:600], content[600:]])
    answer = client.post("/v1/files", content=content if announced else pieces, headers=TMX)
    assert answer.status_code == 413
    assert "at most 1,000 bytes" in answer.json()["detail"]
    assert (kept(tmp_path), rows(database)) == ([], [])


def test_an_empty_file_is_refused(client: TestClient, database: TestDatabase, tmp_path: Path) -> None:
    answer = client.post("/v1/files", content=b"", headers=TMX)
    assert answer.status_code == 422
    assert "The file is empty" in answer.json()["detail"]
    assert (kept(tmp_path), rows(database)) == ([], [])


@pytest.mark.parametrize("media_type", ["image/png", "text/html", ""])
def test_a_type_that_no_kind_reads_is_refused(client: TestClient, media_type: str) -> None:
    answer = client.post("/v1/files", content=b"x", headers={"Content-Type": media_type})
    assert answer.status_code == 415
    assert "application/x-tmx+xml" in answer.json()["detail"]


def test_without_a_token_nothing_is_read(client: TestClient, tmp_path: Path) -> None:
    answer = client.post("/v1/files", content=b"x", headers=TMX | {"Authorization": "Bearer no"})
    assert answer.status_code == 401
    assert kept(tmp_path) == []


def test_what_the_database_refuses_leaves_no_bytes(client: TestClient, database: TestDatabase, tmp_path: Path) -> None:
    with psycopg.connect(database.migrator_url) as connection:
        connection.execute("REVOKE INSERT ON uploaded_files FROM authenticated_users")
    answer = client.post("/v1/files", content=b"x", headers=TMX)
    assert answer.status_code == 500
    assert kept(tmp_path) == []


def test_another_persons_file_is_neither_shown_nor_imported(client: TestClient, database: TestDatabase) -> None:
    theirs = client.post("/v1/files", content=b"x", headers=TMX | bearer(database, LOCKS_MANAGER_EMAIL)).json()
    assert client.get(f"/v1/files/{theirs['id']}").status_code == 404
    asked = client.post("/v1/memory/imports", json={"file_id": theirs["id"]})
    assert asked.status_code == 404
    assert "does not exist, or" in asked.json()["detail"]


def test_who_may_not_write_the_memory_may_not_import(client: TestClient, database: TestDatabase) -> None:
    manager = bearer(database, LOCKS_MANAGER_EMAIL)
    own = client.post("/v1/files", content=b"x", headers=TMX | manager).json()
    asked = client.post("/v1/memory/imports", json={"file_id": own["id"]}, headers=manager)
    assert asked.status_code == 403
    assert "translation memory" in asked.json()["detail"]


@pytest.fixture
def port(database: TestDatabase, tmp_path: Path) -> Iterator[int]:
    """Serve on a real socket: a client in this process can't be slow."""
    settings = Settings(database_url=database.api_url, storage_dir=tmp_path, upload_max_bytes=LIMIT)
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(create_app(settings), port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started, "the server listens")
    yield port
    server.should_exit = True
    thread.join(timeout=30)


def begin(port: int, headers: dict[str, str]) -> socket.socket:
    """Begin an upload of which one byte is there."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    head = f"POST /v1/files HTTP/1.1\r\nHost: x\r\nAuthorization: {headers['Authorization']}\r\n"
    connection.sendall(f"{head}Content-Type: text/xml\r\nContent-Length: 900\r\n\r\nx".encode())
    return connection


def test_an_upload_that_drips_is_given_up(
    port: int, database: TestDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "SECONDS_OF_GRACE", 0.5)
    with begin(port, bearer(database, SPONSOR_EMAIL)) as connection:
        stop = threading.Event()

        def drip() -> None:
            while not stop.wait(0.05):
                connection.send(b"x")

        dripping = threading.Thread(target=drip, daemon=True)
        began = time.monotonic()
        dripping.start()
        answer = connection.recv(10_000).decode()
        stop.set()
        dripping.join()
    assert " 408 " in answer.partition("\r\n")[0]
    assert time.monotonic() - began < 10, "900 bytes at that pace would take 45 seconds"
    wait_until(lambda: not kept(tmp_path), "nothing of it is left")


def test_a_person_with_two_uploads_under_way_waits_and_others_do_not(
    port: int, database: TestDatabase, tmp_path: Path
) -> None:
    sponsor, manager = bearer(database, SPONSOR_EMAIL), bearer(database, LOCKS_MANAGER_EMAIL)
    url = f"http://127.0.0.1:{port}/v1/files"
    with httpx.Client(trust_env=False, timeout=30) as client:
        with begin(port, sponsor), begin(port, sponsor):
            wait_until(lambda: len(kept(tmp_path)) == 2, "both have begun")
            refused = client.post(url, content=b"x", headers=TMX | sponsor)
            assert (refused.status_code, refused.headers["Retry-After"]) == (429, "10")
            assert "2 files at once" in refused.json()["detail"]
            assert client.post(url, content=b"x", headers=TMX | manager).status_code == 201
        wait_until(lambda: len(kept(tmp_path)) == 1, "both have broken off")
        wait_until(
            lambda: client.post(url, content=b"x", headers=TMX | sponsor).status_code == 201, "there is a place again"
        )
