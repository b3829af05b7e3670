"""Job descriptions, and their checks."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query

from api.asking import AskerOfRequest
from api.dependencies import AskersSession
from api.problems import Problem, problem_responses
from api.schemas.descriptions import (
    ComplianceRequest,
    DescriptionAnswer,
    DescriptionList,
    FindingAnswer,
    FindingList,
)
from api.schemas.runs import RunAnswer
from contracts.args.base import Language
from contracts.args.descriptions import CheckCompliance, CheckType
from db.repositories.compliance import list_checks
from db.repositories.descriptions import Description, find_description, list_descriptions
from db.session import Session

router = APIRouter(prefix="/v1/job-descriptions", tags=["job descriptions"])

# The column is a 32-bit integer; larger numbers name nothing.
JobId = Annotated[int, Path(ge=1, le=2**31 - 1)]
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
    status: Annotated[list[ComplianceStatus] | None, Query(description="Only these; may be repeated")] = None,
    check_type: Annotated[list[CheckType] | None, Query(description="Only these; may be repeated")] = None,
) -> FindingList:
    """List what the checks of a job description found, with its place in the text as it is now."""
    description = require_description(session, job_id)
    checks = list_checks(session, job_id, statuses=status, check_types=check_type)
    return FindingList(items=[FindingAnswer.of(check, description.text) for check in checks])


def require_description(session: Session, job_id: int) -> Description:
    """Return the job description.

    Raises:
        Problem: 404, when there is none or the asker may not read it.
    """
    if description := find_description(session, job_id):
        return description
    raise Problem(HTTPStatus.NOT_FOUND, "There is no such job description, or you may not read it.")
