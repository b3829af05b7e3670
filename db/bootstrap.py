"""Make roles, database and extensions: the one step that needs a superuser."""

from __future__ import annotations

from collections.abc import Mapping

import psycopg
from psycopg import errors, sql
from sqlalchemy import make_url

from contracts.errors import DrayError
from db import migrate
from db.roles import IDENTITY_GRANTS, ROLES, ownership_statements, role_statements

__all__ = ["EXTENSIONS", "ROLES", "MissingExtension", "prepare_database", "prepare_server", "role_url"]

EXTENSIONS = {"pg_trgm": "text search by trigrams", "vector": "similarity search (the package is called pgvector)"}


class MissingExtension(DrayError):
    """PostgreSQL lacks an extension that Dray needs."""


def prepare_database(admin_url: str, *, passwords: Mapping[str, str]) -> None:
    """Make what is missing and migrate to the newest revision. Safe to run again, and by several at once.

    `admin_url` is a superuser's and names the database to use, which is made if it isn't there. `passwords` holds one
    for each role that logs in, by the role's name.

    Raises:
        MissingExtension: an extension is not installed on the server.
    """
    prepare_server(admin_url, passwords=passwords)
    migrate.upgrade(role_url(admin_url, "dray_migrator", passwords))


def prepare_server(admin_url: str, *, passwords: Mapping[str, str]) -> None:
    """Make database, roles and extensions: all that a migration needs and may not do itself."""
    create_database(admin_url)
    with psycopg.connect(admin_url, autocommit=True) as connection:
        create_roles(connection, passwords)
        hand_over_database(connection)
        create_extensions(connection)


def role_url(admin_url: str, role: str, passwords: Mapping[str, str]) -> str:
    """Return the URL of the same database for `role`."""
    url = make_url(admin_url).set(username=role, password=passwords[role])
    return url.render_as_string(hide_password=False)


def create_database(admin_url: str) -> None:
    """Make the database that `admin_url` names, if it isn't there."""
    url = make_url(admin_url)
    maintenance = url.set(database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(maintenance, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [url.database]).fetchone()
        if found is None:
            statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(str(url.database)))
            ignore_races(connection, statement)


def create_roles(connection: psycopg.Connection, passwords: Mapping[str, str]) -> None:
    """Make the roles and set their passwords and settings. A role without a password here keeps the one it has."""
    for statement in role_statements(passwords):
        ignore_races(connection, statement)


def hand_over_database(connection: psycopg.Connection) -> None:
    """Let the migrator own the database, and nobody else create anything in it."""
    for statement in ownership_statements(connection.info.dbname):
        ignore_races(connection, statement)
    ignore_races(connection, IDENTITY_GRANTS)


def create_extensions(connection: psycopg.Connection) -> None:
    """Make the extensions, or say which one the server lacks."""
    for name, purpose in EXTENSIONS.items():
        try:
            ignore_races(connection, sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))
        except errors.FeatureNotSupported as error:
            raise MissingExtension(
                f"PostgreSQL at {connection.info.host}:{connection.info.port} lacks the extension {name!r}, needed for "
                f"{purpose}. Install it on the server and try again."
            ) from error


def ignore_races(connection: psycopg.Connection, statement: sql.SQL | sql.Composed) -> None:
    """Run a statement whose only possible clash is that someone else is doing the same at this moment."""
    try:
        connection.execute(statement)
    except (errors.UniqueViolation, errors.DuplicateObject, errors.DuplicateDatabase):
        return
    except errors.InternalError as error:
        if "concurrently updated" not in str(error):
            raise
