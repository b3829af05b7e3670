"""Work on one job description."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from contracts.args.base import Args


class CheckType(StrEnum):
    """What a rule looks after, as `compliance_checks.check_type` names it."""

    POLICY = "policy"
    ACCESSIBILITY = "accessibility"
    LANGUAGE = "language"
    FORMAT = "format"


class SuggestionType(StrEnum):
    """What a suggestion improves, as `ai_suggestions.suggestion_type` names it."""

    GRAMMAR = "grammar"
    STYLE = "style"
    COMPLIANCE = "compliance"
    CONTENT = "content"
    TRANSLATION = "translation"


class CheckCompliance(Args):
    """`compliance.check`: hold a job description against the rules for its language."""

    kind: ClassVar[str] = "compliance.check"

    job_id: int = Field(ge=1, description="The row of job_descriptions to check")
    check_types: tuple[CheckType, ...] | None = Field(None, min_length=1, description="Only these; all when absent")


class CreateSuggestions(Args):
    """`suggestion.create`: propose better wording for passages of a job description."""

    kind: ClassVar[str] = "suggestion.create"

    job_id: int = Field(ge=1, description="The row of job_descriptions to improve")
    suggestion_types: tuple[SuggestionType, ...] | None = Field(
        None, min_length=1, description="Only these; all when absent"
    )
    sections: tuple[str, ...] | None = Field(
        None, min_length=1, description="Only these sections, as compliance.check names them; all when absent"
    )
    local: bool = Field(False, description="Use local means even where an AI provider is configured")
