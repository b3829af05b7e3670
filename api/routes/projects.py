"""Projects, and asking for their simulation."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from api.asking import AskerOfRequest
from api.dependencies import AskersSession
from api.problems import problem_responses
from api.schemas.projects import ProjectAnswer, ProjectList
from api.schemas.runs import RunAnswer
from api.schemas.simulations import SimulationAnswer, SimulationList, SimulationRequest
from contracts.args.simulations import RunSimulation
from db.repositories.projects import list_projects
from db.repositories.simulations import list_simulations

router = APIRouter(prefix="/v1/projects", tags=["projects"])

Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("", responses=problem_responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.UNPROCESSABLE_ENTITY))
def get_projects(session: AskersSession, limit: Limit = 50) -> ProjectList:
    """List the projects that you may see, by name."""
    return ProjectList(items=[ProjectAnswer.of(project) for project in list_projects(session, limit=limit)])


@router.get(
    "/{project_id}/simulations",
    responses=problem_responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def get_simulations(project_id: UUID, session: AskersSession, limit: Limit = 20) -> SimulationList:
    """List the simulations of a project that you may see, newest first."""
    found = list_simulations(session, project_id, limit=limit)
    return SimulationList(items=[SimulationAnswer.of(simulation) for simulation in found])


@router.post(
    "/{project_id}/simulations",
    status_code=HTTPStatus.ACCEPTED,
    responses=problem_responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def simulate_project(
    project_id: UUID, asker: AskerOfRequest, response: Response, request: SimulationRequest | None = None
) -> RunAnswer:
    """Ask for a simulation of a project's cost and finish. Read it at the Location of the answer."""
    run = asker.ask(RunSimulation(project_id=project_id, **(request or SimulationRequest()).model_dump()))
    response.headers["Location"] = f"/v1/simulations/{run.id}"
    return run
