"""Starting children and waiting until they work, several side by side."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cli.errors import StartFailed
from cli.process import TICK, Child, stop_children


def nothing() -> None:
    """The default of a callback."""


@dataclass
class _Start:
    """A child on its way up."""

    child: Child
    tries_left: int
    deadline: float = field(default=0.0)

    def spawn(self) -> None:
        self.tries_left -= 1
        self.deadline = time.monotonic() + self.child.spec.ready_seconds
        self.child.spawn()

    def step(self, on_spawn: Callable[[], None]) -> bool:
        """Is it ready? One that died is started again while it has tries left."""
        if self.child.ended():
            code = self.child.reap()
            if self.tries_left <= 0:
                raise StartFailed(_message(self.child, f"ended while it was starting (exit code {code})"))
            self.spawn()
            on_spawn()
        elif self.child.ready():
            return True
        elif time.monotonic() > self.deadline:
            raise StartFailed(_message(self.child, f"did not become ready in {self.child.spec.ready_seconds:g} s"))
        return False


def start_children(
    children: Sequence[Child], *, check: Callable[[], None] = nothing, on_spawn: Callable[[], None] = nothing
) -> None:
    """Start the children, each as soon as those it names in `start_after` are ready, and wait until all are.

    `check` is called all the while and may raise; `on_spawn` after each start. When this raises, the caller has to stop
    what was started.

    Raises:
        StartFailed: one ended or took too long; the message ends with the last lines of its log.
    """
    waiting, starting = list(children), list[_Start]()
    while waiting or starting:
        check()
        pending = {child.spec.name for child in waiting} | {start.child.spec.name for start in starting}
        for child in [child for child in waiting if pending.isdisjoint(child.spec.start_after)]:
            waiting.remove(child)
            starting.append(start := _Start(child, child.spec.start_tries))
            start.spawn()
            on_spawn()
        starting = [start for start in starting if not start.step(on_spawn)]
        time.sleep(TICK if starting else 0)


def start_child(child: Child) -> None:
    """Start one child; if that fails, nothing of it is left."""
    try:
        start_children([child])
    except BaseException:
        stop_children([child], hurry=lambda: True)
        raise


def _message(child: Child, what: str) -> str:
    words = child.last_words()
    where = f"Its log is {child.spec.log}"
    return f"{child.spec.name} {what}. {where}" + (f", which ends:\n{words}" if words else " and is empty.")
