"""One function: make a run inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol, cast, runtime_checkable
from uuid import UUID

import psycopg
from psycopg import errors
from psycopg.rows import class_row
from psycopg.types.json import Jsonb
from pydantic import BaseModel, ConfigDict

ENQUEUE = """
SELECT id, created FROM enqueue_run(
    kind => %(kind)s, args => %(args)s, queue => %(queue)s, priority => %(priority)s, due_at => %(due_at)s,
    unique_key => %(unique_key)s, requested_by => %(requested_by)s, trace_context => %(trace_context)s,
    run_id => %(run_id)s, expires_at => %(expires_at)s
)
"""


REFUSALS = (
    errors.InvalidParameterValue,
    errors.InsufficientPrivilege,
    errors.NoDataFound,
    errors.ForeignKeyViolation,
    errors.CheckViolation,
)


class EnqueuedRun(BaseModel):
    """The run's id, and False where an equal request had made it before."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    created: bool


class Refused(Exception):
    """Dray does not take this request; the message says what to mend. The transaction must be rolled back."""


@runtime_checkable
class SqlAlchemySession(Protocol):
    """What a SQLAlchemy Session has and a Connection hasn't."""

    def connection(self) -> Any:
        """Return the session's connection."""


def enqueue(
    connection: Any,
    kind: str,
    args: Mapping[str, Any] | BaseModel | None = None,
    *,
    queue: str | None = None,
    priority: int | None = None,
    due_at: datetime | None = None,
    unique_key: str | None = None,
    requested_by: UUID | None = None,
    trace_context: Mapping[str, str] | None = None,
    run_id: UUID | None = None,
    expires_at: datetime | None = None,
) -> EnqueuedRun:
    """Make a run of `kind` within the transaction of `connection`. What is None takes the kind's default.

    Args:
        connection: A psycopg Connection, or a SQLAlchemy Session or Connection on the psycopg driver.
        kind: The dotted name, such as `report.export`.
        args: Ids and options as the kind wants them; a Pydantic model is dumped as JSON.
        queue: The queue, where it isn't the kind's own.
        priority: 0 (most urgent) to 9.
        due_at: Not before this time.
        unique_key: While a run of this kind with this key is not final, it is the answer.
        requested_by: The person in whose name it is asked, an id of auth.users.
        trace_context: W3C trace context to keep with the run.
        run_id: An id of your own; asking twice with the same id makes one run.
        expires_at: A deadline: the run begins before this time, or is cancelled.

    Raises:
        Refused: the database does not take the request.
    """
    values = args.model_dump(mode="json") if isinstance(args, BaseModel) else dict(args or {})
    parameters = {
        "kind": kind,
        "args": Jsonb(values),
        "queue": queue,
        "priority": priority,
        "due_at": due_at,
        "unique_key": unique_key,
        "requested_by": requested_by,
        "trace_context": Jsonb(dict(trace_context)) if trace_context else None,
        "run_id": run_id,
        "expires_at": expires_at,
    }
    try:
        with psycopg_connection(connection).cursor(row_factory=class_row(EnqueuedRun)) as cursor:
            run = cursor.execute(ENQUEUE, parameters).fetchone()
    except REFUSALS as error:
        lines = (error.diag.message_primary, error.diag.message_hint)
        raise Refused(". ".join(line for line in lines if line)) from error
    return cast("EnqueuedRun", run)


def psycopg_connection(connection: Any) -> psycopg.Connection[Any]:
    """Find the psycopg connection behind whatever the caller works with.

    Raises:
        TypeError: there is none.
    """
    if isinstance(connection, psycopg.Connection):
        return connection
    if isinstance(connection, SqlAlchemySession) and callable(connection.connection):
        connection = connection.connection()
    # A SQLAlchemy Connection keeps its driver's under a pool's proxy.
    driver = getattr(getattr(connection, "connection", None), "driver_connection", None)
    if isinstance(driver, psycopg.Connection):
        return driver
    raise TypeError("enqueue needs a psycopg connection, or a SQLAlchemy session or connection on the psycopg driver")
