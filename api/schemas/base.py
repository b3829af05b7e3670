"""What all bodies have in common."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, model_validator

from contracts.storable import refuse_unstorable

RUN_ID = "0198f3c2-5f0e-7c3a-9d55-2f7a0c1b4e11"
REPORT_ID = "5d0c1a52-4a53-4a43-8a46-5f7f1c1f0a10"
FILE_ID = "0198f3c2-6a11-7b02-8c44-1e5d9a7b3c20"


def within_the_calendar(moment: datetime) -> datetime:
    """Return the moment in UTC.

    Raises:
        ValueError: seen from there it is before the year 1 or after 9999: it could be stored and never read again.
    """
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("in UTC, this is not within the years 1 to 9999") from None


Moment = Annotated[AwareDatetime, AfterValidator(within_the_calendar)]


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
