"""`dray api|relay|worker|beat|flower`: one process each, in the foreground, told by its environment."""

# ruff: noqa: PLC0415 - heavy modules are imported when the command runs, so that `dray --help` is quick
from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from cli.errors import LocalStackError
from cli.ports import LOOPBACK

if TYPE_CHECKING:
    from contracts.settings import Settings

ALL_QUEUES = "interactive,default,export,compute,bulk,maintenance"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (api, relay, worker, beat, flower):
        app.command()(command)


def api(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = LOOPBACK,
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
) -> None:
    """Serve the HTTP API."""
    import uvicorn

    read_settings()
    uvicorn.run("api.app:create_app", factory=True, host=host, port=port, log_level="info", server_header=False)


def relay() -> None:
    """Ring the broker for due runs, stage scheduled ones, rescue lost ones."""
    from workers.relay import main

    main(read_settings())


def beat() -> None:
    """Turn due slots of the schedules into runs."""
    from workers.beat import main

    main(read_settings())


def worker(
    queues: Annotated[str, typer.Option(help="Queues to serve, separated by commas.")] = ALL_QUEUES,
    concurrency: Annotated[int, typer.Option(min=1, help="Runs at the same time.")] = 2,
    name: Annotated[str, typer.Option(help="Name of this worker, unique on its host.")] = "worker",
) -> None:
    """Execute runs."""
    read_settings()
    options = ["-Q", queues, "-c", str(concurrency), "-n", f"{name}@%h", "--loglevel", "INFO"]
    become_celery("workers.app", "worker", *options, "--without-gossip", "--without-mingle")


def flower(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = LOOPBACK,
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 5555,
) -> None:
    """Show workers and runs live; read-only, and never without a password."""
    if not os.environ.get("FLOWER_BASIC_AUTH"):
        raise LocalStackError("Flower does not start without authentication: set FLOWER_BASIC_AUTH to user:password.")
    if not os.environ.get("REDIS_URL"):
        raise LocalStackError("Flower watches the broker: set REDIS_URL to its address.")
    become_celery("workers.monitor", "flower", f"--address={host}", f"--port={port}", "--read_only=true")


def read_settings() -> Settings:
    """The settings of this process, checked before anything heavy starts."""
    from contracts.settings import Settings

    return Settings.from_environment(os.environ)


def become_celery(application: str, command: str, *options: str) -> NoReturn:
    """Turn this process into Celery's. The project's folder is named, lest a `tasks/` of the current one be taken."""
    from cli.local_state import ROOT

    sys.stdout.flush()
    arguments = ["-P", "-m", "celery", "-A", application, "--workdir", str(ROOT), command, *options]
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 - no shell is wanted
