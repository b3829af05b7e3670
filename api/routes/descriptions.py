"""Job descriptions, and their checks."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query

from api.asking import AskerOfRequest
from api.dependencies import AskersSession
from api.paths import JobId, require_description
from api.problems import Problem, problem_responses
from api.schemas.descriptions import (
    ComplianceRequest,
    DescriptionAnswer,
    DescriptionList,
    FindingAnswer,
    FindingList,
    Lines,
)
from api.schemas.runs import RunAnswer
from contracts.args.base import Language
from contracts.args.descriptions import CheckCompliance, CheckType
from db.repositories.compliance import find_check, list_checks
from db.repositories.descriptions import list_descriptions

router = APIRouter(prefix="/v1/job-descriptions", tags=["job descriptions"])

ComplianceStatus = Literal["compliant", "warning", "violation"]


@router.get("", responses=problem_responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.UNPROCESSABLE_ENTITY))
def get_descriptions(
    session: AskersSession,
    job_number: Annotated[str | None, Query(max_length=20)] = None,
    language: Language | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> DescriptionList:
    """List the job descriptions that you may see, by number and language."""
    found = list_descriptions(session, limit=limit, job_number=job_number, language=language)
    return DescriptionList(items=[DescriptionAnswer.of(description) for description in found])


@router.post(
    "/{job_id}/compliance-checks",
    status_code=HTTPStatus.ACCEPTED,
    responses=problem_responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def check_description(
    job_id: JobId, session: AskersSession, asker: AskerOfRequest, request: ComplianceRequest | None = None
) -> RunAnswer:
    """Ask for a check against the rules. Watch it at the Location of the answer; then get what it found from here."""
    require_description(session, job_id)
    check_types = request.check_types if request else None
    return asker.ask(CheckCompliance(job_id=job_id, check_types=check_types))


@router.get(
    "/{job_id}/compliance-checks",
    responses=problem_responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def get_checks(
    job_id: JobId,
    session: AskersSession,
    *,
    status: Annotated[list[ComplianceStatus] | None, Query(description="Only these; may be repeated")] = None,
    check_type: Annotated[list[CheckType] | None, Query(description="Only these; may be repeated")] = None,
    after: Annotated[
        int | None, Query(ge=1, le=2**31 - 1, description="Only what follows this finding: the last of the page before")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> FindingList:
    """List what the checks of a job description found, with its place in the text as it is now."""
    description = require_description(session, job_id)
    last = None if after is None else find_check(session, job_id, after)
    if after is not None and last is None:
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"There is no finding {after} any more: the text was checked anew. Read again from the first page.",
        )
    # One more than the page shows whether there is another.
    found = list_checks(session, job_id, statuses=status, check_types=check_type, after=last, limit=limit + 1)
    page, more = found[:limit], None
    if len(found) > limit:
        filters = [("status", one) for one in status or ()] + [("check_type", str(one)) for one in check_type or ()]
        query = urlencode([*filters, ("limit", limit), ("after", page[-1].id)])
        more = f"/v1/job-descriptions/{job_id}/compliance-checks?{query}"
    text = Lines(description.text)
    return FindingList(items=[FindingAnswer.of(check, text) for check in page], next=more)
