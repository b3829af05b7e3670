"""How long a failed attempt waits for the next one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Exponential backoff with full jitter, in seconds.

    The wait after the n-th charged attempt is drawn evenly from 0 to min(cap, base * 2 ** (n - 1)), as in Marc Brooker,
    "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015): the spread keeps runs that failed together from
    coming back together.
    """

    base: float = 2.0
    cap: float = 600.0

    def ceiling(self, attempt: int) -> float:
        """Return the longest wait in seconds after charged attempt number `attempt` (1, 2, …)."""
        # 2 ** 1024 overflows a float; every sensible cap is reached long before.
        return min(self.cap, self.base * 2.0 ** min(max(attempt - 1, 0), 60))

    def delay(self, attempt: int, random: Random) -> timedelta:
        """Draw the wait after charged attempt number `attempt`."""
        return timedelta(seconds=random.uniform(0.0, self.ceiling(attempt)))
