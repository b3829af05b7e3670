"""What a task may end with. Anything raised instead is a failed attempt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Result:
    """The work is done. `value` is kept with the run as JSON: figures and references, never documents."""

    value: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Snooze:
    """Not now: run again after `delay`. Costs no attempt."""

    delay: timedelta
    reason: str = "snoozed"


@dataclass(frozen=True, slots=True)
class Cancel:
    """The work has become pointless, for the `reason` given."""

    reason: str


Outcome = Result | Snooze | Cancel
