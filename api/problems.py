"""Errors as RFC 9457 problem documents. Each says what is wrong and what to do about it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from contracts.errors import BadArgs, NotAllowed, NotThere, Refused, UnknownKind
from db.session import OUTAGES
from providers.storage.store import FileMissing

log = logging.getLogger("dray.api")

MEDIA_TYPE = "application/problem+json"
STATUS_OF: Mapping[type[Exception], HTTPStatus] = {
    BadArgs: HTTPStatus.UNPROCESSABLE_ENTITY,
    UnknownKind: HTTPStatus.UNPROCESSABLE_ENTITY,
    Refused: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotAllowed: HTTPStatus.FORBIDDEN,
    NotThere: HTTPStatus.NOT_FOUND,
    FileMissing: HTTPStatus.GONE,
}


class Fault(BaseModel):
    """One thing that is wrong with a request."""

    location: str = Field(examples=["body.format"])
    message: str = Field(examples=["Input should be 'pdf' or 'excel'"])


class ProblemDocument(BaseModel):
    """RFC 9457: what went wrong, for people and for programs."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank",
                    "title": "Not Found",
                    "status": 404,
                    "detail": "There is no such run, or it isn't yours.",
                    "instance": "/v1/runs/0198f3c2-5f0e-7c3a-9d55-2f7a0c1b4e11",
                }
            ]
        }
    )

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    instance: str
    errors: list[Fault] = Field(default_factory=list)


class Problem(Exception):
    """An answer that is a problem document."""

    def __init__(self, status: HTTPStatus, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers


def problem_responses(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """Describe for OpenAPI the problem documents that a route may answer with."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}
    return {int(status): {"description": status.phrase, "content": content} for status in statuses}


def describe_problems(app: FastAPI) -> None:
    """Add the problem document to the OpenAPI document, since no route names it as its model."""
    describe = app.openapi

    def describe_with_problems() -> dict[str, Any]:
        document = describe()
        for operation in operations(document):
            add_common_answers(operation)
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        problem = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= problem.pop("$defs")
        schemas["ProblemDocument"] = problem
        return document

    app.openapi = describe_with_problems  # type: ignore[method-assign]  # FastAPI's own way to extend it


def operations(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every operation of an OpenAPI document."""
    for path in document["paths"].values():
        yield from path.values()


def add_common_answers(operation: dict[str, Any]) -> None:
    """Add what no route answers itself: that a body is no text, and that the database is away."""
    common = []
    if "application/json" in operation.get("requestBody", {}).get("content", {}):
        common.append(HTTPStatus.BAD_REQUEST)
    if "security" in operation:
        common.append(HTTPStatus.SERVICE_UNAVAILABLE)
    for status, described in problem_responses(*common).items():
        operation["responses"].setdefault(str(status), described)


def answer(
    request: Request,
    status: HTTPStatus,
    detail: str,
    *,
    faults: Sequence[Fault] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Make the response."""
    document = ProblemDocument(
        title=status.phrase, status=status, detail=detail, instance=request.url.path, errors=list(faults)
    )
    return JSONResponse(
        document.model_dump(exclude_defaults=False),
        status_code=status,
        headers=dict(headers or {}),
        media_type=MEDIA_TYPE,
    )


def install_handlers(app: FastAPI) -> None:
    """Turn every error that leaves a route into a problem document."""

    @app.exception_handler(Problem)
    def on_problem(request: Request, error: Problem) -> JSONResponse:
        return answer(request, error.status, error.detail, headers=error.headers)

    @app.exception_handler(HTTPException)
    def on_http_error(request: Request, error: HTTPException) -> JSONResponse:
        return answer(request, HTTPStatus(error.status_code), str(error.detail), headers=error.headers)

    @app.exception_handler(RequestValidationError)
    def on_bad_request(request: Request, error: RequestValidationError) -> JSONResponse:
        faults = [Fault(location=".".join(map(str, fault["loc"])), message=fault["msg"]) for fault in error.errors()]
        detail = "The request does not fit: " + "; ".join(f"{fault.location}: {fault.message}" for fault in faults)
        return answer(request, HTTPStatus.UNPROCESSABLE_ENTITY, detail, faults=faults)

    def on_known_error(request: Request, error: Exception) -> JSONResponse:
        return answer(request, STATUS_OF[type(error)], str(error))

    for known in STATUS_OF:
        app.add_exception_handler(known, on_known_error)

    def on_outage(request: Request, error: Exception) -> JSONResponse:
        log.warning("database.unavailable error=%s", type(error).__name__)
        detail = "The database does not answer just now. Nothing was taken; try again in a few seconds."
        return answer(request, HTTPStatus.SERVICE_UNAVAILABLE, detail, headers={"Retry-After": "5"})

    for outage in OUTAGES:
        app.add_exception_handler(outage, on_outage)

    @app.exception_handler(Exception)
    def on_surprise(request: Request, error: Exception) -> JSONResponse:
        log.error("request.failed path=%s", request.url.path, exc_info=error)
        detail = "Something went wrong on our side; it is in the log. Nothing was taken unless the answer says so."
        return answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, detail)
