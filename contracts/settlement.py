"""Decide purely, write once: from what a task ended with to the one change that its run undergoes."""

from __future__ import annotations

import traceback as tracebacks
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from random import Random
from typing import Any

from contracts.errors import Permanent, ProviderFailure
from contracts.outcome import Cancel, Outcome, Result, Snooze
from contracts.retry import RetryPolicy
from contracts.state import RunState

MESSAGE_LENGTH = 2_000
TRACEBACK_LENGTH = 8_000


class AttemptOutcome(StrEnum):
    """How one attempt ended, as `task_attempts.outcome` keeps it."""

    COMPLETED = "completed"
    FAILED = "failed"
    SNOOZED = "snoozed"
    CANCELLED = "cancelled"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Failure:
    """What is kept of an exception: its type, its message and the end of its traceback."""

    type: str
    message: str
    traceback: str | None = None

    @classmethod
    def of(cls, error: BaseException) -> Failure:
        """Describe `error`, trimmed to what a row may hold."""
        kind = type(error)
        lines = "".join(tracebacks.format_exception(error))
        return cls(
            type=kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}",
            message=storable(str(error))[:MESSAGE_LENGTH],
            traceback=storable(lines)[-TRACEBACK_LENGTH:],
        )

    def __str__(self) -> str:
        return f"{self.type}: {self.message}"


@dataclass(frozen=True, slots=True)
class Settlement:
    """The one change of a run that ends its attempt. `due_in` counts from the moment it is written."""

    state: RunState
    attempt_outcome: AttemptOutcome
    due_in: timedelta | None = None
    charged: bool = True
    result: Mapping[str, Any] = field(default_factory=dict)
    failure: Failure | None = None
    reason: str | None = None


MAX_INTERRUPTIONS = 1_000
"""Of a kind that names no other number: snoozes, deploys and the like, which cost no attempt."""


def settle_outcome(
    outcome: Outcome, *, interruptions: int = 0, max_interruptions: int = MAX_INTERRUPTIONS
) -> Settlement:
    """Turn what a task returned into its settlement.

    `interruptions` is how often the run came back already without being charged an attempt.
    """
    if isinstance(outcome, Snooze) and interruptions >= max_interruptions:
        message = f"It came back {interruptions} times without an end; the last time: {outcome.reason}"
        return Settlement(RunState.DISCARDED, AttemptOutcome.FAILED, failure=Failure("InterruptedTooOften", message))
    match outcome:
        case Result(value):
            return Settlement(RunState.COMPLETED, AttemptOutcome.COMPLETED, result=value)
        case Snooze(delay, reason):
            return Settlement(RunState.SCHEDULED, AttemptOutcome.SNOOZED, due_in=delay, charged=False, reason=reason)
        case Cancel(reason):
            return Settlement(RunState.CANCELLED, AttemptOutcome.CANCELLED, reason=reason)


def settle_error(
    error: Exception, *, charged_attempts: int, max_attempts: int, retry: RetryPolicy, random: Random
) -> Settlement:
    """Turn what a task raised into its settlement.

    `charged_attempts` includes the attempt that has just failed.
    """
    failure = Failure.of(error)
    if isinstance(error, Permanent) or charged_attempts >= max_attempts:
        return Settlement(RunState.DISCARDED, AttemptOutcome.FAILED, failure=failure)
    asked = error.retry_after if isinstance(error, ProviderFailure) else None
    due_in = retry.delay(charged_attempts, random) if asked is None else timedelta(seconds=asked)
    return Settlement(RunState.SCHEDULED, AttemptOutcome.FAILED, due_in=due_in, failure=failure)


def settle_cancellation(reason: str) -> Settlement:
    """End a run that was told to stop."""
    return Settlement(RunState.CANCELLED, AttemptOutcome.CANCELLED, reason=reason)


def storable(text: str) -> str:
    """Make of any text one that PostgreSQL can hold: without NUL, and without halves of surrogate pairs."""
    return text.replace("\x00", "").encode(errors="replace").decode()
