"""The translation memory."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter

from api.asking import AskerOfRequest
from api.problems import problem_responses
from api.schemas.memory import EmbeddingRequest, ImportRequest, LookupRequest
from api.schemas.runs import RunAnswer

router = APIRouter(prefix="/v1/memory", tags=["translation memory"])

REFUSALS = problem_responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY)


@router.post("/imports", status_code=HTTPStatus.ACCEPTED, responses=REFUSALS | problem_responses(HTTPStatus.NOT_FOUND))
def import_file(request: ImportRequest, asker: AskerOfRequest) -> RunAnswer:
    """Read a TMX file of yours into the memory. Hand it in first, at `POST /v1/files`."""
    return asker.ask(request)


@router.post("/embeddings", status_code=HTTPStatus.ACCEPTED, responses=REFUSALS)
def embed_texts(asker: AskerOfRequest, request: EmbeddingRequest | None = None) -> RunAnswer:
    """Give vectors to entries and chunks that have none of the current model."""
    return asker.ask(request or EmbeddingRequest())


@router.post("/lookups", status_code=HTTPStatus.ACCEPTED, responses=REFUSALS)
def look_up_text(request: LookupRequest, asker: AskerOfRequest) -> RunAnswer:
    """Find translations of a text: the same, a similar one, or one of similar meaning. They are the run's result."""
    return asker.ask(request)
