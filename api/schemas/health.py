"""The state of this process."""

from __future__ import annotations

from pydantic import BaseModel, Field


class Health(BaseModel):
    """Whether this process is up, or ready to serve."""

    status: str = Field(examples=["ok"])
    checks: dict[str, str] = Field(default_factory=dict, examples=[{"database": "ok", "schema": "ok", "storage": "ok"}])
