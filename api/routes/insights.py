"""Insights of reports: asking for them, and reading them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api.asking import AskerOfRequest
from api.dependencies import AskersSession
from api.problems import Problem, problem_responses
from api.schemas.insights import InsightAnswer, InsightList, InsightsRequest
from api.schemas.runs import RunAnswer
from contracts.args.reports import GenerateInsights, InsightCategory
from db.repositories.insights import list_report_insights

router = APIRouter(prefix="/v1/reports", tags=["reports"])

PROBLEMS = problem_responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)


@router.post("/{report_id}/insights", status_code=HTTPStatus.ACCEPTED, responses=PROBLEMS)
def generate_insights(report_id: UUID, asker: AskerOfRequest, request: InsightsRequest | None = None) -> RunAnswer:
    """Ask what the figures of a report mean. What people have judged stays as it is."""
    return asker.ask(GenerateInsights(report_id=report_id, categories=request.categories if request else None))


@router.get("/{report_id}/insights", responses=PROBLEMS)
def get_insights(
    report_id: UUID, session: AskersSession, category: Annotated[list[InsightCategory] | None, Query()] = None
) -> InsightList:
    """List the insights of a report, rejected ones included, the most urgent first."""
    insights = list_report_insights(session, report_id, categories=category)
    if insights is None:
        raise Problem(HTTPStatus.NOT_FOUND, "There is no such report, or it isn't for you to see.")
    return InsightList(items=[InsightAnswer.of(insight) for insight in insights])
