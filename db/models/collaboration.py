"""Working on a report together, and sending it out: sessions, comments, events, the activity and distribution logs."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Enum,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import EMPTY_LIST, EMPTY_OBJECT, GENERATED_UUID, NOW, Base, UuidKey
from db.models.pmr import AUTH_USER

REPORT = "pmr_reports.id"

session_type = Enum("chat", "direct", "collaborative", name="session_type")
# Used by no column: the roles of a session's participants, which are JSON, as get_active_collaborators() returns them.
participant_role = Enum("owner", "editor", "commenter", "viewer", name="participant_role", metadata=Base.metadata)
change_event_type = Enum(
    "section_update",
    "content_edit",
    "comment_added",
    "insight_validated",
    "cursor_move",
    name="change_event_type",
)
collaboration_action_type = Enum("view", "edit", "comment", "approve", "reject", name="collaboration_action_type")
distribution_method = Enum("email", "slack", "teams", "portal", "download", name="distribution_method")
distribution_status = Enum("pending", "sent", "delivered", "failed", "bounced", name="distribution_status")


class CollaborationSession(Base):
    """Several people editing one report at the same time."""

    __tablename__ = "collaboration_sessions"
    __table_args__ = (
        CheckConstraint("max_participants >= 1 AND max_participants <= 50", name="max_participants"),
        CheckConstraint(
            "conflict_resolution_strategy::text = ANY (ARRAY['last_write_wins', 'manual', 'merge'])",
            name="conflict_resolution_strategy",
        ),
        CheckConstraint(
            "session_timeout_minutes >= 5 AND session_timeout_minutes <= 480", name="session_timeout_minutes"
        ),
        Index("idx_collaboration_sessions_report", "report_id", "is_active", postgresql_where=text("is_active = true")),
        Index(
            "idx_collaboration_sessions_active",
            "is_active",
            text("last_activity DESC"),
            postgresql_where=text("is_active = true"),
        ),
        Index("idx_collaboration_sessions_started", text("started_at DESC")),
        # The one above is partial: deleting a report must find the ended sessions too.
        Index("idx_collaboration_sessions_report_started", "report_id", text("started_at DESC")),
    )

    id: Mapped[UuidKey]
    session_id: Mapped[str] = mapped_column(String(255), unique=True)
    report_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey(REPORT, ondelete="CASCADE"))
    session_type: Mapped[str | None] = mapped_column(session_type, server_default="collaborative")
    max_participants: Mapped[int | None] = mapped_column(Integer, server_default=text("10"))
    conflict_resolution_strategy: Mapped[str | None] = mapped_column(String(50), server_default="last_write_wins")
    session_timeout_minutes: Mapped[int | None] = mapped_column(Integer, server_default=text("60"))
    participants: Mapped[list[Any] | None] = mapped_column(server_default=EMPTY_LIST)
    active_editors: Mapped[list[Any] | None] = mapped_column(server_default=EMPTY_LIST)
    locked_sections: Mapped[dict[str, Any] | None] = mapped_column(server_default=EMPTY_OBJECT)
    changes_log: Mapped[list[Any] | None] = mapped_column(server_default=EMPTY_LIST)
    comments: Mapped[list[Any] | None] = mapped_column(server_default=EMPTY_LIST)
    version_history: Mapped[list[Any] | None] = mapped_column(server_default=EMPTY_LIST)
    is_active: Mapped[bool | None] = mapped_column(Boolean, server_default=true())
    started_at: Mapped[datetime | None] = mapped_column(server_default=NOW)
    last_activity: Mapped[datetime | None] = mapped_column(server_default=NOW)
    ended_at: Mapped[datetime | None]
    metadata_: Mapped[dict[str, Any] | None] = mapped_column("metadata", server_default=EMPTY_OBJECT)
    created_at: Mapped[datetime | None] = mapped_column(server_default=NOW)
    updated_at: Mapped[datetime | None] = mapped_column(server_default=NOW)


class EditSession(Base):
    """One person editing a report, by hand or by chat."""

    __tablename__ = "edit_sessions"
    __table_args__ = (
        Index("idx_edit_sessions_report", "report_id", "is_active", postgresql_where=text("is_active = true")),
        Index("idx_edit_sessions_user", "user_id", text("last_activity DESC")),
        Index(
            "idx_edit_sessions_active",
            "is_active",
            text("last_activity DESC"),
            postgresql_where=text("is_active = true"),
        ),
        Index("idx_edit_sessions_report_user", "report_id", "user_id"),
    )

    id: Mapped[UuidKey]
    report_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey(REPORT, ondelete="CASCADE"))
    user_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey(AUTH_USER, ondelete="CASCADE"))
    session_type: Mapped[str | None] = mapped_column(session_type, server_default="chat")
    chat_messages: Mapped[list[Any] | None] = mapped_column(server_default=EMPTY_LIST)
    changes_made: Mapped[list[Any] | None] = mapped_column(server_default=EMPTY_LIST)
    active_section: Mapped[str | None] = mapped_column(String(100))
    is_active: Mapped[bool | None] = mapped_column(Boolean, server_default=true())
    started_at: Mapped[datetime | None] = mapped_column(server_default=NOW)
    last_activity: Mapped[datetime | None] = mapped_column(server_default=NOW)
    ended_at: Mapped[datetime | None]
    created_at: Mapped[datetime | None] = mapped_column(server_default=NOW)
    updated_at: Mapped[datetime | None] = mapped_column(server_default=NOW)


class PmrCollaboration(Base):
    """Who did what on a report: the activity log."""

    __tablename__ = "pmr_collaboration"
    __table_args__ = (
        Index("idx_pmr_collaboration_report", "report_id", text("timestamp DESC")),
        Index("idx_pmr_collaboration_user", "user_id", text("timestamp DESC")),
        Index("idx_pmr_collaboration_action", "action_type", text("timestamp DESC")),
        Index("idx_pmr_collaboration_section", "report_id", "section_id", text("timestamp DESC")),
    )

    id: Mapped[UuidKey]
    report_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey(REPORT, ondelete="CASCADE"))
    user_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey(AUTH_USER, ondelete="CASCADE"))
    action_type: Mapped[str] = mapped_column(collaboration_action_type)
    section_id: Mapped[str | None] = mapped_column(String(100))
    change_description: Mapped[str | None] = mapped_column(Text)
    change_data: Mapped[dict[str, Any] | None] = mapped_column(server_default=EMPTY_OBJECT)
    timestamp: Mapped[datetime | None] = mapped_column(server_default=NOW)
    created_at: Mapped[datetime | None] = mapped_column(server_default=NOW)
    updated_at: Mapped[datetime | None] = mapped_column(server_default=NOW)


class PmrComment(Base):
    """A remark on a section of a report, or an answer to one."""

    __tablename__ = "pmr_comments"
    __table_args__ = (
        CheckConstraint("length(content) >= 1 AND length(content) <= 5000", name="content"),
        Index("idx_pmr_comments_report", "report_id", text("created_at DESC")),
        Index("idx_pmr_comments_section", "report_id", "section_id", text("created_at DESC")),
        Index("idx_pmr_comments_user", "user_id", text("created_at DESC")),
        Index("idx_pmr_comments_unresolved", "report_id", "resolved", postgresql_where=text("resolved = false")),
        Index("idx_pmr_comments_parent", "parent_comment_id", postgresql_where=text("parent_comment_id IS NOT NULL")),
        Index("idx_pmr_comments_resolved_by", "resolved_by", postgresql_where=text("resolved_by IS NOT NULL")),
        Index(
            "idx_pmr_comments_content_trgm",
            "content",
            postgresql_using="gin",
            postgresql_ops={"content": "gin_trgm_ops"},
        ),
    )

    id: Mapped[UuidKey]
    comment_id: Mapped[uuid.UUID] = mapped_column(Uuid, unique=True, server_default=GENERATED_UUID)
    report_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey(REPORT, ondelete="CASCADE"))
    section_id: Mapped[str] = mapped_column(String(100))
    user_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey(AUTH_USER, ondelete="CASCADE"))
    user_name: Mapped[str] = mapped_column(String(255))
    content: Mapped[str] = mapped_column(Text)
    parent_comment_id: Mapped[uuid.UUID | None] = mapped_column(
        Uuid, ForeignKey("pmr_comments.comment_id", ondelete="CASCADE")
    )
    resolved: Mapped[bool | None] = mapped_column(Boolean, server_default=false())
    resolved_by: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey(AUTH_USER, ondelete="SET NULL"))
    resolved_at: Mapped[datetime | None]
    resolution_note: Mapped[str | None] = mapped_column(Text)
    mentions: Mapped[list[Any] | None] = mapped_column(server_default=EMPTY_LIST)
    attachments: Mapped[list[Any] | None] = mapped_column(server_default=EMPTY_LIST)
    created_at: Mapped[datetime | None] = mapped_column(server_default=NOW)
    updated_at: Mapped[datetime | None] = mapped_column(server_default=NOW)


class PmrChangeEvent(Base):
    """One change to a report, small enough to be replayed."""

    __tablename__ = "pmr_change_events"
    __table_args__ = (
        Index("idx_pmr_change_events_report", "report_id", text("timestamp DESC")),
        Index("idx_pmr_change_events_session", "session_id", text("timestamp DESC")),
        Index("idx_pmr_change_events_user", "user_id", text("timestamp DESC")),
        Index("idx_pmr_change_events_type", "event_type", text("timestamp DESC")),
        Index("idx_pmr_change_events_section", "report_id", "section_id", text("timestamp DESC")),
        # What a retention task reads: rows arrive in this order, so a block range says enough.
        Index("idx_pmr_change_events_created", "created_at"),
    )

    id: Mapped[UuidKey]
    event_id: Mapped[uuid.UUID] = mapped_column(Uuid, unique=True, server_default=GENERATED_UUID)
    report_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey(REPORT, ondelete="CASCADE"))
    session_id: Mapped[uuid.UUID | None] = mapped_column(
        Uuid, ForeignKey("collaboration_sessions.id", ondelete="SET NULL")
    )
    event_type: Mapped[str] = mapped_column(change_event_type)
    user_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey(AUTH_USER, ondelete="CASCADE"))
    user_name: Mapped[str] = mapped_column(String(255))
    section_id: Mapped[str | None] = mapped_column(String(100))
    changes: Mapped[dict[str, Any] | None] = mapped_column(server_default=EMPTY_OBJECT)
    previous_value: Mapped[dict[str, Any] | None]
    new_value: Mapped[dict[str, Any] | None]
    metadata_: Mapped[dict[str, Any] | None] = mapped_column("metadata", server_default=EMPTY_OBJECT)
    timestamp: Mapped[datetime | None] = mapped_column(server_default=NOW)
    created_at: Mapped[datetime | None] = mapped_column(server_default=NOW)
    updated_at: Mapped[datetime | None] = mapped_column(server_default=NOW)


class PmrDistribution(Base):
    """One sending of a report to one recipient."""

    __tablename__ = "pmr_distribution_log"
    __table_args__ = (
        # A sender that states a key sends once; rows of services that know of none stay free of it.
        UniqueConstraint("report_id", "dedupe_key"),
        CheckConstraint("recipient_type::text = ANY (ARRAY['user', 'group', 'external'])", name="recipient_type"),
        CheckConstraint("retry_count >= 0", name="retry_count"),
        Index("idx_pmr_distribution_report", "report_id", text("sent_at DESC")),
        Index("idx_pmr_distribution_status", "status", text("sent_at DESC")),
        Index("idx_pmr_distribution_method", "distribution_method", "status"),
        Index("idx_pmr_distribution_recipient", "recipient_identifier", "status"),
        Index("idx_pmr_distribution_export_job", "export_job_id", postgresql_where=text("export_job_id IS NOT NULL")),
        # What is due, oldest first.
        Index(
            "idx_pmr_distribution_due",
            "next_attempt_at",
            postgresql_where=text(
                "status = ANY (ARRAY['pending'::distribution_status, 'failed'::distribution_status])"
            ),
        ),
    )

    id: Mapped[UuidKey]
    report_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey(REPORT, ondelete="CASCADE"))
    distribution_method: Mapped[str] = mapped_column(distribution_method)
    recipient_type: Mapped[str] = mapped_column(String(50))
    recipient_identifier: Mapped[str] = mapped_column(String(255))
    status: Mapped[str | None] = mapped_column(distribution_status, server_default="pending")
    sent_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    error_message: Mapped[str | None] = mapped_column(Text)
    retry_count: Mapped[int | None] = mapped_column(Integer, server_default=text("0"))
    created_at: Mapped[datetime | None] = mapped_column(server_default=NOW)
    updated_at: Mapped[datetime | None] = mapped_column(server_default=NOW)
    dedupe_key: Mapped[str | None] = mapped_column(Text)
    message_id: Mapped[str | None] = mapped_column(Text)
    export_job_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("export_jobs.id", ondelete="SET NULL"))
    next_attempt_at: Mapped[datetime | None] = mapped_column(server_default=NOW)
