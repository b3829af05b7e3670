"""Job descriptions, and what their checks found."""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.base import Answer, Request
from contracts.args.descriptions import CheckType
from db.repositories.compliance import StoredCheck
from db.repositories.descriptions import DescriptionSummary


class DescriptionAnswer(Answer):
    """One line of the list of job descriptions."""

    id: int
    job_number: str | None = Field(examples=["208832"])
    title: str | None
    classification: str | None = Field(examples=["AS-05"])
    language: str | None = Field(examples=["fr"])

    @classmethod
    def of(cls, description: DescriptionSummary) -> Self:
        """Show a job description."""
        return cls.model_validate(description)


class DescriptionList(BaseModel):
    """The job descriptions that the asker may see."""

    items: list[DescriptionAnswer]


class ComplianceRequest(Request):
    """Ask for a check."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"check_types": ["policy", "language"]}]})

    check_types: tuple[CheckType, ...] | None = Field(None, min_length=1, description="Only these; all when absent")


class Lines:
    """A text, and where its lines begin."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def place(self, start: int) -> tuple[int, int]:
        """Return line and column of a character, both from 1."""
        line = bisect_right(self._starts, start)
        return line, start - self._starts[line - 1] + 1


class FindingAnswer(Answer):
    """What one rule found, and where."""

    id: int
    rule: str = Field(examples=["long_sentence"])
    check_type: str = Field(examples=["language"])
    description: str = Field(description="What the rule asks for, and who says so")
    status: str = Field(examples=["warning"], description="violation, warning, or compliant: checked and fine")
    severity: str = Field(examples=["low"], description="low, medium, high or critical")
    section: str | None = Field(examples=["nature_and_scope"])
    start: int | None = Field(description="Characters (Unicode code points) of the text before it")
    end: int | None
    line: int | None = Field(description="From 1; absent where there is no place, or the text has changed there since")
    column: int | None = Field(description="From 1")
    flagged_text: str | None
    recommendation: str | None
    auto_fixable: bool
    fix_applied: bool
    acknowledged_at: datetime | None
    stale: bool = Field(description="The text at this place is no longer what was flagged: check again")

    @classmethod
    def of(cls, check: StoredCheck, lines: Lines) -> Self:
        """Show a finding beside the text as it is now."""
        found = check.finding
        start, end = found.location_start, found.location_end
        stale = start is not None and lines.text[start:end] != found.flagged_text
        line, column = (None, None) if start is None or stale else lines.place(start)
        return cls(
            id=check.id,
            rule=found.rule_name,
            check_type=found.check_type,
            description=found.rule_description,
            status=found.compliance_status,
            severity=found.severity,
            section=found.section_type,
            start=start,
            end=end,
            line=line,
            column=column,
            flagged_text=found.flagged_text,
            recommendation=found.recommendation,
            auto_fixable=found.auto_fixable,
            fix_applied=check.fix_applied,
            acknowledged_at=check.acknowledged_at,
            stale=stale,
        )


class FindingList(BaseModel):
    """A page of the checks of a job description: what is broken in the order of the text, then the rules that are kept.

    `next` is the address of the page after it, if there is one.
    """

    items: list[FindingAnswer]
    next: str | None = None
