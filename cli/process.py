"""One child process: in a group of its own, tied to its parent's life, ended with everything that it started."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from cli.leftovers import Identity, kill_all

PR_SET_PDEATHSIG = 1
LOG_LIMIT = 10 * 1024 * 1024
TICK = 0.05
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class ProcessSpec:
    """How to start a process, how to know that it works, how to end it.

    `stop_signals` are sent in turn, each with `grace_seconds` to act on; SIGKILL to the whole group comes last.
    Processes of a lower `stop_stage` are ended first. `prepare` runs before each start. Where there is no `ready` to
    ask, a process counts as started once it has lived for `settle_seconds` and `ready_line` is in its log.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    log: Path
    cwd: Path = Path("/")
    prepare: Callable[[], None] | None = None
    ready: Callable[[], bool] | None = None
    ready_line: str = ""
    settle_seconds: float = 0.0
    ready_seconds: float = 30.0
    start_after: tuple[str, ...] = ()
    start_tries: int = 1
    restart: bool = True
    stop_signals: tuple[signal.Signals, ...] = (signal.SIGTERM,)
    grace_seconds: float = 10.0
    stop_stage: int = 0
    death_signal: signal.Signals = signal.SIGTERM
    user: int | None = None
    group: int | None = None


@dataclass
class Child:
    """A started `ProcessSpec`, or one about to be."""

    spec: ProcessSpec
    identity: Identity | None = None
    _popen: subprocess.Popen[bytes] | None = None
    _log_offset: int = 0
    _born: float = 0.0
    _family: list[psutil.Process] = field(default_factory=list)

    def spawn(self) -> None:
        """Start the process; whether it works is for `ready` to say.

        To be called from a thread that lives as long as the child may: on Linux the death signal is sent when the
        *thread* that started a child ends.
        """
        spec = self.spec
        if spec.prepare is not None:
            spec.prepare()
        with open_log(spec.log) as log:
            self._log_offset = log.tell()
            self._popen = subprocess.Popen(
                spec.argv,
                cwd=spec.cwd,
                env=dict(spec.env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent(spec.death_signal),  # noqa: PLW1509 - it takes no lock
                **credentials(spec.user, spec.group),
            )
        self._born = time.monotonic()
        self.identity = Identity.of(self._popen.pid)

    def ended(self) -> bool:
        """Has the process ended? It is not reaped yet, so that its group's number still belongs to it."""
        popen = self._popen
        if popen is None or popen.returncode is not None:
            return True
        if not hasattr(os, "waitid"):
            return popen.poll() is not None
        try:
            return os.waitid(os.P_PID, popen.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        except ChildProcessError:
            # Someone else reaped it: the number may mean another process by now.
            return popen.poll() is not None

    def ready(self) -> bool:
        """Does it answer, or has it at least settled?"""
        if self.ended():
            return False
        if self.spec.ready is not None:
            return self.spec.ready()
        return self.age() >= self.spec.settle_seconds and self.spec.ready_line in self.last_words(lines=1000)

    def age(self) -> float:
        """Seconds since it was started."""
        return time.monotonic() - self._born

    def signal(self, number: signal.Signals) -> None:
        """Signal the process alone; what it started is its own business."""
        self._remember_family()
        if self._popen is not None and not self.ended():
            with suppress(ProcessLookupError):
                os.kill(self._popen.pid, number)

    def kill(self) -> None:
        """SIGKILL to the process and to everything that it started, wherever that has moved to."""
        self._remember_family()
        self._kill_group()
        kill_all(self._family)

    def reap(self) -> int:
        """Collect an ended process, together with what it left behind."""
        if self._popen is None:
            return 0
        self._kill_group()
        code = self._popen.wait()
        kill_all(self._family)
        self._family = []
        return code

    def last_words(self, lines: int = 15) -> str:
        """The last lines that this start wrote to its log."""
        with suppress(OSError), self.spec.log.open("rb") as log:
            size = log.seek(0, os.SEEK_END)
            log.seek(max(self._log_offset, size - 8192))
            return "\n".join(log.read().decode("utf-8", "replace").splitlines()[-lines:])
        return ""

    def _remember_family(self) -> None:
        if self.identity is not None and (process := self.identity.find()) is not None:
            with suppress(psutil.Error):
                self._family = list({*self._family, *process.children(recursive=True)})

    def _kill_group(self) -> None:
        popen = self._popen
        if popen is not None and popen.returncode is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(popen.pid, signal.SIGKILL)


def die_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """What a child does before exec so that the system signals it when its parent dies (Linux only)."""
    if _libc is None:
        return None
    libc, parent = _libc, os.getpid()

    def bind() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return bind


def credentials(user: int | None, group: int | None) -> dict[str, Any]:
    """The arguments of subprocess that start a child as another user, with none of root's groups."""
    return {} if user is None else {"user": user, "group": group, "extra_groups": []}


def open_log(path: Path) -> Any:
    """Open for appending; a log that has grown too long starts anew beside its predecessor."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(".log.old"))
    log = path.open("ab")
    log.seek(0, os.SEEK_END)
    return log


@dataclass
class _Ending:
    """A child that was asked to end: what it is still to be told, and since when it has known the last word."""

    child: Child
    signals: list[signal.Signals]
    since: float = field(default_factory=time.monotonic)

    def step(self, *, hurry: bool) -> bool:
        """Has it ended? If not, and its time is up, press harder."""
        if self.child.ended():
            self.child.reap()
            return True
        if hurry:
            self.child.kill()
        elif time.monotonic() - self.since > self.child.spec.grace_seconds:
            self.press()
        return False

    def press(self) -> None:
        """Send the next signal, or SIGKILL if none is left."""
        self.since = time.monotonic()
        if self.signals:
            self.child.signal(self.signals.pop(0))
        else:
            self.child.kill()


def stop_children(children: Iterable[Child], *, hurry: Callable[[], bool] = lambda: False) -> None:
    """End the children side by side: signals in turn, each with its grace, then SIGKILL; `hurry` skips the grace."""
    endings = [_Ending(child, list(child.spec.stop_signals)) for child in children]
    for ending in endings:
        ending.press()
    while endings := [ending for ending in endings if not ending.step(hurry=hurry())]:
        time.sleep(TICK)
