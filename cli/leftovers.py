"""Processes that an earlier stack left behind: told apart from others for certain, and ended."""

from __future__ import annotations

import signal
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

# A birth time may shift that much when the clock is set.
CLOCK_SECONDS = 2.0


@dataclass(frozen=True)
class Identity:
    """A process for certain: pids are used again, pids with their birth time are not."""

    pid: int
    created: float

    @classmethod
    def of(cls, pid: int) -> Identity | None:
        """The identity of a living process."""
        with suppress(psutil.Error):
            return cls(pid, psutil.Process(pid).create_time())
        return None

    @classmethod
    def from_json(cls, value: Any) -> Identity | None:
        """Read what `stack.json` holds; nonsense is nobody."""
        try:
            return cls(int(value["pid"]), float(value["created"]))
        except (TypeError, KeyError, ValueError):
            return None

    def find(self) -> psutil.Process | None:
        """The process itself, if it still lives."""
        with suppress(psutil.Error):
            process = psutil.Process(self.pid)
            if abs(process.create_time() - self.created) < CLOCK_SECONDS and process.status() != psutil.STATUS_ZOMBIE:
                return process
        return None


def kill_all(processes: Iterable[psutil.Process]) -> None:
    """SIGKILL to each that still is the process it was."""
    for process in processes:
        with suppress(psutil.Error):
            process.kill()


def stop_leftovers(identities: Iterable[Identity], *, grace_seconds: float = 5.0) -> int:
    """End what an earlier stack left, with all their children; a pid that means another process now is let be."""
    found = [process for identity in identities if (process := identity.find()) is not None]
    families = [child for process in found for child in _descendants(process)]
    for process in found:
        with suppress(psutil.Error):
            process.terminate()
            process.resume()
    psutil.wait_procs(found, timeout=grace_seconds)
    kill_all([*found, *families])
    psutil.wait_procs([*found, *families], timeout=grace_seconds)
    return len(found)


def _descendants(process: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.Error):
        return list(process.children(recursive=True))
    return []


def servers_living_in(folder: Path, names: Sequence[str]) -> list[psutil.Process]:
    """Server processes of these names whose working folder is exactly this one: leftovers of ours, whatever the pid."""
    home, found = str(folder.resolve()), []
    for process in psutil.process_iter(["name"]):
        if (process.info["name"] or "").startswith(tuple(names)):
            with suppress(psutil.Error):
                if process.cwd() == home:
                    found.append(process)
    return found


def end_servers(processes: Sequence[psutil.Process], number: signal.Signals, grace_seconds: float = 15.0) -> None:
    """Ask those that are nobody's children, wait, then kill what is left."""
    pids = {process.pid for process in processes}
    for process in processes:
        with suppress(psutil.Error):
            if process.ppid() not in pids:
                process.send_signal(number)
                process.resume()
    _, alive = psutil.wait_procs(list(processes), timeout=grace_seconds)
    kill_all(alive)
    psutil.wait_procs(alive, timeout=5)
