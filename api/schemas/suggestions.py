"""Proposals of better wording."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.base import Answer, Request
from contracts.args.descriptions import SuggestionType
from db.repositories.suggestions import StoredSuggestion


class SuggestionStatus(StrEnum):
    """What became of a suggestion, as `ai_suggestions.status` names it."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    MODIFIED = "modified"


class SuggestionRequest(Request):
    """Ask for better wording of a job description."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"suggestion_types": ["grammar", "compliance"], "local": True}]},
    )

    suggestion_types: tuple[SuggestionType, ...] | None = Field(
        None, min_length=1, description="Only these; all when absent"
    )
    sections: tuple[str, ...] | None = Field(
        None, min_length=1, examples=[["general_accountability"]], description="Only these sections; all when absent"
    )
    local: bool = Field(False, description="Use local means even where an AI provider is configured")


class SuggestionAnswer(Answer):
    """A suggestion. It changes nothing until a person takes it up."""

    id: int
    suggestion_type: str = Field(examples=["style"])
    section_type: str | None = Field(examples=["general_accountability"])
    ai_provider: str | None = Field(examples=["local"])
    ai_model: str | None = Field(examples=["rules-1"])
    original_text: str = Field(examples=["in order to"])
    suggested_text: str = Field(examples=["to"])
    context_before: str | None
    context_after: str | None
    confidence_score: float | None = Field(ge=0, le=1)
    explanation: str | None
    status: str | None = Field(examples=["pending"])
    user_action: str | None = Field(description="What the person did: accepted, rejected, modified or ignored")
    created_at: datetime | None
    start: int | None = Field(description="Where the original begins in the description's text, in characters")
    end: int | None = Field(description="Where it ends")
    rule: str | None = Field(description="The rule or the entry of the memory behind it; none for a model's")

    @classmethod
    def of(cls, suggestion: StoredSuggestion) -> Self:
        """Show a suggestion."""
        return cls.model_validate(suggestion)


class SuggestionList(BaseModel):
    """The suggestions for one description, in the order of its text."""

    items: list[SuggestionAnswer]
