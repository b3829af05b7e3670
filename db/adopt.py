"""Adopt a database that holds some of the tables already: keep what is there, make what is missing.

What the tables would be is `expected_schema.json`. The check changes nothing and names everything that can't be
reconciled. The migrations then run in one transaction, each statement made fit for what exists (see
`db.migrations.fitting`), and at the end defaults and NOT NULLs are brought to the expected state.
"""

# ruff: noqa: S608 - the names in the statements are the catalogue's own, quoted
from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, OperationalError

from contracts.errors import DrayError
from db.catalogue import Catalogue, read_catalogue
from db.expected import identity_findings, read_expected

# From the narrower to the wider. A type may become any that stands after it.
WIDENINGS = (("smallint", "integer", "bigint", "numeric"), ("real", "double precision"))
ALEMBIC = {"alembic_version"}
# What Dray's roles must be allowed where the schema `auth` is somebody else's. In its own, the migrations see to that.
IDENTITY_NEEDS = tuple(
    f"pg_has_role(relowner, 'USAGE') OR {allowed} FROM pg_class WHERE oid = 'auth.users'::regclass"
    for allowed in (
        "has_schema_privilege('dray_migrator', relnamespace, 'USAGE')",
        "has_table_privilege('dray_migrator', oid, 'REFERENCES')",
        "has_schema_privilege('dray_worker', relnamespace, 'USAGE')",
        "has_table_privilege('dray_worker', oid, 'SELECT')",
    )
)


class CannotAdopt(DrayError):
    """The database holds tables that can't be reconciled with the schema. Nothing was changed."""

    def __init__(self, reasons: list[str]) -> None:
        listed = "\n".join(f"  - {reason}" for reason in reasons)
        super().__init__(f"{type(self).__doc__} Mend these, then run `dray db upgrade` again:\n{listed}")


def check(connection: Connection) -> set[str] | None:
    """Return the tables to adopt, or None where nothing of the schema is there; change nothing.

    Raises:
        CannotAdopt: with all that can't be reconciled.
    """
    found, expected = read_catalogue(connection), read_expected()["schema"]
    tables = expected["table"].keys() & found["table"].keys() - ALEMBIC
    reasons = [*identity_reasons(connection), *enum_reasons(found, expected)]
    for table in sorted(tables):
        reasons += table_reasons(connection, table, found, expected)
    for name in sorted(found["view"].keys() & expected["table"].keys()):
        reasons.append(f"{name} is a view here, and a table in the schema: rename it")
    for kind in ("view", "function"):
        for name in sorted(found[kind].keys() & expected[kind].keys()):
            reasons += owner_reasons(kind, name, found[kind][name])
    connection.rollback()
    if reasons:
        raise CannotAdopt(reasons)
    is_empty = not any(found[kind].keys() & expected[kind].keys() - ALEMBIC for kind in ("table", "enum", "function"))
    return None if is_empty else set(tables)


def identity_reasons(connection: Connection) -> Iterator[str]:
    """Yield what an existing `auth.users` lacks. It belongs to the identity service and is never altered."""
    if connection.scalar(text("SELECT to_regclass('auth.users')")) is None:
        return
    for finding in identity_findings(connection):
        if finding.kind == "column" or not owns_identity(connection):
            yield f"{finding.name} is {finding.found or 'missing'}, {finding.expected} is needed"
    if not connection.scalar(
        text(
            "SELECT EXISTS (SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attname = 'id' "
            "WHERE i.indrelid = 'auth.users'::regclass AND i.indisunique AND i.indpred IS NULL "
            "AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum)"
        )
    ):
        yield "auth.users.id is not unique: foreign keys need it to be"
    if any(not connection.scalar(text(f"SELECT {need}")) for need in IDENTITY_NEEDS):
        yield "auth is somebody else's and Dray's roles may not use it: run `dray db grants --apply` once more"


def owns_identity(connection: Connection) -> bool:
    """Whether the schema `auth` is the migrator's own."""
    return bool(
        connection.scalar(text("SELECT pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = 'auth'"))
    )


def enum_reasons(found: Catalogue, expected: Catalogue) -> Iterator[str]:
    """Yield the enum types whose values are others than ours, or stand in another order."""
    for name in sorted(found["enum"].keys() & expected["enum"].keys()):
        wanted = expected["enum"][name]
        if [value for value in found["enum"][name] if value in wanted] != [
            value for value in wanted if value in found["enum"][name]
        ]:
            yield f"type {name} has its values in another order: {found['enum'][name]}, must be {wanted}"
        if theirs := [value for value in found["enum"][name] if value not in wanted]:
            yield f"type {name} has the unknown values {theirs}, must be {wanted}"


