"""Who people are (schema `auth`) and the tokens they bear."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import NOW, Base, UuidKey


class AuthUser(Base):
    """A person, as the identity service keeps them. Dray reads this table and never alters it."""

    __tablename__ = "users"
    __table_args__ = ({"schema": "auth"},)

    id: Mapped[UuidKey]
    email: Mapped[str | None] = mapped_column(Text, unique=True)
    raw_user_meta_data: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime | None] = mapped_column(server_default=NOW)


class ApiToken(Base):
    """A bearer token of the API. Only its SHA-256 is kept."""

    __tablename__ = "api_tokens"

    id: Mapped[UuidKey]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    user_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("auth.users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    expires_at: Mapped[datetime | None]
