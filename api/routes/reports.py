"""Reports, and asking for their export."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response

from api.dependencies import AskersSession
from api.problems import Problem, problem_responses
from api.schemas.exports import ExportAnswer, ExportRequest
from api.schemas.reports import ReportAnswer, ReportList
from api.tracing import TRACEPARENT, trace_context
from contracts.args.reports import ExportReport
from db import ledger
from db.repositories.exports import find_export
from db.repositories.reports import list_reports

router = APIRouter(prefix="/v1/reports", tags=["reports"])


@router.get("", responses=problem_responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.UNPROCESSABLE_ENTITY))
def get_reports(session: AskersSession, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> ReportList:
    """List the active reports that you may see, newest month first."""
    return ReportList(items=[ReportAnswer.of(report) for report in list_reports(session, limit=limit)])


@router.post(
    "/{report_id}/exports",
    status_code=HTTPStatus.ACCEPTED,
    responses=problem_responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def export_report(
    report_id: UUID,
    request: ExportRequest,
    session: AskersSession,
    response: Response,
    traceparent: Annotated[str | None, Header(pattern=TRACEPARENT)] = None,
) -> ExportAnswer:
    """Ask for one file of a report. Watch it at the Location of the answer; download it when it is completed."""
    args = ExportReport(report_id=report_id, format=request.format, options=request.options)
    run = ledger.enqueue(session, args, trace_context=trace_context(traceparent))
    export = find_export(session, run.id)
    if export is None:
        raise Problem(HTTPStatus.NOT_FOUND, "There is no such report, or you may not read it.")
    response.headers["Location"] = f"/v1/exports/{run.id}"
    return ExportAnswer.of(export)
