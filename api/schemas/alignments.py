"""Translation pairs, and their sentences side by side."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, Field

from api.schemas.base import Answer
from db.repositories.alignments import Alignment, Pair, Place


class PairAnswer(Answer):
    """A document and its translation."""

    id: int = Field(examples=[93])
    job_number: str | None = Field(examples=["208832"])
    classification: str | None = Field(examples=["AS-05"])
    source_title: str | None
    target_title: str | None
    source_language: str = Field(examples=["en"])
    target_language: str = Field(examples=["fr"])
    status: str | None
    alignment_method: str | None = Field(description="`statistical` once memory.align was here")
    alignment_quality: float | None = Field(description="The share of both documents' sentences with a counterpart")
    alignment_confidence: float | None = Field(description="The mean confidence of the links")
    alignments: int = Field(description="How many links are stored")

    @classmethod
    def of(cls, pair: Pair) -> Self:
        """Show a pair."""
        return cls.model_validate(pair)


class PairList(BaseModel):
    """The pairs that the asker may see."""

    items: list[PairAnswer]


class PlaceAnswer(Answer):
    """Sentences as they stand in a document, and where: characters from its beginning, the end not included."""

    text: str
    start: int | None
    end: int | None

    @classmethod
    def of(cls, place: Place | None) -> Self | None:
        """Show one side of a link; null where nothing is opposite."""
        return None if place is None else cls.model_validate(place)


class AlignmentAnswer(BaseModel):
    """Sentences of the source beside those of the target."""

    id: int
    source: PlaceAnswer | None
    target: PlaceAnswer | None
    confidence: float | None = Field(description="The probability that exactly these belong together", examples=[0.93])
    type: str | None = Field(description="automatic, or what a person made of it", examples=["automatic"])
    method: str | None = Field(examples=["statistical"])
    reviewed: bool

    @classmethod
    def of(cls, alignment: Alignment) -> Self:
        """Show a link."""
        score = alignment.confidence_score
        return cls(
            id=alignment.id,
            source=PlaceAnswer.of(alignment.source),
            target=PlaceAnswer.of(alignment.target),
            confidence=None if score is None else float(score),
            type=alignment.alignment_type,
            method=alignment.alignment_method,
            reviewed=alignment.reviewed_by is not None,
        )


class AlignmentList(BaseModel):
    """A page of links in reading order. `next` is the address of the page after it, if there is one."""

    items: list[AlignmentAnswer]
    next: str | None = None
