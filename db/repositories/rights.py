"""What a person may do, asked by who works in their name."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contracts.rights import Right


def has_right(session: Session, person: UUID, right: Right, about: str | None = None) -> bool:
    """Does this person have the right, about this thing where it is about one?"""
    return bool(session.scalar(select(func.person_has_right(person, str(right), about))))
