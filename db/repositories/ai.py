"""What paid calls answered and cost.

A call is written down in a transaction of its own as soon as it is answered, so that no later attempt pays for the same
question again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from db.models import AiAnswer, AiUsageRecord, AiUsageSession


@dataclass(frozen=True, slots=True)
class PaidCall:
    """One call to a provider and what it cost. `cost_usd` is None where the price is not known.

    `operation` is what was asked of the model, `feature` what a person wanted. `user_id` is who asked, in `users`.
    """

    provider: str
    model: str
    operation: str
    feature: str
    run_id: UUID
    user_id: int | None
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    cost_usd: Decimal | None
    request_id: str | None
    milliseconds: int


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
    _record(session, call, call_key=call_key, error=None)


def record_failure(session: Session, call: PaidCall, error: str) -> None:
    """Keep what a call cost that answered nothing usable. It has no key: the question may be asked, and paid, again."""
    _record(session, call, call_key=None, error=error)


def _record(session: Session, call: PaidCall, *, call_key: str | None, error: str | None) -> None:
    tokens = call.input_tokens + call.output_tokens
    session.execute(
        insert(AiUsageRecord)
        .values(
            service_type=call.provider,
            operation_type=call.operation,
            input_tokens=call.input_tokens,
            output_tokens=call.output_tokens,
            total_tokens=tokens,
            cost_usd=call.cost_usd,
            request_id=call.request_id,
            model_name=call.model,
            success="error" if error else "success",
            error_message=error,
            request_metadata={"run_id": str(call.run_id), "cached_tokens": call.cached_tokens},
            call_key=call_key,
        )
        .on_conflict_do_nothing()
    )
    session.execute(
        insert(AiUsageSession)
        .values(
            user_id=call.user_id,
            ai_provider=call.provider,
            feature_type=call.feature,
            tokens_used=tokens,
            estimated_cost=call.cost_usd,
            response_time_ms=call.milliseconds,
            success=error is None,
            error_message=error,
            call_key=call_key,
        )
        .on_conflict_do_nothing()
    )
