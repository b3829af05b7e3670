"""Exports: watching and downloading."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from api.dependencies import AskersSession, StoreOfApp
from api.problems import Problem, problem_responses
from api.schemas.exports import ExportAnswer
from db.repositories.exports import Export, find_export
from db.session import Session

router = APIRouter(prefix="/v1/exports", tags=["exports"])

ANY_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get(
    "/{export_id}",
    responses=problem_responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def get_export(export_id: UUID, session: AskersSession) -> ExportAnswer:
    """Show an export of yours and how far it is."""
    return ExportAnswer.of(require_export(session, export_id))


@router.get(
    "/{export_id}/download",
    response_class=StreamingResponse,
    responses=ANY_FILE
    | problem_responses(
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.CONFLICT,
        HTTPStatus.GONE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ),
)
def download_export(export_id: UUID, session: AskersSession, store: StoreOfApp) -> StreamingResponse:
    """Download the file of a completed export."""
    export = require_export(session, export_id)
    if export.file is None:
        raise Problem(HTTPStatus.CONFLICT, f"This export is {export.status}; there is no file to download yet.")
    file = export.file
    headers = {
        "Content-Disposition": content_disposition(file.name),
        "Content-Length": str(file.size),
        "ETag": f'"{file.sha256}"',
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(store.read(file.key), media_type=file.media_type, headers=headers)


def require_export(session: Session, export_id: UUID) -> Export:
    """Return the export.

    Raises:
        Problem: 404, when there is none or it is someone else's.
    """
    if export := find_export(session, export_id):
        return export
    raise Problem(HTTPStatus.NOT_FOUND, "There is no such export, or it isn't yours.")


def content_disposition(name: str) -> str:
    """Name the download as RFC 6266 asks: in plain letters, and once more for those who read all letters."""
    plain = name.encode("ascii", "replace").decode().replace('"', "_").replace("\\", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
