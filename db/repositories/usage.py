"""What paid calls cost.

A call is written down in a transaction of its own as soon as it is answered: what was paid stays on record whatever
becomes of the attempt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from db.models import AiUsageRecord, AiUsageSession


@dataclass(frozen=True, slots=True)
class PaidCall:
    """One call to a provider and what it cost. `cost_usd` is None where the price is not known.

    `operation` is what was asked of the model, `feature` what a person wanted. `user_id` is who asked, in `users`;
    `details` is what else there is to say of the call, as JSON takes it.
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
    details: Mapping[str, Any] = field(default_factory=dict)


def record_failure(session: Session, call: PaidCall, error: str) -> None:
    """Keep what a call cost that answered nothing usable. It has no key: the question may be asked, and paid, again."""
    record_call(session, call, error=error)


def record_call(session: Session, call: PaidCall, *, call_key: str | None = None, error: str | None = None) -> None:
    """Note a call as a call and as its asker's use; one with a key once, however often it is told."""
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
            request_metadata={"run_id": str(call.run_id), "cached_tokens": call.cached_tokens, **call.details},
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
