"""A store in a folder of this machine."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from providers.storage.store import BadKey, FileMissing, StoredFile

CHUNK = 1 << 16


class LocalStore:
    """Keeps files below `folder`. A file appears under its key only when all of it is on the disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    def put(self, key: str, content: bytes | Iterable[bytes]) -> StoredFile:
        """Write to a temporary name, flush to the disk, rename."""
        target = self.path(key)
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(prefix=".writing-", dir=target.parent)
        size, digest = 0, sha256()
        try:
            with os.fdopen(descriptor, "wb") as file:
                for piece in (content,) if isinstance(content, bytes) else content:
                    file.write(piece)
                    size += len(piece)
                    digest.update(piece)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        sync_folder(target.parent)
        return StoredFile(key=key, size=size, sha256=digest.hexdigest())

    def read(self, key: str) -> Iterator[bytes]:
        """Open the file at once, so that a missing one is known before the first chunk, then yield chunks."""
        path = self.path(key)
        try:
            file = path.open("rb")
        except FileNotFoundError as error:
            raise FileMissing(f"The store has no file {key!r}.") from error

        def chunks() -> Iterator[bytes]:
            with file:
                while chunk := file.read(CHUNK):
                    yield chunk

        return chunks()

    def delete(self, key: str) -> bool:
        """Remove the file, and the folders that it leaves empty."""
        path = self.path(key)
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        for folder in path.parents:
            if folder == self.folder:
                break
            try:
                folder.rmdir()
            except OSError:
                break  # not empty: others are in use
        return True

    def untouched(self, folder: str, *, for_at_least: timedelta) -> Iterator[str]:
        """Look at all files below the folder, one after the other."""
        written_before = time.time() - for_at_least.total_seconds()
        for place, _, names in os.walk(self.path(folder)):
            for name in names:
                path = Path(place, name)
                try:
                    old = path.stat().st_mtime <= written_before
                except FileNotFoundError:
                    continue  # renamed or deleted meanwhile
                if old:
                    yield path.relative_to(self.folder).as_posix()

    def check(self) -> None:
        """Write and remove an empty file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=self.folder):
            pass

    def free_bytes(self) -> int:
        """Return the free space of the disk that the folder lies on."""
        return shutil.disk_usage(self.folder).free

    def path(self, key: str) -> Path:
        """Return the place of a key, refusing one that leads out of the folder."""
        path = (self.folder / key).resolve()
        if not path.is_relative_to(self.folder) or path == self.folder:
            raise BadKey(f"The key {key!r} leads out of the store.")
        return path


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
