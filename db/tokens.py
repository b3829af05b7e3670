"""Bearer tokens: made once, kept only as a hash."""

from __future__ import annotations

import secrets
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from contracts.errors import DrayError
from db.models import ApiToken, AuthUser
from db.session import engine_url

PREFIX = "dray_"


class UnknownPerson(DrayError):
    """No such person is known in auth.users."""


def issue_token(url: str, *, email: str, name: str, expires_at: datetime | None = None) -> str:
    """Make a token for the person with this address and return it; it can't be read again. `url` is the migrator's.

    Raises:
        UnknownPerson: nobody has this address.
    """
    token = PREFIX + secrets.token_urlsafe(32)
    engine = create_engine(engine_url(url), hide_parameters=True)
    with Session(engine) as session, session.begin():
        person = session.scalar(select(AuthUser.id).where(AuthUser.email == email))
        if person is None:
            raise UnknownPerson(f"Nobody in auth.users has the address {email!r}; `dray db seed` loads sample people.")
        session.add(ApiToken(token_hash=hash_token(token), user_id=person, name=name, expires_at=expires_at))
    engine.dispose()
    return token


def find_owner(session: Session, token: str) -> UUID | None:
    """Return who bears this token, or None when it is unknown or expired."""
    owner: UUID | None = session.scalar(text("SELECT owner_of_token(:hash)"), {"hash": hash_token(token)})
    return owner


def hash_token(token: str) -> bytes:
    """Return the SHA-256 of a token. Its 256 random bits need no salt."""
    return sha256(token.encode()).digest()
