"""`dray demo`: start everything, send real work through the API, show what came out, stop everything."""

# ruff: noqa: PLC0415 - heavy modules are imported when the command runs, so that `dray --help` is quick
from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.commands.up import ApiPort, AsJson, FlowerPort, say, welcome

if TYPE_CHECKING:
    from pathlib import Path

    from cli.demo.steps import Row
    from cli.supervisor import Supervisor


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


def demo(
    *,
    api_port: ApiPort = None,
    flower_port: FlowerPort = None,
    keep: Annotated[bool, typer.Option("--keep", help="Leave everything running afterwards, until Ctrl-C.")] = False,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds that the work may take.")] = 120.0,
    as_json: AsJson = False,
) -> None:
    """Start everything, send real work through the API, show what came out, stop everything."""
    from cli.errors import StopRequested
    from cli.local_state import LocalState
    from cli.stack import LocalStack

    state = LocalState.from_environment(os.environ)
    stack = LocalStack(state, os.environ, report=say, samples=True, api_port=api_port, flower_port=flower_port)
    try:
        with stack.running() as supervisor:
            rows = work(supervisor, stack.document, state.folder / "demo", timeout=timeout, as_json=as_json)
            if not as_json:
                typer.echo(welcome(stack.document, stays=keep))
            if keep:
                supervisor.run()
            interrupted = supervisor.asked_to_stop and not keep
    except StopRequested:
        raise typer.Exit(130) from None
    raise typer.Exit(130 if interrupted else int(not rows or any(row.failed for row in rows)))


def work(supervisor: Supervisor, document: dict[str, Any], folder: Path, *, timeout: float, as_json: bool) -> list[Row]:
    """Send the demo's work and show the results. The stack is tended meanwhile."""
    from rich.console import Console

    from cli.api_client import ApiClient
    from cli.demo.display import live, print_excerpts, print_table, results_table
    from cli.demo.steps import Demo, run_steps

    console = Console(stderr=as_json)

    def steps() -> list[Row]:
        with ApiClient(document["api_url"], document["token"]) as api, live(console) as display:
            ledger_url = document["worker_database_url"]
            demo = Demo(api, display, folder, timeout, lambda: supervisor.asked_to_stop, ledger_url=ledger_url)
            return run_steps(demo)

    rows = beside(supervisor, steps)
    if as_json:
        typer.echo(json.dumps([asdict(row) for row in rows], default=str))
    else:
        print_table(results_table(rows, folder))
        print_excerpts(rows, console)
        say(verified(document["migrator_database_url"]))
    return rows


def verified(migrator_url: str) -> str:
    """A line that says whether the database is what it must be, as `dray db verify` finds it."""
    from db.verify import verify

    differences = sum(finding.is_difference for finding in verify(migrator_url))
    return f"dray db verify: {differences} differences" if differences else "dray db verify: the schema is whole"


def beside(supervisor: Supervisor, function: Callable[[], list[Row]]) -> list[Row]:
    """Run a function in a thread while this thread, which owns the processes, keeps them alive."""
    rows: list[Row] = []
    errors: list[BaseException] = []

    def body() -> None:
        try:
            rows.extend(function())
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            errors.append(error)

    thread = threading.Thread(target=body, name="demo", daemon=True)
    thread.start()
    supervisor.run(until=lambda: not thread.is_alive())
    thread.join(timeout=35)
    if errors:
        raise errors[0]
    return rows
