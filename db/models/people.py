"""People of the job-description database, and what they may do.

Names, types and defaults are those of the shared schema; docs/SCHEMA.md lists what was mended.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint, Uuid, true
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.naming import conv

from db.models.base import NOW, UTC_WITHOUT_ZONE, Base


class User(Base):
    """Users table for authentication and authorization."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("(auth_user_id IS NOT NULL) OR (is_active IS NOT TRUE)", name=conv("users_identity_check")),
        UniqueConstraint("email", name="idx_users_email"),
        UniqueConstraint("username", name="idx_users_username"),
        UniqueConstraint("auth_user_id"),
        Index("idx_users_role", "role"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    username: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(255))
    password_hash: Mapped[str] = mapped_column(String(255))
    first_name: Mapped[str | None] = mapped_column(String(100))
    last_name: Mapped[str | None] = mapped_column(String(100))
    role: Mapped[str | None] = mapped_column(String(50), server_default="user")
    department: Mapped[str | None] = mapped_column(String(100))
    security_clearance: Mapped[str | None] = mapped_column(String(20))
    preferred_language: Mapped[str | None] = mapped_column(String(5), server_default="en")
    is_active: Mapped[bool | None] = mapped_column(Boolean, server_default=true())
    last_login: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE)
    created_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)
    updated_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)
    auth_user_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("auth.users.id", ondelete="SET NULL"))


class UserSession(Base):
    """User sessions for authentication tracking."""

    __tablename__ = "user_sessions"
    __table_args__ = (
        UniqueConstraint("session_token", name="idx_user_sessions_token"),
        Index("idx_user_sessions_expires_at", "expires_at"),
        Index("idx_user_sessions_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    user_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id", ondelete="CASCADE"))
    session_token: Mapped[str] = mapped_column(String(255))
    ip_address: Mapped[str | None] = mapped_column(INET)
    user_agent: Mapped[str | None] = mapped_column(Text)
    expires_at: Mapped[datetime] = mapped_column(UTC_WITHOUT_ZONE)
    created_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)
    last_activity: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)


class UserPreference(Base):
    """User preferences and settings."""

    __tablename__ = "user_preferences"
    __table_args__ = (UniqueConstraint("user_id", "preference_key", postgresql_nulls_not_distinct=True),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    user_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id", ondelete="CASCADE"))
    preference_key: Mapped[str] = mapped_column(String(100))
    preference_value: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)
    updated_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)


class UserPermission(Base):
    """User permissions for fine-grained access control."""

    __tablename__ = "user_permissions"
    __table_args__ = (
        UniqueConstraint(
            "user_id",
            "resource_type",
            "resource_id",
            "permission_type",
            name="user_permissions_user_id_resource_type_resource_id_permissi_key",
            postgresql_nulls_not_distinct=True,
        ),
        Index("idx_user_permissions_granted_by", "granted_by"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    user_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id", ondelete="CASCADE"))
    resource_type: Mapped[str] = mapped_column(String(50))
    resource_id: Mapped[int | None] = mapped_column(Integer)
    permission_type: Mapped[str] = mapped_column(String(20))
    granted_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("users.id"))
    granted_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE, server_default=NOW)
    expires_at: Mapped[datetime | None] = mapped_column(UTC_WITHOUT_ZONE)
