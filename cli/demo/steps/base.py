"""What every step works with, and what it gives."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from cli.api_client import ApiClient

FINAL = ("completed", "discarded", "cancelled")
POLL_SECONDS = 0.2


@dataclass(frozen=True)
class Row:
    """What came of one run. Times are in seconds; `excerpt` is shown below the table, line by line."""

    asked: str
    status: str
    waited: float | None = None
    ran: float | None = None
    attempts: int | None = None
    came_out: str = ""
    excerpt: tuple[str, ...] = ()

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

    api: ApiClient
    display: Display
    folder: Path
    timeout_seconds: float
    interrupted: Callable[[], bool]
    # The ledger's address as those have it who look after the system, for work that the API takes from nobody.
    ledger_url: str = ""

    def follow(self, asked: Mapping[str, str]) -> dict[str, dict[str, Any]]:
        """Poll the runs (their labels by id) until all are final. What is missing in the answer did not end in time."""
        return self.follow_by(lambda id_: self.api.get(f"/v1/runs/{id_}"), asked)

    def follow_by(self, find: Callable[[str], dict[str, Any]], asked: Mapping[str, str]) -> dict[str, dict[str, Any]]:
        """As `follow`, with another way to look a run up."""
        ended: dict[str, dict[str, Any]] = {}
        deadline = time.monotonic() + self.timeout_seconds
        while len(ended) < len(asked) and time.monotonic() < deadline and not self.interrupted():
            for id_ in asked.keys() - ended.keys():
                run = find(id_)
                self.display.show(asked[id_], *how_far(run))
                if run["state"] in FINAL:
                    ended[id_] = run
            time.sleep(POLL_SECONDS)
        return ended

    def perform(self, label: str, path: str, body: Mapping[str, Any]) -> dict[str, Any] | None:
        """Ask for one run and follow it; None when it did not end in time."""
        run = self.api.post(path, dict(body))
        return self.follow({run["id"]: label}).get(run["id"])

    def row(
        self, label: str, run: Mapping[str, Any] | None, *, came_out: str = "", excerpt: tuple[str, ...] = ()
    ) -> Row:
        """How a run went. `came_out` and `excerpt` tell what a completed one left."""
        if run is None:
            return Row(label, "interrupted" if self.interrupted() else "timed out")
        completed = run["state"] == "completed"
        return Row(
            label,
            run["state"],
            waited=seconds(run["created_at"], run["started_at"]),
            ran=seconds(run["started_at"], run["finalized_at"]),
            attempts=run["attempt"],
            came_out=came_out if completed else str(run.get("last_error") or run.get("reason") or ""),
            excerpt=excerpt if completed else (),
        )


Step = Callable[[Demo], list[Row]]


def how_far(run: Mapping[str, Any]) -> tuple[float, str]:
    """Fraction and message of a run."""
    if run["state"] in FINAL:
        return (1.0 if run["state"] == "completed" else 0.0), run["state"]
    return float(run.get("progress") or 0), str(run.get("progress_message") or run["state"])


def seconds(start: str | None, end: str | None) -> float | None:
    """The time between two moments of the API."""
    if not start or not end:
        return None
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()
