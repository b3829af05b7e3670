"""Compare a live database with what must be there: `expected_schema.json`, taken from a freshly migrated one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from contracts.errors import DrayError
from db.bootstrap import EXTENSIONS
from db.catalogue import Catalogue, extension_versions, read_catalogue
from db.defaults import ours, read_columns, read_defaults
from db.expected import EXPECTED, Finding, identity_findings, read_expected
from db.migrate import newest_revision
from db.session import engine_url

# Below this an HNSW index can be corrupted while it is vacuumed or built by several processes.
SAFE_PGVECTOR = (0, 8, 4)
# Objects of these kinds belong to a table. An extra one on a table of ours is a change by hand, elsewhere it is theirs.
PARTS = ("column", "constraint", "index", "trigger", "policy", "grant")


class NotMigrated(DrayError):
    """The database holds nothing of Dray's: run `dray db upgrade` first."""


def verify(url: str) -> list[Finding]:
    """Return what differs. `url` is the migrator's.

    Raises:
        NotMigrated: there is no revision in the database.
    """
    engine = create_engine(
        engine_url(url), hide_parameters=True, poolclass=NullPool, connect_args={"options": "-c timezone=UTC"}
    )
    with engine.connect() as connection:
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
        return list(findings(connection))


def findings(connection: Connection) -> Iterator[Finding]:
    """Yield revision, extensions, identity, structure and default data, in this order."""
    expected = read_expected()
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:
        raise NotMigrated
    if revision != newest_revision():
        yield Finding("changed", "revision", "alembic_version", newest_revision(), revision)
    yield from extension_findings(extension_versions(connection))
    yield from identity_findings(connection)
    found = read_catalogue(connection)
    for kind, objects in expected["schema"].items():
        yield from compare(kind, objects, found[kind], expected_all=expected["schema"])
    yield from row_findings(connection, expected["rows"], found["column"])


def extension_findings(versions: Mapping[str, str]) -> Iterator[Finding]:
    """Yield the extensions that are missing, with what they are for, and what is known of those that are there."""
    for name, purpose in EXTENSIONS.items():
        if name not in versions:
            yield Finding("missing", "extension", name, f"needed for {purpose}")
    if "vector" in versions and version_of(versions["vector"]) < SAFE_PGVECTOR:
        wanted = ".".join(map(str, SAFE_PGVECTOR))
        yield Finding(
            "warning",
            "extension",
            "vector",
            f"{wanted} or newer",
            f"{versions['vector']}: before {wanted} an HNSW index can become corrupt; update pgvector, run "
            "ALTER EXTENSION vector UPDATE, then REINDEX every HNSW index",
        )
    if "uuid-ossp" not in versions:
        yield Finding(
            "note", "extension", "uuid-ossp", found="not installed, and not needed: gen_random_uuid() is built in"
        )


def version_of(text_: str) -> tuple[int, ...]:
    """Return a version as numbers that compare."""
    return tuple(int(part) for part in text_.split(".") if part.isdigit())


def compare(
    kind: str, expected: Mapping[str, Any], found: Mapping[str, Any], *, expected_all: Catalogue
) -> Iterator[Finding]:
    """Yield the differences between objects of one kind."""
    for name, wanted in expected.items():
        if name not in found:
            yield Finding("missing", kind, name, shown(wanted))
        elif wanted != found[name]:
            yield changed(kind, name, wanted, found[name])
    for name in found.keys() - expected.keys():
        theirs = not is_part_of_ours(kind, name, found[name], expected_all)
        yield Finding("note" if theirs else "extra", kind, name, found=shown(found[name]))


def changed(kind: str, name: str, wanted: Any, found: Any) -> Finding:
    """Return the difference, narrowed to the attributes that differ."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        names = sorted(key for key in wanted.keys() | found.keys() if wanted.get(key) != found.get(key))
        wanted = {key: wanted.get(key) for key in names}
        found = {key: found.get(key) for key in names}
    return Finding("changed", kind, name, shown(wanted), shown(found))


def is_part_of_ours(kind: str, name: str, definition: Any, ours: Catalogue) -> bool:
    """Whether an object that nobody expects sits on one of our tables, views or functions."""
    if kind not in PARTS:
        return False
    if kind == "index":
        table = definition.split(" ON ", 1)[1].removeprefix("ONLY ").split(" USING ")[0].rsplit(".", 1)[-1]
        return table in ours["table"] or table in ours["view"]
    base = name.split(" to ", maxsplit=1)[0] if kind == "grant" else name
    if base.startswith("schema ") or base in ours["function"] or base in ours["sequence"]:
        return True
    return base.split(".")[0] in ours["table"] or base.split(".")[0] in ours["view"]


def row_findings(connection: Connection, expected: Mapping[str, Any], columns: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the default rows that are gone, and those of the code's own that were changed."""
    needed = {table.name: [f"{table.name}.{column}" for column in read_columns(table)] for table in ours()}
    holding = {name.split(": ", 1)[0] for name in expected}
    readable = {table for table in holding if set(needed[table]) <= columns.keys()}
    found = read_defaults(connection, readable)
    for name, wanted in expected.items():
        if name not in found:
            yield Finding("missing", "row", name)
        elif wanted != found[name]:
            yield changed("row", name, wanted, found[name])


def shown(value: Any) -> str:
    """Return a definition for a reader."""
    if isinstance(value, dict):
        return "; ".join(f"{key}: {shown(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "none" if value is None else str(value)


def snapshot(url: str) -> dict[str, Any]:
    """Return what a freshly migrated database without any data of its own consists of."""
    engine = create_engine(
        engine_url(url), hide_parameters=True, poolclass=NullPool, connect_args={"options": "-c timezone=UTC"}
    )
    with engine.connect() as connection:
        return {"schema": read_catalogue(connection), "rows": read_defaults(connection)}


def write_expected(url: str) -> None:
    """Write the snapshot of a freshly migrated database."""
    content = json.dumps(snapshot(url), indent=1, ensure_ascii=False, sort_keys=True)
    EXPECTED.write_text(content + "\n", encoding="utf-8")
