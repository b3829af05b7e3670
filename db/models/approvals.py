"""Approvals and versions of documents.

Names, types and defaults are those of the shared schema; docs/SCHEMA.md lists what was mended.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import EMPTY_OBJECT, NOW, UTC_WITHOUT_ZONE, Base


class ApprovalWorkflow(Base):
    """Document approval workflows."""

    __tablename__ = "approval_workflows"
    __table_args__ = (Index("idx_approval_workflows_created_by", "created_by"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    workflow_name: Mapped[str] = mapped_column(String(100))
    description: Mapped[str | None] = mapped_column(Text)
    workflow_type: Mapped[str | None] = mapped_column(String(50))
    steps: Mapped[list[Any]]
    is_active: Mapped[bool | None] = mapped_column(Boolean, server_default=true())
    created_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id"))
    created_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)
    updated_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)


class DocumentApproval(Base):
    """Document approval instances."""

    __tablename__ = "document_approvals"
    __table_args__ = (
        Index("idx_document_approvals_job_id", "job_id"),
        Index("idx_document_approvals_submitted_by", "submitted_by"),
        Index("idx_document_approvals_workflow_id", "workflow_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    job_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("job_descriptions.id", ondelete="CASCADE"))
    workflow_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("approval_workflows.id"))
    current_step: Mapped[int | None] = mapped_column(Integer, server_default=text("1"))
    status: Mapped[str | None] = mapped_column(String(20), server_default="pending")
    submitted_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)
    completed_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE)
    metadata_: Mapped[dict[str, Any] | None] = mapped_column("metadata", server_default=EMPTY_OBJECT)


class ApprovalStep(Base):
    """Individual approval steps."""

    __tablename__ = "approval_steps"
    __table_args__ = (
        UniqueConstraint(
            "approval_id",
            "step_number",
            "assigned_to",
            name="approval_steps_natural_key",
            postgresql_nulls_not_distinct=True,
        ),
        Index("idx_approval_steps_assigned_to", "assigned_to"),
        Index("idx_approval_steps_delegated_to", "delegated_to"),
        Index("idx_approval_steps_due", "deadline", postgresql_where=text("status = 'pending'")),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    approval_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("document_approvals.id", ondelete="CASCADE"))
    step_number: Mapped[int] = mapped_column(Integer)
    step_name: Mapped[str | None] = mapped_column(String(100))
    assigned_to: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id"))
    status: Mapped[str | None] = mapped_column(String(20), server_default="pending")
    comments: Mapped[str | None] = mapped_column(Text)
    decision_date: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE)
    deadline: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE)
    delegated_to: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id"))
    delegated_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE)


class DocumentVersion(Base):
    """Version control for documents."""

    __tablename__ = "document_versions"
    __table_args__ = (
        UniqueConstraint("job_id", "version_number", postgresql_nulls_not_distinct=True),
        Index("idx_document_versions_approved_by", "approved_by"),
        Index("idx_document_versions_created_by", "created_by"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    job_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("job_descriptions.id", ondelete="CASCADE"))
    version_number: Mapped[str] = mapped_column(String(20))
    version_type: Mapped[str | None] = mapped_column(String(20), server_default="minor")
    content_snapshot: Mapped[dict[str, Any]]
    changes_summary: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id"))
    approved_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id"))
    status: Mapped[str | None] = mapped_column(String(20), server_default="draft")
    created_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)
    published_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE)
    archived_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE)
