"""Runs of any kind."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.base import REPORT_ID, RUN_ID, Answer, Moment, Request
from contracts.queues import LEAST_URGENT, MOST_URGENT, Queue
from contracts.settlement import AttemptOutcome
from contracts.state import RunState
from db.repositories.runs import Attempt, Run


class RunRequest(Request):
    """Ask for a run of any kind."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"kind": "report.export", "args": {"report_id": REPORT_ID, "format": "excel"}, "priority": 3}]
        },
    )

    kind: str
    args: dict[str, Any] = Field(default_factory=dict)
    queue: Queue | None = Field(None, description="The kind's own queue when absent")
    priority: int | None = Field(None, ge=MOST_URGENT, le=LEAST_URGENT, description="0 is the most urgent")
    due_at: Moment | None = Field(None, description="Not before this time; now when absent")
    expires_at: Moment | None = Field(None, description="A deadline: begun before this time, or cancelled")
    unique_key: str | None = Field(
        None,
        min_length=1,
        max_length=200,
        description="While a run of this kind with this key is not final, it is the answer",
    )


class RunAnswer(Answer):
    """A run."""

    id: UUID = Field(examples=[RUN_ID])
    kind: str = Field(examples=["report.export"])
    args: dict[str, Any]
    queue: str
    priority: int
    state: RunState
    attempt: int = Field(description="Attempts begun so far")
    max_attempts: int
    progress: float | None = None
    progress_message: str | None = None
    unique_key: str | None = None
    created_at: datetime
    scheduled_at: datetime = Field(description="Due: now, later, or the time of the next attempt")
    started_at: datetime | None = None
    finalized_at: datetime | None = None
    result: dict[str, Any] | None = None
    last_error: str | None = None
    reason: str | None = None

    @classmethod
    def of(cls, run: Run) -> Self:
        """Show a run."""
        return cls.model_validate(run)


class CancelRequest(Request):
    """Call a run off."""

    reason: str | None = Field(None, max_length=500, description="Why; kept with the run")


class AttemptAnswer(Answer):
    """One execution of a run."""

    attempt: int
    started_at: datetime
    finished_at: datetime | None
    outcome: AttemptOutcome | None
    error_type: str | None
    error_message: str | None

    @classmethod
    def of(cls, attempt: Attempt) -> Self:
        """Show an attempt."""
        return cls.model_validate(attempt)


class RunDetails(RunAnswer):
    """A run with its attempts."""

    attempts: list[AttemptAnswer] = Field(default_factory=list)


class RunList(BaseModel):
    """A page of runs, newest first. `next` is the address of the page after it, if there is one."""

    items: list[RunAnswer]
    next: str | None = None
