"""`dray db …`: the database's structure and data."""

# ruff: noqa: PLC0415 - heavy modules are imported when the command runs, so that `dray --help` is quick
from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from cli.commands.up import AsJson

if TYPE_CHECKING:
    from db.expected import Finding

app = typer.Typer(help="The database: structure, rights, sample data.", no_args_is_help=True)
# Without a password they exist but cannot log in.
OPTIONAL_ROLES = ("dray_maintainer", "dray_backup")
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
def verify(*, as_json: AsJson = False) -> None:
    """Compare the database with what must be there; exit code 1 if anything is missing or was changed by hand."""
    from db.verify import verify as find

    found = find(migrator_url())
    differences = [finding for finding in found if finding.is_difference]
    if as_json:
        typer.echo(json.dumps({"clean": not differences, "findings": [finding.as_json() for finding in found]}))
    else:
        show_findings(found)
    if differences:
        raise typer.Exit(1)


@app.command(hidden=True)
def snapshot() -> None:
    """For developers: write what verify expects and the diagrams of docs/SCHEMA.md, from a database made anew."""
    from tempfile import TemporaryDirectory

    from cli.given_servers import with_database
    from cli.local_state import ROLES
    from cli.servers.postgres import EmbeddedPostgres
    from db.bootstrap import prepare_database, role_url
    from db.expected import EXPECTED
    from db.schema_document import write_document
    from db.verify import write_expected

    passwords = dict.fromkeys(ROLES, secrets.token_urlsafe(16))
    with TemporaryDirectory(prefix="dray-snapshot-") as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres", password=passwords["dray_migrator"])
        server.start()
        try:
            admin_url = with_database(server.admin_url, "snapshot")
            prepare_database(admin_url, passwords=passwords)
            write_expected(role_url(admin_url, "dray_migrator", passwords))
        finally:
            server.stop()
    write_document()
    typer.echo(f"Written: {EXPECTED.name}, SCHEMA.md")


@app.command()
def seed(*, as_json: AsJson = False) -> None:
    """Load the sample data; loading it again adds nothing."""
    from db.seed import load_samples

    show(load_samples(migrator_url()), as_json=as_json)


@app.command()
def grants(
    *,
    apply: Annotated[bool, typer.Option("--apply/--print", help="Run it, or print it as a script for psql.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print, or with --apply make, the roles, the database's owner and the extensions.

    For --apply DATABASE_URL is a superuser's. The roles' passwords come from the environment alone:
    DRAY_MIGRATOR_PASSWORD, DRAY_WORKER_PASSWORD and DRAY_API_PASSWORD, and if these two are to log in,
    DRAY_MAINTAINER_PASSWORD and DRAY_BACKUP_PASSWORD.
    """
    from cli.local_state import ROLES
    from db.bootstrap import EXTENSIONS, prepare_server
    from db.roles import printed

    if apply:
        url, passwords = superuser_access()
        prepare_server(url, passwords=passwords)
        show({"roles": list(ROLES)}, as_json=as_json)
    elif as_json:
        show({"sql": printed(EXTENSIONS)}, as_json=True)
    else:
        typer.echo(printed(EXTENSIONS))


def superuser_access() -> tuple[str, dict[str, str]]:
    """DATABASE_URL and the roles' passwords, from the environment."""
    from cli.errors import LocalStackError
    from cli.local_state import ROLES

    variables = {role: f"{role.upper()}_PASSWORD" for role in ROLES}
    needed = ("DATABASE_URL", *(variables[role] for role in ROLES if role not in OPTIONAL_ROLES))
    missing = [name for name in needed if not os.environ.get(name)]
    if missing:
        raise LocalStackError(f"Set {', '.join(missing)} first: dray db grants makes the roles with these passwords.")
    passwords = {role: os.environ[name] for role, name in variables.items() if os.environ.get(name)}
    return os.environ["DATABASE_URL"], passwords


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


def show_findings(found: Sequence[Finding]) -> None:
    """Print the differences as a table, then one line that sums up."""
    from rich.console import Console
    from rich.table import Table

    console = Console(width=None if sys.stdout.isatty() else 200)
    if found:
        table = Table("state", "kind", "name", "must be", "is", show_lines=False)
        for finding in sorted(found, key=lambda one: (not one.is_difference, one.state, one.kind, one.name)):
            table.add_row(*map(escape, (finding.state, finding.kind, finding.name, finding.expected, finding.found)))
        console.print(table)
    count = sum(finding.is_difference for finding in found)
    typer.echo(f"{count} differences" if count else "Everything is as it must be.")
