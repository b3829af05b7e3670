from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from providers.storage.store import BadKey, FileMissing
from providers.storage.stores.local import CHUNK, LocalStore


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "storage")


def test_what_was_put_is_read_back_with_its_hash(store: LocalStore) -> None:
    content = b"x" * (CHUNK + 1)
    stored = store.put("exports/a/b.pdf", content)
    assert (stored.size, stored.sha256) == (len(content), sha256(content).hexdigest())
    assert b"".join(store.read("exports/a/b.pdf")) == content


def test_putting_again_replaces_and_leaves_nothing_else(store: LocalStore) -> None:
    store.put("exports/a/b.pdf", b"old")
    store.put("exports/a/b.pdf", b"new")
    assert b"".join(store.read("exports/a/b.pdf")) == b"new"
    assert [path.name for path in store.folder.rglob("*") if path.is_file()] == ["b.pdf"]


def test_a_write_that_fails_leaves_no_file(store: LocalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", no_space)
    with pytest.raises(OSError, match="No space left"):
        store.put("exports/a/b.pdf", b"lost")
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("key", ["../secret", "/etc/passwd", "exports/../../secret", ""])
def test_a_key_cannot_lead_out_of_the_store(store: LocalStore, key: str) -> None:
    with pytest.raises(BadKey, match="leads out"):
        store.put(key, b"")
    with pytest.raises(BadKey):
        store.read(key)


def test_a_missing_file_is_known_before_the_first_chunk(store: LocalStore) -> None:
    with pytest.raises(FileMissing, match=r"no file .exports/none\.pdf"):
        store.read("exports/none.pdf")
