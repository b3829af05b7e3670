"""Proposals of better wording."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query

from api.asking import AskerOfRequest
from api.dependencies import AskersSession
from api.paths import JobId, require_description
from api.problems import problem_responses
from api.schemas.runs import RunAnswer
from api.schemas.suggestions import SuggestionAnswer, SuggestionList, SuggestionRequest, SuggestionStatus
from contracts.args.descriptions import CreateSuggestions
from db.repositories.suggestions import list_suggestions

router = APIRouter(prefix="/v1/job-descriptions", tags=["job descriptions"])

PROBLEMS = problem_responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)


@router.post("/{job_id}/suggestions", status_code=HTTPStatus.ACCEPTED, responses=PROBLEMS)
def create_suggestions(
    job_id: JobId, session: AskersSession, asker: AskerOfRequest, request: SuggestionRequest | None = None
) -> RunAnswer:
    """Ask for better wording of a description. Watch the run at the Location of the answer."""
    require_description(session, job_id)
    return asker.ask(CreateSuggestions(job_id=job_id, **(request or SuggestionRequest()).model_dump()))


@router.get("/{job_id}/suggestions", responses=PROBLEMS)
def get_suggestions(
    job_id: JobId,
    session: AskersSession,
    status: SuggestionStatus | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> SuggestionList:
    """List the suggestions for a description, in the order of its text."""
    require_description(session, job_id)
    found = list_suggestions(session, job_id, status=status, limit=limit)
    return SuggestionList(items=[SuggestionAnswer.of(suggestion) for suggestion in found])
