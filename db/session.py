"""Connections and transactions.

A transaction acts as someone: a worker as its own role, the API as a person. The identity belongs to the transaction,
not to the connection, so that a pool can't carry it from one asker to the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session, SessionTransaction

__all__ = ["OUTAGES", "Database", "DatabaseError", "Session", "engine_url"]

# What other folders catch, without knowing whose errors these are.
DatabaseError = SQLAlchemyError
OUTAGES = (OperationalError, PoolTimeout)

CONNECT_SECONDS = 10
ACTING_AS = "acting_as"


def engine_url(url: str) -> str:
    """Name the driver in a plain `postgresql://` URL, as SQLAlchemy wants it."""
    return make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


class Database:
    """The database as one role sees it. Make one a process, after any fork."""

    def __init__(self, url: str, *, application_name: str, pool_size: int = 5) -> None:
        self.engine: Engine = create_engine(
            engine_url(url),
            # What was asked is nobody's to read in a log.
            hide_parameters=True,
            pool_size=pool_size,
            max_overflow=0,
            pool_pre_ping=True,
            pool_timeout=CONNECT_SECONDS,
            connect_args={
                "connect_timeout": CONNECT_SECONDS,
                "application_name": application_name,
                # A statement that waits for a lock would else outlive a client that was killed, with its locks.
                "options": "-c timezone=UTC -c client_connection_check_interval=2s",
                # A peer that vanished without a word is noticed within half a minute.
                "keepalives_idle": 10,
                "keepalives_interval": 5,
                "keepalives_count": 3,
            },
        )

    @contextmanager
    def transaction(
        self,
        *,
        acting_as: UUID | None = None,
        durable: bool = True,
        lock_seconds: float | None = None,
        idle_seconds: float | None = None,
    ) -> Iterator[Session]:
        """Open one transaction; commit it at the end, roll it back on any error.

        With `acting_as`, row-level security shows what that person may see. With `durable=False` the commit doesn't
        wait for the disk: only for marks that a crash may lose without harm. `lock_seconds` bounds each wait for a
        lock, `idle_seconds` how long the server keeps the transaction of a client that fell silent.
        """
        with Session(self.engine, info={ACTING_AS: acting_as}) as session, undone_on_error(session):
            if not durable:
                session.execute(text("SET LOCAL synchronous_commit = off"))
            if lock_seconds is not None:
                session.execute(text(f"SET LOCAL lock_timeout = {int(lock_seconds * 1000)}"))
            if idle_seconds is not None:
                session.execute(text(f"SET LOCAL idle_in_transaction_session_timeout = {int(idle_seconds * 1000)}"))
            yield session

    def close(self) -> None:
        """Close the pool's connections."""
        self.engine.dispose()


@contextmanager
def undone_on_error(session: Session) -> Iterator[None]:
    """Commit at the end, or undo everything. A connection that can't even roll back is thrown away.

    That happens when a signal's exception strikes in the middle of a statement: the server is still busy with it.
    """
    try:
        yield
        session.commit()
    except BaseException:
        try:
            session.rollback()
        except SQLAlchemyError:
            session.invalidate()
        raise


@event.listens_for(Session, "after_begin")
def assume_identity(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    """Act as the session's person, in every transaction it begins: also after a commit in mid-session."""
    if person := session.info.get(ACTING_AS):
        connection.execute(text("SET LOCAL ROLE authenticated_users"))
        connection.execute(text("SELECT set_config('request.jwt.claim.sub', :person, true)"), {"person": str(person)})
