"""The render server: imports the renderers once and forks for each file.

`exporters.renderer` runs it with a socket as its stdin.
A fork works under limits of its own, so that a renderer that hangs, swells or crashes takes nothing with it.
"""

from __future__ import annotations

import ctypes
import json
import logging
import os
import resource
import selectors
import signal
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from typing import NoReturn

from exporters.document import ReportDocument
from exporters.registry import LazyExporter, exporter_for
from exporters.wire import Outcome, RenderLimits, Reply, Request, frame, read_frame

_SOCKET = 0
_PR_SET_PDEATHSIG = 1
_STDERR_KEPT = 8_000
_FAILED, _NO_MEMORY = 3, 4


def main(arguments: list[str]) -> int:
    """Serve until the socket ends or the parent dies. Arguments: the parent's pid, and the exporters as JSON."""
    die_with(int(arguments[0]))
    exporters = {name: LazyExporter(**fields) for name, fields in json.loads(arguments[1]).items()}
    _import_all(exporters)
    _answer(Reply(outcome="ready"))
    while True:
        try:
            request = Request.model_validate_json(read_frame(_read_exactly))
            document = read_frame(_read_exactly)
        except EOFError:
            return 0
        reply, body = _render(request, document, exporters)
        _answer(reply, body)


def die_with(parent: int) -> None:
    """Have the kernel kill this process when its parent dies; elsewhere than on Linux the end of stdin has to do."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def _import_all(exporters: Mapping[str, LazyExporter]) -> None:
    """A format whose libraries are missing must not take the others with it: its error shows when it is asked for."""
    for exporter in exporters.values():
        with suppress(ImportError, AttributeError):
            exporter.load()
            warm_up: Callable[[], None] | None = getattr(
                import_module(exporter.target.partition(":")[0]), "warm_up", None
            )
            if warm_up is not None:
                warm_up()
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    logging.getLogger("fontTools").setLevel(logging.ERROR)


def _render(request: Request, document: bytes, exporters: Mapping[str, LazyExporter]) -> tuple[Reply, bytes]:
    result, result_end = os.pipe()
    errors, errors_end = os.pipe()
    server = os.getpid()
    child = os.fork()
    if child == 0:
        os.close(result)
        os.close(errors)
        die_with(server)
        _work(request, document, exporters, result_end, errors_end)
    os.close(result_end)
    os.close(errors_end)
    return _Watch(child, request.limits, result, errors).reply()


def _work(
    request: Request, document: bytes, exporters: Mapping[str, LazyExporter], result: int, errors: int
) -> NoReturn:
    """In the fork: render under the limits and leave without running anything of the server's."""
    code = _FAILED
    try:
        os.dup2(errors, 2)
        os.dup2(os.open(os.devnull, os.O_RDONLY), _SOCKET)
        os.dup2(2, 1)
        _limit(request.limits)
        file = exporter_for(request.format, exporters).render(ReportDocument.model_validate_json(document))
        _write_all(result, file)
        code = 0
    except MemoryError:
        code = _NO_MEMORY
    except BaseException:  # noqa: BLE001 - whatever it is must reach the server as text, not unwind into its loop
        with suppress(BaseException):
            os.write(2, traceback.format_exc().encode(errors="replace")[-_STDERR_KEPT:])
    finally:
        os._exit(code)


def _limit(limits: RenderLimits) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(ValueError, OSError):  # macOS knows the limit but doesn't take it
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))


class _Watch:
    """Collects what a fork writes until it ends, hangs, or the server itself is no longer wanted."""

    def __init__(self, child: int, limits: RenderLimits, result: int, errors: int) -> None:
        self.child, self.limits = child, limits
        self.deadline = time.monotonic() + limits.wall_seconds
        self.file, self.errors = bytearray(), bytearray()
        self.sinks = {result: self.file, errors: self.errors}
        self.ended_by: str | None = None

    def reply(self) -> tuple[Reply, bytes]:
        """How it went, and the file."""
        try:
            self._collect()
        finally:
            if self.ended_by is not None:
                os.kill(self.child, signal.SIGKILL)
            for descriptor in self.sinks:
                os.close(descriptor)
        status = self._wait()
        if self.ended_by == "abandoned":
            os._exit(0)
        outcome, message = self._judge(status)
        return Reply(outcome=outcome, message=message), bytes(self.file) if outcome == "rendered" else b""

    def _collect(self) -> None:
        with selectors.DefaultSelector() as selector:
            for descriptor in (*self.sinks, _SOCKET):
                selector.register(descriptor, selectors.EVENT_READ)
            open_pipes = len(self.sinks)
            while open_pipes and self.ended_by is None:
                remaining = self.deadline - time.monotonic()
                if remaining <= 0:
                    self.ended_by = "deadline"
                for key, _ in selector.select(max(remaining, 0)):
                    if key.fd == _SOCKET:  # between two requests nothing but its end can come from there
                        self.ended_by = "abandoned"
                    elif not self._drain(key.fd):
                        selector.unregister(key.fd)
                        open_pipes -= 1

    def _drain(self, descriptor: int) -> bool:
        part = os.read(descriptor, 1 << 18)
        sink = self.sinks[descriptor]
        sink += part
        if sink is self.errors:
            del self.errors[:-_STDERR_KEPT]
        elif len(self.file) > self.limits.output_bytes:
            self.ended_by = "output"
        return bool(part)

    def _wait(self) -> int:
        """The pipes are closed; a fork that closed them and lives on has until the deadline, too."""
        while True:
            ended, status = os.waitpid(self.child, os.WNOHANG)
            if ended:
                return status
            if self.ended_by is not None or time.monotonic() >= self.deadline:
                with suppress(ProcessLookupError):
                    os.kill(self.child, signal.SIGKILL)
                self.ended_by = self.ended_by or "deadline"
                return os.waitpid(self.child, 0)[1]
            time.sleep(0.001)

    def _judge(self, status: int) -> tuple[Outcome, str]:
        limits, said = self.limits, self.errors.decode(errors="replace").strip()
        if self.ended_by == "deadline":
            return (
                "timed_out",
                f"it took longer than {limits.wall_seconds:g} s; raise wall_seconds or export fewer sections",
            )
        if self.ended_by == "output":
            return (
                "failed",
                f"the file is larger than {limits.output_bytes} bytes; raise output_bytes or export fewer sections",
            )
        if os.WIFSIGNALED(status):
            return self._judge_signal(os.WTERMSIG(status), said)
        code = os.waitstatus_to_exitcode(status)
        if code == _NO_MEMORY or "MemoryError" in said[-200:]:
            return (
                "crashed",
                f"it needed more than {limits.memory_bytes} bytes; raise memory_bytes or export fewer sections",
            )
        return ("rendered", "") if code == 0 else ("failed", said or f"it ended with code {code}")

    def _judge_signal(self, number: int, said: str) -> tuple[Outcome, str]:
        if number == signal.SIGXCPU:
            seconds = self.limits.cpu_seconds
            return "timed_out", f"it used more than {seconds} s of CPU; raise cpu_seconds or export fewer sections"
        return "crashed", f"it was killed by {signal.Signals(number).name}. {said}".strip()


def _answer(reply: Reply, body: bytes = b"") -> None:
    _write_all(_SOCKET, frame(reply.model_dump_json().encode()) + frame(body))


def _read_exactly(count: int) -> bytes:
    data = bytearray()
    while len(data) < count:
        part = os.read(_SOCKET, min(count - len(data), 1 << 20))
        if not part:
            raise EOFError
        data += part
    return bytes(data)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view[: 1 << 20]) :]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
