"""What the embedded servers have in common: a folder, a password, a port that stays, a start and a stop."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path

from cli.errors import LocalStackError
from cli.ports import free_port
from cli.private_files import write_private
from cli.process import Child, ProcessSpec, stop_children
from cli.starting import start_child


class EmbeddedServer(ABC):
    """A server of our own on a loopback port.

    Its data and its port outlive it; whatever else it left is cleared at the next start.
    """

    name: str

    def __init__(self, folder: Path, *, password: str, log: Path | None = None) -> None:
        self.folder = folder.absolute()
        self.log = log or self.folder / f"{self.name}.log"
        self._password = password
        self._port: int | None = None
        self._child: Child | None = None
        self._answered = False

    @property
    def data(self) -> Path:
        """Where the server keeps its data."""
        return self.folder / "data"

    @property
    def port(self) -> int:
        """The port it listens on, known once it was started."""
        if self._port is None:
            raise LocalStackError(f"The port of {self.name} is not known before it was started: call start() first.")
        return self._port

    @property
    def pid(self) -> int | None:
        """The server's process, if `start` made one."""
        return self._child.identity.pid if self._child is not None and self._child.identity is not None else None

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._child = Child(self.spec())
        start_child(self._child)

    def stop(self) -> None:
        """Shut the server down; what was committed is on disk."""
        if self._child is not None:
            stop_children([self._child])
            self._child = None

    @abstractmethod
    def spec(self) -> ProcessSpec:
        """The server as a supervisor runs it."""

    @abstractmethod
    def _ping(self) -> bool:
        """Does our own server answer, with our own password?"""

    def _answers(self) -> bool:
        answer = self._ping()
        self._answered = self._answered or answer
        return answer

    def _choose_port(self) -> int:
        """The last port if it is free, else another. Once clients know it, it stays, whatever happens to the server."""
        if not self._answered:
            self._port = free_port(self._last_port())
            write_private(self.folder / "port", f"{self._port}\n")
        return self.port

    def _last_port(self) -> int | None:
        with suppress(FileNotFoundError, ValueError):
            return int((self.folder / "port").read_text(encoding="utf-8"))
        return None
