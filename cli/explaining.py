"""What is told of an error that is no bug: one line, instead of a traceback."""

from __future__ import annotations

import sys

from contracts.errors import DrayError

NOT_MIGRATED = "is the database that DATABASE_URL names migrated? `dray db upgrade` does it."
HINTS = {
    "42P01": NOT_MIGRATED,
    "42883": NOT_MIGRATED,
    "42501": "the role that DATABASE_URL names may not do this; `dray env` prints the address of one that may.",
}


def explain(error: Exception) -> str | None:
    """Say in a line what went wrong outside of this program; None when only a traceback can tell."""
    if isinstance(error, DrayError):
        return str(error)
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.filename and error.strerror else str(error)
    # What was never imported can't have failed, and importing it takes long.
    return explain_database(error) if "sqlalchemy" in sys.modules else None


def explain_database(error: Exception) -> str | None:
    """Say what is wrong with the database that was named, or with how it was named."""
    from sqlalchemy.exc import ArgumentError, OperationalError, ProgrammingError  # noqa: PLC0415 - heavy

    if isinstance(error, ArgumentError):
        return "DATABASE_URL is no address of a database: postgresql://user:password@host:port/name"
    if isinstance(error, OperationalError):
        return f"The database could not be used: {first_line(error.orig)}"
    if isinstance(error, ProgrammingError) and (hint := HINTS.get(getattr(error.orig, "sqlstate", None) or "")):
        return f"{first_line(error.orig)}: {hint}"
    return explain_migration(error)


def first_line(error: object) -> str:
    """What PostgreSQL says, without where in the statement."""
    return (str(error).strip() or "no reason was given").splitlines()[0]


def explain_migration(error: Exception) -> str | None:
    """Say what Alembic says, which is clear enough."""
    from alembic.util import CommandError  # noqa: PLC0415 - heavy

    return str(error) if isinstance(error, CommandError) else None
