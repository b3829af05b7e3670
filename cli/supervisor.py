"""Keeps the processes of a local stack alive, and ends them in order, to the last one."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import Self

from cli.errors import StopRequested
from cli.leftovers import Identity
from cli.process import TICK, Child, ProcessSpec, stop_children
from cli.starting import nothing, start_children
from contracts.errors import DrayError

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
FIRST_DELAY, LONGEST_DELAY = 0.2, 15.0
# A process that lived this long starts again without delay when it dies.
STEADY_SECONDS = 30.0
# A terminal and a wrapper may both deliver the same Ctrl-C; only a later one means "at once".
SAME_KEY_SECONDS = 0.7


@dataclass
class _Watch:
    """A child that ought to live; `due` is when a dead one is to be started again."""

    child: Child
    failures: int = 0
    due: float | None = None

    def postpone(self) -> float:
        """Plan the next start: the more often it died young, the later."""
        self.failures = 0 if self.child.age() > STEADY_SECONDS else self.failures
        delay = min(LONGEST_DELAY, FIRST_DELAY * 2.0**self.failures)
        self.failures += 1
        self.due = time.monotonic() + delay
        return delay


class Supervisor:
    """Starts processes, restarts what dies, stops everything when it is told to or left.

    A context manager, for the main thread: inside, SIGINT, SIGTERM and SIGHUP ask it to stop, a second one to stop at
    once. `report` gets a line for people; `on_change` is called when a process was started.
    """

    def __init__(self, *, report: Callable[[str], None], on_change: Callable[[], None] = nothing) -> None:
        self._report = report
        self._on_change = on_change
        self._watches: dict[str, _Watch] = {}
        self._asked_at: float | None = None
        self._hurry = False
        self._stopping = False
        self._handlers: dict[signal.Signals, signal._HANDLER] = {}

    def __enter__(self) -> Self:
        for number in STOP_SIGNALS:
            # Under nohup SIGHUP is ignored, and is to stay so.
            if signal.getsignal(number) is not signal.SIG_IGN or number is not signal.SIGHUP:
                self._handlers[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.stop()
        finally:
            for number, handler in self._handlers.items():
                signal.signal(number, handler)

    @property
    def asked_to_stop(self) -> bool:
        """Did a signal or `ask_to_stop` say so?"""
        return self._asked_at is not None

    def ask_to_stop(self) -> None:
        """Have `run` return soon. May be called from any thread."""
        self._asked_at = self._asked_at or time.monotonic()

    def identities(self) -> dict[str, Identity]:
        """Who runs now."""
        children = {name: watch.child for name, watch in self._watches.items()}
        return {name: child.identity for name, child in children.items() if child.identity and not child.ended()}

    def start(self, specs: Sequence[ProcessSpec]) -> None:
        """Start these processes and wait until all are ready.

        Raises:
            StartFailed: one of them ended or took too long.
            StopRequested: a signal came.
        """
        watches = {spec.name: _Watch(Child(spec)) for spec in specs}
        self._watches.update(watches)
        children = [watch.child for watch in watches.values()]
        start_children(children, check=self._check, on_spawn=self._on_change)

    def run(self, until: Callable[[], bool] = lambda: False) -> None:
        """Keep everything alive until a signal comes or `until` holds."""
        while not self.asked_to_stop and not until():
            self.tend()
            time.sleep(TICK)

    def tend(self) -> None:
        """Look once at every process; start again what has died and whose time has come."""
        for watch in self._watches.values():
            if watch.due is None:
                self._mourn(watch)
            elif time.monotonic() >= watch.due:
                self._revive(watch)

    def stop(self) -> None:
        """End everything, stage by stage; within a stage side by side."""
        self._stopping = True
        children = [watch.child for watch in self._watches.values()]
        for stage in sorted({child.spec.stop_stage for child in children}):
            ending = [child for child in children if child.spec.stop_stage == stage]
            self._announce(child.spec.name for child in ending if not child.ended())
            stop_children(ending, hurry=lambda: self._hurry)
        self._watches = {}
        self._stopping = False

    def _announce(self, names: Iterable[str]) -> None:
        if listed := ", ".join(names):
            self._report(f"Stopping {listed}")

    def _mourn(self, watch: _Watch) -> None:
        child = watch.child
        if child.ended() and child.spec.restart:
            code = child.reap()
            delay = watch.postpone()
            self._report(f"{child.spec.name} {_ending(code)}; it starts again in {delay:.1f} s ({child.spec.log})")

    def _revive(self, watch: _Watch) -> None:
        watch.due = None
        try:
            watch.child.spawn()
        except (DrayError, OSError) as error:
            delay = watch.postpone()
            self._report(f"{watch.child.spec.name} cannot start ({error}); next try in {delay:.1f} s")
        self._on_change()

    def _check(self) -> None:
        if self.asked_to_stop:
            raise StopRequested

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        if self._asked_at is None:
            self._asked_at = now
        elif now - self._asked_at > SAME_KEY_SECONDS:
            self._hurry = True
            if not self._stopping:
                raise KeyboardInterrupt


def _ending(code: int) -> str:
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended (exit code {code})"