def table_reasons(connection: Connection, table: str, found: Catalogue, expected: Catalogue) -> Iterator[str]:
    """Yield why a table that exists can't become ours."""
    yield from owner_reasons("table", table, found["table"][table])
    if found["table"][table]["kind"] != expected["table"][table]["kind"]:
        yield f"{table} is {found['table'][table]['kind']}, must be {expected['table'][table]['kind']}"
    theirs, ours = columns_of(found, table), columns_of(expected, table)
    filled = has_rows(connection, table)
    for name, wanted in ours.items():
        if name in theirs:
            yield from column_reasons(connection, table, name, theirs[name], wanted)
        elif filled and wanted["null"] == "no" and not {"default", "generated", "identity"} & wanted.keys():
            yield f"{table}.{name} is missing, may not be null and has no default, but {table} holds rows"
    for name in sorted(theirs.keys() - ours.keys()):
        if theirs[name]["null"] == "no" and not {"default", "generated", "identity"} & theirs[name].keys():
            yield f"{table}.{name} is unknown here and must be given: drop its NOT NULL or give it a default"
    for name in sorted(found["policy"].keys() - expected["policy"].keys()):
        if name.split(".", 1)[0] == table:
            yield f"policy {name} is unknown here and would open or close rows: drop it"


def owner_reasons(kind: str, name: str, found: Any) -> Iterator[str]:
    """Yield the cure where something belongs to another role: only an owner may change it."""
    if found["owner"] != "dray_migrator":
        shown = f"ALTER {kind.upper()} {name} OWNER TO dray_migrator"
        yield f"{kind} {name} belongs to {found['owner']}: {shown}"


def column_reasons(
    connection: Connection, table: str, name: str, found: dict[str, Any], wanted: dict[str, Any]
) -> Iterator[str]:
    """Yield why a column can't become ours."""
    if not fits(found["type"], wanted["type"]) and not fits(wanted["type"], found["type"]):
        yield f"{table}.{name} is {found['type']}, must be {wanted['type']}"
    if found.get("generated") != wanted.get("generated"):
        yield f"{table}.{name} is generated as {found.get('generated')}, must be {wanted.get('generated')}"
    if wanted["null"] == "no" and found["null"] == "yes":
        missing = count(connection, f"SELECT count(*) FROM {quoted(table)} WHERE {quoted(name)} IS NULL")
        if missing:
            yield f"{table}.{name} may not be null, but is in {missing} rows"


def fits(narrow: str, wide: str) -> bool:
    """Whether every value of one type is one of the other, unchanged."""
    if narrow == wide:
        return True
    (base, sizes), (other, others) = parts(narrow), parts(wide)
    if base == "character varying" and other == "text":
        return True
    if base == other == "character varying":
        return not others or bool(sizes and sizes[0] <= others[0])
    if base == other == "numeric":
        return not others or bool(sizes and sizes[1] <= others[1] and sizes[0] - sizes[1] <= others[0] - others[1])
    if not sizes and not others:
        return any(base in row and other in row[row.index(base) :] for row in WIDENINGS)
    return False


def parts(type_: str) -> tuple[str, list[int]]:
    """Split `numeric(15,2)` into its name and sizes."""
    name = re.sub(r"\(.*\)", "", type_)
    sizes = [int(number) for number in re.findall(r"\d+", type_[len(name) :] if name in type_ else "")]
    return name, [*sizes, 0] if name == "numeric" and len(sizes) == 1 else sizes


def columns_of(catalogue: Catalogue, table: str) -> dict[str, dict[str, Any]]:
    """Return a table's columns by name."""
    prefix = f"{table}."
    return {
        name.removeprefix(prefix): column for name, column in catalogue["column"].items() if name.startswith(prefix)
    }


def has_rows(connection: Connection, table: str) -> bool:
    """Whether a table holds anything."""
    return bool(count(connection, f"SELECT count(*) FROM (SELECT FROM {quoted(table)} LIMIT 1) one"))


def count(connection: Connection, query: str) -> int:
    """Count past row security: it fails rather than count too little. 0 if the table isn't ours to read."""
    try:
        with connection.begin_nested():
            connection.execute(text("SET LOCAL row_security = off"))
            return int(connection.scalar(text(query)) or 0)
    except DBAPIError:
        return 0


