"""Who an identity is among the users of the job-description database."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import User


def find_user_id(session: Session, person: UUID) -> int | None:
    """Return the person's number in `users`; None where they are nobody there, or nobody any more."""
    active = select(User.id).where(User.auth_user_id == person, User.is_active.is_(True))
    return session.scalars(active).one_or_none()
