"""Use, activity and health.

Names, types and defaults are those of the shared schema; docs/SCHEMA.md lists what was mended.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, Numeric, String, Text, true
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import EMPTY_OBJECT, NOW, UTC_WITHOUT_ZONE, Base


class UsageEvent(Base):
    """Enhanced usage analytics for Phase 2 features."""

    __tablename__ = "usage_analytics"
    __table_args__ = (
        Index("idx_usage_analytics_created_at", "created_at"),
        Index("idx_usage_analytics_session_id", "session_id"),
        Index("idx_usage_analytics_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    user_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id"))
    session_id: Mapped[str | None] = mapped_column(String(128))
    action_type: Mapped[str] = mapped_column(String(50))
    feature_used: Mapped[str | None] = mapped_column(String(50))
    duration_seconds: Mapped[int | None] = mapped_column(Integer)
    success: Mapped[bool | None] = mapped_column(Boolean, server_default=true())
    metadata_: Mapped[dict[str, Any] | None] = mapped_column("metadata", server_default=EMPTY_OBJECT)
    ip_address: Mapped[str | None] = mapped_column(INET)
    user_agent: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)


class PerformanceMetric(Base):
    """Performance metrics tracking."""

    __tablename__ = "performance_metrics"
    __table_args__ = (
        Index("idx_performance_metrics_measured_at", "measured_at"),
        Index("idx_performance_metrics_type", "metric_type", "measured_at"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    metric_type: Mapped[str] = mapped_column(String(50))
    metric_value: Mapped[Decimal | None] = mapped_column(Numeric(10, 3))
    measurement_unit: Mapped[str | None] = mapped_column(String(20))
    context: Mapped[dict[str, Any] | None] = mapped_column(server_default=EMPTY_OBJECT)
    measured_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)


class ActivityLog(Base):
    """User activity logs for audit trails."""

    __tablename__ = "activity_logs"
    __table_args__ = (
        Index("idx_activity_logs_action", "action"),
        Index("idx_activity_logs_created_at", "created_at"),
        Index("idx_activity_logs_resource", "resource_type", "resource_id"),
        Index("idx_activity_logs_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    user_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id"))
    action: Mapped[str] = mapped_column(String(100))
    resource_type: Mapped[str | None] = mapped_column(String(50))
    resource_id: Mapped[int | None] = mapped_column(Integer)
    details: Mapped[dict[str, Any] | None] = mapped_column(server_default=EMPTY_OBJECT)
    ip_address: Mapped[str | None] = mapped_column(INET)
    user_agent: Mapped[str | None] = mapped_column(Text)
    session_id: Mapped[str | None] = mapped_column(String(128))
    created_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)


class HealthCheck(Base):
    """System health monitoring."""

    __tablename__ = "system_health"
    __table_args__ = (
        Index("idx_system_health_checked_at", "checked_at"),
        Index("idx_system_health_component", "component", "checked_at"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    component: Mapped[str] = mapped_column(String(50))
    status: Mapped[str] = mapped_column(String(20))
    metrics: Mapped[dict[str, Any] | None] = mapped_column(server_default=EMPTY_OBJECT)
    error_message: Mapped[str | None] = mapped_column(Text)
    checked_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)