def quoted(name: str) -> str:
    """Return a name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def add_enum_values(connection: Connection) -> None:
    """Add the values that existing types lack, in their places. They must be committed before they can be used."""
    found, expected = read_catalogue(connection)["enum"], read_expected()["schema"]["enum"]
    for name in found.keys() & expected.keys():
        previous: str | None = None
        for value in expected[name]:
            place = f" AFTER '{previous}'" if previous else f" BEFORE '{found[name][0]}'"
            if value not in found[name]:
                connection.exec_driver_sql(f"ALTER TYPE {quoted(name)} ADD VALUE '{value}'{place}")
            previous = value
    connection.commit()


@contextmanager
def adopting(connection: Connection, tables: set[str]) -> Iterator[None]:
    """Run the migrations inside one transaction between what makes way for them and what completes them."""
    add_enum_values(connection)
    try:
        with connection.begin():
            make_way(connection, tables)
            yield
            reconcile(connection, tables)
    except OperationalError:
        raise
    except DBAPIError as error:
        raise CannotAdopt([" ".join(str(error.orig).split())]) from error


def make_way(connection: Connection, tables: set[str]) -> None:
    """Drop what holds no data and is made anew by the migrations; then widen what is too narrow."""
    found, expected = read_catalogue(connection), read_expected()["schema"]
    for statement in obstacles(found, expected, tables):
        connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
    for table in sorted(tables):
        theirs = columns_of(found, table)
        for name, wanted in columns_of(expected, table).items():
            if name in theirs and theirs[name]["type"] != wanted["type"] and fits(theirs[name]["type"], wanted["type"]):
                connection.exec_driver_sql(
                    f"ALTER TABLE {quoted(table)} ALTER COLUMN {quoted(name)} TYPE {wanted['type']}"
                )


def obstacles(found: Catalogue, expected: Catalogue, tables: set[str]) -> Iterator[str]:
    """Yield what drops the objects of our names, dependents first."""
    for name in sorted(found["view"].keys() & expected["view"].keys()):
        materialised = "MATERIALIZED " if found["view"][name].get("materialised") else ""
        yield f"DROP {materialised}VIEW {quoted(name)}"
    for kind in ("policy", "trigger", "constraint"):
        for name in sorted(found[kind].keys() & expected[kind].keys()):
            table, part = name.split(".", 1)
            if table in tables and not is_key(kind, found[kind][name]):
                if kind == "constraint":
                    yield f"ALTER TABLE {quoted(table)} DROP CONSTRAINT {quoted(part)}"
                else:
                    yield f"DROP {kind.upper()} {quoted(part)} ON {quoted(table)}"
    for name in sorted(found["index"].keys() & expected["index"].keys()):
        if found["index"][name] != expected["index"][name]:
            yield f"DROP INDEX {quoted(name)}"
    for name in sorted(found["function"].keys() & expected["function"].keys()):
        if found["function"][name] != expected["function"][name]:
            yield f"DROP FUNCTION {name}"


def is_key(kind: str, definition: Any) -> bool:
    """Whether a constraint is one that others refer to: it is kept."""
    return kind == "constraint" and str(definition).startswith(("PRIMARY KEY", "UNIQUE"))


def reconcile(connection: Connection, tables: set[str]) -> None:
    """After the migrations: give the adopted tables the columns' defaults and NOT NULLs that are expected."""
    found, expected = read_catalogue(connection), read_expected()["schema"]
    for table in sorted(tables):
        theirs = columns_of(found, table)
        for name, wanted in columns_of(expected, table).items():
            for change in column_changes(theirs[name], wanted):
                connection.exec_driver_sql(
                    f"ALTER TABLE {quoted(table)} ALTER COLUMN {quoted(name)} {change}",
                    execution_options={"no_parameters": True},
                )


def column_changes(found: dict[str, Any], wanted: dict[str, Any]) -> Iterator[str]:
    """Yield what turns a column that exists into ours. A wider type is kept."""
    if found["null"] != wanted["null"]:
        yield f"{'SET' if wanted['null'] == 'no' else 'DROP'} NOT NULL"
    if found.get("default") != wanted.get("default") and not {"generated", "identity"} & wanted.keys():
        yield f"SET DEFAULT {wanted['default']}" if "default" in wanted else "DROP DEFAULT"
