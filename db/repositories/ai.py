"""What paid calls answered, kept so that no later attempt pays for the same question again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from db.models import AiAnswer
from db.repositories.usage import PaidCall, record_call


def find_answer(session: Session, call_key: str) -> Mapping[str, Any] | None:
    """Return what a call with this key answered, or None.

    Whoever looks holds the key until their transaction ends: a second one with the same question waits for the answer.
    """
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(call_key, 0))))
    return session.execute(select(AiAnswer.answer).where(AiAnswer.call_key == call_key)).scalar_one_or_none()


def record_answer(session: Session, call_key: str, call: PaidCall, answer: Mapping[str, Any]) -> None:
    """Keep the answer and what it cost. A key that is there already stays as it is."""
    session.execute(
        insert(AiAnswer)
        .values(call_key=call_key, provider=call.provider, model=call.model, answer=dict(answer))
        .on_conflict_do_nothing()
    )
    record_call(session, call, call_key=call_key)
