"""Renderers that do what a renderer must not; the render server loads them by their path."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import NoReturn

from exporters.document import ReportDocument
from exporters.registry import LazyExporter


def hang(_: ReportDocument) -> NoReturn:
    while True:
        time.sleep(3600)


def hang_and_tell(document: ReportDocument) -> NoReturn:
    """Hang after writing the fork's pid and the server's into the file that the title names."""
    target = Path(document.cover.title)
    temporary = target.with_suffix(".part")
    temporary.write_text(f"{os.getpid()} {os.getppid()}")
    temporary.rename(target)
    hang(document)


def burn(_: ReportDocument) -> NoReturn:
    while True:
        pass


def swell(_: ReportDocument) -> bytes:
    hoard = [bytearray(64 * 2**20) for _ in range(1000)]
    return bytes(hoard[0])


def crash(_: ReportDocument) -> NoReturn:
    os.kill(os.getpid(), signal.SIGSEGV)
    raise AssertionError("unreachable")


def fail(document: ReportDocument) -> NoReturn:
    raise ValueError(f"cannot draw {document.cover.title}")


def flood(_: ReportDocument) -> bytes:
    return bytes(8 * 2**20)


def chatter(_: ReportDocument) -> NoReturn:
    sys.stderr.write("x" * 300_000)
    sys.stderr.flush()
    raise ValueError("the end of a long story")


def environment(_: ReportDocument) -> bytes:
    return "\n".join(sorted(os.environ)).encode()


def title(document: ReportDocument) -> bytes:
    print("noise on stdout must not reach the frames")  # noqa: T201
    return document.cover.title.encode()


EXPORTERS = {
    name: LazyExporter(name, "text/plain", ".txt", f"tests.unit.exporters.misbehaving:{name}")
    for name in (
        *("hang", "hang_and_tell", "burn", "swell", "crash", "fail", "flood", "chatter", "environment", "title"),
    )
}
