"""The contract of a file store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from contracts.errors import DrayError, Permanent


class FileMissing(DrayError):
    """The store has no file under this key."""


class BadKey(Permanent):
    """The key is not one that a store accepts."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in the store. `size` is in bytes; `sha256` is in hexadecimal."""

    key: str
    size: int
    sha256: str


class Store(Protocol):
    """Keeps files under keys such as `exports/<run id>/<hash>.pdf`. Every method is safe to repeat."""

    def put(self, key: str, content: bytes | Iterable[bytes]) -> StoredFile:
        """Store `content`, whole or in pieces, under `key`: all of it or nothing.

        Raises:
            BadKey: the key leads out of the store.
            OSError: the store can't be written; nothing is left behind.
        """

    def read(self, key: str) -> Iterator[bytes]:
        """Yield the file in chunks.

        Raises:
            FileMissing: there is none.
        """

    def delete(self, key: str) -> bool:
        """Remove a file; return whether there was one.

        Raises:
            BadKey: the key leads out of the store.
        """

    def untouched(self, folder: str, *, for_at_least: timedelta) -> Iterator[str]:
        """Yield the keys below a folder that nobody has written for that long, those of half-written files too."""

    def check(self) -> None:
        """Raise OSError when the store can't be written."""

    def free_bytes(self) -> int | None:
        """Return how many bytes can still be stored; None where the store knows no limit."""
