"""The states of a run and every arrow between them.

docs/state_machine.md shows this table; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class RunState(StrEnum):
    """Where a run stands in its life."""

    SCHEDULED = "scheduled"
    AVAILABLE = "available"
    DISPATCHED = "dispatched"
    EXECUTING = "executing"
    WAITING = "waiting"
    COMPLETED = "completed"
    DISCARDED = "discarded"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """True where no arrow leads on by itself."""
        return self in FINAL_STATES


FINAL_STATES = frozenset({RunState.COMPLETED, RunState.DISCARDED, RunState.CANCELLED})


@dataclass(frozen=True, slots=True)
class Arrow:
    """One allowed change of state, who makes it and why."""

    source: RunState
    target: RunState
    actor: str
    reason: str


S = RunState

ARROWS: tuple[Arrow, ...] = (
    Arrow(S.SCHEDULED, S.AVAILABLE, "relay", "its time has come"),
    Arrow(S.SCHEDULED, S.CANCELLED, "operator", "cancelled before it began"),
    Arrow(S.SCHEDULED, S.CANCELLED, "relay", "its deadline passed before it began"),
    Arrow(S.AVAILABLE, S.DISPATCHED, "relay", "its ring is in the broker"),
    Arrow(S.AVAILABLE, S.EXECUTING, "executor", "its ring arrived although the relay died before it could say so"),
    Arrow(S.AVAILABLE, S.CANCELLED, "operator", "cancelled before it began"),
    Arrow(S.AVAILABLE, S.CANCELLED, "relay", "its deadline passed before it began"),
    Arrow(S.DISPATCHED, S.EXECUTING, "executor", "claimed: the attempt is counted and the lease begins"),
    Arrow(S.DISPATCHED, S.AVAILABLE, "relay", "its ring was not answered in time and is rung again"),
    Arrow(S.DISPATCHED, S.CANCELLED, "operator", "cancelled before it began"),
    Arrow(S.DISPATCHED, S.CANCELLED, "relay", "its deadline passed before it began"),
    Arrow(S.EXECUTING, S.COMPLETED, "executor", "the task ended with a result"),
    Arrow(
        S.EXECUTING,
        S.SCHEDULED,
        "executor",
        "a failed attempt waits for the next, the task snoozed, or its worker gave it back",
    ),
    Arrow(
        S.EXECUTING,
        S.DISCARDED,
        "executor",
        "attempts used up, interrupted too often, or an error that no retry can mend",
    ),
    Arrow(S.EXECUTING, S.CANCELLED, "executor", "the task cancelled itself, or was told to"),
    Arrow(S.EXECUTING, S.AVAILABLE, "relay", "the lease ended: its worker is gone, and attempts are left"),
    Arrow(S.EXECUTING, S.DISCARDED, "relay", "the lease ended with the last attempt"),
    Arrow(S.EXECUTING, S.CANCELLED, "relay", "the lease ended after it was told to stop"),
    Arrow(S.EXECUTING, S.WAITING, "executor", "the task awaits its children"),
    Arrow(S.WAITING, S.AVAILABLE, "relay", "every child is final"),
    Arrow(S.WAITING, S.CANCELLED, "operator", "cancelled with its children"),
    Arrow(S.DISCARDED, S.AVAILABLE, "operator", "retried by hand"),
)


def can_change(source: RunState, target: RunState) -> bool:
    """Say whether any arrow leads from `source` to `target`."""
    return any(arrow.source is source and arrow.target is target for arrow in ARROWS)
