"""Simulations of cost and schedule risk."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter

from api.dependencies import AskersSession
from api.problems import Problem, problem_responses
from api.schemas.simulations import SimulationAnswer
from db.repositories.simulations import find_simulation

router = APIRouter(prefix="/v1/simulations", tags=["simulations"])


@router.get(
    "/{simulation_id}",
    responses=problem_responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def get_simulation(simulation_id: UUID, session: AskersSession) -> SimulationAnswer:
    """Show a simulation, how far it is, and what it found."""
    if simulation := find_simulation(session, simulation_id):
        return SimulationAnswer.of(simulation)
    raise Problem(HTTPStatus.NOT_FOUND, "There is no such simulation, or you may not read it.")
