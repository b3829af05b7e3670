"""`dray env`: the addresses of the running stack, for a shell."""

# ruff: noqa: PLC0415 - heavy modules are imported when the command runs, so that `dray --help` is quick
from __future__ import annotations

import json
import os
import shlex

import typer

from cli.commands.up import AsJson

VARIABLES = {
    "DRAY_API_URL": "api_url",
    "DRAY_TOKEN": "token",
    # The owner's, so that `dray run`, `dray token` and `dray db` work, and psql shows everything.
    "DATABASE_URL": "migrator_database_url",
    "REDIS_URL": "redis_url",
    "DRAY_STORAGE_DIR": "storage_dir",
    "DRAY_FLOWER_URL": "flower_url",
    "DRAY_FLOWER_USER": "flower_user",
    "DRAY_FLOWER_PASSWORD": "flower_password",
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(env)


def env(*, as_json: AsJson = False) -> None:
    """Print the running stack's addresses and token as shell assignments: eval "$(dray env)"."""
    from cli.local_state import LocalState

    document = LocalState.from_environment(os.environ).running_stack()
    values = {variable: str(document[name]) for variable, name in VARIABLES.items()}
    if as_json:
        typer.echo(json.dumps(values, indent=2))
    else:
        typer.echo("\n".join(f"export {name}={shlex.quote(value)}" for name, value in values.items()))
