"""Project monthly reports: projects, templates, reports, insights and exports.

Names, types and defaults are those of the shared schema; docs/SCHEMA.md lists what was mended.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Computed,
    Enum,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import EMPTY_LIST, EMPTY_OBJECT, NOW, Base, UuidKey

project_status = Enum("planning", "active", "on-hold", "completed", "cancelled", name="project_status")
project_health = Enum("green", "yellow", "red", name="project_health")
pmr_status = Enum("draft", "review", "approved", "distributed", name="pmr_status")
pmr_template_type = Enum("executive", "technical", "financial", "custom", name="pmr_template_type")
ai_insight_type = Enum("prediction", "recommendation", "alert", "summary", name="ai_insight_type")
ai_insight_category = Enum("budget", "schedule", "resource", "risk", "quality", name="ai_insight_category")
ai_insight_priority = Enum("low", "medium", "high", "critical", name="ai_insight_priority")
validation_status = Enum("pending", "validated", "rejected", "needs_review", name="validation_status")
export_format = Enum("pdf", "excel", "slides", "word", "powerpoint", name="export_format")
export_job_status = Enum("queued", "processing", "completed", "failed", name="export_job_status")

AUTH_USER = "auth.users.id"


class Project(Base):
    """A project of the programme office."""

    __tablename__ = "projects"
    __table_args__ = (
        Index("idx_projects_created_by", "created_by"),
        Index("idx_projects_manager", "manager_id"),
        Index("idx_projects_portfolio", "portfolio_id", postgresql_where=text("portfolio_id IS NOT NULL")),
        Index("idx_projects_program", "program_id", postgresql_where=text("program_id IS NOT NULL")),
        Index("idx_projects_external_id", "external_id", postgresql_where=text("external_id IS NOT NULL")),
        Index("idx_projects_name_trgm", "name", postgresql_using="gin", postgresql_ops={"name": "gin_trgm_ops"}),
    )

    id: Mapped[UuidKey]
    name: Mapped[str] = mapped_column(String(255))
    description: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(project_status, server_default="planning")
    priority: Mapped[str | None] = mapped_column(String(20))
    health: Mapped[str] = mapped_column(project_health, server_default="green")
    budget: Mapped[Decimal | None] = mapped_column(Numeric(15, 2))
    actual_cost: Mapped[Decimal | None] = mapped_column(Numeric(15, 2), server_default=text("0"))
    currency: Mapped[str] = mapped_column(String(3), server_default="CAD")
    percentage_complete: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    start_date: Mapped[date | None]
    end_date: Mapped[date | None]
    portfolio_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    program_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    manager_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey(AUTH_USER, ondelete="SET NULL"))
    created_by: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey(AUTH_USER, ondelete="SET NULL"))
    team_members: Mapped[list[Any]] = mapped_column(server_default=EMPTY_LIST)
    archived: Mapped[bool] = mapped_column(Boolean, server_default=false())
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    updated_at: Mapped[datetime] = mapped_column(server_default=NOW)
    # What other services keep of a project that comes from a portfolio system. Dray only hosts these.
    external_id: Mapped[int | None] = mapped_column(BigInteger)
    parent_project_external_ids: Mapped[list[Any] | None] = mapped_column(server_default=EMPTY_LIST)
    live_date: Mapped[date | None]
    date_last_updated: Mapped[datetime | None]
    project_type_id: Mapped[int | None] = mapped_column(BigInteger)
    project_type_description: Mapped[str | None] = mapped_column(Text)
    project_status_id: Mapped[int | None] = mapped_column(BigInteger)
    project_status_description: Mapped[str | None] = mapped_column(Text)
    project_phase_id: Mapped[int | None] = mapped_column(BigInteger)
    project_phase_description: Mapped[str | None] = mapped_column(Text)
    ppm_project_home_url: Mapped[str | None] = mapped_column(Text)
    legal_entity_id: Mapped[int | None] = mapped_column(BigInteger)
    legal_entity_description: Mapped[str | None] = mapped_column(Text)
    order_ids: Mapped[list[Any] | None] = mapped_column(server_default=EMPTY_LIST)
    pm_technique: Mapped[str | None] = mapped_column(Text)
    pm_technique_description: Mapped[str | None] = mapped_column(Text)
    freeze_period: Mapped[str | None] = mapped_column(Text)
    freeze_period_description: Mapped[str | None] = mapped_column(Text)
    forecast_display_setting: Mapped[str | None] = mapped_column(Text)
    cost_centre: Mapped[str | None] = mapped_column(Text)
    country_id: Mapped[int | None] = mapped_column(BigInteger)
    baseline_budget: Mapped[Decimal | None] = mapped_column(Numeric(15, 2))
    baseline_duration: Mapped[int | None] = mapped_column(Integer)
    elapsed_days: Mapped[int | None] = mapped_column(Integer)


class ProjectMember(Base):
    """Who may see a project besides the one who made it."""

    __tablename__ = "project_members"
    __table_args__ = (Index("idx_project_members_user", "user_id"),)

    project_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey(AUTH_USER, ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(50), server_default="member")
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)


class PmrTemplate(Base):
    """What a report is made of."""

    __tablename__ = "pmr_templates"
    __table_args__ = (
        CheckConstraint("usage_count >= 0", name="usage_count"),
        CheckConstraint("rating >= 0.0 AND rating <= 5.0", name="rating"),
        Index("idx_pmr_templates_type", "template_type", "is_public"),
        Index("idx_pmr_templates_created_by", "created_by"),
        Index(
            "idx_pmr_templates_organization", "organization_id", postgresql_where=text("organization_id IS NOT NULL")
        ),
        Index("idx_pmr_templates_usage", text("usage_count DESC"), text("rating DESC")),
        Index("idx_pmr_templates_public", "is_public", "template_type", postgresql_where=text("is_public = true")),
        Index("idx_pmr_templates_name_trgm", "name", postgresql_using="gin", postgresql_ops={"name": "gin_trgm_ops"}),
    )

    id: Mapped[UuidKey]
    name: Mapped[str] = mapped_column(String(255))
    description: Mapped[str | None] = mapped_column(Text)
    template_type: Mapped[str] = mapped_column(pmr_template_type)
    industry_focus: Mapped[str | None] = mapped_column(String(100))
    sections: Mapped[list[Any]] = mapped_column(server_default=EMPTY_LIST)
    default_metrics: Mapped[list[Any] | None] = mapped_column(server_default=EMPTY_LIST)
    ai_suggestions: Mapped[dict[str, Any] | None] = mapped_column(server_default=EMPTY_OBJECT)
    branding_config: Mapped[dict[str, Any] | None] = mapped_column(server_default=EMPTY_OBJECT)
    export_formats: Mapped[list[Any] | None] = mapped_column(server_default=EMPTY_LIST)
    is_public: Mapped[bool | None] = mapped_column(Boolean, server_default=false())
    # Nobody made the default templates; and one that reports use outlives the person who made it.
    created_by: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey(AUTH_USER, ondelete="SET NULL"))
    organization_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    usage_count: Mapped[int | None] = mapped_column(Integer, server_default=text("0"))
    rating: Mapped[Decimal | None] = mapped_column(Numeric(3, 2))
    created_at: Mapped[datetime | None] = mapped_column(server_default=NOW)
    updated_at: Mapped[datetime | None] = mapped_column(server_default=NOW)


class PmrReport(Base):
    """One version of a project's monthly report."""

    __tablename__ = "pmr_reports"
    __table_args__ = (
        UniqueConstraint("project_id", "report_month", "report_year", "version", postgresql_nulls_not_distinct=True),
        CheckConstraint("report_year >= 2020 AND report_year <= 2100", name="report_year"),
        CheckConstraint("total_collaborators >= 0", name="total_collaborators"),
        CheckConstraint(
            "metrics_refresh_interval_seconds >= 60 AND metrics_refresh_interval_seconds <= 3600",
            name="metrics_refresh_interval_seconds",
        ),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("total_edits >= 0", name="total_edits"),
        Index("idx_pmr_reports_project_month", "project_id", text("report_month DESC"), text("report_year DESC")),
        Index("idx_pmr_reports_status", "status", text("generated_at DESC")),
        Index("idx_pmr_reports_template", "template_id"),
        Index("idx_pmr_reports_generated_by", "generated_by"),
        Index("idx_pmr_reports_active", "project_id", "is_active", postgresql_where=text("is_active = true")),
        Index("idx_pmr_reports_year_month", "report_year", "report_month"),
        Index(
            "idx_pmr_reports_collaboration",
            "collaboration_session_id",
            postgresql_where=text("collaboration_enabled = true"),
        ),
        Index(
            "idx_pmr_reports_monte_carlo",
            "monte_carlo_simulation_id",
            postgresql_where=text("monte_carlo_enabled = true"),
        ),
        Index("idx_pmr_reports_last_modified", text("last_modified DESC")),
        Index("idx_pmr_reports_approved_by", "approved_by", postgresql_where=text("approved_by IS NOT NULL")),
        # The one above asks for monte_carlo_enabled: deleting a simulation must find every report that names it.
        Index(
            "idx_pmr_reports_simulation",
            "monte_carlo_simulation_id",
            postgresql_where=text("monte_carlo_simulation_id IS NOT NULL"),
        ),
        # What archive_old_pmr_reports() takes.
        Index(
            "idx_pmr_reports_archivable",
            "report_month",
            postgresql_where=text("status = 'distributed'::pmr_status AND is_active = true"),
        ),
        Index("idx_pmr_reports_title_trgm", "title", postgresql_using="gin", postgresql_ops={"title": "gin_trgm_ops"}),
    )

    id: Mapped[UuidKey]
    project_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("projects.id", ondelete="CASCADE"))
    report_month: Mapped[date]
    report_year: Mapped[int] = mapped_column(Integer)
    template_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("pmr_templates.id", ondelete="RESTRICT"))
    title: Mapped[str] = mapped_column(String(255))
    executive_summary: Mapped[str | None] = mapped_column(Text)
    ai_generated_insights: Mapped[list[Any] | None] = mapped_column(server_default=EMPTY_LIST)
    ai_generated_summary: Mapped[str | None] = mapped_column(Text)
    ai_confidence_scores: Mapped[dict[str, Any] | None] = mapped_column(server_default=EMPTY_OBJECT)
    ai_insight_engine_config: Mapped[dict[str, Any] | None] = mapped_column(server_default=EMPTY_OBJECT)
    last_ai_update: Mapped[datetime | None]
    ai_processing_time_seconds: Mapped[Decimal | None] = mapped_column(Numeric(10, 3))
    sections: Mapped[list[Any]] = mapped_column(server_default=EMPTY_LIST)
    metrics: Mapped[dict[str, Any] | None] = mapped_column(server_default=EMPTY_OBJECT)
    visualizations: Mapped[list[Any] | None] = mapped_column(server_default=EMPTY_LIST)
    monte_carlo_analysis: Mapped[dict[str, Any] | None]
    monte_carlo_enabled: Mapped[bool | None] = mapped_column(Boolean, server_default=false())
    monte_carlo_simulation_id: Mapped[uuid.UUID | None] = mapped_column(
        Uuid, ForeignKey("monte_carlo_simulations.id", ondelete="SET NULL")
    )
    collaboration_enabled: Mapped[bool | None] = mapped_column(Boolean, server_default=false())
    collaboration_session_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    last_collaboration_activity: Mapped[datetime | None]
    total_collaborators: Mapped[int | None] = mapped_column(Integer, server_default=text("0"))
    export_history: Mapped[list[Any] | None] = mapped_column(server_default=EMPTY_LIST)
    template_customizations: Mapped[dict[str, Any] | None] = mapped_column(server_default=EMPTY_OBJECT)
    real_time_metrics: Mapped[dict[str, Any] | None]
    metrics_refresh_interval_seconds: Mapped[int | None] = mapped_column(Integer, server_default=text("300"))
    status: Mapped[str | None] = mapped_column(pmr_status, server_default="draft")
    generated_by: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey(AUTH_USER, ondelete="RESTRICT"))
    approved_by: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey(AUTH_USER, ondelete="SET NULL"))
    generated_at: Mapped[datetime | None] = mapped_column(server_default=NOW)
    last_modified: Mapped[datetime | None] = mapped_column(server_default=NOW)
    version: Mapped[int | None] = mapped_column(Integer, server_default=text("1"))
    is_active: Mapped[bool | None] = mapped_column(Boolean, server_default=true())
    generation_time_seconds: Mapped[Decimal | None] = mapped_column(Numeric(10, 3))
    total_edits: Mapped[int | None] = mapped_column(Integer, server_default=text("0"))
    audit_log: Mapped[list[Any] | None] = mapped_column(server_default=EMPTY_LIST)
    created_at: Mapped[datetime | None] = mapped_column(server_default=NOW)
    updated_at: Mapped[datetime | None] = mapped_column(server_default=NOW)


