"""Files that people handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from db.models import UploadedFile


@dataclass(frozen=True, slots=True)
class HandedInFile:
    """A file in the store, and whose it is. `size` is in bytes; `sha256` is in hexadecimal."""

    id: UUID
    owner_id: UUID
    key: str
    name: str
    media_type: str
    size: int
    sha256: str
    created_at: datetime
    expires_at: datetime


COLUMNS = [getattr(UploadedFile, name) for name in HandedInFile.__dataclass_fields__]


def add_file(
    session: Session, *, owner_id: UUID, key: str, name: str, media_type: str, size: int, sha256: str
) -> HandedInFile:
    """Note a file that lies in the store."""
    values = {"owner_id": owner_id, "key": key, "name": name, "media_type": media_type, "size": size, "sha256": sha256}
    row = session.execute(insert(UploadedFile).values(values).returning(*COLUMNS)).mappings().one()
    return HandedInFile(**row)


def find_file(session: Session, file_id: UUID) -> HandedInFile | None:
    """Return a file that this transaction may see, or None."""
    row = session.execute(select(*COLUMNS).where(UploadedFile.id == file_id)).mappings().one_or_none()
    return HandedInFile(**row) if row else None
