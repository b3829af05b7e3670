"""`dray run …`: the ledger, as those see it who look after it."""

# ruff: noqa: PLC0415 - heavy modules are imported when the command runs, so that `dray --help` is quick
from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from cli.commands.up import AsJson
from cli.errors import LocalStackError

if TYPE_CHECKING:
    from db.repositories.runs import Run
    from db.session import Database, Session

app = typer.Typer(help="The runs: ask, list, look, follow.", no_args_is_help=True)
POLL_SECONDS = 0.3
RunId = Annotated[UUID, typer.Argument(help="The run's id.")]


@app.command()
def enqueue(
    kind: Annotated[str, typer.Argument(help="The kind, such as report.export.")],
    args: Annotated[str, typer.Argument(help="Its args as JSON.")] = "{}",
    *,
    requested_by: Annotated[UUID | None, typer.Option(help="In whose name, an id of auth.users.")] = None,
    priority: Annotated[int | None, typer.Option(min=0, max=9, help="0 is the most urgent.")] = None,
    unique_key: Annotated[str | None, typer.Option(help="One run of this key at a time.")] = None,
    expires: Annotated[int | None, typer.Option(min=1, help="Seconds in which it must begin, or be cancelled.")] = None,
    as_json: AsJson = False,
) -> None:
    """Ask for a run. Its args are checked first."""
    from contracts.kinds import find_kind, parse_args
    from db import ledger

    checked = parse_args(find_kind(kind), read_json(args))
    with reading() as session:
        run = ledger.enqueue(
            session,
            checked,
            requested_by=requested_by,
            priority=priority,
            unique_key=unique_key,
            expires_at=datetime.now(UTC) + timedelta(seconds=expires) if expires else None,
        )
    typer.echo(json.dumps({"id": str(run.id), "created": run.created}) if as_json else str(run.id))


@app.command(name="list")
def list_(
    *,
    kind: Annotated[str | None, typer.Option(help="Only this kind.")] = None,
    state: Annotated[list[str] | None, typer.Option(help="Only this state; may be repeated.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List runs, newest first."""
    from db.repositories.runs import list_runs

    with reading() as session:
        runs = list_runs(session, kind=kind, states=read_states(state or []), limit=limit)
    if as_json:
        typer.echo(json.dumps([asdict(run) for run in runs], default=str))
    else:
        print_runs(runs)


@app.command()
def show(run_id: RunId, *, as_json: AsJson = False) -> None:
    """Show a run with its attempts."""
    from db.repositories.runs import find_attempts

    with reading() as session:
        run, attempts = require_run(session, run_id), find_attempts(session, run_id)
    document = {**asdict(run), "attempts": [asdict(attempt) for attempt in attempts]}
    if as_json:
        typer.echo(json.dumps(document, default=str))
    else:
        print_fields(document)


@app.command()
def watch(
    run_id: RunId,
    *,
    timeout: Annotated[float, typer.Option(min=0, help="Seconds to wait at most.")] = 600.0,
    as_json: AsJson = False,
) -> None:
    """Follow a run to its end. The exit code is 0 only when it is completed."""
    from contracts.state import RunState

    deadline = time.monotonic() + timeout
    last = ""
    with ledger_database() as database:
        while True:
            with database.transaction() as session:
                run = require_run(session, run_id)
            line = " ".join(filter(None, (run.state, percent(run.progress), run.progress_message)))
            if line != last and not as_json:
                typer.echo(last := line)
            if run.state.is_final or time.monotonic() > deadline:
                break
            time.sleep(POLL_SECONDS)
    if as_json:
        typer.echo(json.dumps(asdict(run), default=str))
    raise typer.Exit(0 if run.state is RunState.COMPLETED else 1)


@app.command()
def cancel(
    run_id: RunId,
    *,
    reason: Annotated[str | None, typer.Option(help="Why; kept with the run.")] = None,
    as_json: AsJson = False,
) -> None:
    """Call a run off. One that is executing stops within seconds."""
    from db import ledger

    with reading() as session:
        state = ledger.cancel(session, run_id, reason=reason)
    told = "told to stop" if state == "executing" else state
    typer.echo(json.dumps({"id": str(run_id), "state": state}) if as_json else f"{run_id}: {told}")


@contextmanager
def ledger_database() -> Iterator[Database]:
    """Open DATABASE_URL, else the running local stack's database, as the worker's role."""
    from cli.local_state import LocalState
    from db.session import Database

    url = (
        os.environ.get("DATABASE_URL") or LocalState.from_environment(os.environ).running_stack()["worker_database_url"]
    )
    database = Database(url, application_name="dray run", pool_size=1)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def reading() -> Iterator[Session]:
    """Open one transaction of one command."""
    with ledger_database() as database, database.transaction() as session:
        yield session


def require_run(session: Session, run_id: UUID) -> Run:
    """Return the run, or say that there is none."""
    from db.repositories.runs import find_run

    if run := find_run(session, run_id):
        return run
    raise LocalStackError(f"There is no run {run_id}: `dray run list` shows those there are.")


def read_json(text: str) -> dict[str, Any]:
    """Read an object, or say where it breaks."""
    try:
        values = json.loads(text)
    except json.JSONDecodeError as error:
        raise LocalStackError(f'The args are no JSON ({error}). Quote them: \'{{"report_id": "…"}}\'.') from None
    if not isinstance(values, dict):
        raise LocalStackError("The args must be a JSON object: {…}.")
    return values


def read_states(names: list[str]) -> list[Any]:
    """Read the names of states, or say which there are."""
    from contracts.state import RunState

    try:
        return [RunState(name) for name in names]
    except ValueError:
        raise LocalStackError(f"A state is one of: {', '.join(RunState)}.") from None


def percent(fraction: float | None) -> str:
    """Show a fraction."""
    return "" if fraction is None else f"{fraction:.0%}"


def print_runs(runs: list[Run]) -> None:
    """Print a table for people."""
    from rich.console import Console
    from rich.table import Table

    table = Table("run", "kind", "state", "attempt", "progress", "asked", box=None, pad_edge=False)
    for run in runs:
        asked = run.created_at.strftime("%Y-%m-%d %H:%M:%S")
        attempt = f"{run.attempt}/{run.max_attempts}"
        table.add_row(str(run.id), run.kind, run.state, attempt, percent(run.progress), asked)
    Console().print(table if runs else "No runs.")


def print_fields(document: dict[str, Any]) -> None:
    """Print one thing a line, leaving out what is empty."""
    for name, value in document.items():
        if name == "attempts":
            for attempt in value:
                error = f"  {attempt['error_type']}: {attempt['error_message']}" if attempt["error_type"] else ""
                outcome = attempt["outcome"] or "executing"
                typer.echo(f"attempt {attempt['attempt']}: {outcome} on {attempt['worker']}{error}")
        elif value is not None:
            typer.echo(f"{name}: {value}")