class AiInsight(Base):
    """A finding about a report, with the figures it rests on."""

    __tablename__ = "ai_insights"
    __table_args__ = (
        # An insight generated again replaces itself; rows of services that state no fingerprint stay free of it.
        UniqueConstraint("report_id", "fingerprint"),
        CheckConstraint("confidence_score >= 0.0 AND confidence_score <= 1.0", name="confidence_score"),
        CheckConstraint("feedback_score >= 0.0 AND feedback_score <= 5.0", name="feedback_score"),
        CheckConstraint("impact_score >= 0.0 AND impact_score <= 1.0", name="impact_score"),
        Index("idx_ai_insights_report", "report_id", text("priority DESC"), text("generated_at DESC")),
        Index("idx_ai_insights_type_category", "insight_type", "category"),
        Index("idx_ai_insights_confidence", text("confidence_score DESC")),
        Index("idx_ai_insights_validated", "report_id", "validation_status"),
        Index(
            "idx_ai_insights_priority",
            "priority",
            text("generated_at DESC"),
            postgresql_where=text(
                "priority = ANY (ARRAY['high'::ai_insight_priority, 'critical'::ai_insight_priority])"
            ),
        ),
        Index("idx_ai_insights_expires", "expires_at", postgresql_where=text("expires_at IS NOT NULL")),
        Index("idx_ai_insights_validated_by", "validated_by", postgresql_where=text("validated_by IS NOT NULL")),
        Index("idx_ai_insights_title_trgm", "title", postgresql_using="gin", postgresql_ops={"title": "gin_trgm_ops"}),
    )

    id: Mapped[UuidKey]
    report_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("pmr_reports.id", ondelete="CASCADE"))
    insight_type: Mapped[str] = mapped_column(ai_insight_type)
    category: Mapped[str] = mapped_column(ai_insight_category)
    title: Mapped[str] = mapped_column(String(255))
    content: Mapped[str] = mapped_column(Text)
    confidence_score: Mapped[Decimal] = mapped_column(Numeric(3, 2))
    validation_status: Mapped[str | None] = mapped_column(validation_status, server_default="pending")
    validated_by: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey(AUTH_USER, ondelete="SET NULL"))
    validated_at: Mapped[datetime | None]
    supporting_data: Mapped[dict[str, Any] | None] = mapped_column(server_default=EMPTY_OBJECT)
    predicted_impact: Mapped[str | None] = mapped_column(Text)
    recommended_actions: Mapped[list[Any] | None] = mapped_column(server_default=EMPTY_LIST)
    priority: Mapped[str | None] = mapped_column(ai_insight_priority, server_default="medium")
    feedback_score: Mapped[Decimal | None] = mapped_column(Numeric(3, 2))
    user_feedback: Mapped[str | None] = mapped_column(Text)
    impact_score: Mapped[Decimal | None] = mapped_column(Numeric(3, 2))
    related_insights: Mapped[list[Any] | None] = mapped_column(server_default=EMPTY_LIST)
    data_sources: Mapped[list[Any] | None] = mapped_column(server_default=EMPTY_LIST)
    refresh_frequency: Mapped[str | None] = mapped_column(String(20))
    expires_at: Mapped[datetime | None]
    metadata_: Mapped[dict[str, Any] | None] = mapped_column("metadata", server_default=EMPTY_OBJECT)
    generated_at: Mapped[datetime | None] = mapped_column(server_default=NOW)
    created_at: Mapped[datetime | None] = mapped_column(server_default=NOW)
    updated_at: Mapped[datetime | None] = mapped_column(server_default=NOW)
    validated: Mapped[bool | None] = mapped_column(
        Boolean, Computed("validation_status = 'validated'::validation_status", persisted=True)
    )
    validation_notes: Mapped[str | None] = mapped_column(Text)
    fingerprint: Mapped[str | None] = mapped_column(Text)


