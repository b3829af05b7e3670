"""Commands that ask the API for a run, follow it to its end and print what came of it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import typer

from cli.api_client import ApiClient
from cli.local_state import LocalState
from contracts.errors import DrayError

FINAL = ("completed", "discarded", "cancelled")
POLL_SECONDS = 0.2


class NoToken(DrayError):
    """Nobody's token is at hand: set DRAY_TOKEN (`dray token` makes one for a person)."""


class NoAddress(DrayError):
    """DRAY_TOKEN is set and DRAY_API_URL is not: set it as well, or neither for the local stack."""


class NotCompleted(DrayError):
    """The run ended otherwise than completed."""


@contextmanager
def calling_api() -> Iterator[ApiClient]:
    """Call the API that DRAY_API_URL and DRAY_TOKEN name; where neither is set, the running local stack's."""
    url, token = api_access(os.environ)
    with ApiClient(url, token) as api:
        yield api


def api_access(environ: Mapping[str, str]) -> tuple[str, str]:
    """Return the API's address and a token for it.

    Raises:
        NoToken: only the address is known.
        NoAddress: only the token is: it is another API's, perhaps, and not for the local stack to see.
    """
    url, token = environ.get("DRAY_API_URL"), environ.get("DRAY_TOKEN")
    if not url and not token:
        stack = LocalState.from_environment(environ).running_stack()
        url, token = str(stack["api_url"]), str(stack["token"])
    if not token:
        raise NoToken
    if not url:
        raise NoAddress
    return url, token


def perform(api: ApiClient, path: str, body: Mapping[str, Any], *, quiet: bool) -> dict[str, Any]:
    """Ask for a run, show its progress, and return it when it is completed.

    Raises:
        NotCompleted: the run ended otherwise; the message is the run's own.
    """
    asked = api.post(path, dict(body))
    run = follow(api, asked["id"], quiet=quiet)
    if run["state"] != "completed":
        why = run.get("last_error") or run.get("reason") or "no reason was given"
        raise NotCompleted(f"The run {run['id']} was {run['state']}: {why}")
    return run


def follow(api: ApiClient, run_id: str, *, quiet: bool) -> dict[str, Any]:
    """Poll a run until it is final, with a progress bar on a terminal."""
    from rich.console import Console  # noqa: PLC0415 - `dray --help` is quick
    from rich.progress import Progress  # noqa: PLC0415 - `dray --help` is quick

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=quiet or not console.is_terminal) as bar:
        shown = bar.add_task("queued", total=1.0)
        while True:
            run = api.get(f"/v1/runs/{run_id}")
            message = run.get("progress_message") or run["state"]
            bar.update(shown, completed=float(run.get("progress") or 0), description=message)
            if run["state"] in FINAL:
                return run
            time.sleep(POLL_SECONDS)


def print_json(document: Any) -> None:
    """Print data for programs."""
    typer.echo(json.dumps(document, ensure_ascii=False, default=str))
