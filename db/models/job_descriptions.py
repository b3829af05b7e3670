"""Job descriptions: the first tables of the job-description database."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, DateTime, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import NOW, Base

# The tables of this system hold UTC in timestamps without a zone.
UTC_WITHOUT_ZONE = DateTime(timezone=False)


class JobDescription(Base):
    """A job description in one language. Its French and English versions share a job number."""

    __tablename__ = "job_descriptions"
    __table_args__ = (
        UniqueConstraint("job_number", "language"),
        Index("idx_job_descriptions_title", "title"),
        Index("idx_job_descriptions_language", "language"),
        Index("idx_job_desc_class_lang", "classification", "language"),
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
