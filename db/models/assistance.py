"""Suggestions, checks and what they cost.

Names, types and defaults are those of the shared schema; docs/SCHEMA.md lists what was mended.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Computed,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.naming import conv

from db.models.base import EMPTY_OBJECT, NOW, UTC_WITHOUT_ZONE, Base


class AiSuggestion(Base):
    """AI suggestions and enhancements for content improvement."""

    __tablename__ = "ai_suggestions"
    __table_args__ = (
        CheckConstraint("(confidence_score >= 0.0) AND (confidence_score <= 1.0)", name=conv("check_confidence_score")),
        UniqueConstraint(
            "job_id",
            "user_id",
            "suggestion_type",
            "section_type",
            "ai_provider",
            "ai_model",
            "fingerprint",
            name="ai_suggestions_natural_key",
            postgresql_nulls_not_distinct=True,
        ),
        Index("idx_ai_suggestions_created_at", "created_at"),
        Index("idx_ai_suggestions_job_id", "job_id"),
        Index("idx_ai_suggestions_session_id", "session_id"),
        Index("idx_ai_suggestions_type_status", "suggestion_type", "status"),
        Index("idx_ai_suggestions_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    job_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("job_descriptions.id", ondelete="CASCADE"))
    session_id: Mapped[str | None] = mapped_column(
        String(128), ForeignKey("editing_sessions.session_id", ondelete="SET NULL")
    )
    user_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id"))
    suggestion_type: Mapped[str] = mapped_column(String(50))
    ai_provider: Mapped[str | None] = mapped_column(String(50))
    ai_model: Mapped[str | None] = mapped_column(String(100))
    original_text: Mapped[str] = mapped_column(Text)
    suggested_text: Mapped[str] = mapped_column(Text)
    context_before: Mapped[str | None] = mapped_column(Text)
    context_after: Mapped[str | None] = mapped_column(Text)
    section_type: Mapped[str | None] = mapped_column(String(50))
    confidence_score: Mapped[Decimal | None] = mapped_column(Numeric(3, 2))
    explanation: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str | None] = mapped_column(String(20), server_default="pending")
    user_action: Mapped[str | None] = mapped_column(String(20))
    applied_text: Mapped[str | None] = mapped_column(Text)
    metadata_: Mapped[dict[str, Any] | None] = mapped_column("metadata", server_default=EMPTY_OBJECT)
    created_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)
    responded_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE)
    fingerprint: Mapped[str | None] = mapped_column(
        Text,
        Computed(
            "(((md5(original_text) || md5(suggested_text))"
            " || md5(COALESCE(context_before, ''::text))) || md5(COALESCE(context_after, ''::text)))",
            persisted=True,
        ),
    )


class AiUsageSession(Base):
    """AI usage tracking for cost management and analytics."""

    __tablename__ = "ai_usage_sessions"
    __table_args__ = (
        UniqueConstraint("call_key"),
        Index("idx_ai_usage_sessions_created_at", "created_at"),
        Index("idx_ai_usage_sessions_session_id", "session_id"),
        Index("idx_ai_usage_sessions_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    session_id: Mapped[str | None] = mapped_column(
        String(128), ForeignKey("editing_sessions.session_id", ondelete="SET NULL")
    )
    user_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id"))
    ai_provider: Mapped[str] = mapped_column(String(50))
    feature_type: Mapped[str | None] = mapped_column(String(50))
    tokens_used: Mapped[int | None] = mapped_column(Integer)
    api_calls: Mapped[int | None] = mapped_column(Integer, server_default=text("1"))
    estimated_cost: Mapped[Decimal | None] = mapped_column(Numeric(14, 8))
    response_time_ms: Mapped[int | None] = mapped_column(Integer)
    success: Mapped[bool | None] = mapped_column(Boolean, server_default=true())
    error_message: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)
    call_key: Mapped[str | None] = mapped_column(String(128))


class ComplianceCheck(Base):
    """Content compliance validation."""

    __tablename__ = "compliance_checks"
    __table_args__ = (
        UniqueConstraint(
            "job_id",
            "check_type",
            "rule_name",
            "section_type",
            "location_start",
            "location_end",
            "fingerprint",
            name="compliance_checks_natural_key",
            postgresql_nulls_not_distinct=True,
        ),
        Index("idx_compliance_checks_acknowledged_by", "acknowledged_by"),
        Index("idx_compliance_checks_session_id", "session_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    job_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("job_descriptions.id", ondelete="CASCADE"))
    session_id: Mapped[str | None] = mapped_column(
        String(128), ForeignKey("editing_sessions.session_id", ondelete="SET NULL")
    )
    check_type: Mapped[str] = mapped_column(String(50))
    rule_name: Mapped[str | None] = mapped_column(String(100))
    rule_description: Mapped[str | None] = mapped_column(Text)
    compliance_status: Mapped[str | None] = mapped_column(String(20))
    severity: Mapped[str | None] = mapped_column(String(20), server_default="medium")
    location_start: Mapped[int | None] = mapped_column(Integer)
    location_end: Mapped[int | None] = mapped_column(Integer)
    section_type: Mapped[str | None] = mapped_column(String(50))
    flagged_text: Mapped[str | None] = mapped_column(Text)
    recommendation: Mapped[str | None] = mapped_column(Text)
    auto_fixable: Mapped[bool | None] = mapped_column(Boolean, server_default=false())
    fix_applied: Mapped[bool | None] = mapped_column(Boolean, server_default=false())
    acknowledged_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id"))
    acknowledged_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE)
    created_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)
    fingerprint: Mapped[str | None] = mapped_column(
        Text, Computed("md5(COALESCE(flagged_text, ''::text))", persisted=True)
    )


class AiAnswer(Base):
    """What a paid call answered, so that a later attempt does not pay again. Its key is a hash of the question."""

    __tablename__ = "ai_answers"

    call_key: Mapped[str] = mapped_column(String(128), primary_key=True)
    provider: Mapped[str] = mapped_column(String(50))
    model: Mapped[str] = mapped_column(String(100))
    answer: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=NOW, index=True)
