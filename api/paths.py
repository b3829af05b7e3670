"""What the paths of several routes name."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import Path

from api.problems import Problem
from db.repositories.descriptions import Description, find_description
from db.session import Session

# The column is a 32-bit integer; larger numbers name nothing.
JobId = Annotated[int, Path(ge=1, le=2**31 - 1, description="The row of job_descriptions")]


def require_description(session: Session, job_id: int) -> Description:
    """Return the job description.

    Raises:
        Problem: 404, when there is none or the asker may not read it.
    """
    if description := find_description(session, job_id):
        return description
    raise Problem(HTTPStatus.NOT_FOUND, "There is no such job description, or you may not read it.")
