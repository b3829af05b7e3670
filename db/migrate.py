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
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from contracts.kinds import KINDS
from db.models import TaskKind
from db.session import engine_url

# Any constant will do, as long as every runner uses the same.
ADVISORY_LOCK = 7_203_914_588_001
LOCK_TIMEOUT = "5s"
STATEMENT_TIMEOUT = "5min"


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database to `revision` and write the kinds' defaults into it. `url` is the migrator's."""
    with migrating(url) as (connection, config):
        command.upgrade(config, revision)
        if revision in ("head", newest_revision()):
            write_kinds(connection)
            connection.commit()


def downgrade(url: str, revision: str) -> None:
    """Take the database back to `revision` (`base`: to nothing)."""
    with migrating(url) as (_, config):
        command.downgrade(config, revision)


def current_revision(url: str) -> str | None:
    """Return the revision that the database is at, or None before the first."""
    engine = create_engine(engine_url(url))
    with engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    return revision


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
        }
        for kind in KINDS.values()
    ]
    new = insert(TaskKind).values(rows)
    changed = {column: new.excluded[column] for column in rows[0] if column != "name"}
    connection.execute(new.on_conflict_do_update(index_elements=["name"], set_=changed))
    connection.execute(TaskKind.__table__.delete().where(TaskKind.name.not_in(KINDS)))  # type: ignore[attr-defined]


@contextmanager
def migrating(url: str) -> Iterator[tuple[Connection, Config]]:
    """Hold the one runner's lock on a connection with short lock timeouts."""
    engine = create_engine(engine_url(url), connect_args={"options": "-c timezone=UTC"})
    with engine.connect() as connection:
        connection.execute(text(f"SELECT pg_advisory_lock({ADVISORY_LOCK})"))
        connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.execute(text(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'"))
        connection.commit()
        config = alembic_config()
        config.attributes["connection"] = connection
        yield connection, config
    engine.dispose()


def alembic_config() -> Config:
    """Configure Alembic without a file of its own."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
