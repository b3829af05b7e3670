"""Files that people hand in."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import NOW, Base


class UploadedFile(Base):
    """A file that somebody handed in. Args name it by its id; the bytes lie in the file store until it expires."""

    __tablename__ = "uploaded_files"
    __table_args__ = (
        CheckConstraint("size >= 0", name="size"),
        CheckConstraint(
            "key ~ '^uploads/[0-9a-f-]{36}/[^/]+$' AND split_part(key, '/', 2) = owner_id::text", name="key"
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, server_default=text("uuid_v7()"))
    owner_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("auth.users.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    expires_at: Mapped[datetime] = mapped_column(server_default=text("now() + '7 days'::interval"), index=True)
