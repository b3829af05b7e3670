"""The roles of the cluster, as SQL that can run again and beside itself.

Roles belong to the server and not to a database: several databases may be making them at the same moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from psycopg import sql


@dataclass(frozen=True, slots=True)
class Role:
    """A role of the cluster. One that logs in does so once it has a password."""

    name: str
    purpose: str
    login: bool = False
    member_of: tuple[str, ...] = ()
    inherits: tuple[str, ...] = ()
    """Roles of PostgreSQL itself whose rights it has without asking."""
    inherits_from_17: tuple[str, ...] = ()
    bypasses_row_security: bool = False
    read_only: bool = False


ROLES = (
    Role("authenticated_users", "what a person may do through the API"),
    Role("dray_producer", "what another service needs to enqueue runs"),
    Role("dray_migrator", "owns every object and runs migrations", login=True),
    Role("dray_worker", "what relay, workers and beat may do", login=True),
    Role("dray_api", "the API before it acts as a person", login=True, member_of=("authenticated_users",)),
    # Before 17 only an owner may REINDEX or ANALYZE: there the migrator does it, and this role sees statistics only.
    Role(
        "dray_maintainer",
        "REINDEX, ANALYZE and VACUUM, without reading a row",
        login=True,
        inherits=("pg_read_all_stats",),
        inherits_from_17=("pg_maintain",),
    ),
    # The one deliberate exception to row security: pg_dump sets row_security = off, and under FORCE only a role with
    # BYPASSRLS gets a whole table then, where any other gets an error. It can write nothing.
    Role(
        "dray_backup",
        "pg_dump, and nothing but reading",
        login=True,
        inherits=("pg_read_all_data",),
        bypasses_row_security=True,
        read_only=True,
    ),
)
LOGINS = tuple(role.name for role in ROLES if role.login)


def role_statements(passwords: Mapping[str, str] | None) -> Iterator[sql.Composed]:
    """Yield the statements that make the roles. With `None` for the passwords they are psql's variables."""
    for role in ROLES:
        name = sql.Identifier(role.name)
        yield sql.SQL(
            "DO $$ BEGIN CREATE ROLE {} NOINHERIT; "
            "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        ).format(name)
        bypass = sql.SQL("BYPASSRLS" if role.bypasses_row_security else "NOBYPASSRLS")
        yield sql.SQL("ALTER ROLE {} {}").format(name, bypass)
        yield from login_statements(role, name, passwords)
        if role.read_only:
            yield sql.SQL("ALTER ROLE {} SET default_transaction_read_only = on").format(name)
    for role in ROLES:
        yield from membership_statements(role)


def login_statements(role: Role, name: sql.Identifier, passwords: Mapping[str, str] | None) -> Iterator[sql.Composed]:
    """Yield a role's password and time zone: timestamps without a zone hold UTC, whoever writes them."""
    yield sql.SQL("ALTER ROLE {} SET timezone = 'UTC'").format(name)
    if not role.login:
        return
    if passwords is None:
        yield sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(name, sql.SQL(f":'{role.name}_password'"))
    elif role.name in passwords:
        yield sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(name, sql.Literal(passwords[role.name]))


def membership_statements(role: Role) -> Iterator[sql.Composed]:
    """Yield what a role may become, and what it has of PostgreSQL's own roles."""
    name = sql.Identifier(role.name)
    for group in role.member_of:
        yield sql.SQL("GRANT {} TO {}").format(sql.Identifier(group), name)
    for group in role.inherits:
        yield sql.SQL("GRANT {} TO {} WITH INHERIT TRUE").format(sql.Identifier(group), name)
    for group in role.inherits_from_17:
        yield sql.SQL(
            "DO $$ BEGIN IF current_setting('server_version_num')::integer >= 170000 THEN "
            "GRANT {} TO {} WITH INHERIT TRUE; END IF; END $$"
        ).format(sql.Identifier(group), name)


def ownership_statements(database: str | None) -> Iterator[sql.Composed]:
    """Yield what makes the migrator own the database, and lets nobody else create anything in it."""
    name: sql.Composable = sql.Identifier(database) if database else sql.SQL(':"DBNAME"')
    yield sql.SQL("ALTER DATABASE {} OWNER TO dray_migrator").format(name)
    yield sql.SQL("ALTER SCHEMA public OWNER TO dray_migrator").format()
    yield sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC").format()
    # A type or function of one's own in pg_temp must never be found by a function that runs as its owner.
    yield sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(name)


# The identity service's schema is never altered. Where it is somebody else's, Dray's roles need these.
IDENTITY_GRANTS = sql.SQL(
    """\
DO $$ BEGIN
    IF EXISTS (
        SELECT FROM pg_class
        WHERE oid = to_regclass('auth.users') AND relowner <> 'dray_migrator'::regrole
    ) THEN
        GRANT USAGE ON SCHEMA auth TO dray_migrator, dray_worker, authenticated_users;
        GRANT SELECT, REFERENCES ON auth.users TO dray_migrator;
        GRANT SELECT ON auth.users TO dray_worker;
    END IF;
END $$"""
)


def printed(extensions: Mapping[str, str]) -> str:
    """Return everything as a script for psql, which reads the passwords from the environment."""
    lines = ["-- Run as a superuser, connected to the database that Dray is to use.", r"\set ON_ERROR_STOP on"]
    lines += [f"\\getenv {name}_password {name.upper()}_PASSWORD" for name in LOGINS]
    statements = [*role_statements(None), *ownership_statements(None)]
    lines += [statement.as_string(None) + ";" for statement in statements]
    lines += [f"CREATE EXTENSION IF NOT EXISTS {name}; -- {purpose}" for name, purpose in extensions.items()]
    lines.append(IDENTITY_GRANTS.as_string(None) + ";")
    return "\n".join(lines)
