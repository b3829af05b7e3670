"""What a local stack keeps on disk: all of it under `var/` (or DRAY_VAR), nothing anywhere else."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.errors import NoStackRunning, StackAlreadyRunning
from cli.leftovers import Identity
from cli.private_files import make_private_folder, read_json, write_private_json

ROOT = Path(__file__).resolve().parents[1]
ROLES = ("dray_migrator", "dray_worker", "dray_api", "dray_maintainer", "dray_backup")


@dataclass(frozen=True)
class Secrets:
    """Random passwords of this folder's servers, made once."""

    postgres: str
    dray_migrator: str
    dray_worker: str
    dray_api: str
    dray_maintainer: str
    dray_backup: str
    redis: str
    flower: str

    @property
    def roles(self) -> dict[str, str]:
        """The password of each database role."""
        return {role: getattr(self, role) for role in ROLES}


class LocalState:
    """The folder of one local stack."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> LocalState:
        """`var/` of the project, or the folder that DRAY_VAR names."""
        return cls(Path(environ.get("DRAY_VAR") or ROOT / "var"))

    @property
    def stack_file(self) -> Path:
        """Where the running stack is described."""
        return self.folder / "run" / "stack.json"

    def log(self, name: str) -> Path:
        """The log file of a process."""
        return make_private_folder(self.folder / "logs") / f"{name}.log"

    def storage(self) -> Path:
        """Where exports and other files of the runs lie."""
        return make_private_folder(self.folder / "storage")

    def secrets(self) -> Secrets:
        """The passwords, made at the first call. What a later version adds is made then."""
        path = make_private_folder(self.folder) / "secrets.json"
        known = read_json(path)
        names = Secrets.__dataclass_fields__
        values = {name: known.get(name) or secrets.token_urlsafe(24) for name in names}
        if values != known:
            write_private_json(path, values)
        return Secrets(**values)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the folder for one stack; a second one is told who holds it."""
        path = make_private_folder(self.folder / "run") / "lock"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._take(descriptor)
            yield
        finally:
            os.close(descriptor)

    def _take(self, descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 32, 0).decode().strip() or "unknown"
            raise StackAlreadyRunning(
                f"A stack is already running on {self.folder} (process {holder}): use it (`dray env`), stop it first, "
                "or set DRAY_VAR to another folder."
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)

    def write_stack(self, document: Mapping[str, Any]) -> None:
        """Replace what is known of the running stack."""
        make_private_folder(self.stack_file.parent)
        write_private_json(self.stack_file, dict(document))

    def read_stack(self) -> dict[str, Any]:
        """What the last stack wrote, whether it still runs or not."""
        return read_json(self.stack_file)

    def running_stack(self) -> dict[str, Any]:
        """The addresses of the stack that runs now."""
        document = self.read_stack()
        supervisor = Identity.from_json(document.get("supervisor"))
        if supervisor is None or supervisor.find() is None or not document.get("ready"):
            raise NoStackRunning(f"No stack is running on {self.folder}: start one with `dray up`.")
        return document
