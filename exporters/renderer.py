"""Files from a warm render server: started at the first rendering, started anew when it died."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Self

from contracts.errors import DrayError
from exporters.document import ReportDocument
from exporters.registry import EXPORTERS, LazyExporter, exporter_for
from exporters.wire import RenderLimits, Reply, Request, frame, read_frame

_ROOT = Path(__file__).resolve().parent.parent
_START_SECONDS = 60.0
_GRACE_SECONDS = 10.0
_SHOWN = 2_000
# Everything else stays behind: a renderer reads hostile text and has no use for a secret.
_ENVIRONMENT = frozenset({
    *("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "XDG_CACHE_HOME", "XDG_DATA_DIRS"),
    *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH"),
})  # fmt: skip


class RenderFailed(DrayError):
    """The file could not be rendered."""


class RenderTimedOut(RenderFailed):
    """Rendering the file took too long."""


class RenderCrashed(RenderFailed):
    """The renderer died, or ran out of memory."""


class RenderServer:
    """Renders files in forks of one warm child process, one at a time.

    The child dies with the thread that started it (Linux), with this process, or at `close()`. A copy of this object
    in a forked process starts a child of its own.
    """

    def __init__(self, exporters: Mapping[str, LazyExporter] = EXPORTERS) -> None:
        self._exporters = dict(exporters)
        self._lock = threading.Lock()
        self._server: _Server | None = None

    def render(self, format: str, document: ReportDocument, *, limits: RenderLimits | None = None) -> bytes:
        """The document in that format; raises RenderFailed or one of its kinds."""
        exporter_for(format, self._exporters)
        bounds = limits or RenderLimits()
        with self._lock:
            server = self._running()
            try:
                reply, body = server.ask(Request(format=format, limits=bounds), document.model_dump_json().encode())
            except BaseException:
                self._drop()  # an answer that comes too late would be taken for the next one's
                raise
        if reply.outcome == "rendered":
            return body
        errors = {"timed_out": RenderTimedOut, "crashed": RenderCrashed}
        raise errors.get(reply.outcome, RenderFailed)(f"Rendering {format} failed: {reply.message[-_SHOWN:]}")

    def start(self) -> None:
        """Start the server now rather than at the first rendering."""
        with self._lock:
            self._running()

    @property
    def pid(self) -> int | None:
        """The server's process, if it was started from this one."""
        return self._server.process.pid if self._server is not None and self._server.is_ours() else None

    def close(self) -> None:
        """End the server; the next rendering starts another."""
        with self._lock:
            self._drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _running(self) -> _Server:
        if self._server is None or not self._server.is_ours() or self._server.process.poll() is not None:
            self._drop()
            self._server = _Server(self._exporters)
        return self._server

    def _drop(self) -> None:
        if self._server is not None:
            self._server.end()
            self._server = None


class _Server:
    """One child process and the socket to it."""

    def __init__(self, exporters: Mapping[str, LazyExporter]) -> None:
        self._owner = os.getpid()
        self._stderr: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by end()
        self._socket, theirs = socket.socketpair()
        specifications = json.dumps({name: asdict(exporter) for name, exporter in exporters.items()})
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "exporters.render_server", str(self._owner), specifications],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=self._stderr,
                cwd=_ROOT,
                env={name: value for name, value in os.environ.items() if name in _ENVIRONMENT},
            )
        try:
            self._read(_START_SECONDS)
        except BaseException:
            self.end()
            raise

    def is_ours(self) -> bool:
        """Whether this process started it: a fork inherits the object, but not the right to use the socket."""
        return self._owner == os.getpid()

    def ask(self, request: Request, document: bytes) -> tuple[Reply, bytes]:
        """Send a request and wait for its answer, a little longer than the server itself would."""
        patience = request.limits.wall_seconds + _GRACE_SECONDS
        try:
            self._socket.settimeout(patience)
            self._socket.sendall(frame(request.model_dump_json().encode()) + frame(document))
        except TimeoutError:
            raise RenderTimedOut(f"The render server took no request for {patience:g} s.") from None
        except OSError as error:
            raise self._died() from error
        return self._read(patience)

    def end(self) -> None:
        """Kill the child, if it is ours, and let go of what belongs to it."""
        if self.is_ours():
            self.process.kill()
            self.process.wait()
        else:
            self.process.returncode = 0  # it is another's child: keep subprocess from warning about it
        self._socket.close()
        self._stderr.close()

    def _read(self, patience: float) -> tuple[Reply, bytes]:
        deadline = time.monotonic() + patience

        def read_exactly(count: int) -> bytes:
            data = bytearray()
            while len(data) < count:
                self._socket.settimeout(max(deadline - time.monotonic(), 0.001))
                part = self._socket.recv(min(count - len(data), 1 << 20))
                if not part:
                    raise self._died()
                data += part
            return bytes(data)

        try:
            return Reply.model_validate_json(read_frame(read_exactly)), read_frame(read_exactly)
        except TimeoutError:
            raise RenderTimedOut(f"The render server gave no answer within {patience:g} s; it was ended.") from None
        except OSError as error:
            raise self._died() from error

    def _died(self) -> RenderCrashed:
        said = ""
        with suppress(OSError, ValueError):
            self._stderr.seek(0)
            said = self._stderr.read().decode(errors="replace").strip()[-_SHOWN:]
        return RenderCrashed(f"The render server died and will be started anew. {said}".strip())
