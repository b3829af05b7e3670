"""Proposals of better wording."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter(prefix="/v1/job-descriptions", tags=["job descriptions"])
