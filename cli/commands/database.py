"""`dray db …`: the database's structure and data."""

# ruff: noqa: PLC0415 - heavy modules are imported when the command runs, so that `dray --help` is quick
from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Annotated

import typer

from cli.commands.up import AsJson

app = typer.Typer(help="The database: structure, rights, sample data.", no_args_is_help=True)
Revision = Annotated[str, typer.Argument(help="An Alembic revision.")]


@app.command()
def upgrade(revision: Revision = "head", *, as_json: AsJson = False) -> None:
    """Migrate to a revision, the newest by default. DATABASE_URL is the migrator's."""
    from db.migrate import current_revision
    from db.migrate import upgrade as migrate

    url = migrator_url()
    migrate(url, revision)
    show({"revision": current_revision(url)}, as_json=as_json)


@app.command()
def downgrade(revision: Revision, *, as_json: AsJson = False) -> None:
    """Go back to a revision; `base` removes everything."""
    from db.migrate import current_revision
    from db.migrate import downgrade as migrate

    url = migrator_url()
    migrate(url, revision)
    show({"revision": current_revision(url)}, as_json=as_json)


@app.command()
def seed(*, as_json: AsJson = False) -> None:
    """Load the sample data; loading it again adds nothing."""
    from db.seed import load_samples

    show(load_samples(migrator_url()), as_json=as_json)


@app.command()
def grants(*, as_json: AsJson = False) -> None:
    """Make roles, database and extensions, then migrate.

    DATABASE_URL is a superuser's; the roles' passwords are in DRAY_MIGRATOR_PASSWORD, DRAY_WORKER_PASSWORD and
    DRAY_API_PASSWORD.
    """
    from cli.errors import LocalStackError
    from cli.local_state import ROLES
    from db.bootstrap import prepare_database

    variables = {role: f"{role.upper()}_PASSWORD" for role in ROLES}
    missing = [name for name in ("DATABASE_URL", *variables.values()) if not os.environ.get(name)]
    if missing:
        raise LocalStackError(f"Set {', '.join(missing)} first: dray db grants makes the roles with these passwords.")
    passwords = {role: os.environ[name] for role, name in variables.items()}
    prepare_database(os.environ["DATABASE_URL"], passwords=passwords)
    show({"roles": list(ROLES)}, as_json=as_json)


def migrator_url() -> str:
    """DATABASE_URL, else the running local stack's database, as the migrator."""
    from cli.local_state import LocalState

    given = os.environ.get("DATABASE_URL")
    return given or str(LocalState.from_environment(os.environ).running_stack()["migrator_database_url"])


def show(values: Mapping[str, object], *, as_json: bool) -> None:
    """Print a few values, for people or for programs."""
    if as_json:
        typer.echo(json.dumps(dict(values)))
    else:
        typer.echo("\n".join(f"{name}: {value}" for name, value in values.items()))
