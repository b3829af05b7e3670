"""`dray up`: the local stack until Ctrl-C."""

# ruff: noqa: PLC0415 - heavy modules are imported when the command runs, so that `dray --help` is quick
from __future__ import annotations

import json
import os
from typing import Annotated, Any

import typer

ApiPort = Annotated[int | None, typer.Option(help="Port of the API; a free one if not given.")]
FlowerPort = Annotated[int | None, typer.Option(help="Port of Flower; a free one if not given.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print data as JSON.")]
SHOWN = ("api_url", "flower_url", "flower_user", "storage_dir")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(up)


def up(
    *,
    samples: Annotated[
        bool | None,
        typer.Option(help="Load the sample data; by default only into a database of our own, never into DATABASE_URL."),
    ] = None,
    api_port: ApiPort = None,
    flower_port: FlowerPort = None,
    as_json: AsJson = False,
) -> None:
    """Start everything on this machine and keep it running until Ctrl-C."""
    from cli.errors import StopRequested
    from cli.local_state import LocalState
    from cli.stack import LocalStack

    state = LocalState.from_environment(os.environ)
    with_samples = samples if samples is not None else not os.environ.get("DATABASE_URL")
    stack = LocalStack(state, os.environ, report=say, samples=with_samples, api_port=api_port, flower_port=flower_port)
    try:
        with stack.running() as supervisor:
            typer.echo(json.dumps(shown(stack.document)) if as_json else welcome(stack.document))
            supervisor.run()
    except StopRequested:
        raise typer.Exit(130) from None
    say("Stopped")


def say(line: str) -> None:
    """A line about what is going on; data goes to stdout, this does not."""
    typer.echo(f"  {line}", err=True)


def shown(document: dict[str, Any]) -> dict[str, Any]:
    """What may be printed where others look on: no secret."""
    return {name: document[name] for name in SHOWN}


def welcome(document: dict[str, Any], *, stays: bool = True) -> str:
    """Where to look, and how to go on."""
    addresses = [
        f"  API      {document['api_url']}/docs",
        f"  Flower   {document['flower_url']}"
        + (f" (user {document['flower_user']}; its password: dray env)" if stays else ""),
        f"  Files    {document['storage_dir']}",
    ]
    if stays:
        hints = [
            '  In another shell: eval "$(.venv/bin/dray env)" sets DRAY_API_URL and DRAY_TOKEN.',
            "  Ctrl-C stops everything; a second one at once.",
        ]
    else:
        hints = ["  All of it stops now. `make up` serves it again, at the same addresses while they are free."]
    return "\n".join(["", *addresses, "", *hints, ""])
