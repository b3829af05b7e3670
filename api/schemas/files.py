"""Files that people hand in."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import Field

from api.schemas.base import FILE_ID, Answer
from db.repositories.files import HandedInFile


class FileAnswer(Answer):
    """A file of yours. Args name it by its id until it expires."""

    id: UUID = Field(examples=[FILE_ID])
    name: str = Field(examples=["memory.tmx"])
    media_type: str = Field(examples=["application/x-tmx+xml"])
    size: int = Field(description="Bytes", examples=[48213])
    sha256: str = Field(description="Of the file, in hexadecimal")
    created_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, file: HandedInFile) -> Self:
        """Show a file."""
        return cls.model_validate(file)
