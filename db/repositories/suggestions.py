"""Suggestions for a job description, and what they are made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from db.models import AiSuggestion, SentenceAlignment, TranslationPair

# Rows of one INSERT: sixteen values each, far below the 65,535 parameters of the protocol.
BATCH = 500


@dataclass(frozen=True, slots=True)
class NewSuggestion:
    """A suggestion to keep. `details` are its place in the text and what vouches for it."""

    suggestion_type: str
    section_type: str | None
    ai_provider: str
    ai_model: str
    original_text: str
    suggested_text: str
    context_before: str
    context_after: str
    confidence_score: Decimal
    explanation: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredSuggestion:
    """A suggestion as it is kept, and what people did with it."""

    id: int
    suggestion_type: str
    section_type: str | None
    ai_provider: str | None
    ai_model: str | None
    original_text: str
    suggested_text: str
    context_before: str | None
    context_after: str | None
    confidence_score: Decimal | None
    explanation: str | None
    status: str | None
    user_action: str | None
    created_at: datetime | None
    start: int | None
    end: int | None
    rule: str | None


@dataclass(frozen=True, slots=True)
class AlignedSentence:
    """A sentence of a translated description and the sentence that it translates."""

    source: str
    target: str
    source_language: str
    target_language: str
    confidence: float


def add_suggestions(session: Session, job_id: int, user_id: int, suggestions: Sequence[NewSuggestion]) -> int:
    """Keep what is not there yet and return how many that were. What people have answered stays as it is."""
    added = 0
    for begin in range(0, len(suggestions), BATCH):
        rows = [_row(job_id, user_id, suggestion) for suggestion in suggestions[begin : begin + BATCH]]
        statement = insert(AiSuggestion).values(rows).on_conflict_do_nothing().returning(AiSuggestion.id)
        added += len(session.execute(statement).all())
    return added


def _row(job_id: int, user_id: int, suggestion: NewSuggestion) -> dict[str, Any]:
    values = asdict(suggestion)
    return {"job_id": job_id, "user_id": user_id, "metadata_": values.pop("details"), **values}


def list_suggestions(
    session: Session, job_id: int, *, status: str | None = None, limit: int = 200
) -> list[StoredSuggestion]:
    """Return the suggestions for a description that this transaction may see, in the order of the text."""
    place = AiSuggestion.metadata_["start"].as_integer()
    query = select(AiSuggestion).where(AiSuggestion.job_id == job_id).order_by(place, AiSuggestion.id).limit(limit)
    if status:
        query = query.where(AiSuggestion.status == status)
    return [_stored(row) for row in session.scalars(query)]


def _stored(row: AiSuggestion) -> StoredSuggestion:
    details = row.metadata_ or {}
    named = {name: getattr(row, name) for name in StoredSuggestion.__dataclass_fields__ if hasattr(row, name)}
    return StoredSuggestion(**named, start=details.get("start"), end=details.get("end"), rule=details.get("rule"))


def aligned_sentences(session: Session, job_id: int) -> list[AlignedSentence]:
    """Return the sentences of a description that were aligned with those it translates, in the order of the text."""
    query = (
        select(SentenceAlignment, TranslationPair)
        .join(TranslationPair, TranslationPair.id == SentenceAlignment.translation_pair_id)
        .where(TranslationPair.target_job_id == job_id)
        .order_by(SentenceAlignment.target_position_start, SentenceAlignment.id)
    )
    return [
        AlignedSentence(
            source=link.source_sentence,
            target=link.target_sentence,
            source_language=pair.source_language,
            target_language=pair.target_language,
            confidence=1.0 if link.confidence_score is None else float(link.confidence_score),
        )
        for link, pair in session.execute(query)
        if link.source_sentence and link.target_sentence
    ]
