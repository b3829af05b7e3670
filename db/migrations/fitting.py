"""Make a migration's statements fit a database that holds some of what they make.

Used only while a database is adopted: everywhere else a migration that finds its table there must fail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import Connection, text

TOKEN = re.compile(
    r"""--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|"[^"]*"|(?P<quote>\$\w*\$).*?(?P=quote)|;|[^;'"$/-]+|.""", re.DOTALL
)
CREATE_TABLE = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?(?:public\.)?(?P<name>\w+)(?=\s*\()")
CREATE_ENUM = re.compile(r"CREATE TYPE (?:public\.)?(?P<name>\w+)\s+AS\s+ENUM")
REWRITES = (
    (re.compile(r"\ACREATE (UNIQUE )?INDEX (?!IF NOT EXISTS|CONCURRENTLY)"), r"CREATE \1INDEX IF NOT EXISTS "),
    (re.compile(r"\bADD COLUMN (?!IF NOT EXISTS)"), "ADD COLUMN IF NOT EXISTS "),
    (re.compile(r"\ACREATE (OR REPLACE )?FUNCTION "), "CREATE OR REPLACE FUNCTION "),
)
SCRATCH = "dray_adoption"


def execute_fitting(connection: Connection, script: str) -> None:
    """Run a script: what exists is completed, what doesn't is made."""
    for statement in statements(script):
        fit(connection, statement)


def statements(script: str) -> Iterator[str]:
    """Split a script at its semicolons, not at those in bodies, strings and comments. Comments between are dropped."""
    gathered = ""
    for token in TOKEN.finditer(script):
        part = token[0]
        if part == ";":
            yield gathered.strip()
            gathered = ""
        elif not part.startswith(("--", "/*")):
            gathered += part
    if gathered.strip():
        yield gathered.strip()


def fit(connection: Connection, statement: str) -> None:
    """Run one statement, as far as it has anything left to make."""
    table, enum = CREATE_TABLE.match(statement), CREATE_ENUM.match(statement)
    if table and exists(connection, "to_regclass", table["name"]):
        complete_table(connection, table["name"], statement)
        return
    if enum and exists(connection, "to_regtype", enum["name"]):
        return
    for pattern, replacement in REWRITES:
        statement = pattern.sub(replacement, statement)
    run(connection, statement)


def complete_table(connection: Connection, table: str, statement: str) -> None:
    """Make the table in a schema of its own, give the real one what it lacks, and throw the made one away."""
    run(connection, f"CREATE SCHEMA {SCRATCH}")
    run(connection, CREATE_TABLE.sub(f"CREATE TABLE {SCRATCH}.{table}", statement, count=1))
    names = {"made": f"{SCRATCH}.{table}", "real": f"public.{table}"}
    for query in (MISSING_COLUMNS, MISSING_CONSTRAINTS):
        for change in connection.scalars(text(query), names).all():
            run(connection, f"ALTER TABLE public.{table} {change}")
    run(connection, f"DROP SCHEMA {SCRATCH} CASCADE")


MISSING_COLUMNS = """
    SELECT format('ADD COLUMN %I %s', a.attname, format_type(a.atttypid, a.atttypmod))
        || CASE WHEN d.adbin IS NULL THEN ''
                WHEN a.attgenerated <> '' THEN ' GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ') STORED'
                ELSE ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) END
        || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
    FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = CAST(:made AS regclass) AND a.attnum > 0 AND NOT a.attisdropped AND NOT EXISTS (
        SELECT FROM pg_attribute b
        WHERE b.attrelid = CAST(:real AS regclass) AND b.attname = a.attname AND NOT b.attisdropped)
    ORDER BY a.attnum"""
# One that says the same under another name is enough.
MISSING_CONSTRAINTS = """
    SELECT format('ADD CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid))
    FROM pg_constraint k
    WHERE k.conrelid = CAST(:made AS regclass) AND k.contype IN ('c', 'f', 'p', 'u', 'x') AND NOT EXISTS (
        SELECT FROM pg_constraint l
        WHERE l.conrelid = CAST(:real AS regclass) AND pg_get_constraintdef(l.oid) = pg_get_constraintdef(k.oid))
    ORDER BY k.contype <> 'p', k.conname"""


def exists(connection: Connection, finder: str, name: str) -> bool:
    """Whether there is such a table or type."""
    return connection.scalar(text(f"SELECT {finder}(:name) IS NOT NULL"), {"name": f"public.{name}"}) is True


def run(connection: Connection, statement: str) -> None:
    """Run a statement whose percent signs are its own."""
    connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
