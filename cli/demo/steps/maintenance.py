"""What keeps the system in order: the API takes it from nobody, so an operator asks, as `dray run enqueue` does."""

# ruff: noqa: PLC0415 - db is heavy, and `dray --help` is quick
from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cli.demo.steps.base import Demo, Row
from contracts.args.base import Args
from contracts.args.maintenance import CleanSessions, ExpireExports, MaintainReports, ProbeHealth, PruneLedger

if TYPE_CHECKING:
    from db.session import Database


def show_maintenance(demo: Demo) -> list[Row]:
    """Every kind that schedules ask for by themselves, once now."""
    from db.session import Database

    database = Database(demo.ledger_url, application_name="dray demo", pool_size=1)
    try:
        asked = {enqueue(database, args): args.kind for args in KINDS_SHOWN}
        ended = demo.follow_by(
            lambda id_: find(database, id_), {id_: f"operator: {kind}" for id_, kind in asked.items()}
        )
        return [show_run(demo, kind, ended.get(id_)) for id_, kind in asked.items()]
    finally:
        database.close()


def enqueue(database: Database, args: Args) -> str:
    """Ask in nobody's name; return the run's id."""
    from db import ledger

    with database.transaction() as session:
        return str(ledger.enqueue(session, args).id)


def find(database: Database, id_: str) -> dict[str, Any]:
    """Look a run up, as the API would show it."""
    from db.repositories.runs import find_run

    with database.transaction() as session:
        run = find_run(session, UUID(id_))
    if run is None:
        return {"state": "missing"}
    shown: dict[str, Any] = json.loads(json.dumps(asdict(run), default=str))
    return shown


def show_run(demo: Demo, kind: str, run: dict[str, Any] | None) -> Row:
    """One line of what a run did."""
    completed = run is not None and run["state"] == "completed"
    came_out = SUMMARIES[kind](run["result"]) if run is not None and completed else ""
    return demo.row(f"operator: {kind}", run, came_out=came_out)


def counts(values: Mapping[str, Any]) -> str:
    """Names and numbers: `exports failed: 0, files deleted: 3`."""
    return ", ".join(f"{name.replace('_', ' ')}: {values[name]}" for name in sorted(values))


KINDS_SHOWN = (CleanSessions(), MaintainReports(), ExpireExports(), ProbeHealth(), PruneLedger())
SUMMARIES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    CleanSessions.kind: lambda result: f"{counts(result['rows'])}, {result['milliseconds']} ms",
    MaintainReports.kind: lambda result: counts({task["task"]: task["items"] for task in result["tasks"]}),
    ExpireExports.kind: counts,
    ProbeHealth.kind: lambda result: counts(result["components"]),
    PruneLedger.kind: lambda result: f"{result['deleted']} runs deleted",
}
