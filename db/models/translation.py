"""Translation: pairs, alignments, memory and terms.

Names, types and defaults are those of the shared schema; docs/SCHEMA.md lists what was mended.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.naming import conv

from db.models.base import EMPTY_OBJECT, NOW, UTC_WITHOUT_ZONE, Base
from db.models.types import Vector, nearest_neighbours


class TranslationPair(Base):
    """Translation document pairs for bilingual management."""

    __tablename__ = "translation_pairs"
    __table_args__ = (
        CheckConstraint("source_language <> target_language", name=conv("check_languages")),
        UniqueConstraint(
            "source_job_id",
            "target_job_id",
            "pair_type",
            name="translation_pairs_natural_key",
            postgresql_nulls_not_distinct=True,
        ),
        Index("idx_translation_pairs_reviewer_id", "reviewer_id"),
        Index("idx_translation_pairs_target_job_id", "target_job_id"),
        Index("idx_translation_pairs_translator_id", "translator_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    source_job_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("job_descriptions.id", ondelete="CASCADE"))
    target_job_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("job_descriptions.id", ondelete="CASCADE"))
    source_language: Mapped[str] = mapped_column(String(5))
    target_language: Mapped[str] = mapped_column(String(5))
    pair_type: Mapped[str | None] = mapped_column(String(20), server_default="manual")
    alignment_method: Mapped[str | None] = mapped_column(String(20))
    alignment_quality: Mapped[Decimal | None] = mapped_column(Numeric(3, 2))
    alignment_confidence: Mapped[Decimal | None] = mapped_column(Numeric(3, 2))
    translator_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id"))
    reviewer_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id"))
    status: Mapped[str | None] = mapped_column(String(20), server_default="in_progress")
    translation_memory_hits: Mapped[int | None] = mapped_column(Integer, server_default=text("0"))
    ai_assistance_used: Mapped[bool | None] = mapped_column(Boolean, server_default=false())
    human_post_editing: Mapped[bool | None] = mapped_column(Boolean, server_default=false())
    quality_score: Mapped[Decimal | None] = mapped_column(Numeric(3, 2))
    created_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)
    completed_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE)
    approved_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE)


class SentenceAlignment(Base):
    """Sentence-level alignments for translation concordance."""

    __tablename__ = "sentence_alignments"
    __table_args__ = (
        CheckConstraint(
            "(source_sentence IS NOT NULL) OR (target_sentence IS NOT NULL)",
            name=conv("sentence_alignments_one_side_check"),
        ),
        CheckConstraint(
            "(quality_rating >= 1) AND (quality_rating <= 5)", name=conv("sentence_alignments_quality_rating_check")
        ),
        UniqueConstraint(
            "translation_pair_id",
            "source_position_start",
            "source_position_end",
            "target_position_start",
            "target_position_end",
            "fingerprint",
            name="sentence_alignments_natural_key",
            postgresql_nulls_not_distinct=True,
        ),
        Index("idx_sentence_alignments_reviewed_by", "reviewed_by"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    translation_pair_id: Mapped[int | None] = mapped_column(
        Integer, ForeignKey("translation_pairs.id", ondelete="CASCADE")
    )
    source_sentence: Mapped[str | None] = mapped_column(Text)
    target_sentence: Mapped[str | None] = mapped_column(Text)
    source_position_start: Mapped[int | None] = mapped_column(Integer)
    source_position_end: Mapped[int | None] = mapped_column(Integer)
    target_position_start: Mapped[int | None] = mapped_column(Integer)
    target_position_end: Mapped[int | None] = mapped_column(Integer)
    confidence_score: Mapped[Decimal | None] = mapped_column(Numeric(3, 2))
    alignment_type: Mapped[str | None] = mapped_column(String(20))
    alignment_method: Mapped[str | None] = mapped_column(String(50))
    quality_rating: Mapped[int | None] = mapped_column(Integer)
    reviewed_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE)
    created_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)
    fingerprint: Mapped[str | None] = mapped_column(
        Text,
        Computed(
            "CASE WHEN ((source_position_start IS NULL) AND (target_position_start IS NULL))"
            " THEN (md5(COALESCE(source_sentence, ''::text)) || md5(COALESCE(target_sentence, ''::text)))"
            " ELSE NULL::text END",
            persisted=True,
        ),
    )


class TranslationMemoryEntry(Base):
    """Translation memory corpus for reusable translations."""

    __tablename__ = "translation_memory"
    __table_args__ = (
        CheckConstraint(
            "((source_language) ~ '^[a-z]{2}(-[A-Z]{2})?$') AND ((target_language) ~ '^[a-z]{2}(-[A-Z]{2})?$')",
            name=conv("check_language_codes"),
        ),
        CheckConstraint("(quality_score >= 0.0) AND (quality_score <= 1.0)", name=conv("check_quality_score")),
        UniqueConstraint(
            "source_hash",
            "target_hash",
            "source_language",
            "target_language",
            "domain",
            "subdomain",
            "context_hash",
            name="translation_memory_natural_key",
            postgresql_nulls_not_distinct=True,
        ),
        Index("idx_translation_memory_created_by", "created_by"),
        Index("idx_translation_memory_domain", "domain", "subdomain"),
        Index("idx_translation_memory_languages", "source_language", "target_language"),
        Index("idx_translation_memory_last_used", "last_used"),
        Index("idx_translation_memory_quality", "quality_score"),
        nearest_neighbours("idx_translation_memory_source_embedding", "source_embedding"),
        Index(
            "idx_translation_memory_source_text_trgm",
            "source_text",
            postgresql_using="gin",
            postgresql_ops={"source_text": "gin_trgm_ops"},
        ),
        nearest_neighbours("idx_translation_memory_target_embedding", "target_embedding"),
        Index(
            "idx_translation_memory_target_text_trgm",
            "target_text",
            postgresql_using="gin",
            postgresql_ops={"target_text": "gin_trgm_ops"},
        ),
        Index(
            "idx_translation_memory_unembedded",
            "id",
            postgresql_where=text("(source_embedding IS NULL) OR (target_embedding IS NULL)"),
        ),
        Index("idx_translation_memory_usage", "usage_count"),
        Index("idx_translation_memory_validated_by", "validated_by"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    source_text: Mapped[str] = mapped_column(Text)
    target_text: Mapped[str] = mapped_column(Text)
    source_language: Mapped[str] = mapped_column(String(5))
    target_language: Mapped[str] = mapped_column(String(5))
    domain: Mapped[str | None] = mapped_column(String(50))
    subdomain: Mapped[str | None] = mapped_column(String(50))
    quality_score: Mapped[Decimal | None] = mapped_column(Numeric(3, 2))
    confidence_score: Mapped[Decimal | None] = mapped_column(Numeric(3, 2))
    usage_count: Mapped[int | None] = mapped_column(Integer, server_default=text("0"))
    context_hash: Mapped[str | None] = mapped_column(String(64))
    metadata_: Mapped[dict[str, Any] | None] = mapped_column("metadata", server_default=EMPTY_OBJECT)
    source_embedding: Mapped[Sequence[float] | None] = mapped_column(Vector(1536))
    target_embedding: Mapped[Sequence[float] | None] = mapped_column(Vector(1536))
    created_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id"))
    validated_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id"))
    created_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)
    last_used: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE)
    updated_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)
    embedding_model: Mapped[str | None] = mapped_column(String(100))
    embedded_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE)
    source_hash: Mapped[str | None] = mapped_column(Text, Computed("md5(source_text)", persisted=True))
    target_hash: Mapped[str | None] = mapped_column(Text, Computed("md5(target_text)", persisted=True))


class GlossaryTerm(Base):
    """Terminology management for consistent translations."""

    __tablename__ = "terminology_glossary"
    __table_args__ = (
        UniqueConstraint(
            "source_language",
            "target_language",
            "domain",
            "term_source",
            "term_target",
            name="terminology_glossary_natural_key",
            postgresql_nulls_not_distinct=True,
        ),
        Index("idx_terminology_glossary_approved_by", "approved_by"),
        Index("idx_terminology_glossary_created_by", "created_by"),
        Index("idx_terminology_glossary_reviewed_by", "reviewed_by"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    term_source: Mapped[str] = mapped_column(String(255))
    term_target: Mapped[str] = mapped_column(String(255))
    source_language: Mapped[str] = mapped_column(String(5))
    target_language: Mapped[str] = mapped_column(String(5))
    domain: Mapped[str | None] = mapped_column(String(50))
    category: Mapped[str | None] = mapped_column(String(50))
    definition_source: Mapped[str | None] = mapped_column(Text)
    definition_target: Mapped[str | None] = mapped_column(Text)
    usage_notes: Mapped[str | None] = mapped_column(Text)
    context_examples: Mapped[dict[str, Any] | None]
    frequency_score: Mapped[int | None] = mapped_column(Integer, server_default=text("0"))
    approval_status: Mapped[str | None] = mapped_column(String(20), server_default="pending")
    created_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id"))
    approved_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id"))
    reviewed_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id"))
    created_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)
    approved_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE)
    updated_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)


class TranslationSession(Base):
    """Translation sessions for workflow tracking."""

    __tablename__ = "translation_sessions"
    __table_args__ = (
        Index("idx_translation_sessions_session_id", "session_id"),
        Index("idx_translation_sessions_translation_pair_id", "translation_pair_id"),
        Index("idx_translation_sessions_translator_id", "translator_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    session_id: Mapped[str | None] = mapped_column(
        String(128), ForeignKey("editing_sessions.session_id", ondelete="CASCADE")
    )
    translation_pair_id: Mapped[int | None] = mapped_column(
        Integer, ForeignKey("translation_pairs.id", ondelete="SET NULL")
    )
    translator_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id"))
    session_type: Mapped[str | None] = mapped_column(String(20), server_default="translation")
    source_document_state: Mapped[dict[str, Any] | None] = mapped_column(server_default=EMPTY_OBJECT)
    target_document_state: Mapped[dict[str, Any] | None] = mapped_column(server_default=EMPTY_OBJECT)
    alignment_data: Mapped[dict[str, Any] | None] = mapped_column(server_default=EMPTY_OBJECT)
    translation_memory_hits: Mapped[int | None] = mapped_column(Integer, server_default=text("0"))
    ai_suggestions_used: Mapped[int | None] = mapped_column(Integer, server_default=text("0"))
    human_overrides: Mapped[int | None] = mapped_column(Integer, server_default=text("0"))
    terminology_hits: Mapped[int | None] = mapped_column(Integer, server_default=text("0"))
    productivity_metrics: Mapped[dict[str, Any] | None] = mapped_column(server_default=EMPTY_OBJECT)
    quality_metrics: Mapped[dict[str, Any] | None] = mapped_column(server_default=EMPTY_OBJECT)
    created_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)
    completed_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE)
