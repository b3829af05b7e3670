"""The `dray` command."""

from __future__ import annotations

import sys

import typer

from cli.commands import (
    alignment,
    check,
    database,
    demo,
    env,
    export,
    memory,
    processes,
    reports,
    runs,
    simulate,
    suggest,
    token,
    up,
)
from cli.explaining import explain

app = typer.Typer(
    name="dray",
    help="Hauls the heavy work of a job-description database and of project monthly reports.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for commands in (up, demo, export, simulate, check, suggest, processes, env, token):
    commands.register(app)
alignment.register(memory.app)
app.add_typer(memory.app, name="memory")
app.add_typer(reports.app, name="report")
app.add_typer(runs.app, name="run")
app.add_typer(database.app, name="db")


def main() -> None:
    """Run a command. What was to be expected is one line on stderr and exit code 1; only a bug shows a traceback."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        said = explain(error)
        if said is None:
            raise
        typer.echo(f"dray: {said}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