class ExportJob(Base):
    """The export of a report, as the services see it: one row a run, under the run's own id."""

    __tablename__ = "export_jobs"
    __table_args__ = (
        CheckConstraint("file_size >= 0", name="file_size"),
        CheckConstraint("retry_count >= 0", name="retry_count"),
        Index("idx_export_jobs_report", "report_id", text("started_at DESC")),
        Index("idx_export_jobs_status", "status", text("started_at DESC")),
        Index("idx_export_jobs_requested_by", "requested_by", text("started_at DESC")),
        Index("idx_export_jobs_format", "export_format", "status"),
        Index(
            "idx_export_jobs_pending",
            "status",
            "started_at",
            postgresql_where=text("status = ANY (ARRAY['queued'::export_job_status, 'processing'::export_job_status])"),
        ),
        # The window of get_export_job_statistics(); started_at is NULL until a worker takes the export.
        Index("idx_export_jobs_created", text("created_at DESC")),
        # The files that a retention task may remove, oldest first.
        Index("idx_export_jobs_files", "completed_at", postgresql_where=text("file_url IS NOT NULL")),
    )

    id: Mapped[UuidKey]
    report_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("pmr_reports.id", ondelete="CASCADE"))
    export_format: Mapped[str] = mapped_column(export_format)
    template_config: Mapped[dict[str, Any] | None] = mapped_column(server_default=EMPTY_OBJECT)
    export_options: Mapped[dict[str, Any] | None] = mapped_column(server_default=EMPTY_OBJECT)
    status: Mapped[str | None] = mapped_column(export_job_status, server_default="queued")
    file_url: Mapped[str | None] = mapped_column(Text)
    file_size: Mapped[int | None] = mapped_column(BigInteger)
    file_name: Mapped[str | None] = mapped_column(String(255))
    file_type: Mapped[str | None] = mapped_column(String(100))
    file_sha256: Mapped[str | None] = mapped_column(String(64))
    error_message: Mapped[str | None] = mapped_column(Text)
    retry_count: Mapped[int | None] = mapped_column(Integer, server_default=text("0"))
    requested_by: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey(AUTH_USER, ondelete="RESTRICT"))
    started_at: Mapped[datetime | None] = mapped_column(server_default=NOW)
    completed_at: Mapped[datetime | None]
    created_at: Mapped[datetime | None] = mapped_column(server_default=NOW)
    updated_at: Mapped[datetime | None] = mapped_column(server_default=NOW)
