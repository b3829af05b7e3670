"""The default data: the rows that a database has as soon as it is migrated, and that must still be there."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import Column, Connection, Table, text

from db.models import Base

# The rows of these are the code's own, and nobody else's to change.
OWN_ROWS = frozenset({"task_kinds"})


def read_defaults(connection: Connection, names: Collection[str] | None = None) -> dict[str, Any]:
    """Return every row of the tables named, or of all: then of a database that holds nothing but its default data."""
    rows: dict[str, Any] = {}
    for table in ours():
        if names is None or table.name in names:
            rows |= read_rows(connection, table)
    return dict(sorted(rows.items()))


def read_rows(connection: Connection, table: Table) -> dict[str, Any]:
    """Return a table's rows by what tells them apart; of rows that people may edit only that they are there."""
    key, columns = key_columns(table), read_columns(table)
    if not key:
        return {}
    listed = ", ".join(f"'{name}', {connection.dialect.identifier_preparer.quote(name)}" for name in columns)
    query = text(f"SELECT jsonb_build_object({listed}) FROM {table.fullname}")  # noqa: S608 - names of our own models
    found: dict[str, Any] = {}
    for row in connection.scalars(query):
        identity = ", ".join(f"{name}={json.dumps(row[name], ensure_ascii=False)}" for name in key)
        found[f"{table.name}: {identity}"] = row if table.name in OWN_ROWS else True
    return found


def ours() -> list[Table]:
    """Return the tables that can hold default data: all but the people's."""
    return [table for table in Base.metadata.sorted_tables if table.schema is None]


def read_columns(table: Table) -> list[str]:
    """Return the columns that are compared: all where the rows are the code's own, else what tells them apart."""
    return [column.name for column in table.columns] if table.name in OWN_ROWS else key_columns(table)


def key_columns(table: Table) -> list[str]:
    """Return the columns that tell a default row apart from another on every database: no made-up id, no moment."""
    primary = list(table.primary_key.columns)
    if primary and not any(is_made_up(column) for column in primary):
        return [column.name for column in primary]
    return [name for name in ("name", "job_number", "title", "version_number", "version") if name in table.columns][:1]


def is_made_up(column: Column[Any]) -> bool:
    """Whether the database makes the value itself, so that it differs from one to another."""
    return column.server_default is not None or column.autoincrement is True or is_serial(column)


def is_serial(column: Column[Any]) -> bool:
    """Whether it is an integer key that counts up."""
    return column.table.autoincrement_column is column
