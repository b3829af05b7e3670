"""Job descriptions: the first tables of the job-description database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Computed, Date, Float, ForeignKey, Index, Integer, Numeric, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import NOW, UTC_WITHOUT_ZONE, Base
from db.models.types import Vector, nearest_neighbours


class JobDescription(Base):
    """A job description in one language. Its French and English versions share a job number."""

    __tablename__ = "job_descriptions"
    __table_args__ = (
        UniqueConstraint("job_number", "language"),
        Index("idx_job_descriptions_title", "title"),
        Index("idx_job_descriptions_language", "language"),
        Index("idx_job_desc_class_lang", "classification", "language"),
        Index("idx_job_descriptions_classification", "classification"),
        Index("idx_job_descriptions_file_hash", "file_hash"),
        Index("idx_job_descriptions_created_by", "created_by"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    job_number: Mapped[str | None] = mapped_column(String(20))
    title: Mapped[str | None] = mapped_column(String(500))
    classification: Mapped[str | None] = mapped_column(String(10))
    language: Mapped[str | None] = mapped_column(String(2))
    file_path: Mapped[str | None] = mapped_column(String(1000))
    raw_content: Mapped[str | None] = mapped_column(Text)
    processed_date: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)
    file_hash: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)
    updated_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)
    created_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id", ondelete="SET NULL"))


class JobMetadata(Base):
    """The tombstone data of a job description."""

    __tablename__ = "job_metadata"
    __table_args__ = (UniqueConstraint("job_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    job_id: Mapped[int] = mapped_column(Integer, ForeignKey("job_descriptions.id", ondelete="CASCADE"))
    reports_to: Mapped[str | None] = mapped_column(String(500))
    department: Mapped[str | None] = mapped_column(String(200))
    location: Mapped[str | None] = mapped_column(String(200))
    fte_count: Mapped[int | None] = mapped_column(Integer)
    salary_budget: Mapped[float | None] = mapped_column(Float)
    effective_date: Mapped[date | None] = mapped_column(Date)


class JobSection(Base):
    """One section of a job description, as the parser cut it."""

    __tablename__ = "job_sections"
    __table_args__ = (
        UniqueConstraint(
            "job_id",
            "section_type",
            "section_order",
            name="job_sections_natural_key",
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    job_id: Mapped[int] = mapped_column(Integer, ForeignKey("job_descriptions.id", ondelete="CASCADE"))
    section_type: Mapped[str | None] = mapped_column(String(50))
    section_content: Mapped[str | None] = mapped_column(Text)
    section_order: Mapped[int | None] = mapped_column(Integer)


class ContentChunk(Base):
    """A piece of a job description of a size that models like."""

    __tablename__ = "content_chunks"
    __table_args__ = (
        UniqueConstraint(
            "job_id", "section_id", "chunk_index", name="content_chunks_natural_key", postgresql_nulls_not_distinct=True
        ),
        nearest_neighbours("idx_content_chunks_embedding_hnsw", "embedding"),
        Index("idx_content_chunks_job_id", "job_id"),
        Index("idx_content_chunks_section_id", "section_id"),
        Index("idx_content_chunks_unembedded", "id", postgresql_where=text("embedding IS NULL")),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    job_id: Mapped[int] = mapped_column(Integer, ForeignKey("job_descriptions.id", ondelete="CASCADE"))
    section_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("job_sections.id", ondelete="CASCADE"))
    chunk_text: Mapped[str | None] = mapped_column(Text)
    chunk_index: Mapped[int | None] = mapped_column(Integer)
    embedding: Mapped[Sequence[float] | None] = mapped_column(Vector(1536))
    embedding_model: Mapped[str | None] = mapped_column(String(100))
    embedded_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE)
    chunk_hash: Mapped[str | None] = mapped_column(Text, Computed("md5(chunk_text)", persisted=True))


class AiUsageRecord(Base):
    """One call to a provider and what it cost."""

    __tablename__ = "ai_usage_tracking"
    __table_args__ = (
        UniqueConstraint("call_key"),
        Index("idx_ai_usage_tracking_service_type", "service_type"),
        Index("idx_ai_usage_tracking_timestamp", "request_timestamp"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    request_timestamp: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)
    service_type: Mapped[str | None] = mapped_column(String(50))
    operation_type: Mapped[str | None] = mapped_column(String(50))
    input_tokens: Mapped[int | None] = mapped_column(Integer)
    output_tokens: Mapped[int | None] = mapped_column(Integer)
    total_tokens: Mapped[int | None] = mapped_column(Integer)
    cost_usd: Mapped[Decimal | None] = mapped_column(Numeric(12, 8))
    request_id: Mapped[str | None] = mapped_column(String(100))
    model_name: Mapped[str | None] = mapped_column(String(100))
    success: Mapped[str | None] = mapped_column(String(10))
    error_message: Mapped[str | None] = mapped_column(Text)
    request_metadata: Mapped[dict[str, Any] | None]
    call_key: Mapped[str | None] = mapped_column(String(128))
