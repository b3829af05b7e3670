"""Editing documents together.

Names, types and defaults are those of the shared schema; docs/SCHEMA.md lists what was mended.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, INET
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.naming import conv

from db.models.base import EMPTY_OBJECT, NOW, UTC_WITHOUT_ZONE, Base


class EditingSession(Base):
    """Editing sessions for real-time collaboration."""

    __tablename__ = "editing_sessions"
    __table_args__ = (
        CheckConstraint(
            "status IN ('active', 'paused', 'completed', 'cancelled', 'expired')", name=conv("check_session_status")
        ),
        CheckConstraint(
            "session_type IN ('editing', 'translation', 'review', 'approval')", name=conv("check_session_type")
        ),
        UniqueConstraint("session_id"),
        Index("idx_editing_sessions_created_by", "created_by"),
        Index("idx_editing_sessions_expiry", "expires_at", postgresql_where=text("status = 'active'")),
        Index("idx_editing_sessions_job_id", "job_id"),
        Index("idx_editing_sessions_last_activity", "last_activity"),
        Index("idx_editing_sessions_status", "status"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    session_id: Mapped[str] = mapped_column(String(128))
    job_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("job_descriptions.id", ondelete="CASCADE"))
    created_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id"))
    session_type: Mapped[str | None] = mapped_column(String(20), server_default="editing")
    status: Mapped[str | None] = mapped_column(String(20), server_default="active")
    collaborators: Mapped[list[int] | None] = mapped_column(ARRAY(Integer), server_default=text("'{}'::integer[]"))
    document_state: Mapped[dict[str, Any] | None] = mapped_column(server_default=EMPTY_OBJECT)
    editor_config: Mapped[dict[str, Any] | None] = mapped_column(server_default=EMPTY_OBJECT)
    metadata_: Mapped[dict[str, Any] | None] = mapped_column("metadata", server_default=EMPTY_OBJECT)
    created_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)
    last_activity: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)
    expires_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE)
    completed_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE)


class DocumentChange(Base):
    """Real-time document changes with operational transform support."""

    __tablename__ = "document_changes"
    __table_args__ = (
        CheckConstraint(
            "change_type IN ('insert', 'delete', 'retain', 'format', 'replace')", name=conv("check_change_type")
        ),
        Index("idx_document_changes_sequence", "session_id", "change_sequence"),
        Index("idx_document_changes_session_id", "session_id"),
        Index("idx_document_changes_timestamp", "timestamp"),
        Index("idx_document_changes_transformed_from", "transformed_from"),
        Index("idx_document_changes_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    session_id: Mapped[str | None] = mapped_column(
        String(128), ForeignKey("editing_sessions.session_id", ondelete="CASCADE")
    )
    user_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id"))
    change_sequence: Mapped[int] = mapped_column(Integer)
    change_type: Mapped[str] = mapped_column(String(20))
    operation_data: Mapped[dict[str, Any]]
    position: Mapped[int] = mapped_column(Integer)
    length: Mapped[int | None] = mapped_column(Integer, server_default=text("0"))
    content_before: Mapped[str | None] = mapped_column(Text)
    content_after: Mapped[str | None] = mapped_column(Text)
    section_type: Mapped[str | None] = mapped_column(String(50))
    timestamp: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)
    transformed_from: Mapped[int | None] = mapped_column(
        Integer, ForeignKey("document_changes.id", ondelete="SET NULL")
    )
    conflict_resolved: Mapped[bool | None] = mapped_column(Boolean, server_default=false())
    applied_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE)
    reverted_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE)


class WebsocketConnection(Base):
    """WebSocket connection tracking for real-time features."""

    __tablename__ = "websocket_connections"
    __table_args__ = (
        UniqueConstraint("connection_id"),
        Index("idx_websocket_connections_gone", text("COALESCE(disconnected_at, last_heartbeat)")),
        Index("idx_websocket_connections_session_id", "session_id"),
        Index("idx_websocket_connections_status", "connection_status"),
        Index("idx_websocket_connections_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    session_id: Mapped[str | None] = mapped_column(
        String(128), ForeignKey("editing_sessions.session_id", ondelete="CASCADE")
    )
    user_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id"))
    connection_id: Mapped[str] = mapped_column(String(128))
    server_instance: Mapped[str | None] = mapped_column(String(100))
    connected_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)
    last_heartbeat: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)
    disconnected_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE)
    user_agent: Mapped[str | None] = mapped_column(Text)
    ip_address: Mapped[str | None] = mapped_column(INET)
    connection_status: Mapped[str | None] = mapped_column(String(20), server_default="active")


class EditingLock(Base):
    """Collaborative editing locks (prevent conflicts on specific sections)."""

    __tablename__ = "editing_locks"
    __table_args__ = (
        Index("idx_editing_locks_held", "expires_at", postgresql_where=text("released_at IS NULL")),
        Index("idx_editing_locks_session_id", "session_id"),
        Index("idx_editing_locks_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    session_id: Mapped[str | None] = mapped_column(
        String(128), ForeignKey("editing_sessions.session_id", ondelete="CASCADE")
    )
    user_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id"))
    resource_type: Mapped[str] = mapped_column(String(50))
    resource_identifier: Mapped[str] = mapped_column(String(255))
    lock_type: Mapped[str | None] = mapped_column(String(20), server_default="exclusive")
    acquired_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)
    expires_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE)
    released_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE)
    auto_release: Mapped[bool | None] = mapped_column(Boolean, server_default=true())


class DocumentComment(Base):
    """Comments and annotations on documents."""

    __tablename__ = "document_comments"
    __table_args__ = (
        Index("idx_document_comments_job_id", "job_id"),
        Index("idx_document_comments_parent_comment_id", "parent_comment_id"),
        Index("idx_document_comments_resolved_by", "resolved_by"),
        Index("idx_document_comments_session_id", "session_id"),
        Index("idx_document_comments_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    job_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("job_descriptions.id", ondelete="CASCADE"))
    session_id: Mapped[str | None] = mapped_column(
        String(128), ForeignKey("editing_sessions.session_id", ondelete="SET NULL")
    )
    user_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id"))
    comment_text: Mapped[str] = mapped_column(Text)
    comment_type: Mapped[str | None] = mapped_column(String(20), server_default="general")
    position_start: Mapped[int | None] = mapped_column(Integer)
    position_end: Mapped[int | None] = mapped_column(Integer)
    section_type: Mapped[str | None] = mapped_column(String(50))
    referenced_text: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str | None] = mapped_column(String(20), server_default="open")
    parent_comment_id: Mapped[int | None] = mapped_column(
        Integer, ForeignKey("document_comments.id", ondelete="SET NULL")
    )
    resolved_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id"))
    resolved_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE)
    created_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)
    updated_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)
