"""`dray token`: a bearer token of the API for one person."""

# ruff: noqa: PLC0415 - heavy modules are imported when the command runs, so that `dray --help` is quick
from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from cli.commands.database import migrator_url
from cli.commands.up import AsJson


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(token)


def token(
    email: Annotated[str, typer.Argument(help="The person's address in auth.users.")],
    *,
    name: Annotated[str, typer.Option(help="What the token is for.")] = "dray token",
    days: Annotated[int, typer.Option(min=1, max=3650, help="How long it is valid.")] = 90,
    as_json: AsJson = False,
) -> None:
    """Make a token of the API for one person and print it. It can't be read again. DATABASE_URL is the migrator's."""
    from db.tokens import issue_token

    expires_at = datetime.now(UTC) + timedelta(days=days)
    made = issue_token(migrator_url(), email=email, name=name, expires_at=expires_at)
    typer.echo(json.dumps({"token": made, "expires_at": expires_at.isoformat()}) if as_json else made)
