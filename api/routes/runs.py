"""Runs of any kind: asking, listing, watching."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response

from api.dependencies import AskersSession
from api.problems import Problem, problem_responses
from api.schemas.runs import AttemptAnswer, CancelRequest, RunAnswer, RunDetails, RunList, RunRequest
from api.tracing import TRACEPARENT, trace_context
from contracts.kinds import find_kind, parse_args
from contracts.state import RunState
from db import ledger
from db.repositories.runs import find_attempts, find_run, list_runs
from db.session import Session

ALREADY_THERE: dict[int | str, dict[str, Any]] = {
    200: {"description": "A run with this unique_key was there already", "model": RunAnswer}
}

router = APIRouter(prefix="/v1/runs", tags=["runs"])


@router.post(
    "",
    status_code=HTTPStatus.ACCEPTED,
    responses=ALREADY_THERE
    | problem_responses(
        HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY
    ),
)
def enqueue_run(
    request: RunRequest,
    session: AskersSession,
    response: Response,
    traceparent: Annotated[str | None, Header(pattern=TRACEPARENT)] = None,
) -> RunAnswer:
    """Ask for a run of any kind. Its args are checked against the kind's own model."""
    run = ledger.enqueue(
        session,
        parse_args(find_kind(request.kind), request.args),
        queue=request.queue,
        priority=request.priority,
        due_at=request.due_at,
        expires_at=request.expires_at,
        unique_key=request.unique_key,
        trace_context=trace_context(traceparent),
    )
    if not run.created:
        response.status_code = HTTPStatus.OK
    response.headers["Location"] = f"/v1/runs/{run.id}"
    return require_run(session, run.id)


@router.get("", responses=problem_responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.UNPROCESSABLE_ENTITY))
def get_runs(
    session: AskersSession,
    kind: str | None = None,
    state: Annotated[list[RunState] | None, Query()] = None,
    before: Annotated[
        UUID | None, Query(description="Only runs older than this one: the last of the page before")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> RunList:
    """List your runs, newest first."""
    runs = list_runs(session, kind=kind, states=state or (), before=before, limit=limit)
    more = None
    if len(runs) == limit:
        filters = [("kind", kind)] if kind else []
        filters += [("state", each.value) for each in state or ()]
        more = "/v1/runs?" + urlencode([*filters, ("limit", limit), ("before", str(runs[-1].id))])
    return RunList(items=[RunAnswer.of(run) for run in runs], next=more)


@router.get(
    "/{run_id}",
    responses=problem_responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def get_run(run_id: UUID, session: AskersSession) -> RunDetails:
    """Show a run of yours with its attempts."""
    run = require_run(session, run_id)
    attempts = [AttemptAnswer.of(attempt) for attempt in find_attempts(session, run_id)]
    return RunDetails(**run.model_dump(), attempts=attempts)


@router.post(
    "/{run_id}/cancel",
    responses=problem_responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def cancel_run(run_id: UUID, session: AskersSession, request: CancelRequest | None = None) -> RunAnswer:
    """Call a run of yours off. One that is executing stops within seconds; one that has ended stays as it is."""
    require_run(session, run_id)
    ledger.cancel(session, run_id, reason=request.reason if request else None)
    return require_run(session, run_id)


def require_run(session: Session, run_id: UUID) -> RunAnswer:
    """Return the run.

    Raises:
        Problem: 404, when there is none or it is someone else's.
    """
    if run := find_run(session, run_id):
        return RunAnswer.of(run)
    raise Problem(HTTPStatus.NOT_FOUND, "There is no such run, or it isn't yours.")
