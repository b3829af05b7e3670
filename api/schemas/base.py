"""What all bodies have in common."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from contracts.storable import refuse_unstorable

RUN_ID = "0198f3c2-5f0e-7c3a-9d55-2f7a0c1b4e11"
REPORT_ID = "5d0c1a52-4a53-4a43-8a46-5f7f1c1f0a10"
FILE_ID = "0198f3c2-6a11-7b02-8c44-1e5d9a7b3c20"


class Request(BaseModel):
    """The base of what askers send: names that are unknown and texts that can't be kept are refused."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, values: Any) -> Any:
        return refuse_unstorable(values)


class Answer(BaseModel):
    """The base of what is answered."""

    model_config = ConfigDict(from_attributes=True)
