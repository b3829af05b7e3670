"""The demo's steps. Each sends work, follows it to its end and gives one row for each thing that was asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from cli.demo.client import ApiRefused, DemoClient

FORMATS = ("pdf", "excel")
SUFFIXES = {"pdf": ".pdf", "excel": ".xlsx"}
FINAL = ("completed", "failed")
POLL_SECONDS = 0.2


@dataclass(frozen=True)
class Row:
    """What came of one thing that was asked. Times are in seconds."""

    asked: str
    status: str
    waited: float | None = None
    ran: float | None = None
    attempts: int | None = None
    size: int | None = None
    file: Path | None = None
    note: str = ""

    @property
    def failed(self) -> bool:
        """Is there no result?"""
        return self.status != "completed"


class Display(Protocol):
    """Where progress is shown."""

    def show(self, label: str, fraction: float, message: str) -> None:
        """How far one thing is, from 0 to 1."""


@dataclass(frozen=True)
class Demo:
    """What a step works with."""

    api: DemoClient
    display: Display
    folder: Path
    timeout_seconds: float
    interrupted: Callable[[], bool]


def export_reports(demo: Demo) -> list[Row]:
    """Every sample report in every format."""
    asked: dict[str, str] = {}
    for report in demo.api.get("/v1/reports")["items"]:
        for form in FORMATS:
            export = demo.api.post(f"/v1/reports/{report['id']}/exports", {"format": form})
            asked[export["id"]] = f"{report['project']}, {report['period']}: {form}"
    if not asked:
        raise ApiRefused("The API lists no report: load the sample data with `dray db seed`.")
    ended = follow(demo, asked)
    return [export_row(demo, label, ended.get(id_)) for id_, label in asked.items()]


STEPS: tuple[Callable[[Demo], list[Row]], ...] = (export_reports,)


def run_steps(demo: Demo, steps: Iterable[Callable[[Demo], list[Row]]] = STEPS) -> list[Row]:
    """All rows of all steps."""
    return [row for step in steps for row in step(demo)]


def follow(demo: Demo, asked: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Poll the exports until all are final, showing progress. What is missing in the answer did not end in time."""
    ended: dict[str, dict[str, Any]] = {}
    deadline = time.monotonic() + demo.timeout_seconds
    while len(ended) < len(asked) and time.monotonic() < deadline and not demo.interrupted():
        for id_ in asked.keys() - ended.keys():
            export = demo.api.get(f"/v1/exports/{id_}")
            demo.display.show(asked[id_], *how_far(export))
            if export["status"] in FINAL:
                ended[id_] = export
        time.sleep(POLL_SECONDS)
    return ended


def how_far(export: dict[str, Any]) -> tuple[float, str]:
    """Fraction and message of an export."""
    if export["status"] in FINAL:
        return (1.0 if export["status"] == "completed" else 0.0), export["status"]
    return float(export.get("progress") or 0), str(export.get("progress_message") or export["status"])


def export_row(demo: Demo, label: str, export: dict[str, Any] | None) -> Row:
    """Fetch the file of a finished export and say how it went."""
    if export is None:
        return Row(label, "interrupted" if demo.interrupted() else "timed out")
    file = fetch(demo, export) if export["status"] == "completed" else None
    return Row(
        label,
        export["status"],
        waited=seconds(export["created_at"], export["started_at"]),
        ran=seconds(export["started_at"], export["completed_at"]),
        attempts=int(export["retry_count"] or 0) + 1,
        size=file.stat().st_size if file else None,
        file=file,
        note=str(export.get("error_message") or ""),
    )


def fetch(demo: Demo, export: dict[str, Any]) -> Path:
    """Download the file and hold it against the size that the API states."""
    fallback = f"{export['id']}{SUFFIXES.get(export['format'], '')}"
    file = demo.api.download(export["download_url"], demo.folder, fallback=fallback)
    if file.stat().st_size != export["file_size"]:
        raise ApiRefused(f"{file} has {file.stat().st_size} bytes, the API states {export['file_size']}.")
    return file


def seconds(start: str | None, end: str | None) -> float | None:
    """The time between two moments of the API."""
    if not start or not end:
        return None
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()
