"""Run the migrations, one runner at a time, never waiting long for a lock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg import errors
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from contracts.errors import DrayError
from contracts.kinds import KINDS
from db import adopt
from db.models import TaskKind
from db.session import engine_url

# Any constant will do, as long as every runner uses the same.
ADVISORY_LOCK = 7_203_914_588_001
LOCK_TIMEOUT = "5s"
STATEMENT_TIMEOUT = "5min"
# Another runner may be at work on a large table.
RUNNER_TIMEOUT = "10min"


class AnotherRunner(DrayError):
    """Another migration is running on this database: wait until it ends, or end its session, then try again."""


class TableInUse(DrayError):
    """A migration waited too long for a lock, and was undone; earlier ones stay.

    Another transaction holds one of the tables. Find it with `SELECT pid, state, query FROM pg_stat_activity WHERE
    xact_start < now() - interval '5 seconds'`, wait for it or end it with `pg_terminate_backend(pid)`, then try again.
    """


class TookTooLong(DrayError):
    """A statement of a migration took too long, and the migration was undone; earlier ones stay.

    Run it when the database has less to do, or first delete what is no longer needed from the table it names.
    """


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database to `revision` and write the kinds' defaults into it. `url` is the migrator's."""
    with migrating(url) as (connection, config):
        tables = adopt.check(connection) if revision_at(connection) is None else None
        if tables is None:
            command.upgrade(config, revision)
        else:
            adopt_and_upgrade(connection, config, tables, revision)
        if revision in ("head", newest_revision()):
            write_kinds(connection)
            connection.commit()


def adopt_and_upgrade(connection: Connection, config: Config, tables: set[str], revision: str) -> None:
    """Bring a database that holds some of the tables to the newest revision, wholly or not at all."""
    if revision not in {"head", newest_revision()}:
        raise adopt.CannotAdopt([f"it is adopted at the newest revision only, not at {revision}"])
    config.attributes["adopting"] = True
    with adopt.adopting(connection, tables):
        command.upgrade(config, revision)


def downgrade(url: str, revision: str) -> None:
    """Take the database back to `revision` (`base`: to nothing)."""
    with migrating(url) as (_, config):
        command.downgrade(config, revision)


def current_revision(url: str) -> str | None:
    """Return the revision that the database is at, or None before the first."""
    engine = create_engine(engine_url(url), hide_parameters=True)
    with engine.connect() as connection:
        revision = revision_at(connection)
    engine.dispose()
    return revision


def revision_at(connection: Connection) -> str | None:
    """Return the revision on a connection whose transaction is free."""
    with connection.begin():
        return MigrationContext.configure(connection).get_current_revision()


def revision_of(session: Session) -> str | None:
    """Return the revision as a role sees it that may only read."""
    revision: str | None = session.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


@cache
def newest_revision() -> str:
    """Return the revision that this code expects."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head() or "base"


def write_kinds(connection: Connection) -> None:
    """Write what the database must know of each kind; forget the kinds that are gone."""
    rows = [
        {
            "name": kind.name,
            "queue": kind.queue.value,
            "priority": kind.priority,
            "max_attempts": kind.max_attempts,
            "needs_requester": kind.needs_requester,
            "internal": kind.internal,
            "args_version": kind.args.version,
            "needs": [{"right": need.right.value, "arg": need.arg} for need in kind.needs],
        }
        for kind in KINDS.values()
    ]
    new = insert(TaskKind).values(rows)
    changed = {column: new.excluded[column] for column in rows[0] if column != "name"}
    connection.execute(new.on_conflict_do_update(index_elements=["name"], set_=changed))
    connection.execute(TaskKind.__table__.delete().where(TaskKind.name.not_in(KINDS)))  # type: ignore[attr-defined]


@contextmanager
def migrating(url: str) -> Iterator[tuple[Connection, Config]]:
    """Hold the one runner's lock on a connection with short lock timeouts.

    Raises:
        AnotherRunner: another migration runs for longer than we wait.
        TableInUse: another transaction holds a table for longer than we make others queue behind us.
        TookTooLong: one statement took longer than a migration's may.
    """
    engine = create_engine(
        engine_url(url), hide_parameters=True, poolclass=NullPool, connect_args={"options": "-c timezone=UTC"}
    )
    with engine.connect() as connection:
        become_only_runner(connection)
        connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.execute(text(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'"))
        connection.commit()
        config = alembic_config()
        config.attributes["connection"] = connection
        try:
            yield connection, config
        except OperationalError as error:
            if isinstance(error.orig, errors.LockNotAvailable):
                raise TableInUse from error
            if isinstance(error.orig, errors.QueryCanceled):
                raise TookTooLong from error
            raise


def become_only_runner(connection: Connection) -> None:
    """Take the lock that every runner takes, until the connection closes."""
    connection.execute(text(f"SET lock_timeout = '{RUNNER_TIMEOUT}'"))
    try:
        connection.execute(text(f"SELECT pg_advisory_lock({ADVISORY_LOCK})"))
    except OperationalError as error:
        if isinstance(error.orig, errors.LockNotAvailable):
            raise AnotherRunner from error
        raise


def alembic_config() -> Config:
    """Configure Alembic without a file of its own."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
